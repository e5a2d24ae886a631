"""Parts of a page's tree: takes off what is no article, and finds the blocks that are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from extract.boilerplate import is_prose, load_boilerplate, tidy

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "br",
    ]
)
_LINK_LISTS = frozenset(["ul", "ol", "dl", "div", "section", "table", "li", "p", "figure"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_LEAVES = _HEADINGS | {"p", "blockquote"}  # named for their looks more often than their duty
_NAME = re.compile(r"[a-z]+|[A-Z][a-z]*|[A-Z]+(?![a-z])")
_NEGATIVE_NAMES = ("has-", "with-", "without-", "no-", "not-", "is-", "hide-", "show-")

MOST_LINKS = 0.75  # a block with a larger share of linked text is a list of links
OWN_SHARE = 0.35  # an element with this share of the page's prose is never taken off
FREE_PROSE = 400  # nor is one of more prose than this, unless it never holds an article


@dataclass(slots=True)
class _Measure:
    """What an element holds, its descendants included."""

    text: int = 0
    linked: int = 0
    prose: int = 0
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list entry or caption.

    Attributes:
        element: The element whose own text it is.
        text: Its tidied text.
    """

    element: HtmlElement
    text: str


def prune(tree: HtmlElement, headline: HtmlElement | None) -> None:
    """Takes off menus, sidebars, lists of links, forms and the like, in place.

    What holds the headline, or a large part of the page's prose, stays whatever its name is.
    """
    elements = list(tree.iter("*"))
    measures = _measure(elements, headline)
    total = max(1, measures[tree].prose)
    layout = _layout_names(headline)
    gone: set[HtmlElement] = set()
    for element in elements:
        parent = element.getparent()
        if parent is None or element.tag == "body":
            continue
        if parent in gone:
            gone.add(element)
        elif _is_foreign(element, measures[element], total) or (
            layout.isdisjoint((element.get("class") or "").split())
            and _is_named_foreign(element, measures[element], total)
        ):
            gone.add(element)
            element.drop_tree()


def _layout_names(headline: HtmlElement | None) -> frozenset[str]:
    """Returns the class names around the headline: they name the layout, not a part of it."""
    if headline is None:
        return frozenset()
    around = (above.get("class") or "" for above in headline.iterancestors())
    return frozenset(name for classes in around for name in classes.split())


def _measure(
    elements: list[HtmlElement], headline: HtmlElement | None
) -> dict[HtmlElement, _Measure]:
    """Measures every element bottom-up, without recursion: trees may be deep."""
    measures = {element: _Measure() for element in elements}
    for element in reversed(elements):
        own = measures[element]
        if element.tag not in ("script", "style"):
            own.text += len((element.text or "").strip())
        if element.tag == "a":
            own.linked, own.prose = own.text, 0
        elif element.tag in ("p", "blockquote", "br") or not own.prose:
            own.prose = max(own.prose, _own_prose(element, own))
        own.headline = own.headline or element is headline
        parent = element.getparent()
        if parent is not None and parent in measures:
            above = measures[parent]
            above.text += own.text + len((element.tail or "").strip())
            above.linked += own.linked
            above.prose += own.prose
            above.headline = above.headline or own.headline
    return measures


def _own_prose(element: HtmlElement, own: _Measure) -> int:
    """Returns how many characters of prose an element holds as a paragraph of its own."""
    if element.tag not in ("p", "div", "blockquote", "td", "section", "article"):
        return 0
    free = own.text - own.linked
    direct = len((element.text or "").strip()) + sum(len((c.tail or "").strip()) for c in element)
    return free if free >= 60 and direct * 2 >= free else 0


def _is_foreign(element: HtmlElement, own: _Measure, total: int) -> bool:
    words = load_boilerplate()
    if own.headline:
        return False
    if element.tag in words.tags or (element.get("role") or "").lower() in words.roles:
        return own.prose < total * OWN_SHARE
    lists_links = element.tag in _LINK_LISTS | _HEADINGS and own.linked > own.text * MOST_LINKS
    return lists_links and own.prose == 0


def _is_named_foreign(element: HtmlElement, own: _Measure, total: int) -> bool:
    if own.headline or (element.tag in _LEAVES and own.linked < own.text):
        return False
    if own.prose >= min(total * OWN_SHARE, FREE_PROSE) or _is_body(element):
        return False
    return has_name(element, "names") and not has_name(element, "leads")


def _is_body(element: HtmlElement) -> bool:
    """Tells whether an element is named as the article's own text."""
    return element.get("itemprop") == "articleBody" or has_name(element, "bodies")


def has_name(element: HtmlElement, kind: str) -> bool:
    """Tells whether an element's class or id holds one of the names of ``kind``."""
    return _names_match(element.get("class") or "", element.get("id") or "", kind)


@lru_cache(maxsize=8192)
def _names_match(classes: str, id_: str, kind: str) -> bool:
    names: frozenset[str] = getattr(load_boilerplate(), kind)
    for name in (*classes.split(), id_):
        if name.startswith(_NEGATIVE_NAMES) or len(name) > 120:
            continue
        parts = [part.lower() for part in _NAME.findall(name)]
        grams = ("-".join(parts[i:j]) for i in range(len(parts)) for j in range(i + 1, i + 4))
        if not names.isdisjoint(grams):
            return True
    return False


def blocks(tree: HtmlElement) -> Iterator[Block]:
    """Yields the text of a tree block by block, in the order of the page."""
    owner, parts = tree, [""]
    for event, element in _walk(tree):
        if element.tag in _BLOCKS:
            text = tidy("".join(parts).replace("\n", " "))
            if text:
                yield Block(owner, text)
            parts = []
            parent = element.getparent()
            owner = element if event == "start" or parent is None else parent
        if event == "start":
            parts.append(element.text or "")
        elif element is not tree:
            parts.append(element.tail or "")
    text = tidy("".join(parts).replace("\n", " "))
    if text:
        yield Block(owner, text)


def _walk(tree: HtmlElement) -> Iterator[tuple[str, HtmlElement]]:
    """Yields ("start", element) and ("end", element) without recursion."""
    element: HtmlElement | None = tree
    while element is not None:
        yield "start", element
        if len(element):
            element = element[0]
            continue
        while element is not None:
            yield "end", element
            if element is tree:
                return
            following = element.getnext()
            if following is not None:
                element = following
                break
            element = element.getparent()


def reads_as_text(block: Block) -> bool:
    """Tells whether a block is prose, or a shorter sentence in a paragraph."""
    short = block.element.tag in ("p", "blockquote", "li") and len(block.text) >= 40
    return is_prose(block.text) or (short and ends_sentence(block.text))


def ends_sentence(text: str) -> bool:
    """Tells whether a text ends as sentences do."""
    return text.endswith((*".!?…։", '"', "”", "»", "'", ")"))
