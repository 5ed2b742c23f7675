"""A figure knows whether it reaches its goal."""

import pytest

from fluxdesk.cli.figures import Figure


@pytest.mark.parametrize(
    ("value", "goal", "met"),
    [
        (300_000, ">= 300000", True),
        (299_999, ">= 300000", False),
        (5.0, "<= 5", True),
        (5.1, "<= 5", False),
        (0, "== 0", True),
        (1, None, None),
    ],
)
def test_a_value_is_held_against_its_goal(value: float, goal: str | None, met: bool | None) -> None:
    assert Figure("group.name", value, "x", goal).met() is met


def test_a_goal_without_a_comparator_is_refused() -> None:
    with pytest.raises(ValueError, match=r"group\.name"):
        Figure("group.name", 1, "x", "about 3").met()
