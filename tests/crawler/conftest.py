"""What the tests of passes share."""

import pytest

from state.store import open_store
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
