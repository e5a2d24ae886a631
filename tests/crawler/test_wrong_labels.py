"""Labelled articles whose labels are no words of ours."""

import json

import pytest

REPEALED = "Section 907 of the Freedom Support Act has been repealed."
CLAIM = {"sentence": REPEALED, "end_state": "repealed", "voice": "own", "modality": "asserted"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"label": "bogus"}, 'label: "bogus" is none of asserts, relays, '),
        ({"label": None}, "label: is missing"),
        ({"label": ["asserts"]}, "label: "),
        ({"claims": [CLAIM | {"end_state": "gone"}]}, 'claims: end_state: "gone" is none of rep'),
        ({"claims": [CLAIM | {"voice": "loud"}]}, 'claims: voice: "loud" is none of own, '),
        ({"claims": [CLAIM | {"modality": "fact"}]}, 'claims: modality: "fact" is none of asse'),
        ({"claims": [CLAIM | {"voice": None}]}, "claims: voice: is missing"),
        ({"claims": [CLAIM | {"in_title": "no"}]}, 'claims: in_title: "no" is neither true nor'),
    ],
)
def test_eval_refuses_wrong_labels(command, tmp_path, change, why):
    """A label that is no word of ours is told with file and line, and is not scored."""
    right = {"text": REPEALED, "lang": "en", "label": "asserts", "claims": [CLAIM]}
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(map(json.dumps, [right, right | change])))

    result = command("eval", path, "--json")

    assert 2 == result.code
    (line,) = result.errors
    assert line.startswith(f"waiverwatch: {path}: line 2: {why}")
    assert 1 == json.loads(result.out)["all"]["n"]
