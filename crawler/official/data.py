"""What a watch tells the watchers of official sources: ``official.toml``, checked whole."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crawler.errors import SettingsError, WatchError
from crawler.settings import read_toml
from crawler.settings_values import Line, WebUrl

BillType = Literal["hr", "s", "hjres", "sjres", "hconres", "sconres", "hres", "sres"]
_Count = Annotated[int, Field(strict=True, ge=1, le=99_999)]


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f'"{value}" is no regular expression: {error}') from None
    return value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RegisterSearch(_Part):
    """A search of the Federal Register.

    Attributes:
        types: Of documents, as the API calls them: PRESDOCU, NOTICE.
        agencies: As the API calls them: state-department.
    """

    what: Literal["documents", "public_inspection"]
    term: Line
    types: tuple[Line, ...] = ()
    agencies: tuple[Line, ...] = ()


class FederalRegisterData(_Part):
    """What is searched for in the Federal Register."""

    search: Annotated[tuple[RegisterSearch, ...], Field(min_length=1)]


class BillData(_Part):
    """A bill that is watched by name.

    Attributes:
        title: What it is, where no source tells its title.
        known: The day of the latest action that the record takes account of; later ones are told
            also when the bill is seen for the first time.
    """

    congress: _Count
    type: BillType
    number: _Count
    title: Line
    known: date | None = None

    @property
    def path(self) -> str:
        """Under what path the API has it."""
        return f"{self.congress}/{self.type}/{self.number}"


class CongressData(_Part):
    """How new bills are found.

    Attributes:
        pages: Where bills have their pages for people.
        types: Of the bills that are looked at.
        title_patterns: A bill whose title one of these regular expressions finds is told.
    """

    pages: WebUrl
    types: tuple[BillType, ...] = ("hr", "s", "hjres", "sjres")
    title_patterns: tuple[Annotated[str, AfterValidator(_pattern)], ...] = ()


class GovinfoData(_Part):
    """Where laws and texts are looked for.

    Attributes:
        laws: The feed of new public laws, below the source's address.
        search: What the search of texts is asked, where there is a key.
    """

    laws: Line | None = None
    search_url: WebUrl | None = None
    search: Line | None = None


class CodeData(_Part):
    """The note that is watched.

    Attributes:
        citation: Of the note.
        section_heading: What every page of the section holds, whatever its notes.
        heading: Of the note.
    """

    citation: Line
    section_heading: Line
    heading: Line


class OfficialData(_Part):
    """What is about one law in the watchers of official sources.

    Attributes:
        since: What is dated before this day is in the record, as far as it could be found.
        words: See :class:`crawler.official.parts.LawNames`.
        bill: The bills that are watched by name.
    """

    since: date
    words: tuple[Line, ...] = ()
    bill: tuple[BillData, ...] = ()
    federal_register: FederalRegisterData | None = None
    congress: CongressData | None = None
    govinfo: GovinfoData | None = None
    uscode: CodeData | None = None


def load_official(path: Path) -> OfficialData | None:
    """The data of a watch; None where it has none.

    Raises:
        WatchError: In one line that names the file and the key.
    """
    if not path.exists():
        return None
    try:
        return OfficialData.model_validate(read_toml(path))
    except SettingsError as error:
        raise WatchError(str(error)) from error
    except ValidationError as failure:
        first = failure.errors()[0]
        where = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in first["loc"])
        why = {"extra_forbidden": "unknown key", "missing": "is missing"}.get(
            first["type"], first["msg"].removeprefix("Value error, ")
        )
        raise WatchError(f"{path}: {where.removeprefix('.')}: {why}") from None
