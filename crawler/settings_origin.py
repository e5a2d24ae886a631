"""Where settings were written, so that a mistake is told of the place at which it can be mended."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.errors import SettingsError

Location = tuple[str | int, ...]
PREFIX = "WAIVERWATCH_"


@dataclass(slots=True)
class Origin:
    """What the file is called, and which settings the environment gave.

    Attributes:
        variables: The variable that gave a setting, by the setting's location.
        added: The entries of lists that variables alone made.
    """

    place: str = "settings"
    variables: dict[Location, str] = field(default_factory=dict)
    added: set[Location] = field(default_factory=set)

    def error(self, location: Location, why: str) -> SettingsError:
        """The error of a setting: names the variable that gave it, else the file and the key."""
        within = [location[:end] for end in range(len(location), 0, -1)]
        for outer in within:
            if outer in self.variables:
                return SettingsError(f"{self.variables[outer]}: {why}")
        if not self.added.isdisjoint(within):
            return SettingsError(f"{variable_of(location)}: {why}")
        return SettingsError(f"{self.place}: {path_of(location)}: {why}")


def variable_of(location: Location) -> str:
    """The variable that gives a setting."""
    return PREFIX + "__".join(str(step).upper() for step in location)


def path_of(location: Location) -> str:
    """A setting as people write it down: ``channel[0].to``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in location)
    return "".join(steps).removeprefix(".")
