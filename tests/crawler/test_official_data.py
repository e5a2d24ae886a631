"""The data of official watchers, and how documents are told to be of this law."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.errors import WatchError
from crawler.official.data import load_official
from crawler.official.parts import LawNames, OfficialParts
from crawler.official.values import Document
from tests.support.office import RECORD, WATCH


def test_long_documents_are_read_in_pieces(reader):
    """Words that stand a thousand pages apart do not name the law together; a rider is found."""
    names = LawNames(reader)
    filler = "Funds are authorized to be appropriated. " * 2000

    assert names("An act", f"{filler} Section 907 of the FREEDOM Support Act is repealed. {filler}")
    assert not names("An act", f"Section 907 of title 10. {filler} Aid for Azerbaijan. {filler}")
    assert not names("An act", "")


def test_a_number_that_laws_share(reader):
    """A short name that a headline may use does not make an official document one of this law."""
    names = LawNames(reader, ("Azerbaijan", "FREEDOM Support"))

    assert not names("An act on dairies", "Section 907 of title 10 is repealed.")
    assert not names("Section 907", "")
    assert names("Section 907", "No aid to Azerbaijan.")
    assert names("Waiver of Section 907 of the FREEDOM Support Act", "")


def test_what_the_record_holds():
    """A document is on record by its whole citation or its address, not by a part of either."""
    parts = OfficialParts(load_official(WATCH / "official.toml"), lambda *_: True, RECORD)  # type: ignore[arg-type]

    def holds(citation: str | None, url: str = "https://x.example") -> bool:
        return parts.holds(Document("k", "n", "t", url, citation=citation))

    assert holds("H.R. 5632, 119th Congress")
    assert holds(None, "https://bills.example")
    assert not holds("R. 5632, 119th Congres")
    assert not holds("H.R. 563")
    assert not holds(None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "since: is missing"),
        ("since = 2025-08-01\nsinse = 1", "sinse: unknown key"),
        (
            'since = 2025-08-01\n[congress]\npages = "https://a.example"\ntitle_patterns = ["("]',
            'congress.title_patterns[0]: "(" is no regular expression',
        ),
        (
            'since = 2025-08-01\n[[bill]]\ncongress = 119\ntype = "hb"\nnumber = 1\ntitle = "x"',
            "bill[0].type: ",
        ),
        ("since = ", "is no TOML"),
    ],
)
def test_mistakes_in_the_data(tmp_path: Path, text: str, why: str):
    """Each mistake is one line that names the file and the key."""
    path = tmp_path / "official.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(WatchError) as caught:
        load_official(path)

    assert str(caught.value).startswith(f"{path}: {why}")
    assert "\n" not in str(caught.value)


def test_no_data_is_no_mistake(tmp_path: Path):
    """A watch need not watch official sources."""
    assert None is load_official(tmp_path / "official.toml")
