"""Judges documents, and puts each judgement into the shape that ``check --json`` prints."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from alerts.judge import Judgement
from alerts.payload import claim_data
from crawler.documents import Document
from crawler.watch import Watch
from extract.article import Article
from extract.claim import Reading


@dataclass(frozen=True, slots=True)
class Checked:
    """A document with what was read in it, and the judgement."""

    id: str
    article: Article
    reading: Reading
    judgement: Judgement


def check_document(watch: Watch, document: Document) -> Checked:
    """Reads and judges a document; one without an article is unjudged."""
    if document.reason is not None:
        reading = Reading(lang=None, unread=document.reason)
    else:
        reading = watch.reader.read(document.article)
    judgement = watch.judge(document.article, reading)
    return Checked(document.id, document.article, reading, judgement)


def checked_data(checked: Checked) -> dict[str, Any]:
    """The JSON object of one checked document."""
    article, judgement = checked.article, checked.judgement
    data: dict[str, Any] = {
        "id": checked.id,
        "url": article.url,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "lang": checked.reading.lang or article.lang,
        "verdict": judgement.verdict,
        "severity": judgement.severity,
        "accurate_context": judgement.accurate_context,
        "claims": [claim_data(claim) for claim in checked.reading.claims],
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "record": asdict(finding.record),
            }
            for finding in judgement.findings
        ],
    }
    if judgement.verdict == "unjudged":
        data["reason"] = judgement.reason
    return data
