"""What a page of coverage says: the article, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

NotArticleKind = Literal["not_html", "empty", "paywall", "consent"]


@dataclass(frozen=True, slots=True)
class Article:
    """The text and metadata of one page of coverage.

    Attributes:
        text: The article's own text, without menus, sidebars and "read also" lines. May be empty.
        title: The headline, None where the page gives none.
        url: The canonical URL, None for text that came from elsewhere.
        lang: ISO 639-1 code of the language the text is written in, None where not established.
        published: The day of publication as the page itself states it, None where not established.
        modified: The day of the last change as the page states it.
        author: As the page states it.
    """

    text: str
    title: str | None = None
    url: str | None = None
    lang: str | None = None
    published: date | None = None
    modified: date | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class NotArticle:
    """A page that holds no article: an answer, not an error."""

    kind: NotArticleKind
    reason: str
    url: str | None = None
    title: str | None = None
