"""What is an edit of an article, and what moves on a page by itself."""

import pytest

from extract.sameness import essence

STORY = "The ministry said on Friday that the law still stands.\nIt named no date for a vote."


@pytest.mark.parametrize(
    "text",
    [
        STORY.replace(" ", "  ").replace("\n", "\n\n"),
        STORY.replace(" law", "\u00a0law").replace("ministry", "mini\u00adstry"),
        "9 August 2025, 14:32\n" + STORY,
        "Обновлено: 9 августа 2025, 14:32\n" + STORY,
        "Yenilənib 09.08.2025\n" + STORY,
        STORY + "\nViews: 1 204",
        STORY + "\n12 345 просмотров",
        STORY + "\nShare on Facebook",
        STORY + "\nPhoto: agency",
        STORY.replace("\n", " "),
    ],
)
def test_what_moves_by_itself_is_no_edit(text):
    """White space, invisible characters, datelines, counters, buttons and breaks of lines."""
    assert essence("A title", STORY) == essence("A title", text)


def test_kinds_of_marks_are_no_edit():
    """A typesetter's quotation marks and dashes say what plain ones say."""
    assert essence("t", 'He said "no" - and left the room again.') == essence(
        "t", "He said «no» — and left the room again."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("stands", "stood"),
        ("still ", ""),
        ("no date", "a date"),
        ("law still", "law, he said, still"),
    ],
)
def test_a_changed_word_is_an_edit(old, new):
    """One word may change everything."""
    assert essence("t", STORY) != essence("t", STORY.replace(old, new))


def test_a_changed_headline_is_an_edit():
    """Also where it is as short as a button."""
    assert essence("Repealed", STORY) != essence("Not repealed", STORY)


def test_a_sentence_is_no_furniture():
    """A short line that ends as a sentence does is part of the story; so is a note."""
    assert essence("t", STORY) != essence("t", STORY + "\nThis is false.")
    note = "Correction: the law was waived in 2025 and was not repealed as we wrote."
    assert essence("t", STORY) != essence("t", STORY + "\n" + note)


def test_a_text_of_short_lines_alone_is_kept():
    """A notice of two words is not furniture of nothing."""
    assert essence("t", "repealed") != essence("t", "waived")
