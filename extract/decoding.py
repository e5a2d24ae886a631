"""Turns the bytes of a page into text, whatever its headers claim, and tells HTML from the rest."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "audio, video or an image"),
    (b"PK\x03\x04", "an archive or office document"),
    (b"\x1f\x8b", "compressed"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"OggS", "audio or video"),
    (b"ID3", "audio"),
    (b"\x7fELF", "a program"),
    (b"{\\rtf", "a text document"),
)
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream")
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<(?:!doctype|html|head|body|title|div|p|h[1-6]|article|meta|span|a|br)\b", re.I)
_MARK = re.compile(r"[\ufffd\u0080-\u009f]")
_LETTER = re.compile(r"[^\W\d_]")
_TAGS_AND_CODE = re.compile(rb"(?s)<(script|style)\b.*?</\1>|<[^>]{0,2000}>", re.IGNORECASE)
_SCRIPTS = ((0x0400, 0x052F), (0x0530, 0x058F), (0x0600, 0x06FF), (0x10A0, 0x10FF))

_NO_CHARSETS = frozenset(
    ["idna", "mbcs", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"]
)

SAMPLE = 200_000  # enough bytes to know a charset, and the head of a page


def not_html(body: bytes, content_type: str | None) -> str | None:
    """Returns what a body is that is no HTML page, None where it may be one."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind and "/" in kind and kind not in _HTML_TYPES:
        return kind[:60]
    head = body[:4096].lstrip()
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if head[:1] in (b"{", b"["):
        return None if b"<" in head[:200] else "JSON"
    if head.startswith(b"<?xml") and re.search(rb"<(rss|feed|urlset|sitemapindex)\b", head):
        return "a feed or sitemap"
    return "binary data" if _is_binary(body) else None


def _is_binary(body: bytes) -> bool:
    sample = body[:SAMPLE]
    if not sample or sample.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16(sample):
        return False
    control = sum(sample.count(byte) for byte in range(32) if byte not in (9, 10, 11, 12, 13, 27))
    return control > len(sample) * 0.02 and control > 8


def _utf16(sample: bytes) -> str | None:
    """Returns which UTF-16 a text without byte order mark is written in."""
    even, odd = sample[0:2000:2].count(0), sample[1:2000:2].count(0)
    half = len(sample[:2000]) / 2
    if odd > half * 0.4 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.4 and odd < half * 0.05 else None


def decode(body: bytes, content_type: str | None = None) -> str:
    """Returns the text of a page.

    What the bytes themselves show (a byte order mark, valid UTF-8) goes before what the HTTP header
    or the page declares; a declared charset that turns the text to nonsense is not believed.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace")
    if wide := _utf16(body[:2000]):
        return body.decode(wide, "replace")
    if _reads_as_utf8(body):
        return body.decode("utf-8", "replace")
    best = max(_declared(body, content_type), key=lambda codec: _score(body, codec), default=None)
    if best is None or _score(body, best) < 0.9:
        detected = _detected(body)
        if best is None or _score(body, detected) > _score(body, best):
            best = detected
    return body.decode(best, "replace")


def _reads_as_utf8(body: bytes) -> bool:
    """Tells whether bytes are UTF-8, but for a few that were damaged or cut off."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        beyond = sum(1 for letter in text[:SAMPLE] if letter > "\x7f") - wrong
        return wrong * 20 < beyond
    return True


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    claims = _HEADER.findall(content_type or "")
    claims += [name.decode("ascii") for name in _META.findall(body[:8192])]
    for claim in claims:
        try:
            codec = codecs.lookup(claim)
        except LookupError:
            continue
        # "hex", "zip" and the like are codecs of Python, no charsets
        if codec._is_text_encoding and codec.name.replace("_", "-") not in _NO_CHARSETS:
            yield "cp1252" if codec.name in ("iso8859-1", "ascii") else codec.name


def _detected(body: bytes) -> str:
    sample = _TAGS_AND_CODE.sub(b" ", body[:SAMPLE])
    found = [match.encoding for match in from_bytes(sample[:20_000])]
    candidates = [*found, "cp1251", "koi8_r", "cp1254", "cp1252"]
    return max(candidates, key=lambda codec: _score(body, codec))


def _score(body: bytes, codec: str) -> float:
    """Returns how much the text beyond ASCII looks written by a person, from 0 to 1.

    In text of a foreign alphabet nearly all words are of one script, in lower case after their
    first letter; the wrong charset breaks that, or yields control characters.
    """
    sample = _TAGS_AND_CODE.sub(b" ", body[:SAMPLE])
    try:
        text = sample.decode(codec, "replace")
    except (LookupError, UnicodeError, ValueError):
        return 0.0
    words = [word for word in re.findall(r"[^\s\d]+", text) if not word.isascii()]
    if not words:
        return 0.5
    return sum(map(_likeness, words)) / len(words)


def _likeness(word: str) -> float:
    core = word.strip(".,:;!?()[]«»“”„\"'’‘—–-…")
    letters = _LETTER.findall(core)
    if _MARK.search(core) or len(letters) < len(core) * 0.8:
        return 0
    scripts = {_script(letter) for letter in letters}
    if len(scripts) > 1:
        return 0
    # No language writes Latin with hardly a plain letter: it is another alphabet, decoded wrongly.
    if scripts == {0} and len(letters) >= 4 and sum(map(str.isascii, letters)) * 4 < len(letters):
        return 0
    if core[1:].islower() or len(core) < 2:
        return 1
    return 0.5 if core.isupper() else 0


def _script(letter: str) -> int:
    point = ord(letter)
    return next((n for n, (low, high) in enumerate(_SCRIPTS, 1) if low <= point <= high), 0)


def holds_tags(text: str) -> bool:
    """Tells whether a text is written in HTML, and is not plain."""
    return bool(_TAG.search(text[:SAMPLE]))
