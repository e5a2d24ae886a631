"""Finding quoted speech."""

import pytest

from extract.quotes import Labels, is_speech, quoted_spans


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "it is gone" again', ["it is gone"]),
        ("Он сказал: «907-ю отменили» вчера", ["907-ю отменили"]),
        ("O dedi: “ləğv edildi”", ["ləğv edildi"]),
        ("„Es ist weg“, sagte er", ["Es ist weg"]),
        ("Aliyev: 'It has been repealed'", ["It has been repealed"]),
        ("the students' and Trump's law", []),
        ("«Акт «О свободе» отменен»", ["Акт «О свободе» отменен"]),
        ("no quotes", []),
    ],
)
def test_quotations(text: str, quoted: list[str]) -> None:
    """The marks of the five languages open and close a quotation; apostrophes do not."""
    assert quoted == [text[a:b] for a, b in quoted_spans(text)]


def test_an_open_quotation_runs_to_the_end_of_its_paragraph() -> None:
    """A speech over several paragraphs is printed with a mark at each one's beginning."""
    text = "“First paragraph of it.\n“Second.” End."

    assert ["First paragraph of it.", "Second."] == [text[a:b] for a, b in quoted_spans(text)]


def test_answers_in_an_interview_are_quoted() -> None:
    """A turn that a dash opens is somebody's words where it answers a question."""
    text = "– Which one?\n– The first one went.\n– A list\n– Why is that?\n\n— Well."

    assert ["The first one went.", "Well."] == [text[a:b] for a, b in quoted_spans(text)]


def test_what_is_put_to_somebody_is_answered_too() -> None:
    """After an answer the next turn is the interviewer's, and the one after that answers it."""
    text = "– And?\n– It went.\n– But it is felt.\n– It is not.\n\nThe end.\n– A list\n– And more"

    assert ["It went.", "It is not."] == [text[a:b] for a, b in quoted_spans(text)]


def test_turns_on_one_line_are_told_apart() -> None:
    """A dialogue printed in one paragraph still has questions and answers."""
    text = "– What was it? – That they went. – And then? – The second one."

    assert ["That they went.", "The second one."] == [text[a:b] for a, b in quoted_spans(text)]


def test_a_remark_parts_what_is_said_in_a_dialogue() -> None:
    """What stands before and after "– he said" is quoted, the remark is not."""
    text = "– They went, – he said. – All of them."

    assert ["They went,", "All of them."] == [text[a:b] for a, b in quoted_spans(text)]


def test_a_labelled_answer_is_quoted() -> None:
    """What follows a label for answers is somebody's words, up to the next label."""
    text = "Question: It went?\nAnswer: Yes, it did.\nFor good.\nNote: none."

    labels = Labels(answers=frozenset({"answer"}))

    assert ["Yes, it did.", "For good."] == [text[a:b] for a, b in quoted_spans(text, labels)]


def test_a_labelled_question_makes_a_transcript() -> None:
    """After it any label names who answers, but for another question's and what names nobody."""
    text = "Mr. Dee: Late.\nQuestion: It went?\nMS. HALL: It did.\nQuestion: Oh?\nNote: none."
    groups = (frozenset({word}) for word in ("answer", "question", "note"))

    assert ["It did."] == [text[a:b] for a, b in quoted_spans(text, Labels(*groups))]


@pytest.mark.parametrize(("text", "speech"), [('"removal"', False), ('"It is no more"', True)])
def test_a_word_held_up_is_no_speech(text: str, *, speech: bool) -> None:
    """One or two quoted words are a name or scare quotes; a clause is somebody's words."""
    assert speech == is_speech(text, quoted_spans(text)[0])
