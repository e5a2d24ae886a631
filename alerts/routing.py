"""Says who is told of what, over which channel, and when. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alerts.errors import RouteError
from alerts.payload import finding_data
from state.finding import LOUDNESS, Severity, StoredFinding
from state.message import Message, MessageType

Mode = Literal["immediate", "digest"]
Recipient = tuple[str, str]
FindingEventType = Literal["finding.opened", "finding.updated", "finding.corrected"]
Cause = Literal["article", "record", "reading", "copy", "handover"]


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of the day in which nobody is disturbed; over midnight where it ends before it starts.

    Attributes:
        zone: IANA name of the recipient's time zone.
    """

    start: time
    end: time
    zone: str

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise RouteError(f"quiet: no time zone {self.zone!r}") from error
        if self.start == self.end:
            raise RouteError("quiet: begins where it ends")

    def until(self, now: datetime) -> datetime:
        """The first moment from now on that is not quiet, in UTC."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        # Where quiet hours go over midnight, yesterday's may still last.
        for day in (today - timedelta(days=1), today):
            last = day + timedelta(days=1) if self.end < self.start else day
            ends = moment_of(last, self.end, self.zone)
            if moment_of(day, self.start, self.zone) <= now < ends:
                return ends
        return now


def moment_of(day: date, clock: time, zone: str) -> datetime:
    """When the clocks of a zone show a time on a day, in UTC.

    The first of two such moments where clocks are set back; where they are set forward over it,
    the moment at which they are.
    """
    local = datetime.combine(day, clock, tzinfo=ZoneInfo(zone))
    moment, other = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if other >= moment:
        return moment
    # Clocks never show it. Before the change they are behind it, afterwards past it.
    early, late = other, moment
    wanted = local.replace(tzinfo=None)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        passed = middle.astimezone(ZoneInfo(zone)).replace(tzinfo=None) >= wanted
        early, late = (early, middle) if passed else (middle, late)
    return late.replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Route:
    """Which findings go out over a channel, and when. Empty languages, outlets, rules take any.

    Attributes:
        quiet_passes: What is so severe, or more, goes out in quiet hours too; None: nothing.
    """

    channel: str
    min_severity: Severity = "medium"
    langs: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    mode: Mode = "immediate"
    quiet: QuietHours | None = None
    rules: tuple[str, ...] = ()
    quiet_passes: Severity | None = None

    def takes(self, finding: StoredFinding) -> bool:
        """Whether the finding goes this way."""
        loud = is_at_least(finding.severity, self.min_severity)
        spoken = not self.langs or finding.lang in self.langs
        names = {name.casefold() for name in (finding.outlet, *(one for one, _ in finding.copies))}
        heard = not self.outlets or not names.isdisjoint(map(str.casefold, self.outlets))
        ruled = not self.rules or finding.rule in self.rules
        return loud and spoken and heard and ruled

    def opens_at(self, severity: Severity, now: datetime) -> datetime:
        """When something of a severity may go out that comes up now."""
        passes = self.quiet_passes is not None and is_at_least(severity, self.quiet_passes)
        return now if self.quiet is None or passes else self.quiet.until(now)


@dataclass(frozen=True, slots=True)
class Audience:
    """All who can be told: routes, and each channel's recipients.

    A channel that no route names takes everything of severity medium and above, at once.

    Attributes:
        recipients: By channel name: e-mail addresses, or the channel's name again.
        digest_only: Ids of rules whose findings wait for the digest on every route.
        caveat: What everyone who is told of a finding must know of the record, in one line.
    """

    routes: tuple[Route, ...] = ()
    recipients: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    digest_only: frozenset[str] = frozenset()
    caveat: str | None = None

    def routes_of(self, channel: str) -> tuple[Route, ...]:
        """The channel's routes, or the one that stands where there are none."""
        own = tuple(route for route in self.routes if route.channel == channel)
        return own or (Route(channel),)


NOBODY = Audience()


@dataclass(frozen=True, slots=True)
class FindingEvent:
    """Something that happened to a finding.

    Attributes:
        revision: The article's revision that brought it about; makes keys of updates differ.
        cause: Whether the article was changed, or the record of the law, or the way in which this
            program reads; or whether the text was found in another outlet, or taken back by the
            one that the finding was opened for.
        texts: How the article's first text differs from its latest; None where it does not.
        copy: ``outlet`` and ``url`` of another article with the text, and the ``change``: added,
            withdrawn, corrected.
        occasion: Tells this time from others, where the revision does not.
    """

    type: FindingEventType
    finding: StoredFinding
    revision: int
    cause: Cause = "article"
    texts: Mapping[str, Any] | None = None
    copy: Mapping[str, Any] | None = None
    occasion: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell that is no finding: a source that fails, a record that grew stale.

    Attributes:
        subject: What it is about, such as a source's name.
        occasion: Tells one time from the next, so that each is told once; a time or a count.
        data: Plain JSON values, as the templates of the type want them.
    """

    type: MessageType
    subject: str
    occasion: str
    data: Mapping[str, Any]
    severity: Severity = "medium"


@dataclass(frozen=True, slots=True)
class _Way:
    """How one channel's recipients are told: now, later, or in the digest."""

    not_before: datetime
    held: bool


def is_at_least(severity: Severity, least: Severity) -> bool:
    """Whether a severity is as loud as another or louder."""
    return LOUDNESS[severity] >= LOUDNESS[least]


def messages_for(
    event: FindingEvent,
    audience: Audience,
    now: datetime,
    told: Collection[Recipient] | None = None,
) -> list[Message]:
    """The messages that tell of an event, one for each recipient and channel.

    Args:
        event: What happened.
        audience: Who can be told.
        now: The current time.
        told: Channel and recipient of everyone who was told of the opening, where that is known: a
            correction goes to them alone, whatever the routes have become since. None: it goes
            where the opening goes by the routes.
    """
    about = {
        "cause": event.cause,
        "record_caveat": audience.caveat,
        "texts": event.texts,
        "copy": event.copy,
    }
    payload = finding_data(event.finding) | about
    return [
        Message(
            key=_key(event.type, event.finding.id, _occasion(event), channel, recipient),
            type=event.type,
            channel=channel,
            recipient=recipient,
            payload=payload,
            not_before=way.not_before,
            held=way.held,
            thread=event.finding.id,
        )
        for (channel, recipient), way in _ways(event, audience, now, told).items()
    ]


def notice_messages(notice: Notice, audience: Audience, now: datetime) -> list[Message]:
    """The messages of a notice: to every channel with a route that is open to its severity."""
    open_to = [
        (channel, recipient)
        for channel, recipients in audience.recipients.items()
        if _open_to(audience.routes_of(channel), notice.severity)
        for recipient in recipients
    ]
    return messages_of_notice(notice, audience, open_to, now)


def messages_of_notice(
    notice: Notice, audience: Audience, recipients: Iterable[Recipient], now: datetime
) -> list[Message]:
    """The messages of a notice to certain recipients, each by the channel's routes."""
    return [
        Message(
            key=_key(notice.type, notice.subject, notice.occasion, channel, recipient),
            type=notice.type,
            channel=channel,
            recipient=recipient,
            payload=notice.data,
            not_before=way.not_before,
            held=way.held,
            thread=f"{notice.type.partition('.')[0]}:{notice.subject}",
        )
        for channel, recipient in recipients
        if (way := _notice_way(audience.routes_of(channel), notice.severity, now))
    ]


def _notice_way(routes: tuple[Route, ...], severity: Severity, now: datetime) -> _Way | None:
    return _way(_open_to(routes, severity) or routes, severity, now)


def _ways(
    event: FindingEvent, audience: Audience, now: datetime, told: Collection[Recipient] | None
) -> dict[Recipient, _Way]:
    everyone = [(name, one) for name, some in audience.recipients.items() for one in some]
    if event.type == "finding.corrected" and told is not None:
        listening = [known for known in everyone if known in set(told)]
        ways = {known: _correction_way(event, audience, known, now) for known in listening}
    else:
        ways = {
            known: _way(_taking(event, audience, known), event.finding.severity, now)
            for known in everyone
        }
    waits = _waits_for_digest(event, audience)
    first_heard = event.cause == "copy" and event.finding.rule not in audience.digest_only
    return {
        # Who is told of a finding only because of a copy is told as of an opening.
        known: way
        if not waits or (first_heard and told is not None and known not in told)
        else _Way(now, held=True)
        for known, way in ways.items()
        if way is not None
    }


def _waits_for_digest(event: FindingEvent, audience: Audience) -> bool:
    """What a rule keeps for digests; and what the article did not do, and needs no haste.

    A renewal entered in the record changes the reference of every open finding at once.
    """
    is_quiet = event.cause in ("record", "reading", "copy") and event.type == "finding.updated"
    return is_quiet or event.finding.rule in audience.digest_only


def _taking(event: FindingEvent, audience: Audience, known: Recipient) -> list[Route]:
    return [route for route in audience.routes_of(known[0]) if route.takes(event.finding)]


def _correction_way(
    event: FindingEvent, audience: Audience, known: Recipient, now: datetime
) -> _Way | None:
    """As the opening went, or where the routes changed meanwhile, as the channel's routes go."""
    routes = _taking(event, audience, known) or audience.routes_of(known[0])
    # That something was put right wakes nobody.
    return _way(routes, "none", now)


def _open_to(routes: Iterable[Route], severity: Severity) -> list[Route]:
    return [route for route in routes if is_at_least(severity, route.min_severity)]


def _way(routes: Iterable[Route], severity: Severity, now: datetime) -> _Way | None:
    """The soonest of several ways; None where there is no route."""
    routes = tuple(routes)
    at_once = [route for route in routes if route.mode == "immediate"]
    if at_once:
        return _Way(min(route.opens_at(severity, now) for route in at_once), held=False)
    return _Way(now, held=True) if routes else None


def _occasion(event: FindingEvent) -> str:
    """Only updates happen to a finding more than once; by the record, within a revision too."""
    if event.occasion is not None:
        return event.occasion
    if event.type != "finding.updated":
        return "1"
    beside = event.cause in ("record", "reading")
    changed = f"@{event.finding.updated_at.isoformat()}" if beside else ""
    return f"{event.revision}{changed}"


def _key(kind: str, subject: str, occasion: str, channel: str, recipient: str) -> str:
    return ":".join((kind, subject, occasion, channel, recipient))
