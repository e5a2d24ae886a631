"""Bodies that fit: as little as possible is cut, and what is kept is what matters most."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.digest import Period, digest_of
from alerts.shortening import body_within
from state.finding import FindingStatus, Severity
from tests.support.alerting import NOW, claim, stored

LIMIT = 20_000
ENVELOPE = {"type": "digest", "timestamp": "2025-08-09T12:00:00Z"}
LOUDNESS = ("none", "low", "medium", "high")
GROUPS: dict[str, tuple[FindingStatus, Severity]] = {
    "high": ("open", "high"),
    "medium": ("open", "medium"),
    "low": ("open", "low"),
    "corrected": ("corrected", "medium"),
    "dismissed": ("dismissed", "high"),
}


def digest(
    sizes: dict[str, int], sentence: str = "It was repealed", copies: int = 0
) -> dict[str, Any]:
    """A digest with so many findings of each group, each a story of its own, the newest last."""
    findings, number = [], 0
    for name, count in sizes.items():
        status, severity = GROUPS[name]
        for _ in range(count):
            number += 1
            findings.append(
                stored(
                    id=f"f_{number:04}",
                    status=status,
                    severity=severity,
                    url=f"https://wire.example/{number}",
                    claim=claim(sentence=f"{sentence} {number}."),
                    opened_at=NOW + timedelta(minutes=number),
                    copies=tuple((f"O{n}", f"https://o{n}.example/") for n in range(copies)),
                )
            )
    made = digest_of(findings, Period(NOW, NOW + timedelta(days=1)))
    return cast(dict[str, Any], json.loads(json.dumps(made)))


def shortened(data: dict[str, Any]) -> dict[str, Any]:
    """The data of the body, which is short enough."""
    body = body_within(LIMIT, ENVELOPE, data)

    assert len(body.encode()) < LIMIT
    return cast(dict[str, Any], json.loads(body)["data"])


def findings_of(data: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The findings of each group."""
    return {group["name"]: group["findings"] for group in data["groups"]}


def test_a_digest_of_many_findings_fills_its_body():
    """Of 26 findings in five groups nearly all are told, and no group goes missing."""
    data = digest({"high": 9, "medium": 8, "low": 4, "corrected": 3, "dismissed": 2})
    cut = shortened(data)
    kept = findings_of(cut)

    assert cut["truncated"] is True
    assert (26, data["counts"]) == (cut["total"], cut["counts"])
    assert {"high": 9, "medium": 8, "low": 4, "corrected": 3, "dismissed": 2} == {
        group["name"]: group["total"] for group in cut["groups"]
    }
    assert list(GROUPS) == list(kept)
    assert all(kept.values())
    assert 9 == len(kept["high"])
    assert sum(map(len, kept.values())) >= 13
    assert len(body_within(LIMIT, ENVELOPE, data).encode()) > LIMIT * 0.9


def test_long_texts_are_shortened_before_findings_are_dropped():
    """Six findings with very long sentences stay six, with as much of their sentences as fits."""
    cut = shortened(digest({"high": 3, "low": 3}, sentence="Long. " * 2000))
    kept = findings_of(cut)

    assert (3, 3) == (len(kept["high"]), len(kept["low"]))
    assert all(len(one["sentence"]) > 800 for some in kept.values() for one in some)
    assert all(one["url"].startswith("https://wire.example/") for one in kept["high"])


def test_copies_are_cut_before_findings_are_dropped():
    """Lists beside the findings are cut to what fits, and not to next to nothing."""
    kept = findings_of(shortened(digest({"high": 4}, copies=400)))["high"]

    assert 4 == len(kept)
    assert all(len(one["copies"]) > 10 for one in kept)
    assert all(one["claim"]["cues"] for one in kept)


def test_the_most_severe_and_newest_are_kept():
    """Of each severity the oldest go first, and none goes while a less severe one is spare."""
    data = digest({"high": 5, "medium": 40})
    kept = findings_of(shortened(data))

    assert 5 == len(kept["high"])
    medium = sorted(one["id"] for one in kept["medium"])
    assert [f"f_{n:04}" for n in range(46 - len(medium), 46)] == medium


def test_of_a_story_its_first_finding_is_kept():
    """It names the outlets of the others, which can go before it."""
    data = digest({"high": 60})
    for one in data["groups"][0]["findings"]:
        one["story"] = "f_0001"
    kept = findings_of(shortened(data))["high"]

    assert "f_0001" in [one["id"] for one in kept]


def test_notices_have_their_place():
    """Notices are a group too; the picture of the last days stays whole, or goes."""
    data = digest({"high": 60})
    data["notices"] = [{"type": "source.failing", "subject": f"s{n}"} for n in range(200)]
    data["chart"] = {"days": [f"2025-08-{n:02}" for n in range(1, 29)], "most": 3}
    cut = shortened(data)

    assert cut["notices"]
    assert data["chart"] == cut["chart"]


def test_what_cannot_be_made_to_fit_tells_its_numbers():
    """Where no cut is enough the totals are left."""
    data = digest({"high": 2})
    data["groups"] = [{"name": f"group {n}", "findings": [{"id": n}]} for n in range(2000)]
    cut = shortened(data)

    assert (2, {"opened": 2, "corrected": 0, "notices": 0}) == (cut["total"], cut["counts"])
    assert cut["truncated"] is True


TEXTS = st.builds(lambda text, times: text * times, st.text(max_size=8), st.integers(0, 900))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(
            st.sampled_from(["url", "id", "groups", "findings", "notices", "chart", "x", "story"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(["groups", "notices", "chart", "id", "x"]), JSON))
def test_any_body_is_below_the_limit(data: dict[str, Any]):
    """Whatever is told, its body is short, the same each time, and says whether it was cut."""
    limit = 4000
    whole = json.dumps({**ENVELOPE, "data": data}, ensure_ascii=False, separators=(",", ":"))
    body = body_within(limit, ENVELOPE, data)

    assert len(body.encode()) < limit
    assert body == body_within(limit, ENVELOPE, data)
    fits = len(whole.encode(errors="replace")) < limit
    assert fits == ("truncated" not in json.loads(body)["data"])
    if fits:
        assert whole.encode(errors="replace").decode() == body


@settings(max_examples=30)
@given(
    st.fixed_dictionaries({name: st.integers(0, 25) for name in GROUPS}),
    st.integers(1, 60),
    st.integers(0, 30),
)
def test_any_digest_keeps_what_matters(sizes: dict[str, int], words: int, copies: int):
    """Counts stay right, no group is emptied, and the less severe findings go first."""
    data = digest(sizes, "Это отменено. " * words, copies)
    cut = shortened(data)
    before, after = findings_of(data), findings_of(cut)

    assert (data["total"], data["counts"]) == (cut["total"], cut["counts"])
    assert list(before) == list(after)
    assert all(after.values())
    # Each group is of one severity; its first is kept whatever it is.
    spare = [LOUDNESS.index(one["severity"]) for some in after.values() for one in some[1:]]
    for name, findings in before.items():
        kept = [one["id"] for one in after[name]]
        assert kept == [one["id"] for one in findings if one["id"] in kept]
        dropped = [one for one in findings if one["id"] not in kept]
        loudest = max((LOUDNESS.index(one["severity"]) for one in dropped), default=0)
        assert cut.get("truncated") or not dropped
        assert loudest <= min(spare, default=3)
