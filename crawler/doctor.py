"""Proves the chain from the settings to the channels, link by link, in words for everyone."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from alerts.channels.channel import Channel, Delivered, Outcome
from alerts.errors import AlertsError
from crawler.catalogue import all_sources
from crawler.errors import CrawlerError
from crawler.fetch import fetch_reply
from crawler.guessing import did_you_mean
from crawler.official.watchers import why_skipped
from crawler.probing import Prober, Way
from crawler.records import Standing, standing
from crawler.settings import CrawlSettings, Settings, SourceSettings
from crawler.sources import OFFICIAL_KINDS
from crawler.watch import Watch
from crawler.wiring import audience_of, check_routes, keys_of, source_configs
from state.errors import StateError
from state.message import Message, QueuedMessage
from state.store import Store

State = Literal["ok", "warning", "failed"]
FORESEEN = (CrawlerError, AlertsError, StateError)
_AT_ONCE = 16
_ONE_SOURCE = timedelta(seconds=20)
_LONGEST_DELAY = 5.0


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Attributes:
        topic: Settings, database, record, rules, source, channel, clock.
        name: Which one, where there are several.
        said: What was found, in one line.
        remedy: What to do where it is not ok.
    """

    topic: str
    state: State
    said: str
    name: str | None = None
    remedy: str | None = None


def look_at_settings(settings: Settings, place: str) -> Iterator[Line]:
    """Whether anybody answers for the crawler, and whether anybody is told."""
    said = f"{place}: {len(settings.channel)} channels, {len(settings.route)} routes"
    yield Line("settings", "ok", said)
    if settings.crawl.contact is None:
        remedy = 'set contact = "mailto:you@example.org" in [crawl]'
        said = "nobody answers for the crawler; some outlets refuse those who do not say who asks"
        yield Line("settings", "warning", said, remedy=remedy)
    if not settings.channel:
        remedy = "add a [[channel]] to the settings (waiverwatch init writes examples)"
        yield Line(
            "settings", "warning", "no channel: findings are kept, and nobody is told", None, remedy
        )


def look_at_database(store: Store) -> Iterator[Line]:
    """Whether it can be written to, and what waits in it that should not."""
    # Enabling what is not disabled writes nothing, and needs all that writing needs.
    store.enable_channel("\0doctor")
    counts = store.counts()
    found = f"{counts['articles']} articles, {sum(counts['findings'].values())} findings"
    yield Line("database", "ok", f"can be read and written, its schema is up to date; {found}")
    for name, reason in store.disabled_channels().items():
        remedy = f"once the receiver works again: waiverwatch outbox enable {name}"
        yield Line("database", "warning", f"channel {name} is disabled: {reason}", None, remedy)
    dead = counts["outbox"].get("dead", 0)
    if dead:
        remedy = "waiverwatch outbox list --status dead, then outbox retry ID or discard ID"
        yield Line("database", "warning", f"{dead} messages could not be delivered", None, remedy)


def look_at_watch(watch: Watch, settings: Settings) -> Iterator[Line]:
    """Lexicons and rules; loading them has proved them."""
    languages = ", ".join(sorted(watch.reader.languages))
    yield Line("lexicons", "ok", f"{watch.law.short_name}: languages {languages}")
    try:
        check_routes(settings, watch)
    except CrawlerError as error:
        remedy = "correct that [[route]]"
        yield Line("rules", "failed", str(error), None, remedy)
        return
    yield Line("rules", "ok", f"{len(watch.rules.rule)} rules")
    yield from _unknown_outlets(watch, settings)


def _unknown_outlets(watch: Watch, settings: Settings) -> Iterator[Line]:
    """Outlets of routes that no source is of; searches may find articles of them nevertheless."""
    named = {
        one.outlet or urlsplit(one.url).hostname for one in all_sources(watch.sources, settings)
    }
    known = {name.casefold(): name for name in named if name}
    for index, route in enumerate(settings.route):
        for outlet in route.outlets:
            if outlet.casefold() in known:
                continue
            said = f'route[{index}].outlets: no source is of "{outlet}"'
            remedy = "correct it; leave it where its articles come from searches"
            yield Line(
                "settings", "warning", said + did_you_mean(outlet, known.values()), None, remedy
            )


def look_at_record(found: Standing) -> Iterator[Line]:
    """How the law stands, and whether the record still covers today."""
    today = found.at.date()
    status = found.bench.record.status(today)
    words = status.status.replace("_", " ")
    said = f"{len(found.bench.record.events)} events; {words} on {today}"
    if found.stale is None:
        yield Line("record", "ok", said + (f", until {status.until}" if status.until else ""))
        return
    remedy = "enter what was issued since: waiverwatch record add --help (record verify checks it)"
    yield Line("record", "warning", f"{said}. {found.stale.caveat}", None, remedy)


def look_at_sources(
    watch: Watch, settings: Settings, patience: timedelta, only: Sequence[str] = ()
) -> Iterator[Line]:
    """Every source that is enabled: reachable, open to robots, and readable; as they answer.

    That some of many sources cannot be read is a warning; that none can be is a failure.
    """
    every = [one for one in all_sources(watch.sources, settings) if one.enabled]
    chosen = [one for one in every if not only or one.name in only]
    if not chosen:
        yield Line("sources", "failed", "no source is enabled", None, "add a [[source]]")
        return
    lines = []
    for line in _asked(chosen, watch, settings, patience):
        lines.append(line)
        yield line
    good = sum(line.state == "ok" for line in lines)
    if good:
        yield Line("sources", "ok", f"{good} of {len(lines)} can be read")
    else:
        remedy = "is there a way to the internet from here? (a proxy, a firewall, the name server)"
        yield Line("sources", "failed", f"none of {len(lines)} can be read", None, remedy)


def look_at_channels(
    channels: Iterable[Channel], settings: Settings, now: datetime, *, send: bool
) -> Iterator[Line]:
    """Every channel: connection, TLS and login; with ``send`` a test message to everyone."""
    recipients = audience_of(settings).recipients
    for channel in channels:
        proof = channel.probe()
        if not proof.ok:
            remedy = f"correct [[channel]] {channel.name} in the settings, or ask who runs it"
            yield Line("channel", "failed", proof.said, channel.name, remedy)
            continue
        yield Line("channel", "ok", proof.said, channel.name)
        if send:
            yield from (_test(channel, one, now) for one in recipients[channel.name])


def look_at_clock(settings: Settings, store: Store | None, now: datetime) -> Iterator[Line]:
    """The clock, and when things happen by it."""
    service = settings.service
    local = now.astimezone(ZoneInfo(service.timezone))
    said = f"{now:%Y-%m-%d %H:%M} UTC, {local:%H:%M} in {service.timezone}; digests at "
    last = max((run.started_at for run in store.latest_runs()), default=None) if store else None
    if last is not None and last > now + timedelta(minutes=1):
        remedy = "set the clock (timedatectl), and keep it by NTP"
        behind = f"the clock is behind: a pass began at {last:%Y-%m-%d %H:%M} UTC, by this clock"
        yield Line("clock", "failed", f"{behind} in the future", None, remedy)
        return
    yield Line("clock", "ok", said + f"{service.digest_at:%H:%M}")


def record_of(watch: Watch, store: Store | None, now: datetime) -> Standing:
    """The record as it stands.

    Raises:
        StateError: An entry contradicts it.
    """
    return standing(watch.bench, store.record_entries() if store else (), now)


def _asked(
    sources: Sequence[SourceSettings], watch: Watch, settings: Settings, patience: timedelta
) -> Iterator[Line]:
    """The sources in order, each as soon as it and those before it have answered."""
    ends = time.monotonic() + patience.total_seconds()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        asked: list[tuple[SourceSettings, Future[Line]]] = [
            (one, pool.submit(_look_at_source, one, watch, settings)) for one in sources
        ]
        for source, future in asked:
            wait([future], timeout=max(0.0, ends - time.monotonic()))
            if future.done():
                yield future.result()
            else:
                remedy = f"waiverwatch sources test {source.name}, or a longer --patience"
                yield Line("source", "warning", "no answer in time", source.name, remedy)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _look_at_source(source: SourceSettings, watch: Watch, settings: Settings) -> Line:
    if source.kind in OFFICIAL_KINDS:
        return _look_at_official(source, watch, settings)
    address = source_configs([source])[0].address
    way = prober_of(settings.crawl).ask(source.kind, address, "the source's own")
    if way.listing is None:
        return Line("source", "warning", str(way.error), source.name, _remedy(way, source))
    count = len(way.listing.links) or len(way.listing.leads) or len(way.listing.nested)
    if not count:
        remedy = f"waiverwatch sources test {source.name}; its address may have moved"
        return Line("source", "warning", "it can be read, and lists nothing", source.name, remedy)
    return Line("source", "ok", f"lists {count}", source.name)


def _look_at_official(source: SourceSettings, watch: Watch, settings: Settings) -> Line:
    skipped = why_skipped(source.kind, watch.official, keys_of(settings))
    if skipped:
        remedy = "set the key in [official], or leave it: the other official sources go on"
        return Line("source", "warning", f"is skipped: {skipped}", source.name, remedy)
    remedy = f"waiverwatch crawl --source {source.name} asks it for good"
    try:
        reply = fetch_reply(source.url, _briefly(settings.crawl))
    except CrawlerError as error:
        return Line("source", "warning", str(error), source.name, remedy)
    if reply.status >= 500 or reply.status in (403, 429):
        return Line("source", "warning", f"answered {reply.status}", source.name, remedy)
    return Line("source", "ok", "can be reached", source.name)


def _remedy(way: Way, source: SourceSettings) -> str:
    error = str(way.error)
    if "robots.txt" in error and "cannot be read" not in error:
        return "the outlet wants no crawlers there: ask it, or set enabled = false"
    if source.caveat:
        return f"known of it: {source.caveat}"
    return f"waiverwatch sources test {source.url} looks for another way in"


def prober_of(crawl: CrawlSettings) -> Prober:
    """What asks a source, more briefly than a pass would."""
    brief = _briefly(crawl)
    usual = crawl.per_host_delay.total_seconds()
    return Prober(
        fetch=lambda url: fetch_reply(url, brief),
        wait=lambda asked: time.sleep(max(usual, min(asked, _LONGEST_DELAY))),
        largest=crawl.max_page,
    )


def _briefly(crawl: CrawlSettings) -> CrawlSettings:
    return crawl.model_copy(update={"timeout": min(crawl.timeout, _ONE_SOURCE)})


def _test(channel: Channel, recipient: str, now: datetime) -> Line:
    data = {"channel": channel.name, "recipient": recipient}
    name = f"msg_{secrets.token_hex(16)}"
    message = Message(f"test:{name}", "test", channel.name, recipient, data, now)
    outcome: Outcome = channel.send(QueuedMessage(name, message, "leased", 1, now))
    if isinstance(outcome, Delivered):
        said = f"a test message was taken for {recipient}; see whether it arrives ({name})"
        return Line("channel", "ok", said, channel.name)
    remedy = f"correct [[channel]] {channel.name} in the settings, or ask who runs it"
    said = f"the test message to {recipient} was not taken: {outcome.error}"
    return Line("channel", "failed", said, channel.name, remedy)
