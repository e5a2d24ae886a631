"""Logs: events with keys, on standard error, for this program and the libraries under it alike."""

from __future__ import annotations

import logging
import sys

import structlog

_NOISY = (
    "scrapy",
    "twisted",
    "apscheduler",
    "alembic",
    "trafilatura",
    "htmldate",
    "urllib3",
    "uvicorn",
)


def configure_logs(*, verbose: bool = False, quiet: bool = False) -> None:
    """Sends all logs to standard error: for people on a terminal, as ``key=value`` lines elsewhere.

    Args:
        verbose: Tells what the libraries do as well.
        quiet: Tells warnings and errors only; for commands that print data.
    """
    level = logging.DEBUG if verbose else logging.WARNING if quiet else logging.INFO
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _install(level, shared)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)


def _install(level: int, shared: list[structlog.typing.Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(capture=True)


def _renderer() -> structlog.typing.Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"])
