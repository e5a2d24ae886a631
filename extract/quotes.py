"""Finds quoted speech: which characters of a text stand inside quotation marks."""

from __future__ import annotations

import re
from collections.abc import Collection

from extract.tokens import fold

_PAIRS = {"“": "”", "«": "»", "„": "“”", "‹": "›", "‘": "’"}
_MARK = re.compile(f"[{''.join(_PAIRS)}\"']")
_WORD = re.compile(r"\w+")
_TURN = re.compile(r"\s*[–—-]\s+(?=\S)")
_LABEL = re.compile(r"\s*(\w+(?: \w+){0,3}):\s")
SPEECH_WORDS = 3  # fewer quoted words are a name or a word held up, not speech
_STRAIGHT_OPEN = re.compile(r"(?:(?<=\s)|(?<=[(\[—–:,-])|^)\"(?=\S)")
_SINGLE_OPEN = re.compile(r"(?:(?<=[\s(])|^)'(?=\w)")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…])'(?=[\s,.;:!?)]|$)")


def quoted_spans(text: str, answers: Collection[str] = ()) -> list[tuple[int, int]]:
    """Returns the spans of quoted text, without the marks, in order.

    A mark that is not closed in its paragraph quotes to the paragraph's end, as a speech that runs
    over several paragraphs is printed. In an interview the answers are quoted: turns that a dash
    opens, and what one of ``answers`` labels ("Answer: ..."), up to the next label.
    """
    spans = []
    start, asked, answering = 0, False, False
    for line in text.split("\n"):
        turn = _TURN.match(line)
        asks = turn is not None and _asks(line)
        label = _LABEL.match(line) if answers else None
        if label is not None:
            answering = fold(label[1]) in answers
        if turn is not None and asked and not asks:
            spans.append((start + turn.end(), start + len(line)))
        elif answering and line.strip():
            spans.append((start + (label.end() if label else 0), start + len(line)))
        else:
            spans += [(start + a, start + b) for a, b in _in_line(line)]
        asked = asks or (asked and not line.strip())
        start += len(line) + 1
    return spans


def _asks(line: str) -> bool:
    return line.rstrip().endswith("?") or "՞" in line


def is_speech(text: str, span: tuple[int, int]) -> bool:
    """True where a quoted span is long enough to be somebody's words."""
    return len(_WORD.findall(text[span[0] : span[1]])) >= SPEECH_WORDS


def _in_line(line: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    position = 0
    while opening := _MARK.search(line, position):
        position = opening.start()
        mark = line[position]
        if mark in _PAIRS and not (mark == "‘" and not _closes(line, position)):
            end = _close(line, position + 1, mark)
        elif mark == '"' and _STRAIGHT_OPEN.match(line, position):
            end = _find(line, '"', position + 1)
        elif mark == "'" and _SINGLE_OPEN.match(line, position):
            closing = _SINGLE_CLOSE.search(line, position + 1)
            if closing is None:
                position += 1
                continue
            end = closing.start()
        else:
            position += 1
            continue
        spans.append((position + 1, end))
        position = end + 1
    return spans


def _closes(line: str, position: int) -> bool:
    return line.find("’", position + 1) >= 0


def _close(line: str, position: int, mark: str) -> int:
    closers = _PAIRS[mark]
    depth = 0
    for index in range(position, len(line)):
        if line[index] == mark and mark not in closers:
            depth += 1
        elif line[index] in closers:
            if mark == "‘" and line[index + 1 : index + 2].isalpha():
                continue  # an apostrophe
            if depth == 0:
                return index
            depth -= 1
    return len(line)


def _find(line: str, mark: str, position: int) -> int:
    found = line.find(mark, position)
    return len(line) if found < 0 else found
