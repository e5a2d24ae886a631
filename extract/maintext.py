"""Finds the text of the article in the tree of its page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction

from extract.boilerplate import clean_text, tidy
from extract.structure import Block, blocks, ends_sentence, has_name, prune, reads_as_text

_NO_SPACE = re.compile(r"\W+")

# What trafilatura and lxml let through on malformed trees; our own structure then has to do.
_EXTRACTION_ERRORS = (
    etree.LxmlError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

DECLARED = 200  # a shorter articleBody is a summary
FIRST_PROSE = 3  # the text that is found must hold one of so many first paragraphs
SUBHEADINGS = frozenset(["h2", "h3", "h4"])
CAPTION = 20  # a shorter one names the photographer
LEAD = 60  # a shorter line before the text is a byline, a date or a rubric
LEAD_DISTANCE = 40  # blocks between headline and text among which a lead is looked for


@dataclass(frozen=True, slots=True)
class PageParts:
    """What is known of a page before its text is looked for.

    Attributes:
        tree: The page; it is taken apart.
        headline: The element of the headline, None where there is none.
        declared: The articleBody that the page declares, None where it does not.
    """

    tree: HtmlElement
    headline: HtmlElement | None
    declared: str | None


def main_text(page: PageParts) -> str:
    """Returns the article's text, tidied, a paragraph a line; empty where none is found.

    trafilatura chooses where the article stands; the page's own structure then mends what is known
    to go wrong there: leads left out, paragraphs skipped, another part of the page taken.
    """
    prune(page.tree, page.headline)
    parts = list(blocks(page.tree))
    start = _headline_at(parts, page.headline)
    chosen = _choose(parts, start, _extracted(page.tree))
    text = clean_text("\n".join(_paragraphs(parts, chosen)))
    declared = tidy(page.declared or "")
    if len(declared) >= DECLARED and _share(declared, text) < 0.5:
        return clean_text(declared)
    return text


def _extracted(tree: HtmlElement) -> str:
    try:
        document = bare_extraction(tree, fast=True, include_comments=False)
    except _EXTRACTION_ERRORS:
        return ""
    return "" if document is None else str(getattr(document, "text", None) or "")


def _headline_at(parts: Sequence[Block], headline: HtmlElement | None) -> int:
    if headline is None:
        return -1
    for at, block in enumerate(parts):
        if block.element is headline or headline in block.element.iterancestors():
            return at
    return -1


def _choose(parts: Sequence[Block], start: int, extracted: str) -> list[int]:
    """Returns which blocks make up the article."""
    haystack = _squeeze(extracted)
    found = [at for at, b in enumerate(parts) if len(b.text) >= 20 and _squeeze(b.text) in haystack]
    prose = [at for at, block in enumerate(parts) if at > start and reads_as_text(block)]
    if prose and not (found if start < 0 else set(found) & set(prose[:FIRST_PROSE])):
        found = prose
    if not found:
        return []
    first = min((at for at in found if at > start), default=start)
    beside = (
        _leads(parts, start, first),
        _siblings(parts, found),
        _captions(parts, start, max(found)),
    )
    return sorted(set(found).union(*beside))


def _leads(parts: Sequence[Block], start: int, first: int) -> list[int]:
    """Returns the blocks between headline and text that belong to the article."""
    begin = start + 1 if start >= 0 else max(0, first - LEAD_DISTANCE)
    return [at for at in range(begin, first) if _is_lead(parts[at])]


def _is_lead(block: Block) -> bool:
    if len(block.text) >= LEAD and ends_sentence(block.text):
        return True
    parent = block.element.getparent()
    named = has_name(block.element, "leads") or (parent is not None and has_name(parent, "leads"))
    return named and len(block.text) >= LEAD


def _siblings(parts: Sequence[Block], found: Sequence[int]) -> list[int]:
    """Returns the skipped paragraphs and subheadings beside paragraphs of the article."""
    homes = {_home(parts[at]) for at in found if reads_as_text(parts[at])}
    last = max(found)
    return [
        at
        for at, block in enumerate(parts)
        if (_home(block) in homes and reads_as_text(block))
        or (at < last and _home(block) in homes and block.element.tag in SUBHEADINGS)
    ]


def _captions(parts: Sequence[Block], start: int, last: int) -> list[int]:
    """Returns the captions of the pictures from the headline to the end of the text."""
    return [
        at
        for at in range(start + 1, last)
        if parts[at].element.tag == "figcaption" and len(parts[at].text) >= CAPTION
    ]


def _home(block: Block) -> HtmlElement | str | None:
    """Returns what a paragraph has in common with its like: the name of its box, or the box."""
    parent = block.element.getparent()
    return None if parent is None else parent.get("class") or parent


def _paragraphs(parts: Sequence[Block], chosen: Sequence[int]) -> list[str]:
    """Returns the texts of blocks, each once: layouts repeat leads and captions."""
    return list(dict.fromkeys(parts[at].text for at in chosen))


def _share(wanted: str, text: str) -> float:
    """Returns which share of the words of ``wanted`` stands in ``text``."""
    words, have = Counter(wanted.split()), Counter(text.split())
    return sum((words & have).values()) / max(1, sum(words.values()))


def _squeeze(text: str) -> str:
    return _NO_SPACE.sub("", text)
