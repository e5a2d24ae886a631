"""What operators are told of the record: in full, and once."""

from __future__ import annotations

from datetime import date

from alerts.notices import candidate_notice, stale_notice
from alerts.render import Renderer
from alerts.routing import Audience, Route, notice_messages
from state.candidates import Candidate
from state.staleness import staleness
from tests.support.alerting import LAW, NOW, RECORD

RENDERER = Renderer(LAW)
CANDIDATE = Candidate(
    source_kind="federal_register",
    document="2026-1",
    title="Extension of <b>Waiver</b>",
    url="https://fr.example/2026-1",
    citation="91 FR 1",
    kind="extension",
)
STALE = staleness(RECORD, date(2026, 8, 9))


def test_a_candidate_says_what_to_run():
    """The message shows the document, escaped, and the commands that accept and reject it."""
    notice = candidate_notice(CANDIDATE)
    rendered = RENDERER.render(notice.type, notice.data)

    for words in (
        "91 FR 1",
        f"record add --candidate {CANDIDATE.id} --kind extension",
        f"record reject {CANDIDATE.id} --why",
    ):
        assert words in rendered.text and words in rendered.html
    assert "<b>Waiver" in rendered.text and "<b>Waiver" not in rendered.html


def test_a_stale_record_is_told_once():
    """The message names what ran out; the next day's has the same key."""
    assert STALE is not None
    again = staleness(RECORD, date(2026, 9, 1))
    assert again is not None
    audience = Audience(recipients={"mail": ("a@desk.example",)})
    rendered = RENDERER.render("record.stale", stale_notice(STALE).data)

    assert "The memorandum" in rendered.text and "2026-08-0" in rendered.text
    (first,) = notice_messages(stale_notice(STALE), audience, NOW)
    (second,) = notice_messages(stale_notice(again), audience, NOW)
    assert first.key == second.key


def test_operators_are_those_with_a_route_open_to_medium():
    """A channel that is kept for high severity is not troubled with the record's housekeeping."""
    audience = Audience(
        (Route("press", "high"), Route("desk", "low", mode="digest")),
        {"press": ("p@desk.example",), "desk": ("d@desk.example",), "rest": ("r@desk.example",)},
    )
    messages = notice_messages(candidate_notice(CANDIDATE), audience, NOW)

    assert {(one.channel, one.held) for one in messages} == {("desk", True), ("rest", False)}
