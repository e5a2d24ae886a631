"""The error tree of :mod:`alerts`.

AlertsError
├── RuleError           a rules file that cannot be used
├── TemplateError       a message template that cannot be used, or fails on its message
├── ChannelSetupError   channel settings that can never work
├── RouteError          a route that cannot be understood
└── AddressRefusedError an address that may not be connected to
"""

from __future__ import annotations

from pathlib import Path


class AlertsError(Exception):
    """Any failure that :mod:`alerts` knows of."""


class RuleError(AlertsError):
    """A rules file that cannot be used.

    Attributes:
        path: The file.
        where: The entry and field, such as ``rule 'repeal-asserted', severity``; or the line.
        why: What is wrong there.
    """

    def __init__(self, path: Path, where: str, why: str) -> None:
        super().__init__(f"{path}: {where}: {why}" if where else f"{path}: {why}")
        self.path = path
        self.where = where
        self.why = why


class TemplateError(AlertsError):
    """A message template that is missing, malformed, or asks for what its message does not hold."""


class ChannelSetupError(AlertsError):
    """Channel settings that can never work; names the channel and the key, never a secret.

    Attributes:
        key: The setting.
        why: What is wrong with it.
    """

    def __init__(self, key: str, why: str, channel: str | None = None) -> None:
        super().__init__(f"channel {channel}: {key}: {why}" if channel else f"{key}: {why}")
        self.key = key
        self.why = why


class RouteError(AlertsError):
    """A route that cannot be understood; names the field."""


class AddressRefusedError(AlertsError):
    """A network address that the policy of :mod:`alerts.addresses` forbids."""
