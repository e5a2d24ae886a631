"""What may be deleted of the archive."""

from __future__ import annotations

from state.store import Store, WarcRecord
from tests.support.stored import MINUTE, NOW, finding, write


def keep(store: Store, name: str, *files: str) -> int:
    """An article whose revisions lie in these files of the archive."""
    for number, file in enumerate(files):
        warc = WarcRecord(file, 7, "ab" * 32)
        with store.unit() as unit:
            wrote = write(
                f"Text {number}.", f"https://{name}", now=NOW + number * MINUTE, warc=warc
            )
            saved = unit.save_article(wrote)
    return saved.id


def test_the_pages_of_open_findings_stay(store: Store) -> None:
    """Every revision of an article with an open finding keeps its page; others go."""
    accused = keep(store, "accused", "first", "second")
    harmless = keep(store, "harmless", "third")
    closed = keep(store, "closed", "fourth")
    with store.unit() as unit:
        unit.open_finding(accused, 2, finding(), "asserts", NOW)
        done = unit.open_finding(closed, 1, finding(), "asserts", NOW)
        unit.close_finding(done.id, "corrected", NOW)

    gone = store.forget_pages(["first", "second", "third", "fourth", "unknown"])

    assert ["fourth", "third", "unknown"] == gone
    assert ["first", "second"] == [one.warc.file for one in store.revisions(accused) if one.warc]
    assert [None] == [one.warc for one in store.revisions(harmless)]
    assert [None] == [one.warc for one in store.revisions(closed)]
    assert store.finding(done.id).warc is None


def test_a_copy_keeps_its_page_too(store: Store) -> None:
    """What a finding lists as a copy is evidence as well."""
    from state.findings import FindingWrite

    first, second = keep(store, "a", "one"), keep(store, "b", "two")
    with store.unit() as unit:
        made = unit.open_finding(first, 1, finding(), "asserts", NOW)
        unit.add_copy(made.id, FindingWrite(second, 1, finding(), "asserts", NOW))

    assert [] == store.forget_pages(["one", "two"])
    with store.unit() as unit:
        unit.close_finding(made.id, "dismissed", NOW, "satire")
    assert ["one", "two"] == store.forget_pages(["one", "two"])
