"""Names the versions of what takes a text out of a page, and of what reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_FOLDER = Path(__file__).parent
# All that :func:`extract.page.extract_page` rests on; a test holds the list.
EXTRACTION = (
    "article.py", "boilerplate.py", "boilerplate.toml", "dates.py", "decoding.py", "language.py",
    "maintext.py", "metadata.py", "months.toml", "page.py", "structure.py", "tokens.py",
)  # fmt: skip


@lru_cache(maxsize=1)
def extractor_version() -> str:
    """What takes texts out of pages: another one may find another text on the same page."""
    own = _fingerprint(_FOLDER / name for name in EXTRACTION)
    return f"{own} with trafilatura {version('trafilatura')}"


def reading_version(*folders: Path) -> str:
    """What reads texts, with the lexicons in ``folders``: another one may find other claims."""
    own = [path for path in _FOLDER.iterdir() if path.suffix == ".py"]
    lexicons = [path for folder in (_FOLDER / "languages", *folders) for path in folder.iterdir()]
    return _fingerprint([*own, *(path for path in lexicons if path.suffix == ".toml")])


def _fingerprint(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda path: (path.parent.name, path.name)):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:12]
