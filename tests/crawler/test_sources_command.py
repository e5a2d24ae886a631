"""``sources`` as users meet it: test, import, export, leads, and the health that list shows."""

import json
import tomllib
from contextlib import closing
from datetime import timedelta

import pytest

from crawler.session import utc_now
from state.lead import Lead
from state.pacing import Sight, Terms, window_of
from state.store import Poll, open_store
from tests.support.outlets import article_page, outlet, rss

OWN = '[crawl]\nbuiltin_sources = false\nallow_networks = ["127.0.0.0/8"]\nper_host_delay = "0s"\n'
OPML = """<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Politics">
  <outline text="Läsning &amp; Nyt" xmlUrl="https://a.example/rss" type="rss" language="sv-SE"/>
  <outline title="No address" text="x"/>
  <outline text="A bookmark" type="link" url="https://b.example/"/>
</outline>
<outline text="Again" xmlUrl="https://a.example/rss?utm_source=x"/>
<outline text="Bad" xmlUrl="ftp://a.example/rss"/>
<outline text="Known" xmlUrl="https://known.example/rss"/>
<outline text="known" xmlUrl="https://other.example/rss"/>
</body></opml>"""
KNOWN = '[[source]]\nname = "known"\nurl = "https://known.example/rss"\nkind = "feed"\n'


@pytest.fixture
def site():
    """An outlet with two stories."""
    with outlet() as running:
        running.tell("/news/a.html", "The Act", "repealed", "2026-02-27")
        running.tell("/secret/b.html", "Weather", "It rains.", "2026-02-26")
        yield running


@pytest.fixture
def settings(tmp_path):
    """Writes the settings file."""

    def write(text=""):
        path = tmp_path / "waiverwatch.toml"
        path.write_text(OWN + text, encoding="utf-8")
        return path

    write()
    return write


def probe(command, *words):
    result = command("sources", "test", *words, "--json")
    return result, json.loads(result.out) if result.out else None


@pytest.mark.parametrize("name", ["list", "leads", "test", "import", "export"])
def test_help(command, name) -> None:
    """Every command of the group has help with an example."""
    assert "Example: waiverwatch sources" in " ".join(
        command("sources", name, "--help").out.split()
    )


# test


def test_a_site_whose_page_names_its_feed(command, settings, site) -> None:
    """The feed that a page names is found, with its links, dates and what robots.txt says."""
    site.serve_rss("/odd/feed.xml")
    site.serve_front("/")
    front = site.pages["/"].body
    link = b'<link rel="alternate" type="application/rss+xml" href="/odd/feed.xml">'
    site.put("/", front.replace(b"<body>", b"<head>" + link + b"</head><body>"))
    site.put("/robots.txt", f"User-agent: *\nDisallow: /secret\nSitemap: {site.url('/map.xml')}\n")
    site.serve_sitemap("/map.xml")

    result, found = probe(command, site.url("/"))

    assert 0 == result.code
    assert [
        ("front", "given"),
        ("feed", "named by the page"),
        ("sitemap", "named by robots.txt"),
    ] == [(way["kind"], way["how"]) for way in found["ways"]]
    assert [3, 2, 2] == [way["links"] for way in found["ways"]]
    assert "2026-02-27" == found["ways"][1]["newest"][:10]
    first, second = found["links"]
    assert ("The Act", "2026-02-27", True, None) == (
        first["title"], first["published"], first["allowed"], first["refusal"]
    )  # fmt: skip
    assert (False, "robots.txt forbids it") == (second["allowed"], second["refusal"])
    entry = tomllib.loads(found["entry"])["source"][0]
    assert (site.url("/odd/feed.xml"), "feed") == (entry["url"], entry["kind"])


def test_a_site_that_names_nothing(command, settings, site) -> None:
    """Where nothing is named, the usual places are tried, one after another and no further."""
    site.serve_front("/")
    site.serve_rss("/rss.xml")

    result, found = probe(command, site.url("/"))

    assert 0 == result.code
    assert ("feed", site.url("/rss.xml"), "a usual place") in [
        (way["kind"], way["url"], way["how"]) for way in found["ways"]
    ]
    assert "/feed/" in site.paths() and "/atom.xml" not in site.paths()
    assert {"/news/a.html", "/secret/b.html"}.isdisjoint(site.paths())


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_an_address_that_is_a_way_in(command, settings, site, kind) -> None:
    """A feed or sitemap is shown as what it is, and no other place is asked."""
    url = site.serve_rss() if kind == "feed" else site.serve_sitemap()

    _, found = probe(command, url)

    assert [(kind, url)] == [(way["kind"], way["url"]) for way in found["ways"]]
    assert 1 == site.counts()["/robots.txt"]


def test_a_source_by_name(command, settings, site) -> None:
    """A source of the settings is asked at its own address, and its filters are shown at work."""
    settings(
        f'[[source]]\nname = "mine"\nurl = "{site.serve_rss()}"\nkind = "feed"\n'
        'must_mention = ["act"]\nenabled = false\n'
    )

    result, found = probe(command, "mine")

    assert 0 == result.code
    assert [True, False] == [one["wanted"] for one in found["links"]]
    told = command("sources", "test", "mine")
    assert "no: its filters" in told.out and "The Act" in told.out


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<html><title>Just a moment...</title></html>", "answered a check for browsers"),
        (article_page("t", "t"), "no page of its own site"),
        ("", "the page is empty"),
    ],
)
def test_a_site_without_a_way_in(command, settings, site, body, why) -> None:
    """A site that cannot be read is told in one line, with exit code 3."""
    site.put("/", body)

    result, found = probe(command, site.url("/"))

    assert 3 == result.code
    assert why in result.err and 1 == len(result.err.splitlines())
    assert found["links"] == [] and found["entry"] is None


def test_sites_are_guarded(command, settings, site, tmp_path) -> None:
    """Private addresses are not asked, unless the settings allow it."""
    (tmp_path / "waiverwatch.toml").write_text("", encoding="utf-8")

    result, _ = probe(command, site.url("/"))

    assert 3 == result.code
    assert "public" in result.err
    assert [] == site.paths(robots=True)


def test_robots_are_obeyed(command, settings, site) -> None:
    """Where robots.txt forbids the page, only robots.txt is asked for."""
    site.serve_rss()
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n")

    result, _ = probe(command, site.url("/rss.xml"))

    assert (3, ["/robots.txt"]) == (result.code, site.paths(robots=True))
    assert "robots.txt forbids it" in result.err


def test_no_such_source(command, settings) -> None:
    """What is neither source nor address is wrong usage."""
    result, _ = probe(command, "nothing")

    assert 2 == result.code
    assert '"nothing" is no source and no address' in result.err


# import and export


def test_import(command, settings, tmp_path) -> None:
    """Feeds are added at the file's end; what exists or cannot be used is passed over, and said."""
    path = settings("# mine\n" + KNOWN.rstrip())
    before = path.read_text(encoding="utf-8")
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")

    result = command("sources", "import", "feeds.opml")

    after = path.read_text(encoding="utf-8")
    assert (0, True) == (result.code, after.startswith(before))
    sources = tomllib.loads(after)["source"]
    assert [
        ("known", "https://known.example/rss"),
        ("läsning-nyt", "https://a.example/rss"),
        ("known-2", "https://other.example/rss"),
    ] == [(one["name"], one["url"]) for one in sources]
    assert ("Läsning & Nyt", ["sv"]) == (sources[1]["outlet"], sources[1]["langs"])
    passed = [line for line in result.err.splitlines() if "passed over" in line]
    assert 3 == len(passed)
    assert "ftp" in passed[1] and "is a source already" in passed[0] + passed[2]
    listed = [json.loads(line) for line in command("sources", "list", "--json").out.splitlines()]
    assert 3 == len(listed)


def test_import_again(command, settings, tmp_path) -> None:
    """Importing the same file twice adds nothing the second time."""
    path = settings()
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    command("sources", "import", "feeds.opml")
    once = path.read_text(encoding="utf-8")

    result = command("sources", "import", "feeds.opml", "--json")

    assert once == path.read_text(encoding="utf-8")
    assert [] == json.loads(result.out)["added"]


def test_import_may_only_print(command, settings, tmp_path) -> None:
    """With --print the entries go to standard output, as TOML, and no file is changed."""
    path = settings()
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")

    result = command("sources", "import", "feeds.opml", "--print")

    assert OWN == path.read_text(encoding="utf-8")
    assert 3 == len(tomllib.loads(result.out)["source"])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no xml", "is no OPML"),
        ("<rss/>", "is no OPML"),
        ('<!DOCTYPE opml [<!ENTITY a "b">]><opml>&a;</opml>', "document type"),
    ],
)
def test_what_is_no_opml(command, settings, tmp_path, text, why) -> None:
    """A file that is no OPML is one clear line."""
    (tmp_path / "feeds.opml").write_text(text, encoding="utf-8")

    result = command("sources", "import", "feeds.opml")

    assert 2 == result.code
    assert why in result.err and "feeds.opml" in result.err


def test_import_needs_somewhere_to_write(command, tmp_path, settings) -> None:
    """Without a settings file, or with one that cannot be added to, nothing is written."""
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    path = tmp_path / "waiverwatch.toml"
    path.write_text("source = []\n", encoding="utf-8")

    refused = command("sources", "import", "feeds.opml")
    path.unlink()
    missing = command("sources", "import", "feeds.opml")

    assert (2, 2) == (refused.code, missing.code)
    assert "--print" in refused.err and "waiverwatch init" in missing.err
    assert not path.exists()


def test_export_comes_back(command, settings, tmp_path) -> None:
    """What is exported is OPML that other programs read, and is imported as it was."""
    whole = (
        '\n[[source]]\nname = "tricky"\nurl = "https://a.example/?a=1&b=<2>"\nkind = "feed"\n'
        'langs = ["hy"]\nevery = "90m"\noutlet = "A \\"<&>\\" B"\nmust_mention = ["a,b", "ç"]\n'
        'expect_every = "2d"\nenabled = false\n'
        '\n[[source]]\nname = "seek"\nurl = "https://s.example/doc"\nkind = "gdelt"\n'
        'every = "1h"\nquery = "\\"the act\\" (a OR b)"\n'
    )
    settings(whole.replace("<2>", "2"))
    opml = command("sources", "export").out
    settings()
    (tmp_path / "mine.opml").write_text(opml, encoding="utf-8")
    command("sources", "import", "mine.opml")

    back = tomllib.loads((tmp_path / "waiverwatch.toml").read_text(encoding="utf-8"))["source"]
    assert tomllib.loads(whole.replace("<2>", "2"))["source"] == [
        {name: value for name, value in one.items() if name in whole} for one in back
    ]
    assert 'xmlUrl="https://a.example/?a=1&amp;b=2"' in opml


# list and leads


def test_leads(command, settings, tmp_path) -> None:
    """Leads are listed with where they are looked for; outlets without a source stand out."""
    settings(KNOWN)
    leads = [
        Lead("1", "The \x1b[31mAct", "Known", "known.example"),
        Lead("2", "The Act", "Post", "post.example"),
    ]
    with closing(open_store(f"sqlite:///{tmp_path}/waiverwatch.db")) as store, store.unit() as unit:
        unit.add_leads("google", leads, utc_now())

    rows = [json.loads(line) for line in command("sources", "leads", "--json").out.splitlines()]
    told, listed = command("sources", "leads").out, command("sources", "list").out

    assert {"known.example": ["known"], "post.example": []} == {
        row["site"]: row["sources"] for row in rows
    }
    assert "no source leads there" in told and "\x1b" not in told
    assert "post.example" in listed and "named by searches" in listed


def test_health(command, settings, tmp_path) -> None:
    """The list tells a miss, a failure with what is known of it, and the pace."""
    settings(
        KNOWN + '\n[[source]]\nname = "ill"\nurl = "https://ill.example/"\nkind = "front"\n'
        'caveat = "403 at night"\n'
    )
    now, hour, terms = utc_now(), timedelta(hours=1), Terms(timedelta(hours=1))
    with closing(open_store(f"sqlite:///{tmp_path}/waiverwatch.db")) as store:
        for at, urls in ((now - hour, ["a", "b"]), (now, ["c", "d"])):
            sight = Sight(window=window_of(urls))
            store.record_poll(Poll("known", at, ok=True, links=2, sight=sight, terms=terms))
        store.record_poll(Poll("ill", now, ok=False, sight=Sight("hard", "403"), terms=terms))

    listed = command("sources", "list").out
    rows = [json.loads(line) for line in command("sources", "list", "--json").out.splitlines()]

    assert "links may have been missed" in listed
    assert "failing: 403 (known: 403 at night)" in listed
    assert {"30m"} == {row["every"] for row in rows}
    assert ("30m", 0.0, now.isoformat()) == (
        rows[0]["new_every"], rows[0]["overlap"], rows[0]["missed_at"]
    )  # fmt: skip


def test_searches_show_their_titles(command, settings, site) -> None:
    """Of a search that gives no links, the titles that would be looked for are shown."""
    body = rss(
        "<item><title>The Act - Post</title><link>https://g.example/rss/articles/1</link>"
        '<source url="https://post.example">Post</source></item>'
    )
    site.put("/search?q=act", body, "text/xml")
    settings(f'[[source]]\nname = "g"\nurl = "{site.url("/search?q=act")}"\nkind = "google_news"\n')

    _, found = probe(command, "g")

    assert [{"title": "The Act", "outlet": "Post", "site": "post.example"}] == found["leads"]
    assert "The Act" in command("sources", "test", "g").out
