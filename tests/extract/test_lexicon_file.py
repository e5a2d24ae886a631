"""Loading lexicons: whole or not at all."""

from pathlib import Path

import pytest

from extract.errors import LexiconError
from extract.lexicon_file import load_lexicons

GRAMMAR = 'lang = "xx"\nhead = "first"\n[inflection.v]\n"inf" = ""\n"past+part" = "ed"\n'
ENTRY = """
[[entry]]
kind = "action"
value = "repeal"
patterns = ["repeal~v"]
match = ["they repealed it"]
unlike = ["they revealed it"]
"""


def _write(folder: Path, text: str, name: str = "xx.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_language_loads(tmp_path: Path) -> None:
    """A grammar and an entry make a lexicon whose forms are grown."""
    lexicon = load_lexicons([_write(tmp_path, GRAMMAR + ENTRY)])["xx"]

    assert {"repeal", "repealed"} == set(lexicon.forms)


def test_folders_add_up(tmp_path: Path) -> None:
    """A user's folder adds entries to a language without touching ours."""
    ours = _write(tmp_path / "ours", GRAMMAR + ENTRY)
    theirs = _write(tmp_path / "theirs", 'lang = "xx"\n' + ENTRY.replace("repeal~v", "axe~v"))

    assert {"repeal", "repealed", "axe", "axeed"} == set(load_lexicons([ours, theirs])["xx"].forms)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('kind = "action"', 'kind = "verb"'), "kind: 'verb' is none of"),
        (('value = "repeal"', 'value = "kill"'), "value: 'kill' is none of"),
        (("repeal~v", "repeal~w"), "no inflection class 'w'"),
        (("repeal~v", "repeal~v:gen"), "no form carries 'gen'"),
        (('match = ["they repealed it"]', ""), "match is missing"),
        (('unlike = ["they revealed it"]', "unlike = []"), "unlike is missing"),
        (("patterns =", "pattern ="), "unknown key 'pattern'"),
        (('patterns = ["repeal~v"]', 'patterns = "repeal"'), "a list of texts is needed"),
        (('patterns = ["repeal~v"]', 'patterns = ["_"]'), "patterns: '_': a '_' stands between"),
        (('patterns = ["repeal~v"]', 'patterns = ["repeal ..x it"]'), "'..x': a gap"),
        (('kind = "action"', 'kind = ["action"]'), "kind: a text is needed, not"),
        (('value = "repeal"', "value = 3"), "value: a text is needed, not 3"),
        (('value = "repeal"', 'value = "repeal"\nreach = "x"'), "reach: a whole number from 0"),
        (('value = "repeal"', 'value = "repeal"\nreach = true'), "reach: a whole number from 0"),
        (('value = "repeal"', 'value = "repeal"\ncommas = -1'), "commas: a whole number from 0"),
        (('value = "repeal"', 'value = "repeal"\nforms = 3'), "forms: a list of texts is needed"),
        (('value = "repeal"', 'value = "repeal"\nforms = ["pst"]'), "forms: no action or noun"),
    ],
)
def test_a_bad_entry_names_file_and_line(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    """One wrong entry stops the load, with its file, its line and what is wrong."""
    folder = _write(tmp_path, GRAMMAR + ENTRY.replace(*change))

    with pytest.raises(LexiconError) as caught:
        load_lexicons([folder])

    assert (folder / "xx.toml", 7) == (caught.value.file, caught.value.line)
    assert why in caught.value.why


def test_an_ambiguous_entry_names_both(tmp_path: Path) -> None:
    """The same words cannot mean two things of one kind."""
    folder = _write(tmp_path, GRAMMAR + ENTRY + ENTRY.replace('"repeal"\n', '"lift"\n'))

    with pytest.raises(LexiconError, match=r"xx\.toml:14: ambiguous: .*xx\.toml:7"):
        load_lexicons([folder])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("lang = ", "Invalid value"),
        ('head = "first"', "lang is missing"),
        ('lang = "xx"\nhead = "first"\ncolour = 1', "unknown key 'colour'"),
        ('lang = "xx"\n' + ENTRY, "no file gives the grammar"),
        ('lang = "xx"\nhead = 3', "head: 3 is none of first, last"),
        ('lang = "xx"\nmodality = 3', "modality belongs to the file that gives"),
        ('lang = "xx"\nwords = 3', "words: a table is needed"),
        ('lang = "xx"\n[words]\nlight = "abc"', "words.light: a list of texts is needed"),
        ('lang = "xx"\n[inflection]\nv = 3', "inflection.v: a table is needed"),
        ('lang = "xx"\n[inflection.v]\ninf = 3', "inflection.v: 'inf': a text or a list"),
        (GRAMMAR + '[inflection.w]\n"inf" = "(a"\n', r"inflection.w: unmatched"),
        (GRAMMAR + '[[binding]]\nside = "left"\n', "grammar: 'forms'"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, why: str) -> None:
    """A file that cannot be used is named, with the reason."""
    with pytest.raises(LexiconError, match=why):
        load_lexicons([_write(tmp_path, text)])


def test_a_second_grammar_is_refused(tmp_path: Path) -> None:
    """A user's file adds to a language; it cannot take the place of its grammar unseen."""
    ours = _write(tmp_path / "ours", GRAMMAR + ENTRY)
    theirs = _write(tmp_path / "theirs", GRAMMAR)

    with pytest.raises(LexiconError, match=r"theirs/xx\.toml: head: .*ours/xx\.toml gives"):
        load_lexicons([ours, theirs])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error, not an empty lexicon."""
    with pytest.raises(LexiconError, match="no such folder"):
        load_lexicons([tmp_path / "nowhere"])


def test_an_entry_may_bear_a_comment(tmp_path: Path) -> None:
    """What TOML allows behind a table's name is no error."""
    folder = _write(tmp_path, GRAMMAR + ENTRY.replace("[[entry]]", "[[entry]]  # an end"))

    assert {"repeal", "repealed"} == set(load_lexicons([folder])["xx"].forms)
