"""Reading a verb-final language: cases, heads that follow, words known by their ending only."""

from pathlib import Path

import pytest

from extract.claims import read_claims
from extract.lexicon import Lexicon
from extract.lexicon_file import load_lexicons
from extract.lines import cut_lines

SHEET = """
lang = "xx"
head = "last"
reported_left = true
[inflection.n]
"nom" = ""
"acc" = "i"
"gen" = "in"
"dat" = "e"
[words]
and_or = ["ve"]
postposition = ["hakkinda"]
object_ending = ["ini"]
clause_ending = ["gitti"]
[modality]
[[binding]]
forms = ["act"]
side = "left"
cases = ["acc"]
gap = 4
over = true
stops = "object_ending"
"""
ENTRY = """
[[entry]]
kind = "{kind}"
value = "{value}"
patterns = [{patterns}]
match = ["x"]
unlike = ["y"]
"""
ENTRIES = (
    ("name", "", '"law~n"'),
    ("action", "repeal", '"struck~=act"'),
    ("noun", "effect", '"force~n"'),
    ("noun", "other", '"visit~n"'),
    ("noun", "restriction", '"curb~n"'),
    ("temporary", "", '"brief"'),
)


@pytest.fixture(name="lexicon")
def _lexicon(tmp_path: Path) -> Lexicon:
    entries = (ENTRY.format(kind=k, value=v, patterns=p) for k, v, p in ENTRIES)
    prospect = '[[entry]]\nkind = "prospect"\nside = "left"\npatterns = ["*acak"]\n'
    prospect += 'match = ["x"]\nunlike = ["y"]\n'
    (tmp_path / "xx.toml").write_text(SHEET + "".join(entries) + prospect, encoding="utf-8")
    return load_lexicons([tmp_path])["xx"]


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("Trump lawi struck", [("repealed", "asserted")]),
        ("Trump lawi visite struck", [("repealed", "asserted")]),
        ("Trump visiti lawe struck", []),
        ("law hakkinda visiti struck", []),
        ("Trump lawi ve curbi struck", [("repealed", "asserted")]),
        ("lawin forcei struck", [("waived", "asserted")]),
        ("Trump lawi yazisini struck", []),
        ("lawi gitti, gazete struck", []),
        ("brief lawi struck", [("waived", "asserted")]),
        ("lawi struck yazacak", [("repealed", "prospective")]),
    ],
)
def test_what_is_ended(lexicon: Lexicon, text: str, claimed: list[tuple[str, str]]) -> None:
    """Case, postpositions, endings and clauses decide what a verb at the end is done to."""
    claims = read_claims(cut_lines(None, text, lexicon), lexicon.grammar)

    assert claimed == [(claim.end_state, claim.modality) for claim in claims]
