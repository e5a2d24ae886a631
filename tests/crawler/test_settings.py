"""Settings: defaults, the file, the environment, secrets, and one clear line for each mistake."""

from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import SettingsError
from crawler.settings import check_endpoint, default_files, load_settings
from crawler.settings_origin import Origin
from crawler.settings_paths import anchor_paths
from crawler.settings_raw import Raw, resolve_secrets

SOURCE = '[[source]]\nname = "a"\nurl = "https://a.example/rss"\nkind = "feed"\n'
MAIL = (
    '[[channel]]\nname = "desk"\nkind = "email"\nto = ["d@example.org"]\n'
    'sender = "w@example.org"\nsmtp = "smtp://u:hunter2@mail.example:587"\n'
)
SECRET = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQQ=="
HOOK = (
    f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "https://h.example/x"\n'
    f'secret = "{SECRET}"\n'
)


@pytest.fixture
def written(tmp_path):
    """Writes a settings file and loads it."""

    def load(text, **environ):
        path = tmp_path / "waiverwatch.toml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, environ)

    return load


def test_defaults():
    """Without a file and variables, every setting has its documented default."""
    settings = load_settings(None, {"XDG_CONFIG_HOME": "/nowhere"})

    assert "sqlite:///waiverwatch.db" == settings.database.url.get_secret_value()
    assert None is settings.data.watch
    assert 16 == settings.crawl.concurrency
    assert 3_000_000 == settings.crawl.max_page
    assert timedelta(days=30) == settings.crawl.revisit[-1]
    assert time(8) == settings.service.digest_at
    assert () == settings.source


def test_whole_file(written):
    """A file's entries are read in their order, with units turned into values."""
    settings = written(
        '[crawl]\nallow_networks = ["10.0.0.0/8"]\nper_host_delay = "0s"\n'
        + SOURCE
        + 'every = "2h"\n'
        + MAIL
        + HOOK
        + '[[route]]\nchannel = "desk"\nmin_severity = "low"\nquiet = "22:00-07:00"\n'
    )

    assert (ip_network("10.0.0.0/8"),) == settings.crawl.allow_networks
    assert timedelta() == settings.crawl.per_host_delay
    assert timedelta(hours=2) == settings.source[0].every
    assert ["desk", "hook"] == [channel.name for channel in settings.channel]
    assert (time(22), time(7)) == settings.route[0].quiet


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            SOURCE + 'every = "30 minutos"',
            'source[0].every: "30 minutos" is no duration (try "30m")',
        ),
        (SOURCE + 'every = "0s"', "source[0].every: must be longer than nothing"),
        (SOURCE + "every = 30", 'source[0].every: 30 is no duration (try "30m")'),
        (SOURCE + SOURCE, 'source[1].name: "a" is given twice'),
        (
            SOURCE.replace("https", "htps"),
            'source[0].url: "htps://a.example/rss" is no http or https address',
        ),
        (
            SOURCE.replace('"feed"', '"pigeon"'),
            'source[0].kind: "pigeon" is none of feed, sitemap, front',
        ),
        (SOURCE + 'link_pattern = "("', "source[0].link_pattern: "),
        ('[[source]]\nname = "a"\nkind = "feed"', "source[0].url: is missing"),
        ("[crawl]\nconcurency = 3", 'crawl.concurency: unknown key (did you mean "concurrency"?)'),
        ('[crawl]\nconcurrency = "3"', 'crawl.concurrency: "3" is no whole number'),
        ("[crawl]\nconcurrency = true", 'crawl.concurrency: "true" is no whole number'),
        ("[crawl]\nconcurrency = 0", "crawl.concurrency: "),
        ("[crawl]\nbuiltin_sources = 1", "crawl.builtin_sources: "),
        ('[crawl]\nallow_networks = "10.0.0.0/8"', "crawl.allow_networks: "),
        (
            '[crawl]\nallow_networks = ["10.0.0.1/8"]',
            'crawl.allow_networks[0]: "10.0.0.1/8" is no network',
        ),
        ('[crawl]\nmax_page = "huge"', 'crawl.max_page: "huge" is no size (try "3 MB")'),
        ('[crawl]\ncontact = "me"', 'crawl.contact: "me" is no contact'),
        ("crawl = 3", 'crawl: "3" is no table'),
        ("[crwl]", 'crwl: unknown key (did you mean "crawl"?)'),
        ('[service]\ntimezone = "Mars"', 'service.timezone: "Mars" is no time zone'),
        ('[service]\ndigest_at = "25:00"', 'service.digest_at: "25:00" is no time of day'),
        ('[service]\nhttp = "8907"', 'service.http: "8907" is no HOST:PORT'),
        (MAIL.replace('["d@example.org"]', '["d"]'), 'channel[0].to[0]: "d" is no e-mail address'),
        (MAIL.replace('["d@example.org"]', "[]"), "channel[0].to: "),
        (MAIL.replace("smtp://", "http://"), "channel[0].smtp: "),
        (MAIL + MAIL, 'channel[1].name: "desk" is given twice'),
        (
            MAIL + '[[route]]\nchannel = "dusk"',
            'route[0].channel: "dusk" is no channel (known: desk)',
        ),
        (
            '[[channel]]\nname = "x"\nkind = "pigeon"',
            'channel[0].kind: "pigeon" is none of email, webhook',
        ),
        ('[[channel]]\nname = "x"', "channel[0].kind: is missing"),
        (HOOK.replace(SECRET, "whsec_short"), "channel[0].secret: is no webhook secret"),
        (HOOK + 'ca_file = "/no/such/file"', 'channel[0].ca_file: "/no/such/file" is no file'),
        ('[database]\nurl = "mysql://u:hunter2@h/x"', "database.url: is no database address"),
        ("a =", "is no TOML"),
        (SOURCE.replace("[[source]]", "[source]"), "source: is written [[source]], with two"),
        ("source = 3", "source: is written [[source]], with two"),
        (HOOK + 'to = ["a@x.example"]', "channel[0].to: unknown key: a channel of kind webhook"),
        (HOOK + 'urll = "x"', 'channel[0].urll: unknown key (did you mean "url"?)'),
        (HOOK + 'sendr = "x"', "channel[0].sendr: unknown key"),
        (
            SOURCE + 'langs = ["english"]',
            'source[0].langs[0]: "english" is no ISO 639-1 code of a language (did you mean "en"?)',
        ),
        (SOURCE + 'langs = ["az-AZ"]', 'source[0].langs[0]: "az-AZ" is no ISO 639-1 code'),
        (SOURCE + 'langs = ["xx"]', 'source[0].langs[0]: "xx" is no ISO 639-1 code'),
        (MAIL + '[[route]]\nchannel = "desk"\nlangs = ["xx"]', 'route[0].langs[0]: "xx" is no ISO'),
    ],
)
def test_mistakes(written, tmp_path, text, line):
    """Each mistake is one line that names the file, the key and what is wrong, and no secret."""
    with pytest.raises(SettingsError) as caught:
        written(text)

    assert str(caught.value).startswith(f"{tmp_path / 'waiverwatch.toml'}: {line}")
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_missing_file(tmp_path):
    """A file that was named must be there."""
    with pytest.raises(SettingsError, match="no such file"):
        load_settings(tmp_path / "nothing.toml", {})


def test_default_places(tmp_path, monkeypatch):
    """The file here goes before the one in the user's configuration folder."""
    home = tmp_path / "config"
    (home / "waiverwatch").mkdir(parents=True)
    (home / "waiverwatch" / "waiverwatch.toml").write_text("[crawl]\nconcurrency = 2")
    monkeypatch.chdir(tmp_path)
    environ = {"XDG_CONFIG_HOME": str(home)}

    assert 2 == load_settings(None, environ).crawl.concurrency

    Path("waiverwatch.toml").write_text("[crawl]\nconcurrency = 3")

    assert 3 == load_settings(None, environ).crawl.concurrency


def test_windows_folder():
    """On Windows the configuration folder is the one of the roaming profile."""
    assert (
        Path("C:/Roaming/waiverwatch/waiverwatch.toml")
        == default_files({"APPDATA": "C:/Roaming"})[1]
    )


def test_environment_goes_before_the_file(written):
    """Numbers, flags, lists and entries of lists can be set by variables."""
    settings = written(
        "[crawl]\nconcurrency = 2\n" + SOURCE,
        WAIVERWATCH_CRAWL__CONCURRENCY="4",
        WAIVERWATCH_CRAWL__BUILTIN_SOURCES="no",
        WAIVERWATCH_CRAWL__ALLOW_NETWORKS="10.0.0.0/8, 127.0.0.0/8",
        WAIVERWATCH_CRAWL__REVISIT="1h,2h",
        WAIVERWATCH_SOURCE__0__EVERY="5m",
        WAIVERWATCH_SOURCE__1__NAME="b",
        WAIVERWATCH_SOURCE__1__URL="https://b.example/",
        WAIVERWATCH_SOURCE__1__KIND="front",
        WAIVERWATCH="is no section",
    )

    assert 4 == settings.crawl.concurrency
    assert False is settings.crawl.builtin_sources
    assert 2 == len(settings.crawl.allow_networks)
    assert (timedelta(hours=1), timedelta(hours=2)) == settings.crawl.revisit
    assert timedelta(minutes=5) == settings.source[0].every
    assert "b" == settings.source[1].name


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [
        ("WAIVERWATCH_CRAWL__CONCURRENCY", "many", '"many" is no whole number'),
        ("WAIVERWATCH_CRAWL__BUILTIN_SOURCES", "maybe", "is neither true nor false"),
        ("WAIVERWATCH_CRWL__TIMEOUT", "3s", '"crwl" is no section'),
        ("WAIVERWATCH_CRAWL__A__B", "3s", "try WAIVERWATCH_CRAWL__KEY"),
        ("WAIVERWATCH_SOURCE__NAME", "x", "try WAIVERWATCH_SOURCE__0__KEY"),
        ("WAIVERWATCH_SOURCE__7__NAME", "x", "there are only 0"),
        ("WAIVERWATCH_CRAWL__ALLOW_NETWORKS", "1.2.3.4/8", '"1.2.3.4/8" is no network'),
        ("WAIVERWATCH_CRAWL__ALLOW_NETWORKS__0", "1.2.3.4/8", '"1.2.3.4/8" is no network'),
        ("WAIVERWATCH_CRAWL__ALLOW_NETWORKS__1", "10.0.0.0/8", "has only 0 entries"),
        ("WAIVERWATCH_CRAWL__CONCURRENCY__0", "3", '"concurrency" is no list'),
        ("WAIVERWATCH_CRAWL__ALLOW_NETWORK__0", "x", 'did you mean "allow_networks"?'),
        ("WAIVERWATCH_CRAWL__REVISIT__0__1", "3s", "try WAIVERWATCH_CRAWL__KEY"),
        ("WAIVERWATCH_DATABASE__URL_ENV", "NOT_SET", "the variable NOT_SET is not set"),
    ],
)
def test_mistakes_in_variables(written, variable, value, why):
    """A mistake in a variable is told under the variable's name."""
    with pytest.raises(SettingsError) as caught:
        written("", **{variable: value})

    assert str(caught.value).startswith(f"{variable}: ")
    assert why in str(caught.value)


def test_lists_by_index(written):
    """Entries of a list can be set one by one: in place of the file's, and after them, in order."""
    eleven = {f"WAIVERWATCH_CRAWL__REVISIT__{n}": f"{n + 1}h" for n in range(11)}
    settings = written(
        '[crawl]\nallow_networks = ["192.168.0.0/16", "172.16.0.0/12"]\n' + MAIL,
        WAIVERWATCH_CRAWL__ALLOW_NETWORKS__1="10.0.0.0/8",
        WAIVERWATCH_CRAWL__ALLOW_NETWORKS__2="127.0.0.0/8",
        WAIVERWATCH_CHANNEL__0__TO__0="a@x.example",
        WAIVERWATCH_CHANNEL__0__TO__1="b@x.example",
        **eleven,
    )

    assert ["192.168.0.0/16", "10.0.0.0/8", "127.0.0.0/8"] == list(
        map(str, settings.crawl.allow_networks)
    )
    assert ("a@x.example", "b@x.example") == settings.channel[0].to
    assert tuple(timedelta(hours=n + 1) for n in range(11)) == settings.crawl.revisit


def test_a_list_is_given_in_one_way(written):
    """A list that is given whole and by index has no clear meaning; both variables are named."""
    with pytest.raises(SettingsError) as caught:
        written(
            "",
            WAIVERWATCH_CRAWL__ALLOW_NETWORKS="10.0.0.0/8",
            WAIVERWATCH_CRAWL__ALLOW_NETWORKS__0="127.0.0.0/8",
        )

    assert (
        "WAIVERWATCH_CRAWL__ALLOW_NETWORKS__0: WAIVERWATCH_CRAWL__ALLOW_NETWORKS is given as well; "
        "keep one of them"
    ) == str(caught.value)


def test_the_file_is_not_blamed_for_variables(written):
    """What is missing from an entry that variables alone made is told as the variable it wants."""
    with pytest.raises(SettingsError) as missing:
        written(MAIL, WAIVERWATCH_CHANNEL__1__NAME="x")
    with pytest.raises(SettingsError) as wrong:
        written(HOOK.replace(f'secret = "{SECRET}"', 'secret_env = "MINE"'), MINE="short")

    assert "WAIVERWATCH_CHANNEL__1__KIND: is missing" == str(missing.value)
    assert str(wrong.value).startswith("MINE: is no webhook secret")


def test_paths_of_the_file_start_at_its_folder(tmp_path, monkeypatch):
    """Wherever the program is started, a file means the same database, folders and files."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    (home / "words").mkdir(parents=True)
    elsewhere.mkdir()
    (home / "ca.pem").write_text("")
    (home / "secret").write_text(SECRET)
    (home / "db").write_text("sqlite:///secret.db")
    path = home / "waiverwatch.toml"
    path.write_text(
        '[database]\nurl = "sqlite:///x.db?timeout=3"\n[data]\nlexicons = "words"\n'
        'templates = "words"\narchive = "kept"\nwatch = "my-law"\n'
        + HOOK.replace(f'secret = "{SECRET}"', 'secret_file = "secret"\nca_file = "ca.pem"')
    )
    monkeypatch.chdir(elsewhere)
    settings = load_settings(path, {})
    path.write_text('[database]\nurl_file = "db"\n[data]\nwatch = "section-907"')
    other = load_settings(path, {})

    assert f"sqlite:///{home}/x.db?timeout=3" == settings.database.url.get_secret_value()
    assert [home / "words"] * 2 == [settings.data.lexicons, settings.data.templates]
    assert (home / "kept", str(home / "my-law")) == (settings.data.archive, settings.data.watch)
    assert home / "ca.pem" == settings.channel[0].ca_file
    assert f"sqlite:///{home}/secret.db" == other.database.url.get_secret_value()
    assert "section-907" == other.data.watch


@pytest.mark.parametrize(
    "url",
    ["sqlite:////abs/x.db", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true",
     "postgresql+psycopg://u@h/x"],
)  # fmt: skip
def test_other_databases_stay(written, url):
    """Absolute files, memory and servers are what they were."""
    settings = written(f'[database]\nurl = "{url}"')

    assert url == settings.database.url.get_secret_value()


def test_paths_of_variables_start_where_the_program_was_started(tmp_path, monkeypatch):
    """Variables, --db and defaults are meant from the working directory."""
    path = tmp_path / "waiverwatch.toml"
    path.write_text('[database]\nurl = "sqlite:///x.db"\n' + HOOK)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "secret").write_text(SECRET)
    monkeypatch.chdir(tmp_path / "here")
    environ = {
        "WAIVERWATCH_DATABASE__URL": "sqlite:///y.db",
        "WAIVERWATCH_DATA__TEMPLATES": ".",
        "WAIVERWATCH_CHANNEL__0__SECRET_FILE": "secret",
    }
    settings = load_settings(path, environ)

    assert "sqlite:///y.db" == settings.database.url.get_secret_value()
    assert Path() == settings.data.templates
    assert Path("archive") == settings.data.archive
    assert SECRET == settings.channel[0].secret.get_secret_value()
    given = load_settings(path, {}, database="sqlite:///z.db")
    assert "sqlite:///z.db" == given.database.url.get_secret_value()


def test_secrets_from_elsewhere(written, tmp_path):
    """A secret can lie in a file beside the settings, or in a variable of any name."""
    (tmp_path / "secret").write_text(SECRET + "\n")
    settings = written(
        HOOK.replace(f'secret = "{SECRET}"', 'secret_file = "secret"')
        + MAIL.replace('smtp = "smtp://u:hunter2@mail.example:587"', 'smtp_env = "MY_SMTP"'),
        MY_SMTP="smtp://mail.example",
    )

    assert SECRET == settings.channel[0].secret.get_secret_value()
    assert "smtp://mail.example" == settings.channel[1].smtp.get_secret_value()


def test_variable_replaces_a_secret_file(written):
    """What a variable says goes before a file that is named in the settings."""
    text = HOOK.replace(f'secret = "{SECRET}"', 'secret_file = "/no/such/file"')

    settings = written(text, WAIVERWATCH_CHANNEL__0__SECRET=SECRET)

    assert SECRET == settings.channel[0].secret.get_secret_value()


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ('secret_env = "NOT_SET"', "channel[0].secret_env: the variable NOT_SET is not set"),
        ('secret_file = "nothing"', "channel[0].secret_file: "),
        ("secret_file = 3", "channel[0].secret_file: is no text"),
        (
            f'secret = "{SECRET}"\nsecret_env = "X"',
            "channel[0].secret_env: secret is given as well",
        ),
    ],
)
def test_mistakes_with_secrets(written, way, why):
    """A secret that cannot be had is told under the key that names it."""
    with pytest.raises(SettingsError) as caught:
        written(HOOK.replace(f'secret = "{SECRET}"', way))

    assert why in str(caught.value)


def test_secrets_do_not_print(written):
    """Settings can be shown and logged without showing a secret."""
    settings = written(MAIL + HOOK + '[database]\nurl = "postgresql://u:hunter2@h/x"')

    assert "hunter2" not in repr(settings) + str(settings)
    assert SECRET not in repr(settings) + str(settings)


def test_database_of_the_command_line(written, tmp_path):
    """The command line's database goes before all others, and is checked like them."""
    path = tmp_path / "waiverwatch.toml"
    path.write_text('[database]\nurl_file = "/no/such/file"')

    settings = load_settings(path, {}, database="sqlite:///other.db")

    assert "sqlite:///other.db" == settings.database.url.get_secret_value()
    with pytest.raises(SettingsError, match=r"^--db: "):
        load_settings(path, {}, database="other.db")


def test_endpoint():
    """An endpoint of the command line is checked like the settings' own."""
    assert "[::1]:80" == check_endpoint("[::1]:80")
    for text in ("everywhere", "127.0.0.1:99999"):
        with pytest.raises(SettingsError, match="--http"):
            check_endpoint(text)


@given(
    st.dictionaries(
        st.sampled_from(["database", "crawl", "service", "source", "channel", "route", "x"]),
        st.recursive(
            st.integers() | st.booleans() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=2)
                | st.dictionaries(
                    st.sampled_from(["name", "url", "kind", "to", "secret_file", "every"]),
                    inner,
                    max_size=3,
                )
            ),
            max_leaves=6,
        ),
        max_size=3,
    )
)
def test_nonsense_is_told_in_one_line(values):
    """Whatever a file holds, it is used or refused with one line."""
    from crawler import settings as module

    raw = Raw(Origin("file"), Path("/nowhere"), values)
    try:
        anchor_paths(values, raw.folder)
        resolve_secrets(raw, {})
        module._checked(raw)
    except SettingsError as error:
        assert str(error).startswith("file: ")
        assert "\n" not in str(error)


@given(
    st.dictionaries(
        st.lists(
            st.sampled_from(["CRAWL", "CHANNEL", "ROUTE", "SOURCE", "DATABASE", "0", "1", "10",
                             "TO", "NAME", "KIND", "URL", "REVISIT", "LANGS", "X", ""]),
            min_size=1, max_size=5,
        ).map("__".join),
        st.text(max_size=5),
        max_size=6,
    )
)  # fmt: skip
def test_nonsense_in_variables_is_told_in_one_line(values):
    """Whatever variables there are, they are used, or one of them is named."""
    environ = {f"WAIVERWATCH_{name}": value for name, value in values.items()}
    try:
        load_settings(None, environ | {"XDG_CONFIG_HOME": "/nowhere"})
    except SettingsError as error:
        assert str(error).startswith("WAIVERWATCH_")
        assert "\n" not in str(error)
