"""A watch: all that is about one law, loaded from its folder of data and checked whole."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from alerts.errors import AlertsError
from alerts.judge import Judgement, judge
from alerts.law import Law
from alerts.rules import Rules, load_rules
from crawler.catalogue import load_catalogue
from crawler.errors import WatchError
from crawler.official.data import OfficialData, load_official
from crawler.settings_paths import WATCHES
from crawler.settings_schema import SourceSettings
from extract.article import Article
from extract.claim import Reading
from extract.errors import ExtractError
from extract.examples import check_examples
from extract.reader import Reader, load_reader
from extract.version import extractor_version, reading_version
from state.errors import StateError
from state.record import Record, load_record
from state.revising import versions_line

BUILT_IN = WATCHES
_KEYS = ("id", "title", "short_name", "about")


@dataclass(frozen=True, slots=True)
class Bench:
    """What judging needs of a watch, without the lexicons, which take seconds to load."""

    law: Law
    record: Record
    rules: Rules

    def judge(self, article: Article, reading: Reading) -> Judgement:
        """What the article says against the record, as of the article's own date."""
        return judge(article, reading, self.record, self.rules)


@dataclass(frozen=True)
class Watch:
    """One law and everything the program knows of it.

    Attributes:
        folder: Where its data lies.
        law: How the law is called.
        sources: The built-in catalogue.
        official: What its official sources are watched for; None where there are none.
        versions: What reads and judges (program, lexicons, rules), in one line, as it was loaded.
    """

    folder: Path
    law: Law
    reader: Reader
    record: Record
    rules: Rules
    sources: tuple[SourceSettings, ...]
    official: OfficialData | None = None
    versions: str = ""

    @property
    def bench(self) -> Bench:
        """What judging needs of it."""
        return Bench(self.law, self.record, self.rules)

    def judge(self, article: Article, reading: Reading | None = None) -> Judgement:
        """What the article says against the record, as of the article's own date."""
        reading = self.reader.read(article) if reading is None else reading
        return judge(article, reading, self.record, self.rules)


def watch_folder(name: str | None) -> Path:
    """The folder of a built-in watch, or of one that lies elsewhere; None is the default watch.

    Raises:
        WatchError: There is no such folder.
    """
    chosen = str(_toml(BUILT_IN / "default.toml")["watch"]) if name is None else name
    for folder in (BUILT_IN / chosen, Path(chosen).expanduser()):
        if (folder / "watch.toml").is_file():
            return folder
    known = ", ".join(sorted(path.parent.name for path in BUILT_IN.glob("*/watch.toml")))
    raise WatchError(f'"{chosen}" is no watch: neither built in ({known}) nor a folder with one')


def load_watch(name: str | None = None, more_lexicons: Path | None = None) -> Watch:
    """Loads and checks the whole folder: lexicons, record, rules, sources, official sources.

    Args:
        name: A built-in watch, or a folder with the same files; None is the default watch.
        more_lexicons: A folder whose lexicons add to the watch's own; their examples are run.

    Raises:
        WatchError: In one line that names the file and the entry.
    """
    folder = watch_folder(name)
    bench = load_bench(name)
    lexicons = (folder / "lexicons", *([more_lexicons] if more_lexicons else []))
    try:
        # Before they are loaded: what changes meanwhile is then taken for older than it is, and
        # what was read by it is read anew after the next start.
        versions = _versions(bench, lexicons)
        reader = load_reader(*lexicons)
        if more_lexicons:  # our own are checked by our tests
            check_examples(more_lexicons, reader.lexicons.values())
        return Watch(
            folder=folder,
            law=bench.law,
            reader=reader,
            record=bench.record,
            rules=bench.rules,
            sources=load_catalogue(folder / "sources.toml"),
            official=load_official(folder / "official.toml"),
            versions=versions,
        )
    except (AlertsError, StateError, ExtractError) as error:
        raise WatchError(str(error)) from error


def load_bench(name: str | None = None) -> Bench:
    """Loads and checks record and rules alone.

    Raises:
        WatchError: In one line that names the file and the entry.
    """
    folder = watch_folder(name)
    law = Law(**_about(folder / "watch.toml"))
    try:
        record, rules = load_record(folder / "record.toml"), load_rules(folder / "rules.toml")
    except (AlertsError, StateError) as error:
        raise WatchError(str(error)) from error
    return Bench(law, record, rules)


def _versions(bench: Bench, lexicons: Iterable[Path]) -> str:
    return versions_line(
        program=f"waiverwatch {version('waiverwatch')}, {bench.law.id}",
        extractor=extractor_version(),
        lexicons=reading_version(*lexicons),
        rules=bench.rules.fingerprint,
    )


def _about(path: Path) -> dict[str, str]:
    values = _toml(path)
    for key in _KEYS:
        if not isinstance(values.get(key), str) or not values[key].strip():
            raise WatchError(f"{path}: {key}: is missing")
    if unknown := sorted(set(values) - set(_KEYS)):
        raise WatchError(f"{path}: {unknown[0]}: unknown key")
    return {key: str(values[key]).strip() for key in _KEYS}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WatchError(f"{path}: cannot be read: {error}") from error
