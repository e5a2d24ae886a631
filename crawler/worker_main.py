"""What runs inside a worker process: takes jobs from a socket, one at a time, until it closes.

Started by :mod:`crawler.workers` as a script, so that nothing of the parent is imported anew.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pickle
import resource
import signal
import socket
import struct
import sys
from typing import Any

_LENGTH = struct.Struct("!Q")
_PR_SET_PDEATHSIG = 1


def main(descriptor: int, parent: int) -> int:
    """Serves jobs over an inherited socket; returns when the other end is closed."""
    _die_with(parent)
    with socket.socket(fileno=descriptor) as channel:
        hello = _receive(channel)
        if hello is None:
            return 0
        sys.path[:] = hello["path"]
        _bound_memory(hello["memory"])
        try:
            work, state = _prepare(hello["target"])
        except Exception as error:  # noqa: BLE001 - the parent must hear why, whatever it is
            _send(channel, ("unready", _told(error)))
            return 1
        _send(channel, ("ready", None))
        return _serve(channel, work, state)


def _serve(channel: socket.socket, work: Any, state: Any) -> int:
    while (job := _receive(channel)) is not None:
        try:
            answer = ("done", work(state, job))
            packed = pickle.dumps(answer)
        except MemoryError:
            packed = pickle.dumps(("memory", None))
        except Exception as error:  # noqa: BLE001 - a job's bug fails the job, and is told
            packed = pickle.dumps(("error", _told(error)))
        channel.sendall(_LENGTH.pack(len(packed)) + packed)
    return 0


def _prepare(target: bytes) -> tuple[Any, Any]:
    """Returns the work and its state. Unpickled here: the path and the memory bound stand now."""
    initializer, arguments, work = pickle.loads(target)  # noqa: S301 - from our own parent
    return work, initializer(*arguments)


def _die_with(parent: int) -> None:
    """Has the kernel kill this process when its parent ends, however it ends."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    # A terminal's Ctrl-C reaches the whole group; the parent decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _bound_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _receive(channel: socket.socket) -> Any:
    head = _exactly(channel, _LENGTH.size)
    if head is None:
        return None
    packed = _exactly(channel, _LENGTH.unpack(head)[0])
    return None if packed is None else pickle.loads(packed)  # noqa: S301 - from our own parent


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    """Reads so many bytes, None where the other end closes before."""
    received = bytearray()
    while len(received) < size:
        with contextlib.suppress(ConnectionResetError):
            if chunk := channel.recv(min(size - len(received), 1 << 20)):
                received += chunk
                continue
        return None
    return bytes(received)


def _send(channel: socket.socket, message: object) -> None:
    packed = pickle.dumps(message)
    channel.sendall(_LENGTH.pack(len(packed)) + packed)


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
