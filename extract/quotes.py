"""Finds quoted speech: which characters of a text stand inside quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extract.tokens import fold

_PAIRS = {"“": "”", "«": "»", "„": "“”", "‹": "›", "‘": "’"}
_MARK = re.compile(f"[{''.join(_PAIRS)}\"']")
_WORD = re.compile(r"\w+")
_TURN = re.compile(r"\s*[–—-]\s+(?=\S)")
_NEXT_TURN = re.compile(r"(?<=[.!?…»”\"])\s+[–—]\s+(?=[^\W\d_])")
_REMARK = re.compile(r"[,!?…»”\"]\s+[–—-]\s+(?=[^\W\d_])")
_LABEL = re.compile(r"\s*(\w+(?:\.? \w+){0,3}):\s")
SPEECH_WORDS = 3  # fewer quoted words are a name or a word held up, not speech
_STRAIGHT_OPEN = re.compile(r"(?:(?<=\s)|(?<=[(\[—–:,-])|^)\"(?=\S)")
_SINGLE_OPEN = re.compile(r"(?:(?<=[\s(])|^)'(?=\w)")
_SINGLE_CLOSE = re.compile(r"(?<=[\w.,!?…])'(?=[\s,.;:!?)]|$)")


class Labels(NamedTuple):
    """What stands before a colon at the start of a line, folded.

    Attributes:
        answers: Labels of answers.
        askers: Labels of questions: after one of them any other label names who answers.
        others: Labels that name nobody.
    """

    answers: frozenset[str] = frozenset()
    askers: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


_NO_LABELS = Labels()


def quoted_spans(text: str, labels: Labels = _NO_LABELS) -> list[tuple[int, int]]:
    """Returns the spans of quoted text, without the marks, in order.

    A mark that is not closed in its paragraph quotes to the paragraph's end, as a speech that runs
    over several paragraphs is printed. Of a dialogue with dashes what stands on either side of a
    remark ("– he said") is quoted; in an interview the answers are: turns after a question, or
    after what is put to somebody who just answered, and what is labelled as an answer ("A: ..."),
    up to the next label.
    """
    spans: list[tuple[int, int]] = []
    start, asked, answered, answering, transcribed = 0, False, False, False, False
    for line in text.split("\n"):
        label = _LABEL.match(line) if labels.answers else None
        if label is not None:
            name = fold(label[1])
            transcribed = transcribed or name in labels.askers
            named = transcribed and name not in labels.askers and name not in labels.others
            answering = name in labels.answers or named
        if _TURN.match(line):
            quoted, asked, answered = _dialogue(line, asked=asked, answered=answered)
            spans += [(start + a, start + b) for a, b in quoted]
        elif answering and line.strip():
            spans.append((start + (label.end() if label else 0), start + len(line)))
        else:
            spans += [(start + a, start + b) for a, b in _in_line(line)]
        goes_on = bool(_TURN.match(line)) or not line.strip()
        asked, answered = asked and goes_on, answered and goes_on
        start += len(line) + 1
    return spans


def _turns(line: str) -> Iterator[tuple[int, int]]:
    """Yields the turns of a dialogue that stand on one line, without their dashes."""
    opening = _TURN.match(line)
    start = opening.end() if opening else 0
    for found in _NEXT_TURN.finditer(line, start):
        if line[found.end()].isupper():
            yield start, found.start()
            start = found.end()
    yield start, len(line)


def _dialogue(
    line: str, *, asked: bool, answered: bool
) -> tuple[list[tuple[int, int]], bool, bool]:
    """Returns what is quoted in a line of dialogue, and whether it ends with a question, or answer.

    Quoted are answers, and what is said on either side of a remark ("..., – he said. – ...").
    """
    spans: list[tuple[int, int]] = []
    remarked = False
    for first, end in _turns(line):
        turn = line[first:end]
        asks = _asks(turn)
        marked = _MARK.search(turn)
        remark = next((r for r in _REMARK.finditer(turn) if turn[r.end()].islower()), None)
        replies = asked and not asks
        if (asked or remarked) and not asks:
            spans.append((first, end))
        elif remark is None or marked:
            spans += [(first + a, first + b) for a, b in _in_line(turn)]
        else:
            spans.append((first, first + remark.start() + 1))
        remarked = remark is not None and not marked
        asked = asks or (answered and not replies and not remarked)
        answered = replies
    return spans, asked, answered


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
