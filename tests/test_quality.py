"""The scores of the claim engine on our own labelled cases may not fall.

``tests/cases/floors.toml`` pins them for each file of cases (of one language: short ones, most of
them labelled twice, and whole articles), with the fingerprint of the cases they were measured on:
who changes a case measures anew (``python -m tests.test_quality`` prints the table). All articles
are invented, what people say in them too.
"""

import hashlib
import json
import sys
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest

from crawler.checking import check_document
from crawler.documents import parse_article
from crawler.evaluation import Trial, evaluate, parse_labelled
from crawler.watch import load_watch

CASES = Path(__file__).with_name("cases")
FILES = sorted(path.stem for path in CASES.glob("*.jsonl"))
SCORES = ("precision", "recall", "verdict_accuracy")
PARTS = ("end_state", "voice", "modality")
ROOM = 0.002  # below what was measured: a floor is no more exact than this


def _fingerprint(lang: str) -> str:
    return hashlib.sha256((CASES / f"{lang}.jsonl").read_bytes()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _floors() -> dict[str, Any]:
    return tomllib.loads((CASES / "floors.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _watch() -> Any:
    return load_watch()


@cache
def _measured(lang: str) -> dict[str, float]:
    trials = []
    for number, line in enumerate((CASES / f"{lang}.jsonl").read_text("utf-8").splitlines(), 1):
        found = json.loads(line)
        document = parse_article(found, f"{lang}:{number}")
        trials.append(Trial(parse_labelled(found, document.id), check_document(_watch(), document)))
    result = evaluate(trials)
    scores = {name: result["clear"][name] for name in SCORES}
    return scores | {part: result["sentences"][part] for part in PARTS}


@pytest.mark.parametrize("lang", FILES)
def test_floors_belong_to_these_cases(lang: str) -> None:
    """A floor holds for the cases it was measured on, and for no others."""
    assert _floors()[lang]["fingerprint"] == _fingerprint(lang)


@pytest.mark.parametrize("name", [*SCORES, *PARTS])
@pytest.mark.parametrize("lang", FILES)
def test_scores_do_not_fall(lang: str, name: str) -> None:
    """Alerting, verdicts and the reading of sentences are at least as good as they were."""
    assert _measured(lang)[name] >= _floors()[lang][name] - ROOM


if __name__ == "__main__":
    for measured in FILES:
        scores = "".join(f"{key} = {value:.4f}\n" for key, value in _measured(measured).items())
        sys.stdout.write(f'[{measured}]\nfingerprint = "{_fingerprint(measured)}"\n{scores}\n')
