"""What the tests of passes share."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from crawler.official.data import load_official
from crawler.official.parts import Keys, LawNames, OfficialParts
from crawler.watch import load_watch
from extract.reader import Reader
from state.store import open_store
from tests.support.office import RECORD, WATCH, Office, RealReader
from tests.support.official import OfficialServer, official_server
from tests.support.outlets import outlet
from tests.support.passes import Desk


@pytest.fixture
def desk(tmp_path):
    """A fresh store, and what passes over it need."""
    store = open_store(f"sqlite:///{tmp_path}/watch.db")
    yield Desk(store)
    store.close()


@pytest.fixture
def site():
    """One outlet."""
    with outlet() as running:
        yield running


@pytest.fixture(scope="module")
def reader() -> Reader:
    """The claim engine of the built-in watch."""
    return load_watch("section-907").reader


@pytest.fixture
def server() -> Iterator[OfficialServer]:
    """An official server."""
    with official_server() as running:
        yield running


@pytest.fixture
def office(desk: Desk, server: OfficialServer, reader: Reader) -> Office:
    """A desk with the data of the built-in watch, both keys, and one official server."""
    data = load_official(WATCH / "official.toml")
    assert data is not None
    assert data.govinfo is not None
    search = data.govinfo.model_copy(update={"search_url": server.url("/search")})
    official = OfficialParts(
        data.model_copy(update={"govinfo": search}),
        LawNames(reader, data.words),
        RECORD,
        Keys("CONGRESS-KEY", "GOVINFO-KEY"),
    )
    return Office(replace(desk, reader=RealReader(reader)), server, official)
