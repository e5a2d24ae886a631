"""Jobs for worker processes, good and bad; importable by name there."""

from __future__ import annotations

import os
import sys
import time


def prepare(word: str) -> str:
    return word


def refuse(why: str) -> str:
    raise ValueError(why)


def never_ready() -> None:
    time.sleep(600)


def do(word: str, job: tuple[str, int]) -> object:
    kind, number = job
    if kind == "hang":
        while True:
            number += 1
    if kind == "abort":
        os.abort()
    if kind == "hog":
        return len(b"x" * 1024 * 1024 * 1024 * 8)
    if kind == "raise":
        raise KeyError(number)
    if kind == "sleep":
        time.sleep(number)
    if kind == "print":
        sys.stdout.write("noise on standard output\n")
    return os.getpid() if kind == "pid" else f"{word} {number}"
