"""What the answers of official servers have in common: JSON, XML, and how they tell errors."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from typing import Any

from lxml import etree

from crawler.answers import Fetched
from crawler.errors import ListingError
from crawler.feeds import parse_moment, refuse_entities
from crawler.official.values import Problem
from crawler.pages import failure_of_status

_LONGEST = 200
_TAG = re.compile(r"<[^<>]*>")
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read_json(body: bytes) -> dict[str, Any] | Problem:
    """The object that an answer holds; errors come as JSON, text or markup, and as status 200."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"<":
        is_page = b"<html" in start[:1000].lower()
        return Problem(
            f"the answer is {'a web page' if is_page else 'XML'}, where JSON was asked for"
        )
    try:
        # Some servers leave control characters in their strings.
        data = json.loads(start, strict=False)
    except (ValueError, RecursionError):
        return Problem(f"the answer is no JSON: {_line(start.decode('utf-8', 'replace'))}")
    if not isinstance(data, dict):
        return Problem("the answer is JSON, but no object")
    told = told_error(data)
    return Problem(told) if told else data


def told_error(data: dict[str, Any]) -> str | None:
    """The error that an answer tells, in one line; None where it tells none."""
    errors = data.get("errors")
    if isinstance(errors, dict) and "results" not in data:
        return _line("; ".join(f"{name}: {_words(why)}" for name, why in errors.items()))
    error = data.get("error")
    if isinstance(error, dict):
        return _line(" ".join(_words(error[name]) for name in ("code", "message") if name in error))
    if error:
        return _line(_words(error))
    if isinstance(data.get("status"), int) and "message" in data:
        return _line(_words(data["message"]))
    return None


def read_xml(body: bytes) -> etree._Element | Problem:
    """The root of an answer's XML; one that declares entities is refused."""
    try:
        refuse_entities(body)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        return etree.fromstring(body, parser)
    except ListingError as error:
        return Problem(str(error))
    except (etree.XMLSyntaxError, ValueError):
        return Problem(f"the answer is no XML: {_line(body[:400].decode('utf-8', 'replace'))}")


def problem_of_status(fetched: Fetched) -> Problem | None:
    """Why an answer with an error's status is of no use; None where its status is none."""
    failure = failure_of_status(fetched)
    if failure is None:
        return None
    data = read_json(fetched.body)
    told = data.reason if isinstance(data, Problem) and fetched.body.lstrip()[:1] == b"{" else ""
    if fetched.status in (401, 403) and "API_KEY" in told:
        return Problem(f"the API key was refused: {told}", "forbidden")
    reason = f"{failure.reason}: {told}" if told else failure.reason
    return Problem(reason, failure.kind, failure.asked)


def plain_text(body: bytes, content_type: str | None) -> str:
    """The words of a document that is served as text, or as a page with nothing else on it."""
    stated = _CHARSET.search(content_type or "")
    try:
        text = body.decode(stated[1] if stated else "utf-8", "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return unescape(_TAG.sub(" ", text))


def text_of(value: object) -> str:
    """A value that should be text, in one line; empty where it is none."""
    return " ".join(value.split()) if isinstance(value, str) else ""


def day_of(value: object) -> date | None:
    """The day that a date or a time names; None where it names none."""
    moment = parse_moment(value) if isinstance(value, str) else None
    return moment.date() if moment else None


def _words(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST] or "nothing"
