"""What becomes of a page: when it is worth reading, and when it is tried again."""

from datetime import timedelta

import pytest

from crawler.answers import Fetched, FetchFailure, PageFetch
from crawler.discovery import SourceVisit
from crawler.limits import CrawlLimits
from crawler.pages import (
    article_url,
    failure_of_status,
    moved_away,
    next_try,
    next_visit,
    postpone,
)
from crawler.report import SourceReport
from tests.support.passes import START, feed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
VISIT = SourceVisit(feed("news", "https://news.example/rss.xml"), SourceReport("news"))
LIMITS = CrawlLimits(revisit=(HOUR, 6 * HOUR), retry_steps=(timedelta(), 15 * MINUTE, 6 * HOUR))


def page(**more) -> PageFetch:
    return PageFetch(more.pop("url", "https://news.example/a?id=1"), VISIT, **more)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, None), (304, None), (404, "gone"), (410, "gone"), (403, "gone"), (302, "gone"),
     (429, "temporary"), (408, "temporary"), (500, "temporary"), (503, "temporary")],
)  # fmt: skip
def test_statuses(status: int, kind: str | None) -> None:
    """What may pass is told from what is gone."""
    failure = failure_of_status(Fetched("https://news.example/a", status, b""))

    assert kind == (failure.kind if failure else None)


def test_a_link_is_given_up_in_the_end() -> None:
    """A link that keeps failing is tried in growing steps, and then no more."""
    failure = FetchFailure("temporary", "status 503")
    waits = [
        postpone(page(attempts=number), failure, START, LIMITS).retry_at for number in range(4)
    ]

    assert [START, START + 15 * MINUTE, START + 6 * HOUR, None] == waits


def test_no_earlier_than_asked() -> None:
    """A server that asks for patience gets it."""
    failure = FetchFailure("temporary", "status 429", asked=timedelta(hours=2))

    assert START + 2 * HOUR == postpone(page(), failure, START, LIMITS).retry_at
    assert START + 6 * HOUR == postpone(page(attempts=2), failure, START, LIMITS).retry_at


@pytest.mark.parametrize(
    ("kind", "expected"), [("gone", 6 * HOUR), ("lasting", None), ("forbidden", None)]
)
def test_what_does_not_pass(kind, expected: timedelta | None) -> None:
    """What is gone is asked for once more, what is refused or forbidden never."""
    failure = FetchFailure(kind, "why")
    again = START + expected if expected else None

    assert again == postpone(page(), failure, START, LIMITS).retry_at
    assert postpone(page(attempts=1), failure, START, LIMITS).retry_at is None


def test_visits() -> None:
    """An article is visited after each wait in turn, and the last wait repeats."""
    waits = [next_visit(number, START, LIMITS) for number in (1, 2, 3, 9)]

    assert [START + HOUR, START + 6 * HOUR, START + 6 * HOUR, START + 6 * HOUR] == waits
    assert next_visit(1, START, CrawlLimits(revisit=())) is None


def test_visits_that_fail() -> None:
    """After a passing failure there are a few tries more, never later than due; then it counts."""

    def after(kind, attempts=0, **asked) -> tuple[timedelta, int]:
        failure = FetchFailure(kind, "why", timedelta(**asked))
        later = next_try(page(visits=1, attempts=attempts), failure, START, LIMITS)
        return later.at - START, later.attempts

    assert [(15 * MINUTE, 1), (6 * HOUR, 2), (6 * HOUR, 0)] == [
        after("temporary", attempts) for attempts in (0, 1, 2)
    ]
    assert (6 * HOUR, 0) == after("gone", attempts=1)


@pytest.mark.parametrize("kind", ["temporary", "gone"])
def test_visits_no_earlier_than_asked(kind) -> None:
    """A server that asks for patience gets it, also beyond the usual wait."""
    for asked in (2 * HOUR, 9 * HOUR):
        failure = FetchFailure(kind, "why", asked)
        at = next_try(page(visits=1), failure, START, LIMITS).at

        assert START + (max(asked, 6 * HOUR) if kind == "gone" else asked) == at


def test_moved_away() -> None:
    """A known article that leads to another page moved away; a site that moved did not."""

    def moved(url: str, **known) -> bool:
        return moved_away(page(**known), Fetched(url, 200, b"")) is not None

    assert moved("https://news.example/", visits=1)
    assert moved("https://news.example/a?id=2", visits=1)
    assert not moved("https://www.news.example/a?id=1", visits=1)
    assert not moved("https://news.example/a?id=1&utm_source=x", visits=1)
    assert not moved("https://news.example/b")


def test_article_url() -> None:
    """A new article is kept where its link led, a known one where it always was."""
    there = Fetched("https://news.example/b?utm_source=x", 200, b"")

    assert "https://news.example/b" == article_url(page(), there)
    assert "https://news.example/a?id=1" == article_url(page(visits=1), there)
