"""How messages name the law; the words come from the watch's data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Law:
    """The law that is watched.

    Attributes:
        id: The watch's id, of letters, digits and hyphens; part of the List-Id.
        title: Its full name.
        short_name: The name that running text uses.
        about: What it is, in a sentence or two.
    """

    id: str
    title: str
    short_name: str
    about: str
