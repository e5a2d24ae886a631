"""A user's own wordings, in a folder of their own."""

from pathlib import Path

import pytest

from crawler.errors import WatchError
from crawler.watch import load_watch
from extract.article import Article

ENTRY = """
lang = "en"
[[entry]]
kind = "action"
value = "repeal"
patterns = ["defenestrat~ve"]
match = ["Trump defenestrated the section"]
unlike = ["a fenestrated wall"]
"""
ARTICLE = Article(title=None, text="The White House has defenestrated Section 907.", lang="en")


def test_an_own_entry_adds_to_the_built_in_ones(tmp_path: Path) -> None:
    """A wording that we do not know is read once the user's folder has it; ours still hold."""
    (tmp_path / "en.toml").write_text(ENTRY, "utf-8")

    watch = load_watch(None, tmp_path)

    assert "background" == load_watch().judge(ARTICLE).verdict
    assert "asserts" == watch.judge(ARTICLE).verdict


def test_versions_are_of_what_was_loaded(tmp_path: Path) -> None:
    """A lexicon that is changed later is of another version only once it is loaded."""
    (tmp_path / "en.toml").write_text(ENTRY, "utf-8")
    watch = load_watch(None, tmp_path)
    before = watch.versions
    (tmp_path / "en.toml").write_text(f"{ENTRY}# more\n", "utf-8")

    later = load_watch(None, tmp_path).versions

    assert before == watch.versions
    assert before != later


@pytest.mark.parametrize("entries", ["", ENTRY.removeprefix('\nlang = "en"\n')])
def test_a_language_without_grammar_names_the_users_file_and_line(
    tmp_path: Path, entries: str
) -> None:
    """The line that names an unknown language is told, with the languages that there are."""
    (tmp_path / "mine.toml").write_text(f'# mine\n\nlang = "xx"\n{entries}', "utf-8")

    with pytest.raises(WatchError) as caught:
        load_watch(None, tmp_path)

    assert str(caught.value).startswith(
        f"{tmp_path}/mine.toml:3: lang: no file gives the grammar of 'xx' (known: az, en, "
    )


def test_entries_in_single_brackets_name_the_line(tmp_path: Path) -> None:
    """A slip of one bracket is told, too."""
    (tmp_path / "en.toml").write_text(ENTRY.replace("[[entry]]", "[entry]"), "utf-8")

    with pytest.raises(WatchError, match=r"en\.toml:3: entries are written \[\[entry\]\]"):
        load_watch(None, tmp_path)


def test_a_wrong_entry_names_the_users_file_and_line(tmp_path: Path) -> None:
    """The start stops with the file and the line of the entry that is wrong."""
    (tmp_path / "en.toml").write_text(ENTRY.replace("~ve", "~nothing"), "utf-8")

    with pytest.raises(WatchError, match=r"en\.toml:3: .*no inflection class 'nothing'"):
        load_watch(None, tmp_path)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("Trump defenestrated the section", "it was lifted"), "match: .*not found in 'it was lif"),
        (("a fenestrated wall", "they defenestrate"), "unlike: .*is found in 'they defenestrate'"),
    ],
)
def test_an_example_that_does_not_hold_stops_the_start(
    tmp_path: Path, change: tuple[str, str], why: str
) -> None:
    """An entry that does not do what its author says is told before it judges anything."""
    (tmp_path / "en.toml").write_text(ENTRY.replace(*change), "utf-8")

    with pytest.raises(WatchError, match=rf"en\.toml:3: {why}"):
        load_watch(None, tmp_path)


def test_a_wording_that_we_come_to_know_stays(tmp_path: Path) -> None:
    """An own entry that says what one of ours says by now is no error."""
    (tmp_path / "a.toml").write_text(ENTRY, "utf-8")
    (tmp_path / "b.toml").write_text(ENTRY, "utf-8")

    assert "asserts" == load_watch(None, tmp_path).judge(ARTICLE).verdict
