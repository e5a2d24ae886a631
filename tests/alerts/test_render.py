"""Messages in words: safe for any page, and each with its evidence."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from alerts.errors import TemplateError
from alerts.marking import plain, stretches
from alerts.payload import claim_data, finding_data
from alerts.render import Renderer
from alerts.samples import samples
from state.message import MessageType
from tests.support.alerting import LAW, claim, stored

EVIL = '<script>alert(1)</script>\r\nBcc: x@evil.example\u202egnp.exe\x00"onload=' + "A" * 10_000
RENDERER = Renderer(LAW)


@pytest.mark.parametrize("kind", get_args(MessageType))
def test_every_type_renders(kind: MessageType):
    """Every sample of every type has a subject of one line, a text and a page that name the law."""
    for payload in samples(kind):
        rendered = RENDERER.render(kind, payload)

        assert rendered.subject and "\n" not in rendered.subject
        assert LAW.title in rendered.text
        assert LAW.title in rendered.html
        assert "{{" not in rendered.subject + rendered.text + rendered.html


def test_an_alert_shows_the_whole_evidence():
    """Sentence with its cue marked, reason, record with its citation, article, day, language."""
    rendered = RENDERER.render(
        "finding.opened", finding_data(stored(copies=(("Two", "https://b.example"),)))
    )

    assert rendered.subject.startswith("Caspian Wire states that Section 907 was repealed")
    for part in (
        "President Trump has [repealed] Section 907 for good.",
        "The article states as a fact that it was repealed.",
        "waived on 2025-08-09", "The memorandum", "90 FR 1", "https://law.example/memo",
        "Trump repeals Section 907", "https://wire.example/a", "2025-08-09", "English", "Two",
    ):  # fmt: skip
        assert part in rendered.text
    assert ">repealed</mark>" in rendered.html
    assert 'href="https://law.example/memo"' in rendered.html
    assert 'href="https://b.example"' in rendered.html


def test_an_unknown_date_is_said():
    """Where the article's day is not known, the mail says so in text and page."""
    rendered = RENDERER.render("finding.opened", finding_data(stored(published=None)))

    assert "date not known" in rendered.text
    assert "date not known" in rendered.html


def test_no_page_can_forge_a_message():
    """Tags, line ends, direction marks and endless titles stay harmless in every part."""
    evil = stored(
        title=EVIL, outlet=EVIL, url="javascript:" + EVIL, claim=claim(sentence=EVIL), message=EVIL,
        copies=((EVIL, EVIL),),
    )  # fmt: skip

    rendered = RENDERER.render("finding.opened", finding_data(evil))

    assert len(rendered.subject) <= 180
    assert "<script" not in rendered.html
    assert 'href="javascript' not in rendered.html
    assert not any(line.startswith("Bcc:") for line in rendered.text.splitlines())
    for part in (rendered.subject, rendered.text, rendered.html):
        assert not set("\r\x00\u202e") & set(part)


def test_mails_load_nothing_from_afar():
    """No picture, style or script of another machine: opening a mail tells nobody."""
    html = RENDERER.render("finding.opened", finding_data(stored())).html

    assert not any(tag in html for tag in ("<img", "<link", "<script", "@import", "url(", "src="))


def test_a_user_s_template_stands_before_the_built_in(tmp_path: Path):
    """One file of a user's folder replaces that part; the others stay."""
    part = tmp_path / "finding.opened" / "subject.txt"
    part.parent.mkdir()
    part.write_text("ALERT {{ data.outlet }}", encoding="utf-8")

    rendered = Renderer(LAW, tmp_path).render("finding.opened", finding_data(stored()))

    assert rendered.subject == "ALERT Caspian Wire"
    assert "[repealed]" in rendered.text


def test_a_broken_template_is_told_at_start(tmp_path: Path):
    """A template that does not compile stops the start, and is named with its line."""
    part = tmp_path / "finding.opened" / "text.txt"
    part.parent.mkdir()
    part.write_text("fine\n{% if %}", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"finding\.opened/text\.txt: line 2"):
        Renderer(LAW, tmp_path)


@pytest.mark.parametrize(
    "source", ["{{ data.nothing }}", "{{ data.__class__ }}", "{{ 1 / 0 }}", "{{ data.outlet + 1 }}"]
)
def test_a_template_that_asks_for_too_much_is_an_error(tmp_path: Path, source: str):
    """Unknown names, Python's insides and wrong sums are errors that name the template."""
    part = tmp_path / "finding.opened" / "text.txt"
    part.parent.mkdir()
    part.write_text(source, encoding="utf-8")

    with pytest.raises(TemplateError, match=r"finding\.opened/text\.txt"):
        Renderer(LAW, tmp_path).render("finding.opened", finding_data(stored()))


def test_a_folder_of_no_type_is_told_at_start(tmp_path: Path):
    """It would be passed over in silence; what templates share may be there, and hidden folders."""
    for name in ("_mine", ".git", "digest", "finding.open"):
        (tmp_path / name).mkdir()

    with pytest.raises(TemplateError, match=r"finding\.open: is no type of message \(known: "):
        Renderer(LAW, tmp_path)
    (tmp_path / "finding.open").rmdir()
    Renderer(LAW, tmp_path)


def test_a_missing_folder_is_told_at_start(tmp_path: Path):
    """A folder of templates that is not there stops the start."""
    with pytest.raises(TemplateError, match="no such folder"):
        Renderer(LAW, tmp_path / "none")


def test_stretches_keep_the_sentence():
    """The stretches together are the sentence, and only the cue is marked."""
    parts = stretches(claim_data(claim()))

    assert "".join(part["text"] for part in parts) == claim().sentence
    assert ["repealed"] == [part["text"] for part in parts if part["cue"]]


def test_cues_outside_the_sentence_are_passed_over():
    """A cue that lies elsewhere marks nothing and breaks nothing."""
    data = claim_data(claim())
    data["cues"] = [{"kind": "x", "text": "y", "start": 0, "end": 5}]

    assert [{"text": claim().sentence, "cue": False}] == stretches(data)


def test_long_sentences_keep_what_decided():
    """Of a very long sentence the cue and its neighbourhood are shown."""
    long = claim(sentence="x" * 5000 + " repealed " + "y" * 5000)

    parts = stretches(claim_data(long))

    assert ["repealed"] == [part["text"] for part in parts if part["cue"]]
    assert sum(len(part["text"]) for part in parts) < 700
    assert parts[0]["text"].endswith("x ")


def test_plain_is_one_line():
    """Line ends become single spaces, invisible characters go; letters of five languages stay."""
    assert plain("a\r\nb\u2028c\u200fd re\u00adpeal") == "a b cd repeal"
    assert plain("ləğv отмена İptal չեղարկում") == "ləğv отмена İptal չեղարկում"


@pytest.mark.parametrize("kind", ["finding.opened", "finding.updated", "finding.corrected"])
def test_an_alert_tells_the_caveat(kind: MessageType):
    """One plain line after the record's entry, escaped; nothing where the record is up to date."""
    payload = finding_data(stored())
    caveat = "The record may be <out> of date."
    told = RENDERER.render(kind, payload | {"record_caveat": caveat})
    untold = RENDERER.render(kind, payload | {"record_caveat": None})

    assert caveat in told.text and "&lt;out&gt;" in told.html
    assert "None" not in untold.text and "out of date" not in untold.html


@pytest.mark.parametrize(
    ("part", "source", "line"),
    [
        ("finding.opened/text.txt", "fine\n\n{{ data.nothing }}", 3),
        ("finding.corrected/subject.txt", "{{ data.outlet.upper }}\n{{ data['x'] }}", 2),
        ("digest/html.html", "<p>\n{% for x in data.groups %}\n{{ x.none }}\n{% endfor %}", 3),
        ("_shared/words.j2", "{% macro says(a, b) %}\n{{ 1 // 0 }}{% endmacro %}", 2),
        ("test/text.txt", "{{ ''.__class__.__mro__ }}", 1),
        ("source.failing/text.txt", "{% include 'nowhere.txt' %}", 1),
    ],
)
def test_every_template_is_tried_with_samples_at_start(
    tmp_path: Path, part: str, source: str, line: int
):
    """What compiles but cannot be filled stops the start too, with its file and line."""
    path = tmp_path / part
    path.parent.mkdir()
    path.write_text(source, encoding="utf-8")

    with pytest.raises(TemplateError) as caught:
        Renderer(LAW, tmp_path)

    assert f"{path}: line {line}: " in str(caught.value)


def test_templates_read_no_files_outside_their_folders(tmp_path: Path):
    """A template that reaches out of its folder finds nothing there."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "own"
    (folder / "test").mkdir(parents=True)
    (folder / "test/text.txt").write_text("{% include '../secret.txt' %}", encoding="utf-8")

    with pytest.raises(TemplateError, match=r"secret\.txt"):
        Renderer(LAW, folder)
