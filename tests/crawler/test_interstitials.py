"""Pages that stand in the way, told from the pages that were asked for."""

import pytest

from crawler.interstitials import interstitial

HTML = "text/html"


def page(title: str) -> bytes:
    return f"<html><head><meta charset=utf-8><title>\n {title}</title></head></html>".encode()


@pytest.mark.parametrize(
    ("url", "body", "called"),
    [
        ("https://consent.example.com/m?continue=x", b"", "a consent page"),
        ("https://news.example/", page("Before you continue to News"), "a consent page"),
        ("https://news.example/", page("We value your privacy"), "a consent page"),
        ("https://news.example/", page("Just a moment..."), "a check for browsers"),
        ("https://news.example/", page("Один момент…"), "a check for browsers"),
        ("https://news.example/", page("DDoS-Guard"), "a check for browsers"),
        ("https://news.example/login?next=/", b"", "a login page"),
        ("https://news.example/", page("News of the day"), None),
        ("https://news.example/politics/consent-decree-signed", page("A consent decree"), None),
        ("https://news.example/", b"<title", None),
        ("https://news.example/", b"", None),
    ],
)
def test_interstitials(url: str, body: bytes, called: str | None) -> None:
    """Consent, checks and logins are known by where they lie or what they are called."""
    assert called == interstitial(url, body, HTML)


def test_a_feed_may_be_called_anything() -> None:
    """Only web pages stand in the way."""
    assert interstitial("https://a.example/", page("Just a moment"), "application/rss+xml") is None
