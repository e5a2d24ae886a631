"""Ends connections that take too long in all, however often a byte comes over them."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType


class Deadline:
    """A total of time for a conversation: when it is over, its connections are shut down.

    A time limit of a socket holds for one step; a server that sends a byte before each runs out
    would be listened to without end.

    Attributes:
        is_over: Whether the time ran out.
    """

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._lock = threading.Lock()
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for one in self._watched:
                one.close()
            self._watched.clear()

    def watch(self, connection: socket.socket) -> socket.socket:
        """Watches a connection that was just made; returns it."""
        # A second handle: the first is closed, or wrapped for TLS, by whoever uses it.
        twin = connection.dup()
        with self._lock:
            self._watched.append(twin)
            if self.is_over:
                _shut(twin)
        return connection

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            for one in self._watched:
                _shut(one)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
