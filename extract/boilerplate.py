"""Knows what surrounds an article: menus, lists of other headlines, "read also" lines, notices."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from extract.tokens import fold

LeadIn = Literal["list", "next", "here"]
"""What follows a lead-in: headlines, one headline on the next line, one on the same line."""

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_CLOSERS = "\"'”»’)\\]"
_SENTENCE_END = re.compile(rf"[.!?…։:;](?:[{_CLOSERS}]|\[\d+\])*$")
_FULL_STOP = re.compile(rf"(?<!\.)[.։:;](?:[{_CLOSERS}]|\[\d+\])*$")
_CUT_OFF = re.compile(r"(?:…|\.\.\.)$")
_BULLET = re.compile(r"^[\s\-–—•*·►▶>→#|]+")
_WORD = re.compile(r"[^\W\d_]+")
_LEAD_IN_EDGES = " .…!?»>→-–—|:՝"
_OUTER = _LEAD_IN_EDGES + "\t\xa0‐‑֊՛՞՜\u0301\u0307"  # all that folding or stripping may take away
_OPENING = 3  # letters, by which most lines are told from those of the site

MENU_RUN = 4  # fewer short lines than these are no menu
PARAGRAPH = 110  # a line of this length that ends like a sentence is prose
HEADLINE = 220  # a longer line is no headline


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """The words of ``boilerplate.toml``, folded as :func:`extract.tokens.fold` does.

    Attributes:
        tags: Elements that never hold an article.
        roles: ARIA roles that never do.
        names: Class and id names that seldom do.
        bodies: Names of the article's own text.
        leads: Names of an opening paragraph that stands apart from the body.
        lists: Lines that a list of headlines follows.
        reads: Lines that one headline follows.
        notices: Beginnings of lines about the site.
        consent: Words of a consent page.
        paywall: Words of a subscribe wall.
        openings: The first letters of lists and reads.
        notice_openings: The first letters of notices.
    """

    tags: frozenset[str]
    roles: frozenset[str]
    names: frozenset[str]
    bodies: frozenset[str]
    leads: frozenset[str]
    lists: frozenset[str]
    reads: frozenset[str]
    notices: tuple[str, ...]
    consent: tuple[str, ...]
    paywall: tuple[str, ...]
    openings: tuple[str, ...]
    notice_openings: tuple[str, ...]


@lru_cache(maxsize=1)
def load_boilerplate() -> Boilerplate:
    """Returns the package's own list, read once."""
    data = tomllib.loads(files("extract").joinpath("boilerplate.toml").read_text("utf-8"))
    html, walls, languages = data["html"], data["walls"], data["lead_in"].values()
    lists = frozenset(fold(line) for words in languages for line in words["list"])
    reads = frozenset(fold(line) for words in languages for line in words["read"])
    notices = tuple(map(fold, data["notices"]["starts"]))
    return Boilerplate(
        tags=frozenset(html["tags"]),
        roles=frozenset(html["roles"]),
        names=frozenset(html["names"]),
        bodies=frozenset(html["bodies"]),
        leads=frozenset(html["leads"]),
        lists=lists,
        reads=reads,
        notices=notices,
        consent=tuple(map(fold, walls["consent"])),
        paywall=tuple(map(fold, walls["paywall"])),
        openings=_openings(lists | reads),
        notice_openings=_openings(notices),
    )


def _openings(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({line[:_OPENING] for line in lines}))


def _may_open(line: str, openings: tuple[str, ...]) -> bool:
    """True where ``line`` may begin with one of the openings. Spares folding the whole of it."""
    start = fold(line[: 3 * _OPENING])
    return len(start) < _OPENING or start.startswith(openings)


def tidy(text: str) -> str:
    """Returns ``text`` with stable whitespace and no control or direction characters.

    Paragraphs are separated by one line feed, words by one space; nothing else changes.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_text(text: str) -> str:
    """Returns the article's own lines of a plain text that was copied or extracted from a page.

    Leaves out menus before the article and after it, lines that lead in to other articles with the
    headlines that follow them, and notices. Sentences and paragraphs stay. The result is tidied as
    by :func:`tidy`, and cleaning it again changes nothing.
    """
    lines = tidy(text).split("\n")
    while True:
        kept = _without_menus(list(_without_lead_ins(lines)))
        if kept == lines:
            return "\n".join(kept)
        lines = kept


def is_prose(line: str) -> bool:
    """Tells whether a line reads as a paragraph: long, and ending as sentences do."""
    return len(line) >= PARAGRAPH and bool(_SENTENCE_END.search(line)) and not _CUT_OFF.search(line)


def is_notice(line: str) -> bool:
    """Tells whether a line is about the site: rights, cookies, counters, advertisement."""
    words = load_boilerplate()
    if len(line) >= HEADLINE or not _may_open(line, words.notice_openings):
        return False
    return fold(line).startswith(words.notices)


def lead_in(line: str) -> LeadIn | None:
    """Tells whether a line leads in to other articles, and where they stand."""
    body = _BULLET.sub("", line)
    if not body or len(body) > HEADLINE:
        return None
    words = load_boilerplate()
    if not _may_open(body.lstrip(_OUTER), words.openings):
        return None
    whole = fold(body).strip(_LEAD_IN_EDGES)
    if whole in words.lists:
        return "list"
    if whole in words.reads:
        return "next"
    return _lead_in_with_headline(body, words)


def _lead_in_with_headline(body: str, words: Boilerplate) -> LeadIn | None:
    """Returns the kind of a line that holds lead-in and headline both."""
    head, colon, _ = body.replace("՝", ":").partition(":")
    if colon and fold(head).strip() in words.reads:
        return "here"
    full_stop = bool(_FULL_STOP.search(body))
    if colon and " " in head and fold(head).strip() in words.lists and not full_stop:
        return "list"
    for end, spaced in _capital_positions(body):
        start = fold(body[:end]).strip()
        if not spaced and start in words.lists:
            return "list"
        if " " in start and start in words.reads and not full_stop:
            return "here"
    return None


def _capital_positions(body: str) -> Iterator[tuple[int, bool]]:
    """Yields where a new headline could begin in the first words, and whether after a space."""
    for at in range(4, min(len(body), 45)):
        before = body[at - 1]
        if body[at].isupper() or body[at] in '«“"':
            if before == " ":
                yield at, True
            elif before.islower():
                yield at, False


def foreign_lines(text: str) -> frozenset[int]:
    """Returns the numbers of the lines of ``text`` that lead to other articles, or are the site's.

    For text that must keep its offsets, and so cannot be cleaned.
    """
    lines = text.split("\n")
    return frozenset(range(len(lines))) - {number for number, _ in _own_lines(lines)}


def _without_lead_ins(lines: Sequence[str]) -> Iterator[str]:
    """Yields the lines that neither lead in to other articles, nor follow such a line."""
    for _, line in _own_lines(lines):
        yield _without_trailing_lead_in(line)


def _own_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    skipping: LeadIn | None = None
    for number, line in enumerate(lines):
        if kind := lead_in(line):
            skipping = kind if kind != "here" else skipping
        elif is_notice(line):
            continue
        elif skipping and _is_headline(line):
            skipping = "list" if skipping == "list" else None
        else:
            skipping = None
            yield number, line


def _is_headline(line: str) -> bool:
    """Tells whether a line after a lead-in is a headline, a date or the cut-off start of a text."""
    if _CUT_OFF.search(line):
        return True
    return len(line) <= HEADLINE and not _FULL_STOP.search(line)


def _without_trailing_lead_in(line: str) -> str:
    """Returns a paragraph without the "read also: headline" that stands at its end."""
    colon = line.rfind(":")
    if colon < 0 or len(line) - colon > HEADLINE or _FULL_STOP.search(line):
        return line
    for reads in load_boilerplate().reads:
        start = colon - len(reads)
        if " " in reads and start > 1 and fold(line[start:colon]) == reads:
            before = line[:start].rstrip(" (-–—|•")
            return before if _SENTENCE_END.search(before) else line
    return line


def _without_menus(lines: Sequence[str]) -> list[str]:
    """Returns the lines without runs of menu entries before the first and after the last prose."""
    prose = [at for at, line in enumerate(lines) if is_prose(line)]
    if not prose:
        return list(lines)
    first, last = prose[0], prose[-1] + 1
    return [*_menu_free_head(lines[:first]), *lines[first:last], *_menu_free_tail(lines[last:])]


def _menu_free_head(lines: Sequence[str]) -> Sequence[str]:
    if sum(map(_is_menu_entry, lines)) < MENU_RUN:
        return lines
    return [line for line in lines if len(line) >= 40 or _ends_sentence(line)]


def _menu_free_tail(lines: Sequence[str]) -> Sequence[str]:
    entries = [at for at, line in enumerate(lines) if _is_menu_entry(line)]
    if len(entries) < MENU_RUN:
        return lines
    own, rest = lines[: entries[0]], lines[entries[0] :]
    return [*own, *(line for line in rest if len(line) >= 60 and _FULL_STOP.search(line))]


def _is_menu_entry(line: str) -> bool:
    """Tells whether a line is as short as menu entries, buttons and counters are."""
    return len(line) <= 30 and len(_WORD.findall(line)) <= 3 and not _ends_sentence(line)


def _ends_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line)) and len(_WORD.findall(line)) > 1
