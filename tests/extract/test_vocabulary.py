"""Words are looked up once, and what is kept of them is bounded."""

from extract import vocabulary
from extract.tree import Node
from extract.vocabulary import Vocabulary

FORMS = {
    "ban": (("ban~n", frozenset({"noun"})),),
    "*able": (("*able", frozenset()),),
    "bankable": (("bankable", frozenset({"state"})),),
}


def test_what_a_word_may_be() -> None:
    """A word is what it says, what stands before its apostrophe, or what its ending says."""
    root = Node()
    root.next["ban~n"] = begun = Node()
    begun.next["on"] = Node()
    known = Vocabulary(FORMS, root)

    assert {"ban~n": {"noun"}} == known["Ban"].readings == known["ban’s"].readings
    assert [({"on"}, begun, {"noun"})] == list(known["ban"].starts)
    assert {"bankable": {"state"}, "*able": set()} == known["bankable"].readings
    assert {"*able"} == set(known["washable"].readings)
    assert known["able"] is None
    assert known["board"] is None


def test_no_more_is_kept_than_is_good(monkeypatch) -> None:
    """Texts of ever new words take no ever growing room."""
    monkeypatch.setattr(vocabulary, "MOST_SPELLINGS", 10)
    known = Vocabulary(FORMS, Node())

    for number in range(1000):
        assert known[f"w{number}"] is None

    assert len(known) <= 10
