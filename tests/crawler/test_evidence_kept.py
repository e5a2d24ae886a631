"""Pages are kept with what was found in them, and revisits keep to what has changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.archive import Archive
from crawler.errors import ArchiveError
from tests.support.outlets import article_page
from tests.support.passes import Desk, PlainReader, feed

HOUR = timedelta(hours=1)
LONG = " ".join(f"Sentence {n} tells of the ministry and of its plans." for n in range(20))


@pytest.fixture
def archive(tmp_path):
    """An archive of its own."""
    made = Archive(tmp_path / "archive")
    yield made
    made.close()


def visit(desk, site, text, hours=1.0):
    """The outlet's article has this text; it is visited when its time has come."""
    site.tell("/a.html", "The Act", text)
    desk.clock.forward(hours=hours)
    return desk.crawl(feed("news", site.serve_rss()))


def revisions(desk, site):
    article = desk.store.article(site.url("/a.html"))
    return desk.store.revisions(article.id)


@pytest.fixture
def desk(desk, archive):
    """A desk that keeps pages, and comes again every hour."""
    return replace(desk, archive=archive, limits=replace(desk.limits, revisit=(HOUR,)))


def test_a_relevant_page_is_kept_as_it_came(desk, site, archive):
    """The finding names where its page lies; an irrelevant page is not kept."""
    site.tell("/b.html", "Weather", "It rains.")
    visit(desk, site, "repealed")

    (finding,) = desk.store.findings()
    page = archive.read(finding.warc)
    assert article_page("The Act", "repealed").encode() == page.body
    assert site.url("/a.html") == page.url
    assert "text/html; charset=utf-8" == page.content_type
    assert 200 == page.status


def test_only_what_is_new_is_kept(desk, site, archive):
    """An edit has a page of its own; what moves on a page by itself has none."""
    visit(desk, site, "repealed, says the ministry of the country.")
    site.pages["/a.html"].etag = False
    size = (archive._folder / desk.store.findings()[0].warc.file).stat().st_size
    same = visit(desk, site, "repealed,  says the ministry of the country.\nViews: 7")
    unchanged = (archive._folder / desk.store.findings()[0].warc.file).stat().st_size
    visit(desk, site, "repealed for good, says the ministry of the country.")

    assert (1, 0) == (same.articles.unchanged, same.articles.revised)
    assert size == unchanged
    first, second = revisions(desk, site)
    assert first.warc.offset != second.warc.offset
    assert b"for good" in archive.read(second.warc).body


def test_a_page_that_cannot_be_kept_is_fetched_again(desk, site, tmp_path):
    """The pass fails and says why; the page and its alert come with the next one."""
    (tmp_path / "blocked").write_text("a file where the folder should be")
    broken = replace(desk, archive=Archive(tmp_path / "blocked"))
    with pytest.raises(ArchiveError, match="cannot be written to"):
        visit(broken, site, "repealed")
    assert [] == desk.store.findings()

    report = desk.crawl(feed("news", site.serve_rss()))

    assert 1 == report.findings.opened
    assert 1 == len(desk.store.findings())


def test_a_flip_flop_is_waited_out(desk, site):
    """A text that comes back at once is no news; once it has stayed for a day it is."""
    visit(desk, site, "repealed, says the Act.")
    gone = visit(desk, site, "It still stands, says the Act.")
    back = visit(desk, site, "repealed, says the Act.")
    asked = site.counts()["/a.html"]
    still = visit(desk, site, "repealed, says the Act.", hours=2)
    stays = visit(desk, site, "repealed, says the Act.", hours=24)

    assert 1 == gone.findings.corrected
    assert (0, 0) == (back.findings.opened, back.articles.revised)
    assert (0, 0) == (still.findings.opened, still.articles.revised)
    # Nothing was kept of the text that was waited out, its validators least of all.
    assert asked + 2 == site.counts()["/a.html"]
    assert (1, 1) == (stays.findings.opened, stays.articles.revised)


class Upgraded(PlainReader):
    """Reads a caption with the text that the last version left out."""

    async def read_page(self, page):
        found = await super().read_page(page)
        article, reading = found
        return replace(
            article, text=article.text + " A caption that was not found before."
        ), reading


def upgrade(desk, **parts) -> Desk:
    return replace(
        desk,
        versions=f"extractor {parts.get('extractor', 1)}, lexicons 2",
        **{key: value for key, value in parts.items() if key != "extractor"},
    )


def test_another_extractor_is_no_edit(desk, site):
    """The old page as it is read today is what is there today: a reading, and no revision."""
    desk = replace(desk, versions="extractor 1, lexicons 1")
    visit(desk, site, LONG + " repealed.")
    later = upgrade(desk, extractor=2, reader=Upgraded())
    report = visit(later, site, LONG + " repealed.")

    assert (0, 1) == (report.articles.revised, report.articles.unchanged)
    (only,) = revisions(desk, site)
    assert only.text.endswith("A caption that was not found before.")
    assert "extractor 2, lexicons 2" == only.versions
    # What another version is to read is asked for as a whole.
    asked = [one.headers for one in site.asked if one.path == "/a.html"]
    assert 2 == len(asked)
    assert "if-none-match" not in asked[-1]


def test_a_damaged_archive_holds_up_no_revisit(desk, site, archive):
    """Where the old page can no longer be read, the text that is kept is compared instead."""
    desk = replace(desk, versions="extractor 1, lexicons 1")
    visit(desk, site, LONG + " repealed.")
    warc = desk.store.findings()[0].warc
    path = archive._folder / warc.file
    path.write_bytes(path.read_bytes()[: warc.offset + 50])
    report = visit(upgrade(desk, extractor=2), site, LONG + " It rains, says the Act.")

    assert (0, 1) == (report.articles.failed, report.articles.unchanged + report.articles.revised)


def test_an_edit_is_seen_through_an_upgrade(desk, site):
    """What the outlet changed meanwhile is a revision all the same."""
    desk = replace(desk, versions="extractor 1, lexicons 1")
    visit(desk, site, LONG + " repealed.")
    later = upgrade(desk, extractor=2, reader=Upgraded())
    report = visit(later, site, LONG + " It still stands.")

    assert (1, 1) == (report.articles.revised, report.findings.corrected)
    assert 2 == len(revisions(desk, site))


def test_another_lexicon_withdraws_and_says_why(desk, site):
    """What the program no longer reads so is withdrawn; nobody has corrected anything."""
    desk = replace(desk, versions="extractor 1, lexicons 1")
    visit(desk, site, LONG + " repealed, says the Act.")
    other = replace(desk, versions="extractor 1, lexicons 2", judge=lambda *_: judged())
    report = visit(other, site, LONG + " repealed, says the Act.")

    assert (0, 1) == (report.articles.revised, report.findings.corrected)
    (finding,) = desk.store.findings()
    assert "reads it otherwise" in finding.why
    assert "reading" == desk.store.messages()[-1].message.payload["cause"]


def judged():
    from alerts.judge import Judgement

    return Judgement("background")


def test_links_of_a_pass_that_died_are_fetched_at_once(desk, site):
    """What a dead pass had claimed does not wait until the claim runs out."""
    site.tell("/a.html", "The Act", "repealed")
    source = feed("news", site.serve_rss())
    from state.store import FoundLink

    desk.store.claim_links("news", [FoundLink(site.url("/a.html"))], desk.clock())

    assert 1 == desk.crawl(source).findings.opened


@pytest.mark.parametrize("request_", [{"limit": 1}, {"since": timedelta(days=1)}])
def test_what_was_passed_over_is_listed_again(desk, site, request_):
    """A pass over a part of a feed does not keep the feed's validators: the rest comes later."""
    for name, day in (("a", "2026-03-01"), ("b", "2026-02-01")):
        site.tell(f"/{name}.html", f"The Act {name}", "repealed", published=day)
    source = feed("news", site.serve_rss())
    first = desk.crawl(source, **request_)
    second = desk.crawl(source)

    assert (1, 1) == (first.articles.fetched, second.articles.fetched)
