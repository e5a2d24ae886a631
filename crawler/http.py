"""The service's web server: health and metrics, on the loop that everything else runs on."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any, Protocol

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from crawler.errors import WorkError
from crawler.metrics import Metrics
from state.errors import StateError

_PATIENCE = 5.0


class Watched(Protocol):
    """What the web server tells of: the service."""

    @property
    def metrics(self) -> Metrics:
        """What is counted."""

    async def health(self, patience: float) -> dict[str, Any]:
        """What ``/healthz`` tells; ``status`` is "ok" or "failing"."""

    def read_metrics(self) -> None:
        """Brings the gauges up to date.

        Raises:
            StateError: The database could not be used.
        """


def build_web(service: Watched) -> Starlette:
    """The web application of a service."""

    async def healthz(request: Request) -> Response:
        body = await service.health(_PATIENCE)
        return JSONResponse(body, status_code=200 if body["status"] == "ok" else 503)

    async def metrics(request: Request) -> Response:
        # A database that is away shows in the numbers; the counters are told all the same.
        with contextlib.suppress(StateError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await asyncio.to_thread(service.read_metrics)
        return Response(service.metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", healthz), Route("/metrics", metrics)])


class _Server(uvicorn.Server):
    """Leaves signals to the service, which ends the web server itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def running_web(app: Starlette, endpoint: str) -> AsyncIterator[None]:
    """The web server, which runs until the block ends.

    Raises:
        WorkError: ``endpoint`` cannot be listened on.
    """
    listener = _listen(endpoint)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait({task}, timeout=2)
        listener.close()


def _listen(endpoint: str) -> socket.socket:
    host, _, port = endpoint.rpartition(":")
    host = host.strip("[]")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, int(port)), family=family)
    except OSError as error:
        raise WorkError(f"{endpoint}: cannot be listened on: {error.strerror}") from error
