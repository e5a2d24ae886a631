"""What can go wrong at the composition root: one tree, each error one clear line."""

from __future__ import annotations


class CrawlerError(Exception):
    """Anything that ends a command; its text is the one line that a person is shown."""


class SettingsError(CrawlerError):
    """Settings that cannot be used; the line names the file, or the variable, and the key."""


class WatchError(CrawlerError):
    """The folder of a watch cannot be used; the line names the file and the entry."""


class UsageError(CrawlerError):
    """A command was called in a way that makes no sense."""


class WorkError(CrawlerError):
    """A command could not do its work."""


class ListingError(CrawlerError):
    """A way in whose answer lists nothing that can be used; the line says why."""


class ArchiveError(CrawlerError):
    """Bytes of pages that cannot be written or read; the line names the file and says why."""


class PassError(CrawlerError):
    """A pass could not be run at all."""
