"""The reader of a crawl: worker processes that start with it, and end with it."""

import pytest

from crawler.errors import ListingError, WorkError
from crawler.reading import opened_reader
from crawler.sources import Answer
from extract.article import NotArticle
from extract.reader import Reader, load_reader
from tests.support.outlets import article_page
from tests.support.records import own_watch

BODY = "Section 907 of the Freedom Support Act has been repealed. " * 5


def answer(body: str, content_type: str = "text/html") -> Answer:
    return Answer("https://outlet.example/a", body.encode(), content_type)


async def test_a_reader_reads_pages_and_listings(tmp_path) -> None:
    """Pages come back with their reading, what is none with a reason, listings with their links."""
    lexicons = own_watch(tmp_path, langs=("en",)) / "lexicons"
    async with opened_reader(load_reader(lexicons)) as reader:
        page = await reader.read_page(answer(article_page("What was signed on Friday", BODY)))
        other = await reader.read_page(answer("%PDF-1.7"))
        unnamed = await reader.first_read(answer(article_page("A crane", "It is tall. " * 20)))
        with pytest.raises(ListingError):
            await reader.read_listing("feed", answer("<html>no feed</html>"), 100)

    assert isinstance(page, tuple)
    assert "What was signed on Friday" == page[0].title
    assert ["repealed"] == sorted({claim.end_state for claim in page[1].claims})
    assert isinstance(other, NotArticle)
    assert unnamed is None


async def test_workers_that_cannot_start_are_told() -> None:
    """Workers that cannot start are work that cannot be done, and say why."""
    broken = Reader({"en": object()})  # type: ignore[dict-item]
    with pytest.raises(WorkError, match="a worker could not be started: AttributeError"):
        async with opened_reader(broken):
            pass
