"""Says in words for people why something could not be fetched."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

ALLOWED = "crawl.allow_networks can allow it"
_WORDS: Mapping[type, str] = {
    CannotResolveHostError: "its host has no public address",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "the answer broke off",
    DownloadCancelledError: "it is larger than allowed",
    zlib.error: "the answer is packed, and cannot be unpacked",
}


def reason_of(error: BaseException | None) -> str:
    """Why a fetch failed, in one short line."""
    told = " ".join(str(_innermost(error)).split())
    if "DOWNLOAD_MAXSIZE" in told:
        return "it is larger than allowed"
    if is_untrusted(error):
        return "its certificate could not be verified"
    return _WORDS.get(type(error), told[:200] or type(error).__name__)


def of_own_address(reason: str, url: str) -> str:
    """The reason, with the setting that allows an address which the operator wrote down."""
    refused = f"{urlsplit(url).hostname} is no public address"
    return f"{reason} ({ALLOWED})" if reason == refused else reason


def is_untrusted(error: BaseException | None) -> bool:
    """Whether a server's certificate could not be verified."""
    return "certificate verify failed" in str(_innermost(error))


def _innermost(error: BaseException | None) -> object:
    """What lies under the failures that Twisted wraps around each other."""
    reasons = getattr(error.__cause__, "reasons", None) if error is not None else None
    return reasons[-1].value if reasons else error
