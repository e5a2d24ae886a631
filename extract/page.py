"""Reads a page: HTML in, an article out, or the reason why there is none."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extract.article import Article, NotArticle, NotArticleKind
from extract.boilerplate import load_boilerplate, tidy
from extract.decoding import decode, holds_tags, not_html
from extract.language import detect_language
from extract.maintext import PageParts, main_text
from extract.metadata import Statements, read_statements
from extract.tokens import fold

_FORBIDDEN = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")

FEWEST = 40  # characters; a shorter text is none
SENTENCE = 80  # characters; behind a wall a shorter text is a teaser
STUB = 500  # characters; behind a wall a shorter text that breaks off is a teaser
MOST_TEXT = 200_000  # characters that are searched for walls
MOST_LINES = 60  # paragraphs that are looked at for the language


def extract_page(
    body: bytes, *, url: str | None = None, content_type: str | None = None
) -> Article | NotArticle:
    """Returns the article of a page, or why it holds none. Raises for no bytes whatever.

    Args:
        body: The page as it came, decompressed.
        url: Its canonical URL, handed through.
        content_type: The HTTP header; believed only where the bytes do not show otherwise.

    Returns:
        An article whose dates are the page's own statements and otherwise None, and whose text is
        tidied: paragraphs separated by one line feed, no control characters; or a NotArticle.
    """
    if other := not_html(body, content_type):
        return NotArticle("not_html", f"the answer is no HTML page but {other}", url)
    markup = _FORBIDDEN.sub("", decode(body, content_type))
    if not markup.strip():
        return NotArticle("empty", "the page is empty", url)
    if not holds_tags(markup):
        return NotArticle("not_html", "the answer holds no HTML", url)
    tree = _parse(markup)
    if tree is None:
        return NotArticle("empty", "the page cannot be parsed", url)
    return _read(tree, url)


def _parse(markup: str) -> HtmlElement | None:
    markup = _DECLARATION.sub("", markup)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(markup.encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _read(tree: HtmlElement, url: str | None) -> Article | NotArticle:
    """Returns what a parsed page holds. The tree is taken apart on the way."""
    said = read_statements(tree)
    text = main_text(PageParts(tree, said.headline, said.declared))
    rest = fold(tidy(tree.text_content()[:MOST_TEXT]))
    if missing := _why_no_article(text, rest, said):
        kind, reason = missing
        return NotArticle(kind, reason, url, said.title)
    return Article(
        text=text,
        title=said.title,
        url=url,
        lang=_language(text, said.title),
        published=said.published,
        modified=said.modified,
        author=said.author,
    )


def _why_no_article(text: str, rest: str, said: Statements) -> tuple[NotArticleKind, str] | None:
    """Tells why a text is no article, None where it is one.

    Args:
        text: What was found.
        rest: All that the page shows besides menus and the like, folded.
        said: What the page states of itself.
    """
    words = load_boilerplate()
    asks_consent = sum(phrase in rest for phrase in words.consent)
    walled = any(phrase in rest for phrase in words.paywall)
    cut = text.endswith(("…", "..."))
    if asks_consent and len(text) < STUB and said.published is None:
        return "consent", "the page asks for consent and shows no article"
    if len(text) < (STUB if walled and (cut or not said.free) else SENTENCE) and (
        walled or not said.free
    ):
        return "paywall", "the page shows an article to subscribers only"
    if len(text) < FEWEST:
        return "empty", "no article text was found on the page"
    return None


def _language(text: str, title: str | None) -> str | None:
    """Returns the language of the title where a paragraph shares it, else that of the text.

    Layouts leave captions, teasers and notices in the outlet's language in a text; the title and
    the paragraphs of its language are the article's own.
    """
    first = detect_language(title) if title and len(title) >= FEWEST else None
    for line in text.split("\n")[:MOST_LINES]:
        if first and len(line) >= SENTENCE and detect_language(line) == first:
            return first
    return detect_language(text)
