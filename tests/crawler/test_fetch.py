"""The one page that ``check`` fetches: guarded at each redirect, bounded in size and time."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from crawler.documents import DocumentError
from crawler.fetch import fetch_page
from crawler.settings import CrawlSettings
from tests.support.outlets import outlet

SETTINGS = CrawlSettings(
    allow_networks=(ip_network("127.0.0.0/8"),),
    contact="mailto:me@example.org",
    timeout=timedelta(seconds=1),
    max_page=1000,
)


@pytest.fixture
def site():
    """One outlet."""
    with outlet() as running:
        yield running


def test_page(site):
    """A page comes with its type and the address it was found at; the caller says who it is."""
    site.put("/page", "<p>text</p>")
    site.redirect("/moved", "/page")

    page = fetch_page(site.url("/moved"), SETTINGS)

    assert (site.url("/page"), b"<p>text</p>") == (page.url, page.body)
    assert page.content_type.startswith("text/html")
    assert "mailto:me@example.org" in site.asked[0].headers["user-agent"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/missing", "answered 404"),
        ("/loop", "redirects more than 5 times"),
        ("/metadata", "which is not public"),
        ("/file", "could not be fetched"),
        ("/large", "larger than 1000 bytes"),
        ("/slow", "no answer in time"),
    ],
)
def test_refused(site, path, why):
    """What must not or cannot be fetched is one line that names the address."""
    site.redirect("/loop", "/loop")
    site.redirect("/metadata", "http://169.254.169.254/latest/")
    site.redirect("/file", "file:///etc/passwd")
    site.put("/large", "x" * 1001)
    site.put("/slow", "", faults=["slow"])

    with pytest.raises(DocumentError) as caught:
        fetch_page(site.url(path), SETTINGS)

    assert str(caught.value).startswith(site.url(path) + ": ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1/", "http://nowhere.invalid/", "http://[::1/", "https://127.0.0.1:1/"],
)
def test_nobody_there(url):
    """An address where nobody answers is one line."""
    with pytest.raises(DocumentError, match="could not"):
        fetch_page(url, SETTINGS)
