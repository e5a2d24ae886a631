"""Runs the benchmarks named on the command line, or all that need nothing installed."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench import claims, crawl, peers

BENCHMARKS: dict[str, Callable[[], None]] = {"claims": claims.main, "crawl": crawl.main}
ASKED_FOR: dict[str, Callable[[], None]] = {"peers": peers.main}


def main(names: list[str]) -> int:
    """Runs the benchmarks; returns the exit code."""
    known = BENCHMARKS | ASKED_FOR
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        known[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
