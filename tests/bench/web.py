"""A web of news for benchmarks: pages made by number, served from memory by a process of its own.

Run as a script with the share of pages that name the law in percent, the size of a page in
kilobytes, and how many links each of its feeds lists; prints the port it listens on. Hosts are the
addresses 127.0.0.2 and on; each has ``/feed-FIRST-COUNT.xml`` and ``/p/NUMBER``.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import sys

NAMED = (
    "The President has waived Section 907 of the Freedom Support Act for another year.",
    "Section 907 of the Freedom Support Act has been repealed, a spokesman said on Monday.",
    "Section 907 of the Freedom Support Act still stands, the committee reminded its guests.",
)
# English in form, so that a page that names the law is read and judged as an outlet's would be.
_WHO = (
    "The city council", "A deputy minister", "The railway company", "Her lawyers", "The museum",
    "A group of teachers", "The harbour authority", "Local farmers", "The central bank",
    "An opposition party", "The national team", "Scientists in the capital", "The airline",
    "A district court", "The power utility", "Volunteers from the coast",
)  # fmt: skip
_DID = (
    "opened", "described", "postponed", "presented", "expects", "published", "sold", "visited",
    "restored", "measured", "financed", "praised", "planned", "closed", "inspected", "compared",
    "will build", "has promised", "is preparing", "could not explain",
)  # fmt: skip
_WHAT = (
    "a new bridge", "the annual report", "two hundred apartments", "the spring harvest",
    "an exhibition of maps", "the price of bread", "a training centre", "the ferry timetable",
    "three old theatres", "the results of the survey", "a football tournament", "its winter tyres",
    "the budget for schools", "a plan for cleaner water", "an unusually long winter",
    "the museum of natural history", "a contract with the port", "several kilometres of cable",
    "the last concert of the season", "a film about the desert", "the hospital's new wing",
    "a shortage of engineers", "the festival of lights", "cheaper tickets for students",
)  # fmt: skip
_WHERE = (
    "near the old market", "in the northern suburbs", "on the east bank of the river",
    "at a press conference", "in front of the town hall", "along the coastal road",
    "in several villages", "beside the railway station", "in a letter to readers",
    "under the new rules", "with the help of sponsors", "after weeks of rain",
)  # fmt: skip
_WHEN = (
    "on Tuesday", "last month", "this spring", "for the third time", "before the holidays",
    "in early March", "at the weekend", "a year late", "without much notice", "on Friday evening",
)  # fmt: skip
_PARTS = (_WHO, _DID, _WHAT, _WHERE, _WHEN)


def clause(chance: random.Random) -> str:
    """Somebody does something, somewhere, some day."""
    return " ".join(chance.choice(part) for part in _PARTS)


def page(number: int, share: int, size: int) -> bytes:
    """The page with a number, of about so many bytes; so many in a hundred name the law."""
    chance = random.Random(number)

    def sentence() -> str:
        more = f", while {clause(chance)}" if chance.random() < 1 / 3 else ""
        return f"{clause(chance)}{more}."

    paragraphs = [" ".join(sentence() for _ in range(4)) for _ in range(8)]
    if number % 100 < share:
        paragraphs.insert(2, NAMED[number % len(NAMED)] + " " + sentence())
    title = sentence()[:70]
    story = "".join(f"<p>{one}</p>" for one in paragraphs)
    around, item = [], 0
    head = _HEAD.format(title=title, number=number, sha=hashlib.md5(title.encode()).hexdigest())
    while sum(map(len, around)) + len(story) + len(head) < size:
        around += [_CARD.format(item=item + k, title=clause(chance)[:50]) for k in range(20)]
        item += 20
    half = len(around) // 2
    body = f"<nav><ul>{''.join(around[:half])}</ul></nav><article><h1>{title}</h1>{story}</article>"
    foot = f"<aside><ul>{''.join(around[half:])}</ul></aside><footer>All rights.</footer>"
    return f"{head}<body>{body}{foot}</body></html>".encode()


_HEAD = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    '<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2025-08-11T09:00:00+00:00">'
    '<link rel="canonical" href="/p/{number}"><style>.a{{color:#{sha}}}</style>'
    "<script>window.dataLayer=window.dataLayer||[];function gtag(){{dataLayer.push(arguments)}}"
    "</script></head>"
)
_CARD = (
    '<li class="card card--{item}"><a href="/n/{item}.html" class="card__link" data-id="c{item}">'
    '<img src="/i/{item}.jpg" width="320" height="180" loading="lazy" alt=""><span>{title}</span>'
    "</a></li>"
)


def feed(host: str, first: int, count: int) -> bytes:
    """A feed of the pages from a number on."""
    items = "".join(
        f"<item><title>News {n}</title><link>http://{host}/p/{n}</link></item>"
        for n in range(first, first + count)
    )
    return f'<rss version="2.0"><channel><title>n</title>{items}</channel></rss>'.encode()


class _Server(asyncio.Protocol):
    """HTTP/1.1 with kept connections, and no more than that."""

    made: dict[int, bytes] = {}  # noqa: RUF012 - one for the process
    share, size = 2, 80_000

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.waiting = b""

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
            head, self.waiting = self.waiting[:end], self.waiting[end + 4 :]
            self.answer(head.decode("latin-1"))

    def answer(self, head: str) -> None:
        lines = head.split("\r\n")
        path = lines[0].split(" ")[1]
        asked = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
        if path.startswith("/p/"):
            number = int(path[3:])
            body = self.made.get(number) or page(number, self.share, self.size)
            kind, tag = "text/html; charset=utf-8", f'"{number}"'
        elif path.startswith("/feed-"):
            first, count = map(int, path[6:-4].split("-"))
            body, kind, tag = feed(asked["host"], first, count), "application/rss+xml", f'"{path}"'
        else:
            return self.send("404 Not Found", "text/plain", "", b"no")
        if asked.get("if-none-match") == tag:
            return self.send("304 Not Modified", kind, tag, b"")
        return self.send("200 OK", kind, tag, body)

    def send(self, status: str, kind: str, tag: str, body: bytes) -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        head += f"ETag: {tag}\r\n\r\n" if tag else "\r\n"
        self.transport.write(head.encode() + body)  # type: ignore[attr-defined]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Server, "0.0.0.0", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def main() -> None:
    """Serves until killed."""
    _Server.share, kilobytes, ready = map(int, sys.argv[1:4])
    _Server.size = kilobytes * 1000
    # Made before anything is timed, as far as memory allows.
    _Server.made = {n: page(n, _Server.share, _Server.size) for n in range(ready)}
    asyncio.run(_serve())


if __name__ == "__main__":
    main()
