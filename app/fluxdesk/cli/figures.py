"""The shape of one benchmark figure, and the check of a value against its goal. For `fluxdesk bench` and its groups.

A group is `tests/benchmarks/<group>.py` of a checkout and offers `def run() -> list[Figure]`.
"""

import operator
from collections.abc import Callable, Mapping

import msgspec

_COMPARATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


class GroupUnavailable(Exception):
    """A group cannot be measured here; the message says what is missing and how to get it."""


class Figure(msgspec.Struct, frozen=True):
    """One measured number. Every field is printed by `fluxdesk bench --json`, null where there is none."""

    name: str
    """Dotted and stable: `decode.log_lines`."""
    value: float
    unit: str
    """Such as `lines/s`, `x`, `ms`, `MB`."""
    goal: str | None = None
    """A comparator and a number: `>= 300000`. None for a figure that is only stated."""
    peer: str | None = None
    """What it was measured against, with its version, in the same run."""
    peer_value: float | None = None
    """The peer's value in the same unit."""
    runs: int = 1
    """How many runs `value` is the median of."""

    def met(self) -> bool | None:
        """Whether the value reaches the goal; None without a goal.

        Raises:
            ValueError: the goal is not a comparator and a number.
        """
        if self.goal is None:
            return None
        comparator, _, number = self.goal.partition(" ")
        if comparator not in _COMPARATORS:
            raise ValueError(f"the goal of {self.name} is {self.goal!r}, not a comparator and a number")
        return _COMPARATORS[comparator](self.value, float(number))
