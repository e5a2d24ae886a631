"""Channels and routes that can never work are told by every command that uses them."""

import json

import pytest

SECRET = "SECRETtokenA/SECRETtokenB"
ROOM = f'[[channel]]\nname = "room"\nkind = "apprise"\nurl = "slak://{SECRET}"\n'
FINE = '[[channel]]\nname = "room"\nkind = "apprise"\nurl = "json://127.0.0.1:9/x"\n'
USERS = (
    ("deliver", "--verbose"),
    ("crawl", "--verbose"),
    ("serve", "--verbose", "--http", "127.0.0.1:0"),
    ("digest", "--send"),
)


@pytest.fixture
def written(tmp_path):
    """Writes a settings file without built-in sources."""

    def write(text):
        (tmp_path / "waiverwatch.toml").write_text("[crawl]\nbuiltin_sources = false\n" + text)

    return write


@pytest.mark.parametrize("words", USERS)
def test_a_wrong_address_is_one_line_without_it(command, written, words):
    """The key is named; neither we nor Apprise say the address, which is a secret."""
    written(ROOM)

    result = command(*words)

    assert (2, "") == (result.code, result.out)
    assert (
        "waiverwatch: waiverwatch.toml: channel[0].url: is no address that Apprise knows"
        == result.errors[-1]
    )
    assert "SECRET" not in result.err


def test_doctor_tells_a_wrong_address_without_it(command, written):
    """Doctor goes on to what else can be looked at."""
    written(ROOM)

    result = command("doctor", "--no-sources", "--json")

    (failed,) = [
        line for line in map(json.loads, result.out.splitlines()) if line["state"] == "failed"
    ]
    assert "waiverwatch.toml: channel[0].url: is no address that Apprise knows" == failed["said"]
    assert "SECRET" not in result.out + result.err


def test_a_variable_is_named(command, monkeypatch):
    """What a variable gave is told under the variable's name."""
    for key, value in (("NAME", "room"), ("KIND", "apprise"), ("URL", f"slak://{SECRET}")):
        monkeypatch.setenv(f"WAIVERWATCH_CHANNEL__0__{key}", value)

    assert [
        "waiverwatch: WAIVERWATCH_CHANNEL__0__URL: is no address that Apprise knows"
    ] == command("deliver").errors


@pytest.mark.parametrize("words", USERS)
@pytest.mark.parametrize(
    ("filter", "why"),
    [
        (
            'rules = ["repeal-assertd"]',
            'route[0].rules[0]: "repeal-assertd" is no rule (did you mean "repeal-asserted"?); '
            "known: ",
        ),
        ('langs = ["en", "fr"]', 'route[0].langs[1]: "fr" has no lexicon, so nothing would come'),
    ],
)
def test_a_route_that_takes_nothing_is_refused(command, written, words, filter, why):
    """A rule that does not exist, and a language in which nothing is ever found."""
    written(f'{FINE}[[route]]\nchannel = "room"\n{filter}\n')

    result = command(*words)

    assert 2 == result.code
    assert result.errors[-1].startswith(f"waiverwatch: waiverwatch.toml: {why}")


def test_an_outlet_of_no_source_is_a_warning(command, written):
    """Searches may lead to its articles, so doctor warns, and asks what was meant."""
    source = '[[source]]\nname = "a"\nkind = "feed"\nurl = "https://a.example/"\n'
    written(
        f'{source}outlet = "Caspian Wire"\n{FINE}[[route]]\nchannel = "room"\n'
        'outlets = ["caspian wire", "Caspian Wyre"]\n'
    )

    result = command("doctor", "--no-sources", "--json")

    lines = [json.loads(line) for line in result.out.splitlines()]
    (told,) = [line["said"] for line in lines if "].outlets" in line["said"]]
    assert 0 == result.code
    assert 'route[0].outlets: no source is of "Caspian Wyre" (did you mean "Caspian Wire"?)' == told
