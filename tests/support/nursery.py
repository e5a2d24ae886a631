"""Starts commands in processes that are ready at once: forked from one that has loaded all.

Run as a script. For each line on standard input, a folder and the words of a command, it starts a
process, prints its id, and when that has ended, how. Pages are read in the process itself, so that
it is at work within a fraction of a second; all else is as in any other process.
"""

from __future__ import annotations

import asyncio
import functools
import os
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import crawler.commands.crawl
import crawler.crawl
import crawler.operation
import crawler.watch
from crawler.__main__ import run
from crawler.reading import PooledReader, do_job
from crawler.watch import load_watch
from extract.reader import Reader, load_reader


class HerePool:
    """Does the jobs of a pool of workers in a thread."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def run(self, job: object) -> object:
        return await asyncio.to_thread(do_job, self._reader, job)


@asynccontextmanager
async def reader_here(reader: Reader) -> AsyncIterator[PooledReader]:
    yield PooledReader(HerePool(reader))


def main() -> None:
    crawler.watch.load_reader = functools.cache(load_reader)
    crawler.operation.opened_reader = reader_here
    load_watch(None)
    say("ready")
    for line in sys.stdin:
        folder, *words = shlex.split(line)
        child = os.fork()
        if child == 0:
            os.chdir(folder)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os._exit(run(words))
        say(child)
        say(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
