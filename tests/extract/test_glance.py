"""The glance at a page's bytes: only a clear no is one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.glance import Glance
from extract.needles import Needles
from extract.tokens import _FOLD, fold

PATTERNS = ["12", "support act", "müdafiə akt", "свобод", "ban ruritania"]
NEEDLES = Needles([[word] for word in pattern.split()] for pattern in PATTERNS)
LOOK = Glance(lambda: [NEEDLES])
FILLER = "<p>It rains, and it rains.</p>" * 20


def page(text: str) -> str:
    return f"<html><body>{FILLER}{text}{FILLER}</body></html>"


@pytest.mark.parametrize(
    "text",
    [
        "<p>Section 12</p>",
        "<p>Section <b>1</b>2</p>",
        "<p>Section 1<!-- <i>x</i> --><span>2</span></p>",
        "<p>Section &#49;2</p>",
        "<p>Section &#x31;&#50;</p>",
        "<p>Section 1&shy;2, 1&#8203;2</p>",
        "<p>the Support\n   Act</p>",
        "<p>the Support<br>Act</p>",
        "<p>the Support&nbsp;Act</p>",
        "<p>THE <i>SUPPORT</i> ACT</p>",
        '<script>{"x": "\\u0441\\u0432\\u043e\\u0431\\u043e\\u0434"}</script>',
        '<meta property="og:title" content="The Support Act is gone">',
        "<p>A ban holds.</p><p>So says Ruritania.</p>",
        "<p>MÜDAFİƏ AKTI</p>",
        "<p>Свободе</p>",
    ],
)
def test_whatever_hides_a_name_is_seen_through(text):
    """Markup, comments, entities, escapes, breaks of lines, invisible signs, capitals, headers."""
    assert LOOK.may_name(page(text).encode())


@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-16", "cp1251", "koi8-r"]
)
@pytest.mark.parametrize(
    "claimed", ["text/html", "text/html; charset=utf-8", "text/html; charset=latin-1"]
)
def test_no_charset_hides_a_name(charset, claimed):
    """Whatever the header says of the charset, the bytes say otherwise."""
    text = "<p>" + "Акт о поддержке свободы остаётся в силе, сказал министр. " * 5 + "</p>"

    assert LOOK.may_name(page(text).encode(charset), claimed)


def test_a_text_that_cannot_be_decoded_is_read():
    """What is no text in any charset proves nothing."""
    assert LOOK.may_name(("<p>" + "\ufffd" * 50).encode())


@pytest.mark.parametrize(
    "text",
    [
        "<p>Section 13 and nothing else</p>",
        '<a href="/news/121212.html"><img src="/12.png" width="12"></a>',
        "<!-- Section 12 -->",
        "<p>a support <b>for</b> others</p>",
        "<p>A ban, elsewhere.</p>",
        "<p>one \ufffd is nothing</p>",
    ],
)
def test_what_plainly_names_nothing_is_passed_over(text):
    """Addresses, sizes and comments name nothing, and half of a name is none."""
    assert not LOOK.may_name(page(text).encode())


@pytest.mark.parametrize(
    "text", ["<" * 3_000_000, "<!--" * 700_000, "&" * 3_000_000, "\\u" * 1_500_000]
)
@pytest.mark.timeout(20)
def test_the_glance_is_cheap(text):
    """No page takes longer than its length."""
    assert not LOOK.may_name(text.encode())


@given(st.binary(max_size=2000))
def test_no_bytes_are_an_error(body):
    """Whatever a server sends."""
    assert LOOK.may_name(body) in (True, False)


@given(
    st.text(alphabet=st.sampled_from("aIİıЁё’`–և՛\u0301\u0307եւÉ1 "), min_size=150, max_size=300)
)
def test_long_texts_are_folded_as_short_ones(text):
    """The faster way gives the same."""
    assert text.translate(_FOLD).lower().replace("եւ", "եվ") == fold(text)
