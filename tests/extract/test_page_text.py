"""Plain text without what surrounds the article."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import boilerplate
from extract.boilerplate import clean_text, load_boilerplate
from extract.tokens import fold

ONE = (
    "The ministry published the yearly report on roads on Monday and said that the repairs of the "
    "mountain pass will take until autumn."
)
TWO = (
    "Engineers who inspected the bridge told reporters that two of its pillars have to be replaced "
    "before winter comes to the valley."
)


def test_list_of_headlines_at_the_end() -> None:
    """A lead-in at the end takes the headlines, dates and cut-off teasers after it along."""
    tail = "Latest newsThe toll is abolished\n09.Jan.2026\nThe minister said that the…\nBridge open"

    assert clean_text(f"{ONE}\n{TWO}\n{tail}") == f"{ONE}\n{TWO}"


def test_list_amid_the_article() -> None:
    """The article goes on after a list of headlines amid it."""
    assert clean_text(f"{ONE}\nRelated news\nThe toll is abolished\n{TWO}") == f"{ONE}\n{TWO}"


def test_site_menu() -> None:
    """Menu entries before the title and after the last paragraph go; the title stays."""
    menu = "twitter\nfacebook\nsearch\nru\nA+\nA-"
    title = "Report on roads published after long delay"

    assert clean_text(f"{menu}\n{title}\n{ONE}\n{menu}") == f"{title}\n{ONE}"


@pytest.mark.parametrize(
    "line",
    [
        "Read also: The toll is abolished",
        "Read more The toll is abolished",
        "Читайте также: Налог отменен",
        "ЧИТАЙТЕ ТАКЖЕ: Налог отменен",
        "Həmçinin oxuyun: Vergi ləğv edildi",
        "İlgili haberler\nVergi kaldırıldı\nKöprü açıldı",
        "İLGİLİ HABERLER\nVergi kaldırıldı",
        "Կարդացեք նաև՝\nՀարկը վերացվել է",
        "Oxşar xəbərlər\nVergi ləğv edildi",
        "► Read also\nThe toll is abolished",
        "Follow us on Telegram",
        "© 2026 The Valley Post",
    ],
)
def test_lead_in(line: str) -> None:
    """A line that leads in to another article goes, with the headline it leads to."""
    assert clean_text(f"{ONE}\n{line}\n{TWO}") == f"{ONE}\n{TWO}"


def test_lead_in_at_the_end_of_a_paragraph() -> None:
    """A "read also" that shares the paragraph's line is cut off it."""
    assert clean_text(f"{ONE} Read also: The toll is abolished") == ONE


@pytest.mark.parametrize(
    "line",
    [
        "Latest news from the capital suggests that the toll was not abolished after all.",
        "Related: that is what the minister called the two decisions, and he did not smile.",
        "Read more than one paper, the old teacher used to tell his class.",
        "“The toll is abolished.”",
        "- The toll stays in force",
        "Главное: налог не отменен, а лишь приостановлен на год.",
        "Who pays?",
        "Он сказал: подробнее об этом расскажут завтра.",
    ],
)
def test_real_line_stays(line: str) -> None:
    """Sentences, subheadings and bullets stay, even where they begin like a lead-in."""
    text = f"{ONE}\n{line}\n{TWO}"

    assert clean_text(text) == text


def test_short_article_stays_whole() -> None:
    """A text without long paragraphs is not taken for a menu."""
    text = "Toll abolished\nWho said so\nThe minister\nWhen\nOn Monday"

    assert clean_text(text) == text


def test_whitespace_and_hidden_characters() -> None:
    """Spaces become one, blank lines go, control and direction characters go."""
    assert clean_text("a\u00a0 b\u202e c\x07\r\n\r\n\u200bd\u2028e") == "a b c\nd\ne"


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["Read also", "Latest news", "menu", "A+", "©", ONE, TWO, "Who pays?"]),
            st.text(max_size=60),
        ),
        max_size=30,
    )
)
def test_cleaning_twice_is_cleaning_once(lines: list[str]) -> None:
    """Cleaned text stays as it is when it is cleaned again, so offsets are stable."""
    once = clean_text("\n".join(lines))

    assert clean_text(once) == once


@given(st.text(alphabet=" .-–‐՛\u0301«“©(c)Oxuyun: Latestչիտաеще", max_size=14), st.data())
def test_few_letters_tell_what_a_whole_line_would(start: str, data: Any) -> None:
    """A line is only spared the folding where it cannot lead in to others, nor be a notice."""
    words = load_boilerplate()
    known = sorted({*words.lists, *words.reads, *words.notices})
    line = start + data.draw(st.sampled_from(known))

    opens = fold(line).strip(boilerplate._LEAD_IN_EDGES)
    if opens in words.lists | words.reads:
        assert boilerplate._may_open(line.lstrip(boilerplate._OUTER), words.openings)
    if fold(line).startswith(words.notices):
        assert boilerplate._may_open(line, words.notice_openings)
