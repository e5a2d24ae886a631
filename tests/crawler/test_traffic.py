"""A slow outlet holds up no other: passes run side by side, and share out the hosts."""

import asyncio
from datetime import timedelta

import pytest

from crawler.crawl import PassRequest, run_async, run_pass
from crawler.sources import SourceConfig
from crawler.traffic import Traffic
from tests.support.outlets import outlet
from tests.support.passes import Desk


def feed(name: str, url: str, site: str | None = None) -> SourceConfig:
    """A feed that is due every minute."""
    return SourceConfig(name, url, "feed", every=timedelta(minutes=1), site=site)


def names(sources: list[SourceConfig]) -> list[str]:
    """Their names."""
    return [one.name for one in sources]


def test_hosts_are_shared_out() -> None:
    """What is being asked, or leads to a host that is, is left to the pass that asks it."""
    one, same_host = feed("one", "http://a.example/rss"), feed("same", "http://a.example/more")
    leads_there = feed("leads", "http://feeds.example/a", site="a.example")
    other = feed("other", "http://b.example/rss")
    traffic = Traffic()
    everything = [one, same_host, leads_there, other]

    with traffic.asking([one]):
        assert ["other"] == names(traffic.free(everything))
        traffic.done(one)
        assert everything == traffic.free(everything)

    with pytest.raises(ZeroDivisionError), traffic.asking([one]):
        raise ZeroDivisionError
    assert everything == traffic.free(everything)


def test_a_slow_outlet_holds_up_no_other(desk: Desk) -> None:
    """While one pass waits for it, the next finds what honest outlets published meanwhile."""
    with outlet(host="127.0.0.2") as slow, outlet() as honest:
        slow.tell("/s.html", "The Act", "repealed")
        sources = (feed("slow", slow.serve_rss()), feed("honest", honest.serve_rss()))
        slow.pages["/s.html"].faults = ["slow"] * 9
        request = PassRequest(sources, desk.limits, everything=True)
        parts = desk.parts()

        async def passes() -> tuple[bool, list[str], int]:
            first = asyncio.ensure_future(run_pass(request, parts))
            await until(lambda: "/rss.xml" in honest.paths() and "/s.html" in slow.paths())
            await until(lambda: names(parts.traffic.free(sources)) == ["honest"])
            honest.tell("/h.html", "The Act", "repealed")
            honest.serve_rss()
            second = await run_pass(request, parts)
            waiting = not first.done()
            await first
            return waiting, [one.name for one in second.sources], second.findings.opened

        assert (True, ["honest"], 1) == run_async(passes())


async def until(holds) -> None:
    """Waits for what must come to hold soon."""
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.02)
