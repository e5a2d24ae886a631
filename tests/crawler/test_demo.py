"""The demonstration does the main job, and its pages get the verdicts that they should."""

import json

import pytest

from crawler.checking import check_document
from crawler.demo.outlets import load_outlets
from crawler.demo.receivers import HookReceiver
from crawler.documents import Document
from crawler.errors import WatchError
from crawler.watch import load_watch
from extract.article import Article

WATCH = load_watch()
OUTLETS = load_outlets(WATCH.folder / "demo.toml")
PAGES = [(outlet.lang, story) for outlet in OUTLETS for story in outlet.stories]


@pytest.mark.parametrize(("lang", "story"), PAGES, ids=[story.path for _, story in PAGES])
def test_verdicts(lang, story):
    """Each sample page gets the verdict that is written beside it."""
    article = Article(story.text.strip(), story.title, lang=lang, published=story.published)

    assert story.expect == check_document(WATCH, Document("x", article)).judgement.verdict


def test_demo(command):
    """Every alert is delivered once over each channel, and the correction is told in reply."""
    result = command("demo", "--json")
    data = json.loads(result.out)
    first, second = data["rounds"]
    alerting = sum(story.expect in ("asserts", "relays") for _, story in PAGES)

    assert (0, "") == (result.code, result.err)
    assert (len(PAGES), alerting) == (
        first["crawl"]["articles"]["fetched"],
        first["crawl"]["findings"]["opened"],
    )
    assert (2 * alerting, 0) == (first["delivered"], first["delivered_again"])
    assert (0, 1) == (
        second["crawl"]["findings"]["opened"],
        second["crawl"]["findings"]["corrected"],
    )
    assert (alerting + 1, alerting + 1) == (len(data["mails"]), len(data["webhooks"]))
    assert all(hook["genuine"] for hook in data["webhooks"])
    assert data["mails"][-1]["in_reply_to"] in {mail["message_id"] for mail in data["mails"][:-1]}
    assert alerting == data["digest"]["total"]


def test_demo_for_people(command, tmp_path):
    """For people the steps are told one after another; --keep keeps the database."""
    result = command("demo", "--keep", tmp_path / "kept")

    assert 0 == result.code
    assert [1, 2, 3, 4, 5] == [n for n in range(1, 9) if f"\n{n}. " in result.out]
    assert "delivering again sent 0" in result.out
    assert "now corrected" in result.out
    assert (tmp_path / "kept" / "demo.db").is_file()


def test_forged_webhook():
    """The receiver refuses a call whose signature does not hold."""
    receiver = HookReceiver()

    assert 401 == receiver.take({"webhook-id": "x"}, b"{}")
    assert [False] == [call.is_genuine for call in receiver.calls]


@pytest.mark.parametrize("text", [None, "x", "a =", "[[outlet]]\nname = 1"])
def test_watch_without_outlets(tmp_path, text):
    """A watch whose sample outlets are missing or wrong is one clear line."""
    path = tmp_path / "demo.toml"
    if text is not None:
        path.write_text(text)

    with pytest.raises(WatchError, match=r"demo\.toml"):
        load_outlets(path)
