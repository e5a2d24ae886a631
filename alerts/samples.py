"""A sample of every type of message, to check templates with before the first real one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from alerts.digest import Period, digest_of
from alerts.digest_foot import DAYS
from alerts.payload import finding_data
from extract.claim import Claim, Cue
from state.finding import RecordReference, StoredFinding
from state.message import MessageType

_AT = datetime(2020, 1, 28, 12, tzinfo=UTC)
_SENTENCE = "The law was repealed <on> Tuesday."
_FINDING = StoredFinding(
    id="f_sample",
    status="open",
    rule="sample-rule",
    severity="high",
    verdict="asserts",
    outlet="Sample & Sons",
    url="https://news.example/1",
    title="A <sample> headline",
    published=date(2020, 1, 28),
    lang="en",
    message="The sample says that it was repealed.",
    claim=Claim(
        _SENTENCE,
        0,
        len(_SENTENCE),
        False,
        "repealed",
        "own",
        "asserted",
        (Cue("end_state", "repealed", 12, 20),),
    ),
    record=RecordReference("in_force", "2020-01-28", "A statute", "1 X 1", "https://law.example"),
    opened_at=_AT,
    closed_at=None,
    updated_at=_AT,
    copies=(("Another outlet", "https://other.example/1"),),
)
# What is not known of an article: templates must do without.
_BARE = replace(
    _FINDING,
    id="f_bare",
    rule="headline-contradicted",
    title=None,
    published=None,
    lang=None,
    copies=(),
    record=RecordReference("not_established", None, "Nothing", None, None),
)
_TEXTS = {
    "first": {"seen_at": _AT.isoformat(), "title": "Before"},
    "latest": {"seen_at": _AT.isoformat(), "title": "After"},
    "changes": [{"was": _SENTENCE, "now": ""}],
    "more": 1,
}


def samples(kind: MessageType) -> tuple[Mapping[str, Any], ...]:
    """Payloads of a type: a full one, and where there is such a thing a bare one."""
    if kind.startswith("finding."):
        full = finding_data(replace(_FINDING, why="It was changed."))
        about = {"cause": "article", "record_caveat": "A caveat.", "texts": _TEXTS}
        return full | about, finding_data(_BARE)
    return _OTHERS[kind]


def _digests() -> tuple[Mapping[str, Any], ...]:
    plain = digest_of([], Period(_AT, _AT))
    notice = {"type": "source.failing", "subject": "sample", "detail": "answered 500"}
    statuses = ["in_force"] * (DAYS - 1) + ["waived"]
    foot = {
        "notices": [notice],
        "burst": True,
        "record_caveat": "A caveat.",
        "standing": {"total": 2, "findings": [finding_data(_FINDING)]},
        "chart": {
            "days": [f"2020-01-{day:02}" for day in range(1, DAYS + 1)],
            "langs": [{"lang": "en", "counts": [*range(DAYS)]}],
            "record": statuses,
            "most": DAYS - 1,
        },
        "record": {
            "status": "waived",
            "on": "2020-01-28",
            "until": "2021-01-28",
            "event": "A waiver",
            "citation": "1 X 2",
            "url": "https://law.example/2",
            "caveat": None,
        },
        "sources": {
            "total": 3,
            "polled": 2,
            "unread_total": 2,
            "failing_total": 1,
            "failing": [{"name": "sample", "since": _AT.isoformat(), "error": "answered 500"}],
        },
    }
    return digest_of([_FINDING, _BARE], Period(_AT, _AT)) | foot, plain


def _undelivered() -> tuple[Mapping[str, Any], ...]:
    base = {
        "message": "msg_sample",
        "channel": "sample",
        "recipient": "desk@example.org",
        "queued_at": _AT.isoformat(),
        "error": "550 no such user",
        "disabled": False,
    }
    finding = {"type": "finding.opened", "finding": finding_data(_FINDING), "names": []}
    other = {"type": "digest", "finding": None, "names": ["Sample: a headline"]}
    disabled = {"recipient": None, "disabled": True, "about": None}
    return base | {"about": finding}, base | {"about": other}, base | disabled


_OTHERS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "digest": _digests(),
    "delivery.failed": _undelivered(),
    "test": ({"channel": "sample", "recipient": "desk@example.org"},),
    "record.stale": (
        {
            "caveat": "A caveat.",
            "since": "2020-01-01",
            "event": "A waiver",
            "date": "2019-01-01",
            "citation": "1 X 1",
            "url": "https://law.example/1",
        },
    ),
    "record.candidate": (
        {
            "id": "c_sample",
            "source_kind": "sample",
            "document": "2020-1",
            "title": "A document",
            "url": "https://law.example/1",
            "date": "2020-01-28",
            "citation": None,
            "kind": "extension",
            "accept": "waiverwatch record add --candidate c_sample",
        },
    ),
    "source.failing": (
        {
            "source": "sample",
            "error": "answered 500",
            "failures_in_row": 3,
            "last_ok_at": None,
            "caveat": "A caveat.",
        },
    ),
    "source.recovered": ({"source": "sample", "failures_in_row": 0},),
}
