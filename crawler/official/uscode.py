"""The United States Code: one note of a section, watched by a hash of its words.

The note tells a repeal or an amendment, once the Code has caught up with it. It tells no waiver.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree, html

from crawler.official.data import CodeData
from crawler.official.values import Ask, Change, Document, Found, Problem
from crawler.sources import Answer

KIND = "uscode"
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | {"p", "div", "li", "td", "blockquote", "pre"}
_PUNCTUATION = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class NoteWatcher:
    """Asks for the section's page.

    Attributes:
        url: Of the page.
    """

    url: str
    data: CodeData
    today: date

    def begin(self) -> Sequence[Ask]:
        """The page."""
        return [Ask(self.url, "page", is_lasting=True)]

    def read(self, ask: Ask, answer: Answer) -> Found | Problem:
        """The note as it stands."""
        note = read_note(answer.body, self.data)
        if isinstance(note, Problem):
            return note
        return Found(changes=(self._change(note),))

    def _change(self, note: str | None) -> Change:
        where = f"{self.data.citation}, “{self.data.heading}”"
        state = "absent" if note is None else hashlib.sha256(note.encode()).hexdigest()
        title = f"{where}: the note {'is gone' if note is None else 'has changed'}"
        name = f"{self.data.citation} {state}"
        # That there is no note at the first sight is told: it is not what the record says.
        told = Document(KIND, name, title, self.url, self.today, self.data.citation)
        return Change(f"note {self.data.citation}", state, told, is_telling=note is None)


def read_note(body: bytes, data: CodeData) -> str | Problem | None:
    """The note's words; None where the section's page holds no such note.

    Words only: spaces, quotation marks and dashes are spelled alike, and addresses are left out.
    """
    blocks = list(_blocks(body))
    if not any(data.section_heading.casefold() in text.casefold() for _, text in blocks):
        return Problem("the answer is not the section's page")
    wanted = _alike(data.heading).casefold()
    starts = [at for at, (_, text) in enumerate(blocks) if text.casefold() == wanted]
    if not starts:
        return None
    heading = blocks[starts[-1]][0]
    words = []
    for form, text in blocks[starts[-1] + 1 :]:
        if form == heading or _is_above(form, heading):
            break
        words.append(text)
    return "\n".join(words) if words else Problem("the note has a heading and no words")


def _is_above(form: str, heading: str) -> bool:
    """Whether a heading of this form begins what the note is no part of."""
    first, second = form.partition(".")[0], heading.partition(".")[0]
    return first in _HEADINGS and second in _HEADINGS and first < second


def _blocks(body: bytes) -> Iterator[tuple[str, str]]:
    """Tag with class, and words, of each element that holds words of its own, in order."""
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
        root = html.document_fromstring(body, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    for element in root.iter(*_BLOCKS):
        if any(child.tag in _BLOCKS for child in element.iterdescendants()):
            continue
        text = _alike("".join(map(str, element.itertext())))
        if text:
            yield f"{element.tag}.{element.get('class', '')}", text


def _alike(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_PUNCTUATION)).strip()
