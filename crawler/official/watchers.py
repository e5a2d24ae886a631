"""Which watcher serves which source, and why one cannot."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from crawler.official import congress, federal_register, govinfo, uscode, whitehouse
from crawler.official.data import OfficialData
from crawler.official.parts import Keys
from crawler.official.values import Watcher
from crawler.sources import SourceConfig

# What was seen at the last good poll is looked for again: servers are late, and answers cached.
_OVERLAP = timedelta(days=7)
_FIRST_BILLS = timedelta(days=30)


def why_skipped(kind: str, data: OfficialData | None, keys: Keys) -> str | None:
    """Why a source of an official kind is not asked; None where it can be."""
    if data is None:
        return "the watch has no official.toml"
    if kind == congress.KIND and keys.congress is None:
        return "no key: official.congress_api_key is not set"
    needed = {
        federal_register.KIND: data.federal_register,
        congress.KIND: data.congress,
        govinfo.KIND: data.govinfo,
        uscode.KIND: data.uscode,
    }
    if kind in needed and needed[kind] is None:
        return f"the watch's official.toml has no [{kind}]"
    return None


def make_watcher(
    source: SourceConfig, data: OfficialData, keys: Keys, last_ok: datetime | None, now: datetime
) -> Watcher:
    """The watcher of a source that is not skipped.

    Args:
        source: Of an official kind.
        data: What the watch tells.
        keys: Those there are.
        last_ok: When the source could last be read.
        now: The current time.
    """
    since = _since(data.since, last_ok)
    if data.federal_register and source.kind == federal_register.KIND:
        return federal_register.RegisterWatcher(source.url, data.federal_register, since)
    if data.congress and keys.congress and source.kind == congress.KIND:
        listed = (last_ok - _OVERLAP) if last_ok else now - _FIRST_BILLS
        return congress.CongressWatcher(
            source.url, data.congress, data.bill, keys.congress, listed, now
        )
    if data.govinfo and source.kind == govinfo.KIND:
        pages = data.congress.pages if data.congress else source.url
        return govinfo.GovinfoWatcher(
            source.url, data.govinfo, data.bill, pages, keys.govinfo, since, now.date()
        )
    if data.uscode and source.kind == uscode.KIND:
        return uscode.NoteWatcher(source.url, data.uscode, now.date())
    return whitehouse.ActionsWatcher(source.url, data.since)


def _since(known: date, last_ok: datetime | None) -> date:
    return max(known, (last_ok - _OVERLAP).date()) if last_ok else known
