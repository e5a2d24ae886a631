"""Reads what a page states about itself: headline, author, dates, the body it declares."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from lxml.html import HtmlElement

from extract.boilerplate import tidy
from extract.dates import read_stamp, read_written
from extract.structure import has_name

_ARTICLE_TYPES = re.compile(r"(?:Article|Posting|Report|Review)$")
_PUBLISHED = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "publication_date",
    "publication-date",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "date.created",
    "article_date_original",
    "citation_publication_date",
    "vr:published_time",
]
_MODIFIED = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "article.updated",
    "revised",
    "modified_time",
]
_SEPARATORS = (" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · ", " / ", " ● ")
_PUBLISHED_NAME = re.compile(
    r"publi|pub-?date|post-?date|entry-?date|article-?date|created|byline", re.I
)
_DATE_NAME = re.compile(r"(?:^|[\s_-])(?:date|time|datetime|tarix|tarih|data)(?:$|[\s_-])", re.I)

NEAR = 40  # elements around the headline among which a written date is looked for


@dataclass(frozen=True, slots=True)
class Statements:
    """What the page states of itself; None where it states nothing.

    Attributes:
        free: False where the page says that it is not accessible for free.
        headline: The element that shows the headline.
    """

    title: str | None
    author: str | None
    published: date | None
    modified: date | None
    declared: str | None
    free: bool
    headline: HtmlElement | None


def read_statements(tree: HtmlElement) -> Statements:
    """Returns what the page states of itself, in structured data, meta elements or its header."""
    meta = _meta(tree)
    data = _article_data(tree, meta.get("og:title"))
    headline = _headline(tree, meta.get("og:title") or _text(data.get("headline")))
    return Statements(
        title=_title(tree, meta, data, headline),
        author=_author(data, meta),
        published=_published(tree, meta, data, headline),
        modified=read_stamp(data.get("dateModified")) or _stamp(meta, _MODIFIED),
        declared=_text(data.get("articleBody")),
        free=str(data.get("isAccessibleForFree", True)).strip().lower() not in ("false", "no"),
        headline=headline,
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content)
    return found


def _article_data(tree: HtmlElement, title: str | None) -> Mapping[str, object]:
    """Returns the structured data of the page's article, not of the videos and articles beside."""
    nodes = [node for node in _nodes(tree) if _is_article(node)]
    wanted = tidy(title or "")
    named = [node for node in nodes if wanted and tidy(_text(node.get("headline")) or "") == wanted]
    return next(iter(named or nodes), {})


def _nodes(tree: HtmlElement) -> Iterator[Mapping[str, object]]:
    """Yields the structured data at the top of the page's scripts."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            found = json.loads((script.text or "").strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        pending = [found]
        while pending:
            value = pending.pop(0)
            if isinstance(value, list):
                pending = value[:50] + pending
            elif isinstance(value, dict):
                yield value
                pending += [value[key] for key in ("@graph", "mainEntity") if value.get(key)]


def _is_article(node: Mapping[str, object]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLE_TYPES.search(name) for name in names)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = next((entry for entry in value if isinstance(entry, str)), None)
    return html.unescape(value) if isinstance(value, str) and value.strip() else None


def _headline(tree: HtmlElement, title: str | None) -> HtmlElement | None:
    """Returns the element that shows the headline: the heading that says it, else the first h1."""
    wanted = _letters(title or "")
    first: HtmlElement | None = None
    for element in tree.iter("h1", "h2"):
        shown = _letters(_shown(element))
        if wanted and len(shown) > 8 and (shown in wanted or wanted in shown):
            return element
        if first is None and shown and element.tag == "h1":
            first = element
    return first


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _shown(element: HtmlElement) -> str:
    return "".join(element.itertext())[:1000]


def _title(
    tree: HtmlElement,
    meta: Mapping[str, str],
    data: Mapping[str, object],
    headline: HtmlElement | None,
) -> str | None:
    shown = _line(_shown(headline)) if headline is not None else ""
    head = tree.find(".//head/title")
    claims = [
        _line(claim)
        for claim in (
            meta.get("og:title"),
            _text(data.get("headline")),
            meta.get("twitter:title"),
            head.text if head is not None else None,
        )
        if claim
    ]
    outlet = _line(meta.get("og:site_name") or "")
    best = next((claim for claim in claims if claim), "")
    others = [shown, *claims]
    return _without_suffix(best, others, outlet) or shown or None


def _line(text: str) -> str:
    return tidy(text.replace("\n", " ").replace("\r", " "))


def _without_suffix(title: str, others: list[str], outlet: str) -> str:
    """Returns a title without the outlet's name, where the page itself shows it without."""
    for separator in _SEPARATORS:
        head, found, tail = title.rpartition(separator)
        if not found or not head.strip():
            continue
        same = any(_letters(other) == _letters(head) for other in others if other)
        if same or (outlet and _letters(tail) == _letters(outlet)):
            return _without_suffix(head.strip(), others, outlet)
    return title


def _author(data: Mapping[str, object], meta: Mapping[str, str]) -> str | None:
    names = [_line(name) for name in _names(data.get("author"))]
    names = names or [_line(meta.get("author") or meta.get("article:author") or "")]
    good = [name for name in names if name and len(name) < 120 and "://" not in name]
    return ", ".join(dict.fromkeys(good)) or None


def _names(value: object) -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        if isinstance(name, str):
            yield html.unescape(name)


def _published(
    tree: HtmlElement,
    meta: Mapping[str, str],
    data: Mapping[str, object],
    headline: HtmlElement | None,
) -> date | None:
    return (
        read_stamp(data.get("datePublished"))
        or _stamp(meta, _PUBLISHED)
        or _marked(tree)
        or _near(headline)
    )


def _stamp(meta: Mapping[str, str], names: list[str]) -> date | None:
    return next((day for name in names if (day := read_stamp(meta.get(name)))), None)


def _marked(tree: HtmlElement) -> date | None:
    """Returns the date of an element that is marked as the date of publication."""
    for element in tree.iter("time", "span", "div", "abbr", "p"):
        marked = element.get("itemprop") == "datePublished" or element.get("pubdate") is not None
        if marked and not _is_beside(element):
            value = element.get("datetime") or element.get("content") or _shown(element)
            if day := read_stamp(value):
                return day
    return None


def _near(headline: HtmlElement | None) -> date | None:
    """Returns the date that stands with the headline: in the same box, or the boxes around it."""
    box = headline
    for _ in range(4):
        if box is None or box.tag in ("body", "html"):
            return None
        for element in _around(box):
            if day := _stated(element):
                return day
        box = box.getparent()
    return None


def _around(box: HtmlElement) -> Iterator[HtmlElement]:
    """Yields the next elements before and after the headline's box."""
    before = next(box.itersiblings(preceding=True), None)
    near = [] if before is None else [before]
    near += list(box.itersiblings())[:3]
    for sibling in near:
        if sibling.tag in ("nav", "aside", "footer", "form"):
            continue
        for count, element in enumerate(sibling.iter("*")):
            if count > NEAR:
                break
            yield element


def _stated(element: HtmlElement) -> date | None:
    """Returns the date of a time element, or of a short text that is little else than a date."""
    if not isinstance(element.tag, str) or _is_beside(element) or _is_modified(element):
        return None
    if element.tag == "time" and (day := read_stamp(element.get("datetime"))):
        return day
    text = _line(element.text or "")
    named = _DATE_NAME.search(element.get("class") or "")
    return read_written(text) if 6 <= len(text) <= (80 if named else 45) else None


def _is_modified(element: HtmlElement) -> bool:
    name = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
    return any(word in name for word in ("modified", "updated", "copyright"))


def _is_beside(element: HtmlElement) -> bool:
    """Tells whether an element stands in what is not the article: a sidebar, a list of teasers."""
    return any(
        above.tag in ("nav", "aside", "footer", "form", "li", "a") or has_name(above, "names")
        for above in element.iterancestors()
        if above.tag not in ("body", "html", "main", "article")
    )
