"""A glance at a page's bytes: whether they may name the law at all, before anything is parsed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import unescape

from extract.decoding import decode
from extract.needles import Needles
from extract.tokens import fold

_TAG = re.compile(r"<[^<>]*>")
_STATED = re.compile(r"<meta\b[^<>]*(?:title|description|headline)[^<>]*>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CUT = "\x00"
_REPLACED = "\ufffd"
_GARBLED_SHARE = 0.02


class Glance:
    """Looks for words without which nothing names the law; only a clear no is one.

    Markup may stand in the middle of a name, a character may be spelled as an entity or an escape,
    lines may break anywhere, and the charset may be another than the page says.

    Args:
        needles: Gives what a page must hold to be worth reading, by language; asked at first need.
    """

    def __init__(self, needles: Callable[[], Iterable[Needles]]) -> None:
        self._needles = needles

    def may_name(self, body: bytes, content_type: str | None = None) -> bool:
        """Whether a page may name the law. Raises for no bytes whatever."""
        markup = decode(body, content_type)
        if markup.count(_REPLACED) > len(markup) * _GARBLED_SHARE:
            return True
        # Joined over tags: "9<b>0</b>7" reads as one number.
        joined = fold(_text(markup)).replace(_CUT, "")
        return any(one.may_be_in(joined) for one in self._needles())


def _text(markup: str) -> str:
    """All that a page says, shown or stated, with a mark where there was a tag."""
    stated = [found.group()[1:-1] for found in _STATED.finditer(markup)]
    text = unescape(_CUT.join([_TAG.sub(_CUT, _without_comments(markup)), *stated]))
    if "\\u" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    for sign in _INVISIBLE:
        text = text.replace(sign, "")
    return text


def _without_comments(markup: str) -> str:
    if "<!--" not in markup:
        return markup
    kept, at = [], 0
    while (start := markup.find("<!--", at)) >= 0:
        end = markup.find("-->", start + 4)
        if end < 0:
            break
        kept.append(markup[at:start])
        at = end + 3
    return "".join(kept) + markup[at:]
