"""Sketches of texts: small values by which copies of a text are found among very many.

A sketch holds the least hashes of the text's runs of three words (MinHash). The share of equal
places in two sketches estimates the share of runs that the texts have in common.
"""

from __future__ import annotations

import hashlib
import re
import struct

from rensa import RMinHash

from extract.tokens import fold

# Sketches of different kinds cannot be compared; a change of anything below is a new kind.
KIND = "rensa-r128-w3-1"
# Measured on near-copies: from half of the runs in common on it is the same story, retold by hand
# it is below a third. Kept in between an added agency line and a text cut to six tenths.
ALIKE = 0.5
FEWEST_WORDS = 30
MOST_WORDS = 20_000

_SIZE = 128
_ROWS = 4
_WORD = re.compile(r"[^\W_]+")
_FORMAT = struct.Struct(f"<{_SIZE}I")


def sketch_of(text: str) -> bytes | None:
    """The sketch of a text; None where it is too short to be told from others by its words."""
    words = _WORD.findall(fold(text))[:MOST_WORDS]
    if len(words) < FEWEST_WORDS:
        return None
    runs = {" ".join(words[at : at + 3]) for at in range(len(words) - 2)}
    made = RMinHash(num_perm=_SIZE, seed=1)
    made.update(sorted(runs))
    return _FORMAT.pack(*made.digest())


def likeness(one: bytes, other: bytes) -> float:
    """The share of runs of words that two texts have in common, as their sketches estimate it."""
    pairs = zip(_FORMAT.unpack(one), _FORMAT.unpack(other), strict=True)
    return sum(1 for left, right in pairs if left == right) / _SIZE


def bands_of(sketch: bytes) -> tuple[int, ...]:
    """Keys of which alike sketches nearly always share one, and others nearly never.

    At half of the runs in common, seven in eight pairs share one; at six tenths all but one in
    eighty. They fit a signed integer of 64 bits.
    """
    width = _ROWS * 4
    return tuple(
        int.from_bytes(
            hashlib.blake2b(
                sketch[at : at + width], digest_size=8, key=bytes([at // width])
            ).digest(),
            "big",
            signed=True,
        )
        for at in range(0, len(sketch), width)
    )
