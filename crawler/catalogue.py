"""The sources: the built-in catalogue of a watch, and those of the settings file."""

from __future__ import annotations

from pathlib import Path

from crawler.errors import SettingsError, WatchError
from crawler.settings import Settings, SourceSettings, parse_sources, read_toml


def load_catalogue(path: Path) -> tuple[SourceSettings, ...]:
    """The sources of a watch's ``sources.toml``; none where there is no such file.

    Raises:
        WatchError: In one line that names the file and the entry.
    """
    if not path.exists():
        return ()
    try:
        return parse_sources(read_toml(path), str(path))
    except SettingsError as error:
        raise WatchError(str(error)) from error


def all_sources(
    builtin: tuple[SourceSettings, ...], settings: Settings
) -> tuple[SourceSettings, ...]:
    """Every source there is, enabled or not: the settings' own, after the built-in ones.

    A source of the settings replaces the built-in one of the same name.
    """
    own = {source.name for source in settings.source}
    kept = builtin if settings.crawl.builtin_sources else ()
    return (*(source for source in kept if source.name not in own), *settings.source)
