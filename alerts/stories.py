"""Puts findings of one wire story, or of one claim, together. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

Data = dict[str, Any]


def by_story(findings: Sequence[Mapping[str, Any]]) -> list[Data]:
    """The findings with those of one story side by side, the largest story first.

    One story is: articles that carry one text, or that say the same sentence of the same law's end.
    Each finding is given ``story``, the id of the story's first finding; and that one ``also``, the
    outlet and address of every other place where the story stands.

    Args:
        findings: As :func:`alerts.payload.finding_data` writes them.
    """
    stories: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in findings:
        stories[_story(one)].append(one)
    ordered = sorted(
        stories.values(), key=lambda some: (some[0]["claim"]["end_state"], -_reach(some))
    )
    return [shown for some in ordered for shown in _shown(some)]


def _story(finding: Mapping[str, Any]) -> str:
    cluster = finding.get("cluster")
    if cluster:
        return f"text {cluster}"
    words = " ".join(str(finding["claim"]["sentence"]).casefold().split())
    return f"claim {finding['claim']['end_state']} {words}"


def _reach(members: Sequence[Mapping[str, Any]]) -> int:
    return len(_places(members))


def _places(members: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Outlet by address, of everywhere that a story stands."""
    places = {str(one["url"]): str(one["outlet"]) for one in members}
    for one in members:
        for copy in one.get("copies", ()):
            places.setdefault(str(copy["url"]), str(copy["outlet"]))
    return places


def _shown(members: Sequence[Mapping[str, Any]]) -> list[Data]:
    first = min(members, key=lambda one: (one.get("published") or "9", one["opened_at"]))
    others = [one for one in members if one is not first]
    places = _places(members)
    places.pop(str(first["url"]), None)
    also = [{"outlet": outlet, "url": url} for url, outlet in places.items()]
    story = {"story": first["id"]}
    return [{**first, **story, "also": also}, *({**one, **story, "also": []} for one in others)]
