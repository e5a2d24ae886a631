"""Divides what is folded, so that every message that goes out names all that it tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from alerts.channels.channel import Channel
from state.message import Message, QueuedMessage

_SEVERITIES = ("high", "medium", "low", "none")
Fits = Callable[[Message], bool]
# Makes the message that tells of others, and is told how many parts were made before it.
Make = Callable[[Sequence[QueuedMessage], int], Message]
_Entry = Sequence[QueuedMessage]


def fit_of(channels: Iterable[Channel], name: str) -> Fits:
    """Whether a message names all that it tells when it goes out over a channel.

    Of a channel that is not there nothing is known, and anything fits.
    """
    named = {one.name: one for one in channels}
    return named[name].names_all if name in named else lambda _: True


def parts_of(
    messages: Sequence[QueuedMessage], make: Make, fits: Fits
) -> Iterator[tuple[Message, Sequence[QueuedMessage]]]:
    """One message that tells of all, with what it tells; where that does not fit, several.

    Each tells as much as fits, and something in any case; the most severe and oldest come first.
    What is told of one finding stays together, so that one message has its latest state.
    """
    whole = make(messages, 0)
    if fits(whole):
        yield whole, messages
        return
    entries, number = _entries(messages), 0
    while entries:
        count = _most(entries, number, make, fits)
        told = _flat(entries[:count])
        yield make(told, number), told
        entries, number = entries[count:], number + 1


def _most(entries: Sequence[_Entry], number: int, make: Make, fits: Fits) -> int:
    """How many of the first entries fit into a part; at least one."""

    def fit(count: int) -> bool:
        return fits(make(_flat(entries[:count]), number))

    low, high = 1, 2
    # Doubled until it is too much: what does not fit into one part is mostly far more.
    while high <= len(entries) and fit(high):
        low, high = high, high * 2
    high = min(high, len(entries) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if fit(middle):
            low = middle
        else:
            high = middle
    return low


def _entries(messages: Sequence[QueuedMessage]) -> list[_Entry]:
    """The messages by what they tell of, in the order in which they are told."""
    found: Mapping[str, list[QueuedMessage]] = defaultdict(list)
    for one in messages:
        is_finding = one.message.type.startswith("finding.")
        found[str(one.message.payload["id"]) if is_finding else one.id].append(one)
    return sorted(found.values(), key=_rank)


def _rank(entry: _Entry) -> int:
    severity = entry[-1].message.payload.get("severity")
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _flat(entries: Iterable[_Entry]) -> list[QueuedMessage]:
    return [one for entry in entries for one in entry]
