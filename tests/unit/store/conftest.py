"""Stores in folders of their own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from unit.store.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path / "store.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def new_desk(tmp_path: Path) -> Iterator[Callable[[], Desk]]:
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(tmp_path / f"store{len(made)}.sqlite"))
        return made[-1]

    yield make
    for desk in made:
        desk.close()
