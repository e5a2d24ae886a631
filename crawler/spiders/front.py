"""The way in through a front page: its links."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree, html

from crawler.errors import ListingError
from crawler.links import canonical_url, is_same_site, may_be_page
from crawler.sources import Answer, Listed, Listing

_LONGEST_TITLE = 500


def read_front_listing(answer: Answer) -> Listing:
    """The links of a page that stay on its site, in the page's order, each once.

    Raises:
        ListingError: The answer is no web page, or links to no page of its own site.
    """
    root = _root(answer)
    found: dict[str, Listed] = {}
    for listed in _links(root, _base(root, answer.url)):
        known = found.get(listed.url)
        if is_same_site(listed.url, answer.url) and (known is None or not known.title):
            found[listed.url] = listed
    if not found:
        raise ListingError("the page links to no page of its own site")
    return Listing(links=tuple(found.values()))


def _root(answer: Answer) -> html.HtmlElement:
    if not answer.body.strip():
        raise ListingError("the page is empty")
    if answer.content_type and "html" not in answer.content_type.lower():
        raise ListingError(f"the answer is no web page ({answer.content_type[:60]})")
    try:
        root = html.document_fromstring(answer.body, parser=_parser(answer.content_type))
    except (etree.ParserError, etree.XMLSyntaxError):
        raise ListingError("the answer is no web page") from None
    return root


def _parser(content_type: str | None) -> html.HTMLParser:
    # The addresses matter here, titles only for must_mention: the declared charset will do.
    charset = (content_type or "").partition("charset=")[2].split(";")[0].strip(" \"'")
    try:
        return html.HTMLParser(encoding=charset or None, no_network=True)
    except (LookupError, ValueError):
        return html.HTMLParser(no_network=True)


def _base(root: html.HtmlElement, url: str) -> str:
    stated = root.find(".//base[@href]")
    base = canonical_url(stated.get("href", ""), url) if stated is not None else None
    return base or url


def _links(root: html.HtmlElement, base: str) -> Iterator[Listed]:
    for anchor in root.iterfind(".//a[@href]"):
        url = canonical_url(anchor.get("href", ""), base)
        if url and may_be_page(url):
            title = " ".join(anchor.text_content().split())[:_LONGEST_TITLE]
            yield Listed(url=url, title=title or None)
