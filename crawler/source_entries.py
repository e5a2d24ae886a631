"""Sources as they are written down: ``[[source]]`` entries of settings, and OPML."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

from lxml import etree

from crawler.errors import ListingError, SettingsError, UsageError
from crawler.feeds import refuse_entities
from crawler.links import canonical_url
from crawler.settings import SourceSettings, parse_sources
from crawler.settings_values import is_language
from crawler.units import format_duration

# Readers of feeds pass over attributes that they do not know.
_OURS = "urn:waiverwatch:opml"
_KEPT = ("outlet", "site", "country", "link_pattern", "query", "caveat", "origin")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Skipped:
    """An entry that is not taken, and why."""

    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML file brings."""

    added: tuple[SourceSettings, ...]
    skipped: tuple[Skipped, ...]


def source_table(source: SourceSettings) -> str:
    """A ``[[source]]`` entry, in TOML; what has its default is left out."""
    lines = (f"{name} = {_toml(value)}" for name, value in source_values(source).items())
    return "\n".join(["[[source]]", *lines]) + "\n"


def source_values(source: SourceSettings) -> dict[str, object]:
    """The keys of a ``[[source]]`` entry with plain values; what has its default is left out."""
    default = {name: one.default for name, one in SourceSettings.model_fields.items()}
    return {
        name: format_duration(value) if isinstance(value, timedelta) else value
        for name, value in source
        if name in ("name", "url", "kind", "every") or value != default[name]
    }


def export_opml(sources: Iterable[SourceSettings], title: str) -> bytes:
    """The sources as OPML 2.0, which readers of feeds take; ours takes all of it back."""
    ElementTree.register_namespace("waiverwatch", _OURS)
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title
    body = ElementTree.SubElement(root, "body")
    for source in sources:
        ElementTree.SubElement(body, "outline", _outline(source))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def import_opml(body: bytes, place: str, known: Collection[SourceSettings]) -> Imported:
    """The sources of an OPML file that are not known yet.

    Args:
        body: The file.
        place: What errors call it.
        known: The sources there are: an address or name of theirs is not taken again.

    Raises:
        UsageError: The file is no OPML.
    """
    places = {_place(one) for one in known}
    names = {one.name for one in known}
    added: list[SourceSettings] = []
    skipped: list[Skipped] = []
    for outline in _outlines(body, place):
        taken = _source(outline, names)
        if isinstance(taken, Skipped):
            skipped.append(taken)
            continue
        if _place(taken) in places:
            skipped.append(Skipped(taken.url, "is a source already"))
            continue
        places.add(_place(taken))
        names.add(taken.name)
        added.append(taken)
    return Imported(tuple(added), tuple(skipped))


def _place(source: SourceSettings) -> tuple[str, str | None]:
    return canonical_url(source.url) or source.url, source.query


def _outline(source: SourceSettings) -> dict[str, str]:
    # Where readers of feeds look for one, only feeds are to be found.
    address = "xmlUrl" if source.kind == "feed" else "url"
    outline = {"text": source.name, "title": source.outlet or source.name, address: source.url}
    outline["type"] = "rss" if source.kind == "feed" else "link"
    ours = {
        "kind": source.kind,
        "every": format_duration(source.every),
        "langs": _packed(source.langs),
        "must_mention": _packed(source.must_mention),
        "expect_every": format_duration(source.expect_every) if source.expect_every else "",
        "delay": format_duration(source.delay) if source.delay else "",
        "sure": source.sure or "",
        "enabled": "" if source.enabled else "false",
    }
    ours |= {name: getattr(source, name) or "" for name in _KEPT}
    return outline | {f"{{{_OURS}}}{name}": value for name, value in ours.items() if value}


def _outlines(body: bytes, place: str) -> list[Mapping[str, str]]:
    try:
        refuse_entities(body)
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        root = etree.fromstring(body, parser)
    except ListingError:
        raise UsageError(f"{place}: declares a document type, which is refused") from None
    except etree.XMLSyntaxError as error:
        raise UsageError(f"{place}: is no OPML: {error.msg}") from error
    if not isinstance(root.tag, str) or root.tag.lower() != "opml":
        raise UsageError(f"{place}: is no OPML (its root is <{str(root.tag)[:40]}>)")
    found = [dict(one.attrib) for one in root.iter("outline")]
    wanted = [{str(name): str(value) for name, value in one.items()} for one in found]
    return [one for one in wanted if _address(one)]


def _address(outline: Mapping[str, str]) -> str | None:
    lower = {name.lower(): value for name, value in outline.items()}
    # An outline with an address of another kind is a bookmark, unless it is one of ours.
    return lower.get("xmlurl") or (lower.get("url") if f"{{{_OURS}}}kind" in outline else None)


def _source(outline: Mapping[str, str], names: Collection[str]) -> SourceSettings | Skipped:
    url = (_address(outline) or "").strip()
    ours = {name: outline.get(f"{{{_OURS}}}{name}") for name in SourceSettings.model_fields}
    title = outline.get("title") or outline.get("text")
    outlet, wanted = (ours["outlet"], outline.get("text")) if ours["kind"] else (title, title)
    values: dict[str, object] = {name: value for name, value in ours.items() if value}
    values |= {
        "name": _free(_slug(wanted or url), names),
        "url": url,
        "kind": ours["kind"] or "feed",
        "langs": _unpacked(ours["langs"] or outline.get("language")),
        "must_mention": _unpacked(ours["must_mention"]),
        "enabled": ours["enabled"] != "false",
    }
    if outlet and outlet.strip():
        values["outlet"] = " ".join(outlet.split())[:_LONGEST]
    try:
        return parse_sources({"source": [values]}, "entry")[0]
    except SettingsError as error:
        return Skipped(url, str(error).removeprefix("entry: source[0]."))


def _packed(words: tuple[str, ...]) -> str:
    return json.dumps(words, ensure_ascii=False) if words else ""


def _unpacked(text: str | None) -> list[str]:
    """A list of ours, or the language that another program wrote ("az-AZ")."""
    try:
        found = json.loads(text or "[]")
    except (ValueError, RecursionError):
        code = (text or "").strip().lower()[:2]
        return [code] if is_language(code) else []
    return [str(one) for one in found] if isinstance(found, list) else []


def name_of(url: str) -> str:
    """A name for a source at this address."""
    return _slug((urlsplit(url).hostname or url).removeprefix("www."))


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:60] or "source"


def _free(name: str, names: Collection[str]) -> str:
    taken = (f"{name}-{number}" for number in range(2, len(names) + 3))
    return name if name not in names else next(one for one in taken if one not in names)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_toml(one) for one in value) + "]"
    # JSON's escapes are TOML's, but for one character that settings never hold.
    return json.dumps(str(value), ensure_ascii=False)
