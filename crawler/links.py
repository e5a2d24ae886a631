"""Canonical links: the one spelling under which a page is known and fetched once."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus, urljoin, urlsplit

from courlan.clean import TRACKERS_RE, normalize_url

_LONGEST = 2000
_UNSAFE = re.compile(r"[\x00-\x20\x7f<>\"\\^`{|}]")
# courlan takes names that begin with "ga" or "gl", and ids, for trackers; with a number as value
# they often name the article on news sites, and two articles must never become one.
_NAMES_CONTENT = re.compile(r"(?:ga|gl)[a-z]{2,}|[a-z]{0,4}id")
_NUMBER = re.compile(r"\d{1,18}")
_FILES = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|svg|ico|css|js|json|pdf|docx?|xlsx?|zip|gz|mp[34]|m4a|webm|avi|woff2?|xml|rss)$"
)


def canonical_url(link: str, base: str | None = None) -> str | None:
    """The canonical spelling of ``link``, seen on the page ``base``; None: it is no web address.

    Scheme and host are lower case, default ports, fragments and tracking parameters gone. Links
    with a user or password are refused.
    """
    try:
        absolute = urljoin(base, link.strip()) if base else link.strip()
        parts = urlsplit(absolute)
        usable = parts.scheme.lower() in ("http", "https") and _host_is_usable(parts.hostname)
        if not usable or parts.username is not None or parts.port == 0:
            return None
        bare = normalize_url(parts._replace(query="", fragment="", path=parts.path or "/"))
    except ValueError:
        return None
    query = _own_query(parts.query)
    url = f"{bare}?{query}" if query else bare
    return None if len(url) > _LONGEST or _UNSAFE.search(url) else url


def _host_is_usable(host: str | None) -> bool:
    return bool(host) and not _UNSAFE.search(host or "")


def _own_query(query: str) -> str:
    """``query`` without tracking parameters, in its own order and spelling, as servers may care."""
    kept = [part for part in query.split("&") if part and not _is_tracker(part)]
    return _UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", "&".join(kept))


def _is_tracker(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    name = unquote_plus(name).lower()
    if not TRACKERS_RE.search(name):
        return False
    return not (_NAMES_CONTENT.fullmatch(name) and _NUMBER.fullmatch(value))


def is_same_site(url: str, other: str) -> bool:
    """Whether two URLs belong to one host, or to a host and a host below it."""
    first, second = _bare_host(url), _bare_host(other)
    return first == second or first.endswith(f".{second}") or second.endswith(f".{first}")


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def may_be_page(url: str) -> bool:
    """Whether ``url`` may lead to an article: neither a site's root nor a picture or download."""
    path = urlsplit(url).path
    return path not in ("", "/") and not _FILES.search(path)
