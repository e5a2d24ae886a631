"""Loads lexicons from TOML, whole or not at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extract.entry import NO_FORM, NOUN_CLASSES, Entry
from extract.entry_file import read_entry
from extract.errors import LexiconError
from extract.lexicon import Binding, Grammar, Lexicon
from extract.lexicon_shape import wrong_shape
from extract.morphology import Inflection, Sounds, read_inflection
from extract.outcomes import ACTIONS
from extract.patterns import Step, read_pattern
from extract.tokens import fold
from extract.tree import Node, reach
from extract.words import Word, read_word

_LANG = re.compile(r"\s*[\"']?lang[\"']?\s*=")
_ENTRY = re.compile(r"\s*\[\[\s*entry\s*\]\]")
_SINGLE = re.compile(r"\s*(\[\s*entry\s*\]|entry\s*=)")


@dataclass(slots=True)
class _Sheets:
    """All files of one language, merged in the order they were read.

    Attributes:
        named: The first file that names the language, and the line.
    """

    lang: str
    named: tuple[Path, int]
    grammar: dict[str, Any] = field(default_factory=dict)
    grammar_file: Path = Path()
    inflections: dict[str, Inflection] = field(default_factory=dict)
    words: dict[str, set[str]] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)


def load_lexicons(folders: Iterable[Path]) -> dict[str, Lexicon]:
    """Returns the lexicon of each language for which ``folders`` hold ``*.toml`` files.

    Files of one language in several folders add up. The grammar (inflection classes, word groups,
    bindings) stands in one of them.

    Raises:
        LexiconError: A file cannot be read, an entry is wrong, or two contradict each other.
    """
    sheets: dict[str, _Sheets] = {}
    for folder in folders:
        if not folder.is_dir():
            raise LexiconError(folder, None, "no such folder")
        for file in sorted(folder.glob("*.toml")):
            _read_file(file, sheets)
    known = ", ".join(sorted(lang for lang, sheet in sheets.items() if sheet.grammar))
    for lang, sheet in sheets.items():
        if not sheet.grammar:
            why = f"lang: no file gives the grammar of {lang!r} (known: {known or 'none'})"
            raise LexiconError(*sheet.named, why)
    return {lang: _Builder(sheet).build() for lang, sheet in sheets.items()}


def _read_file(file: Path, sheets: dict[str, _Sheets]) -> None:
    try:
        source = file.read_text(encoding="utf-8")
        table = tomllib.loads(source)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(file, None, str(error)) from error
    if why := wrong_shape(table):
        raise LexiconError(file, None, why)
    lang = table["lang"]
    sheet = sheets.setdefault(lang, _Sheets(lang, (file, _line(source, _LANG))))
    if "head" in table:
        if sheet.grammar:
            raise LexiconError(file, None, f"head: {sheet.grammar_file} gives the grammar already")
        sheet.grammar, sheet.grammar_file = table, file
    for name, words in table.get("words", {}).items():
        sheet.words.setdefault(name, set()).update(fold(word) for word in words)
    for name, endings in table.get("inflection", {}).items():
        try:
            sheet.inflections[name] = read_inflection(endings, sheet.inflections)
        except ValueError as error:
            raise LexiconError(file, None, f"inflection.{name}: {error}") from error
    lines = [n for n, line in enumerate(source.splitlines(), 1) if _ENTRY.match(line)]
    entries = table.get("entry", [])
    if not isinstance(entries, list) or len(lines) != len(entries):
        line = _line(source, _SINGLE)
        raise LexiconError(
            file, line or None, "entries are written [[entry]], on a line of its own"
        )
    for line, raw in zip(lines, entries, strict=True):
        sheet.entries.append(read_entry(file, line, raw))


def _line(source: str, pattern: re.Pattern[str]) -> int:
    """The first line that begins so, from 1; 0 where there is none."""
    lines = enumerate(source.splitlines(), 1)
    return next((number for number, line in lines if pattern.match(line)), 0)


class _Builder:
    """Turns a language's sheets into its lexicon."""

    def __init__(self, sheets: _Sheets) -> None:
        self._sheets = sheets
        self._sounds = Sounds()
        self._words: dict[str, Word] = {}
        self._root = Node()

    def build(self) -> Lexicon:
        table, file = self._sheets.grammar, self._sheets.grammar_file
        sounds = table.get("sounds", {})
        self._sounds = Sounds(sounds.get("vowels", ""), sounds.get("harmony", {}))
        for entry in self._sheets.entries:
            for pattern in entry.patterns:
                self._add_pattern(entry, pattern)
        grammar = _read_grammar(table, file, self._groups(file))
        self._check_forms(grammar)
        return Lexicon(
            grammar=grammar,
            entries=tuple(self._sheets.entries),
            words=self._words,
            sounds=self._sounds,
            root=self._root,
        )

    def _groups(self, file: Path) -> dict[str, set[str]]:
        """Returns the word groups, with each ``stem~class`` in them grown to its forms."""
        groups: dict[str, set[str]] = {}
        for name, words in self._sheets.words.items():
            groups[name] = grown = set()
            for word in words:
                stem, inflected, inflection = word.partition("~")
                if not inflected:
                    grown.add(word)
                elif inflection in self._sheets.inflections:
                    grown.update(self._sheets.inflections[inflection].forms(stem, self._sounds))
                else:
                    raise LexiconError(file, None, f"words.{name}: {word!r}: no such class")
        return groups

    def _add_pattern(self, entry: Entry, pattern: str) -> None:
        try:
            steps = read_pattern(pattern)
            self._read_words(steps)
        except ValueError as error:
            raise LexiconError(entry.file, entry.line, str(error)) from error
        for node in reach(self._root, steps):
            if all(known is not entry for known in node.entries):
                self._check_ambiguity(entry, node.entries, pattern)
                node.entries += (entry,)

    def _read_words(self, steps: Sequence[Step]) -> None:
        """Reads the words of a pattern, those that may be left out last.

        Where a form may be several words, they are tried in this order.
        """
        needed = [step for step in steps if not step.optional]
        optional = [step for step in reversed(steps) if step.optional]
        for step in (*needed, *optional):
            for spec in step.words:
                if spec not in self._words:
                    self._words[spec] = read_word(spec, self._sheets.inflections)

    def _check_forms(self, grammar: Grammar) -> None:
        """Refuses a cue for forms that nothing has: it would never work."""
        known = {*ACTIONS, *NOUN_CLASSES, *(binding.reads for binding in grammar.bindings)}
        known |= {"noun", NO_FORM}
        for inflection in self._sheets.inflections.values():
            known.update(*(features for features, _ in inflection.endings))
        known.update(*(word.features for word in self._words.values()))
        for entry in self._sheets.entries:
            if unknown := sorted(entry.forms - known):
                why = f"forms: no action or noun of this language is {unknown[0]!r}"
                raise LexiconError(entry.file, entry.line, why)

    def _check_ambiguity(self, entry: Entry, known: Iterable[Entry], pattern: str) -> None:
        for other in known:
            if _contradict(entry, other):
                raise LexiconError(
                    entry.file,
                    entry.line,
                    f"ambiguous: {pattern!r} is already {other.kind} {other.value!r}"
                    f" in {other.file.name}:{other.line}",
                )


def _contradict(entry: Entry, other: Entry) -> bool:
    """True where the same words would mean two things of one kind."""
    if entry.kind != other.kind:
        return False
    if entry.kind in ("action", "noun"):
        return entry.value != other.value
    if entry.side != other.side or (
        entry.forms and other.forms and entry.forms.isdisjoint(other.forms)
    ):
        return False
    return (entry.value, entry.reach) != (other.value, other.reach)


def _read_grammar(table: Mapping[str, Any], file: Path, words: Mapping[str, set[str]]) -> Grammar:
    try:
        return Grammar(
            lang=table["lang"],
            head=table["head"],
            words={name: frozenset(group) for name, group in words.items()},
            bindings=tuple(_read_binding(raw) for raw in table.get("binding", [])),
            modality=table.get("modality", {}),
            abbreviations=frozenset(fold(word) for word in table.get("abbreviations", [])),
            ordinal_dot=bool(table.get("ordinal_dot", False)),
            definite=bool(table.get("definite", False)),
            reported_left=bool(table.get("reported_left", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LexiconError(file, None, f"grammar: {error}") from error


def _read_binding(raw: Mapping[str, Any]) -> Binding:
    return Binding(
        forms=frozenset(raw["forms"]),
        side=raw["side"],
        cases=frozenset(raw.get("cases", ())),
        gap=int(raw.get("gap", 2)),
        before=raw.get("before", ""),
        between=raw.get("between", ""),
        lacks=raw.get("lacks", ""),
        reads=raw.get("reads", ""),
        commas=int(raw.get("commas", 3)),
        agrees=bool(raw.get("agrees", False)),
        governed=raw.get("governed", ""),
        over=bool(raw.get("over", False)),
        stops=raw.get("stops", ""),
        initial=bool(raw.get("initial", False)),
        objectless=bool(raw.get("objectless", False)),
        also=raw.get("also", ""),
    )
