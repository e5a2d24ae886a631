"""The rules as data: checked whole, with their examples, before anything is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.errors import RuleError
from alerts.rules import load_rules
from tests.support.alerting import RULES_FILE

GOOD = RULES_FILE.read_text(encoding="utf-8")


def test_the_built_in_rules_load():
    """The rules stand in the file, each with examples; the soft ones are kept for digests."""
    rules = load_rules(RULES_FILE)

    assert [
        ("repeal-asserted", "high"),
        ("repeal-relayed", "medium"),
        ("restrictions-lifted", "low"),
        ("headline-contradicted", "low"),
        ("waiver-without-record", "low"),
        ("waiver-permanent", "low"),
        ("waiver-first", "low"),
        ("waiver-unbroken", "low"),
        ("waiver-misattributed", "low"),
    ] == [(rule.id, rule.severity) for rule in rules.rule]
    assert all(len(rule.example) >= 2 for rule in rules.rule)
    assert rules.digest_only == {
        "headline-contradicted",
        "waiver-without-record",
        "waiver-permanent",
        "waiver-first",
        "waiver-unbroken",
        "waiver-misattributed",
    }


def test_the_fingerprint_follows_the_file(tmp_path: Path):
    """The fingerprint is the same for the same file, and another for a changed one."""
    other = tmp_path / "rules.toml"
    other.write_text(GOOD + "\n# changed\n", encoding="utf-8")

    assert load_rules(RULES_FILE).fingerprint == load_rules(RULES_FILE).fingerprint
    assert load_rules(RULES_FILE).fingerprint != load_rules(other).fingerprint


@pytest.mark.parametrize(
    ("old", "new", "where", "why"),
    [
        ('severity = "high"', 'severity = "loud"', "rule 'repeal-asserted', severity", "'high'"),
        ('voice = ["own"]', 'voice = ["owl"]', "rule 'repeal-asserted', claim.voice", "'own'"),
        ("message =", "mesage =", "rule 'repeal-asserted', message", "required"),
        ("on {as_of}", "on {day}", "rule 'repeal-asserted', message", "as_of"),
        ("on {as_of}", "on {as_of!r}", "rule 'repeal-asserted', message", "as_of"),
        ("on {as_of}", "on {as_of.year}", "rule 'repeal-asserted', message", "as_of"),
        ("on {as_of}", "on {as_of", "rule 'repeal-asserted', message", ""),
        ("fires = true", "fires = false", "rule 'repeal-asserted', example 1", "stay silent"),
        ('id = "repeal-relayed"', 'id = "repeal-asserted"', "'repeal-asserted', id", "twice"),
        ('id = "repeal-relayed"', 'id = "Repeal relayed"', "id", "pattern"),
        ('verdicts = ["asserts"]', 'verdicts = ["claims"]', "verdicts", "'asserts'"),
        ('cue = ["first"]', 'cue = ["First one"]', "rule 'waiver-first', claim.cue", "pattern"),
        ("since = 2003-01-17", 'since = "soon"', "rule 'waiver-first', since", "date"),
        ("immediate = false", 'immediate = "never"', "immediate", "boolean"),
        ("[[rule]]", "[[rules]]", "", "rule"),
        ("[[rule]]", "[[rule]", "", "line"),
    ],
)
def test_a_bad_entry_stops_the_load(tmp_path: Path, old: str, new: str, where: str, why: str):
    """The error names the file, the entry and the field, and says what is wrong."""
    path = tmp_path / "rules.toml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(RuleError) as caught:
        load_rules(path)

    assert str(path) in str(caught.value)
    assert where in caught.value.where
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_rule_without_a_silent_example_is_refused(tmp_path: Path):
    """A rule must show on what it stays silent."""
    path = tmp_path / "rules.toml"
    head, _, rest = GOOD.partition("[[rule.example]]")
    first = rest.partition("[[rule.example]]")[0]
    path.write_text(head + "[[rule.example]]" + first, encoding="utf-8")

    with pytest.raises(RuleError, match="one that does not"):
        load_rules(path)


def test_a_missing_file_is_one_clear_line(tmp_path: Path):
    """A file that is not there is named."""
    with pytest.raises(RuleError, match=r"none\.toml: No such file"):
        load_rules(tmp_path / "none.toml")
