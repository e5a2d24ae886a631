"""Keeps a document as a candidate for the record, with the messages that tell the operators."""

from __future__ import annotations

from datetime import datetime

from alerts.notices import candidate_notice
from alerts.routing import Audience, notice_messages
from crawler.official.values import Document
from state.store import Candidate, Unit

_LONGEST_TITLE = 500


def keep_candidate(unit: Unit, document: Document, audience: Audience, now: datetime) -> int | None:
    """Keeps a document, once, and queues its messages in the same unit.

    Returns:
        How many messages are new; None where the document was a candidate before.
    """
    candidate = Candidate(
        source_kind=document.kind,
        document=document.name,
        title=document.title[:_LONGEST_TITLE],
        url=document.url,
        date=document.date,
        citation=document.citation,
        kind=document.event,
    )
    if not unit.add_candidate(candidate, now):
        return None
    return unit.enqueue(notice_messages(candidate_notice(candidate), audience, now), now)
