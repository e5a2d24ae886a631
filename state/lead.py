"""A lead: an article that a search names by title and outlet, without an address to fetch. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Lead:
    """An article that a search names.

    Attributes:
        key: What the search knows it by.
        outlet: The outlet's name as the search gives it.
        site: The outlet's host.
    """

    key: str
    title: str
    outlet: str
    site: str
    published: date | None = None


def fold_title(title: str) -> str:
    """A title as it is compared: letters and digits alone, whatever their case and spelling."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    return _NO_WORD.sub(" ", plain).strip()
