"""The whole build over packages of our own making, and what the committed tables must hold."""

import base64
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import layouts
import pytest
from layout_build.render import render
from layout_build.snapshot import LayoutError, anchor_discriminator

ROOT = Path(__file__).resolve().parents[3]
TABLES = ROOT / "resources" / "layouts"
VENUES = ("meteora_damm_v2", "meteora_dbc", "pumpfun", "pumpswap", "raydium_launchlab")
PROGRAM = "Lighthouse111111111111111111111111111111111"
MAY_MOVE = {"event_authority", "program", "global_volume_accumulator", "user_volume_accumulator"}
"""Accounts no decoder reads; they stand at the end of lists that grew."""


def idl(*extra: dict[str, Any]) -> dict[str, Any]:
    """A lighthouse that signals: one event with a nested struct, a tagged enum, a list; two instructions."""
    struct = {"kind": "struct", "fields": [{"name": "bearing", "type": "u16"}, {"name": "range", "type": "u64"}]}
    keeper = {"kind": "struct", "fields": [{"name": "key", "type": "pubkey"}, {"name": "share", "type": "u8"}]}
    colour = {"kind": "enum", "variants": [{"name": "White"}, {"name": "Red"}]}
    rhythm = {
        "kind": "enum",
        "variants": [{"name": "Fixed"}, {"name": "Flashing", "fields": [{"name": "period", "type": "u32"}]}],
    }
    fields = [
        {"name": "lamp", "type": "pubkey"},
        {"name": "beam", "type": {"defined": {"name": "Beam"}}},
        {"name": "colour", "type": {"defined": {"name": "Colour"}}},
        {"name": "rhythm", "type": {"defined": {"name": "Rhythm"}}},
        {"name": "keepers", "type": {"vec": {"defined": {"name": "Keeper"}}}},
        {"name": "relief", "type": {"option": {"array": ["u8", 3]}}},
        *extra,
    ]
    mark = list(bytes.fromhex(anchor_discriminator("event", "Signal")))
    return {
        "address": PROGRAM,
        "instructions": [
            {
                "name": "shine",
                "discriminator": list(bytes.fromhex(anchor_discriminator("global", "shine"))),
                "accounts": [{"name": "lamp"}, {"name": "fog", "optional": True}],
                "args": [{"name": "_beam", "type": {"defined": {"name": "Beam"}}}],
            },
            {"name": "paint", "discriminator": [9] * 8, "accounts": [{"name": "wall"}], "args": []},
        ],
        "events": [{"name": "Signal", "discriminator": mark}],
        "types": [
            {"name": "Beam", "type": struct},
            {"name": "Keeper", "type": keeper},
            {"name": "Colour", "type": colour},
            {"name": "Rhythm", "type": rhythm},
            {"name": "Signal", "type": {"kind": "struct", "fields": fields}},
        ],
    }


@pytest.fixture
def venue(tmp_path: Path) -> dict[str, Any]:
    """Two versions in the cache where the build looks first, so it asks no registry."""
    versions = []
    for version, made in (("1.0.0", idl()), ("1.1.0", idl({"name": "height", "type": "i64"}))):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            info = tarfile.TarInfo("package/idl.json")
            info.size = len(json.dumps(made))
            archive.addfile(info, io.BytesIO(json.dumps(made).encode()))
        (tmp_path / f"harbour-lighthouse-{version}.tgz").write_bytes(out.getvalue())
        digest = base64.b64encode(hashlib.sha512(out.getvalue()).digest()).decode()
        versions.append([version, f"sha512-{digest}"])
    source = {"package": "@harbour/lighthouse", "licence": "MIT", "versions": versions}
    return {"program": PROGRAM, "events": ["Signal"], "market": ["shine"], "sources": [source]}


def test_two_versions_of_a_package_become_one_table(venue: dict[str, Any], tmp_path: Path) -> None:
    table = layouts.build("harbour", venue, tmp_path)
    assert table["events"]["Signal"]["layouts"] == [
        {
            "fields": [
                ["lamp", "pubkey"],
                ["beam.bearing", "u16"],
                ["beam.range", "u64"],
                ["colour", "enum"],
                ["rhythm", {"variant": {"0": [], "1": [["period", "u32"]]}}],
                ["keepers", "vec:(pubkey,u8)"],
                ["relief", "option:bytes:3"],
                ["height", "i64"],
            ],
            "required": 7,
            "exact": None,
            "enums": {"colour": ["White", "Red"], "rhythm": ["Fixed", "Flashing"]},
        }
    ]
    shine = table["instructions"]["shine"]
    assert (shine["accounts"], shine["optional_accounts"]) == (["lamp", "fog"], ["fog"])
    assert shine["args"] == [["beam.bearing", "u16"], ["beam.range", "u64"]]
    assert table["instructions"]["paint"] == {"discriminator": "09" * 8, "market": False, "accounts": [], "args": []}
    assert [s["version"] for s in table["sources"]] == ["1.0.0", "1.1.0"]


def test_the_same_sources_give_the_same_bytes(venue: dict[str, Any], tmp_path: Path) -> None:
    assert render(layouts.build("harbour", venue, tmp_path)) == render(layouts.build("harbour", venue, tmp_path))


def test_a_tarball_that_is_not_the_one_of_the_manifest_stops_the_build(venue: dict[str, Any], tmp_path: Path) -> None:
    with (tmp_path / "harbour-lighthouse-1.0.0.tgz").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(LayoutError, match="sha512"):
        layouts.build("harbour", venue, tmp_path)


def test_a_cut_ends_one_version_of_an_event_before_a_field(venue: dict[str, Any], tmp_path: Path) -> None:
    venue["cut"] = {"@harbour/lighthouse@1.0.0": {"Signal": "colour"}}
    (one,) = layouts.build("harbour", venue, tmp_path)["events"]["Signal"]["layouts"]
    assert one["required"] == 3
    venue["cut"] = {"@harbour/lighthouse@1.0.0": {"Signal": "no such field"}}
    with pytest.raises(LayoutError, match="no field"):
        layouts.build("harbour", venue, tmp_path)


def committed(venue: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((TABLES / f"{venue}.json").read_text())
    return table


@pytest.mark.parametrize("venue", VENUES)
def test_a_committed_table_was_built_from_the_manifest(venue: str) -> None:
    manifest = json.loads((layouts.SOURCES / "manifest.json").read_text())[venue]
    table = committed(venue)
    assert table["sources"] == layouts.sources_of(manifest)
    assert table["program"] == manifest["program"]
    assert {n for n, e in table["events"].items() if e["layouts"]} >= set(manifest["events"])
    assert {n for n, i in table["instructions"].items() if i["market"]} >= set(manifest["market"])
    assert (TABLES / f"{venue}.json").read_text() == render(table)


@pytest.mark.parametrize("venue", VENUES)
def test_every_discriminator_is_the_one_anchor_derives_from_the_name(venue: str) -> None:
    table = committed(venue)
    for name, event in table["events"].items():
        assert event["discriminator"] == anchor_discriminator("event", name), name
    for name, instruction in table["instructions"].items():
        assert instruction["discriminator"] == anchor_discriminator("global", name), name


@pytest.mark.parametrize("venue", VENUES)
def test_an_account_a_decoder_reads_stands_at_one_place_or_the_number_of_accounts_tells(venue: str) -> None:
    for name, instruction in committed(venue)["instructions"].items():
        for older in instruction.get("older_accounts", []):
            moved = {
                account
                for place, account in enumerate(older)
                if account in instruction["accounts"] and instruction["accounts"].index(account) != place
            }
            lists = [instruction["accounts"], *instruction["older_accounts"]]
            assert moved <= MAY_MOVE or [len(accounts) for accounts in lists].count(len(older)) == 1, name
