"""The committed layout tables against the programs' published IDLs."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

from layout_build.merge import joined  # noqa: E402
from layout_build.snapshot import EventLayout, Fields, InstructionLayout, from_idl, variant_kind  # noqa: E402

DATA = Path(os.environ.get("FLUXDESK_REAL_DATA", "../shared/data")) / "idl"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no IDLs at {DATA} (FLUXDESK_REAL_DATA)")
IDLS = sorted(DATA.glob("*.json")) if DATA.is_dir() else []


def table_of(program: str) -> dict[str, Any]:
    tables = [json.loads(f.read_text()) for f in (ROOT / "resources" / "layouts").glob("*.json")]
    (table,) = [t for t in tables if t["program"] == program]
    return dict(table)


def fields_of(layout: dict[str, Any]) -> Fields:
    return [(n, variant_kind(k["variant"]) if isinstance(k, dict) else k) for n, k in layout["fields"]]


@pytest.mark.parametrize("file", IDLS, ids=lambda f: f.stem)
def test_a_table_knows_everything_an_idl_names(file: Path) -> None:
    idl = json.loads(file.read_text())
    table = table_of(idl["address"])
    for kind in ("events", "instructions"):
        for entry in idl[kind]:
            assert table[kind][entry["name"]]["discriminator"] == bytes(entry["discriminator"]).hex(), entry["name"]


@pytest.mark.parametrize("file", IDLS, ids=lambda f: f.stem)
def test_a_table_reads_the_events_of_an_idl_in_their_byte_order(file: Path) -> None:
    idl = json.loads(file.read_text())
    table = table_of(idl["address"])
    wanted = [name for name, event in table["events"].items() if event["layouts"]]
    stated = from_idl(file.stem, idl, wanted, [])
    seen = {name: event for name, event in stated.events.items() if isinstance(event, EventLayout)}
    assert seen
    for name, event in seen.items():
        merged = [joined(event.fields, fields_of(layout)) for layout in table["events"][name]["layouts"]]
        (both,) = [pair for pair in merged if pair is not None]
        layout = table["events"][name]["layouts"][[m is not None for m in merged].index(True)]
        assert both[0] == fields_of(layout), f"{name}: the IDL has a field the table has not"
        assert both[1] >= layout["required"], name


@pytest.mark.parametrize("file", IDLS, ids=lambda f: f.stem)
def test_a_table_has_the_account_lists_of_an_idl(file: Path) -> None:
    idl = json.loads(file.read_text())
    table = table_of(idl["address"])
    market = [name for name, instruction in table["instructions"].items() if instruction["market"]]
    for name, stated in from_idl(file.stem, idl, [], market).instructions.items():
        if isinstance(stated, InstructionLayout):
            ours = table["instructions"][name]
            assert stated.accounts in [ours["accounts"], *ours.get("older_accounts", [])], name
