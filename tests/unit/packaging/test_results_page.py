"""RESULTS.md says what was measured, with goal, ratio and machine, and forgets nothing that was not measured again."""

import results_page

from fluxdesk.cli.figures import Figure

FAST = Figure("speed.lines", 600_000, "lines/s", ">= 300000", "peer 1.0", 12_000, 5)
SLOW = Figure("speed.start", 620, "ms", "<= 500", runs=10)
STATED = Figure("size.day", 2.5, "GB")


def test_a_figure_shows_goal_ratio_and_whether_it_was_reached() -> None:
    page = results_page.page("", {"speed": [FAST, SLOW]}, "a machine")
    assert "| speed.lines | 600,000 | lines/s | >= 300000 | yes | peer 1.0 | 12,000 | 50.00 | 5 |" in page
    assert "| speed.start | 620 | ms | <= 500 | **no** |" in page
    assert "a machine" in page


def test_a_group_that_was_not_measured_keeps_its_lines_and_its_machine() -> None:
    old = results_page.page("", {"speed": [FAST], "size": [STATED]}, "the old machine")
    new = results_page.page(old, {"speed": [SLOW]}, "the new machine")
    assert "| size.day | 2.5 | GB |" in new
    assert "the old machine" in new
    assert "speed.lines" not in new
    assert new.index("## size") < new.index("## speed")
    assert results_page.page(new, {"speed": [SLOW]}, "the new machine") == new


def test_the_machine_is_named() -> None:
    assert "cores" in results_page.machine()
    assert "load average" in results_page.machine()
    assert "Python 3." in results_page.machine()
