"""docs/definitions.md says how every number is made that a screen can show."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from fluxdesk.core import views

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "definitions.md").read_text(encoding="utf-8")
SHOWN = (views.LaunchView, views.HolderView, views.SourceView, views.StatusView)
NAME = re.compile(r"`(\w+)`")
NAMED = set(NAME.findall(PAGE))
ENTRIES = {name for row in PAGE.splitlines() if row.startswith("|") for name in NAME.findall(row.split("|")[1])}
WITH_WORDS = {"quote_decimals", "token_decimals"}
"""Named in a sentence: they are what whole units are made with."""
NOT_MEASURED = {"StatusView.started_wall_ns"}
"""A moment, not a measure."""


def numbers(view: type[msgspec.Struct]) -> list[str]:
    """The fields of a view that hold a number or numbers."""
    return [
        field.name
        for field in msgspec.structs.fields(view)
        if {int, float, list[float]} & {field.type, *get_args(field.type)}
    ]


def test_the_views_have_numbers_to_define() -> None:
    assert {"price_f64", "trades", "progress_ppm", "spark_f64", "created_s"} <= set(numbers(views.LaunchView))
    assert "symbol" not in numbers(views.LaunchView)


@pytest.mark.parametrize("name", numbers(views.LaunchView))
def test_every_number_of_a_launch_has_an_entry(name: str) -> None:
    assert name in ENTRIES or name in WITH_WORDS & NAMED


@pytest.mark.parametrize("name", [f"{view.__name__}.{name}" for view in SHOWN for name in numbers(view)])
def test_every_number_of_the_screens_is_named(name: str) -> None:
    assert name in NOT_MEASURED or name.partition(".")[2] in NAMED


def test_the_evidence_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", PAGE)
    assert len(named) >= 8
    assert [name for name in named if not (ROOT / name).is_file()] == []
