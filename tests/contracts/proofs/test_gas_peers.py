"""Balancer v3 is measured by `make gas` and never within `make test`, and its figures say which run they are of."""

import json
from pathlib import Path

import gas
import gas_peers
import pytest

from needs import require

WEIGHTED = "weightedSwap, Balancer v3 weighted 80/20, core call"
LABEL = "Balancer v3 weighted 80/20, core call"
PARTS = ("interfaces", "pool-stable", "pool-utils", "pool-weighted", "solidity-utils", "vault")


def lines_of(peers: dict[str, int], earlier: dict[tuple[str, str], int]) -> list[dict[str, object]]:
    return [line for line in gas.rows({"weightedSwap": 90_000}, peers, {}, earlier) if LABEL in str(line["peer_name"])]


def test_a_peer_that_was_not_compiled_keeps_its_figure_and_says_that_it_is_an_earlier_one() -> None:
    now = lines_of({WEIGHTED: 141_875}, {})
    assert [(line["peer"], line["peer_name"]) for line in now] == [(141_875, LABEL + gas.NOW)]
    kept = lines_of({}, gas.compiled_before(now))
    assert [(line["peer"], line["peer_name"]) for line in kept] == [(141_875, LABEL + gas.EARLIER)]
    assert lines_of({}, gas.compiled_before(kept)) == kept
    assert lines_of({WEIGHTED: 140_000}, gas.compiled_before(kept))[0]["peer_name"] == LABEL + gas.NOW
    assert lines_of({}, {}) == []


def test_a_check_neither_compiles_nor_measures_balancer(monkeypatch: pytest.MonkeyPatch) -> None:
    written = {name: int(figure) for name, figure in json.loads((gas.SNAPSHOTS / "figures.json").read_text()).items()}
    asked: list[Path | None] = []

    def measured(_: Path, code: Path | None = None) -> tuple[dict[str, int], dict[str, int], bool]:
        asked.append(code)
        return written, {}, True

    monkeypatch.setattr(gas, "measured", measured)
    monkeypatch.setattr(gas, "balancer", lambda: pytest.fail("it was compiled"))
    assert gas.main(["--check"]) == 0
    assert asked == [None]


def test_without_its_packages_everything_else_is_measured_and_its_lines_stay(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "peers.json").write_text(json.dumps(lines_of({WEIGHTED: 141_875}, {})))
    monkeypatch.setattr(gas, "SNAPSHOTS", tmp_path)
    monkeypatch.setattr(gas_peers, "PACKAGES", tmp_path / "none")
    monkeypatch.setattr(gas, "measured", lambda _, code: ({"weightedSwap": 90_000} if code is None else {}, {}, True))
    assert gas.main([]) == 0
    said = capsys.readouterr()
    assert (
        "Balancer v3 is not measured: @balancer-labs/v3-interfaces is not installed: run `make contracts`." in said.err
    )
    lines = [line for line in json.loads((tmp_path / "peers.json").read_text()) if line["name"] == "weightedSwap"]
    assert {(line["ours"], line["peer"]) for line in lines if LABEL in line["peer_name"]} == {(90_000, 141_875)}
    assert LABEL + gas.EARLIER in {line["peer_name"] for line in lines}


def test_a_measurement_that_failed_is_said_by_the_exit_code_and_hides_no_figure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forge = tmp_path / "forge"
    figures = 'echo \'{"weightedSwap": "90000"}\' > "$FOUNDRY_SNAPSHOTS/Pools.json"'
    forge.write_text(f"#!/bin/sh\n{figures}\necho '[FAIL] over its goal'\nexit 1\n")
    forge.chmod(0o755)
    monkeypatch.setattr(gas, "FORGE", forge)
    monkeypatch.setattr(gas, "SNAPSHOTS", tmp_path / "snapshots")
    monkeypatch.setattr(gas_peers, "PACKAGES", tmp_path / "none")
    assert gas.main([]) == 1
    assert json.loads((tmp_path / "snapshots" / "figures.json").read_text()) == {"weightedSwap": 90_000}
    assert gas.main(["--check"]) == 1
    assert "[FAIL] over its goal" in capsys.readouterr().err


def packages_in(folder: Path) -> Path:
    """Packages with one source each, and a compiler, that nothing can be built from."""
    for name in gas_peers.SOURCES:
        (folder / name).mkdir(parents=True)
        (folder / name / "A.sol").write_text("contract A {}\n")
    compiler = folder / gas_peers.COMPILER
    compiler.parent.mkdir()
    compiler.write_text("1")
    return folder


def test_code_is_kept_for_the_packages_compiler_and_settings_it_was_made_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = packages_in(tmp_path / "packages")
    seen = {gas_peers.hash_of(packages)}
    for name in (*(f"{one}/A.sol" for one in gas_peers.SOURCES), gas_peers.COMPILER):
        (packages / name).write_text(f"// {name}\n")
        seen.add(gas_peers.hash_of(packages))
    (tmp_path / "balancer.js").write_text("// other settings\n")
    monkeypatch.setattr(gas_peers, "TOOLS", (tmp_path / "balancer.js",))
    seen.add(gas_peers.hash_of(packages))
    assert len(seen) == len(gas_peers.SOURCES) + 3


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    packages = packages_in(tmp_path)
    (packages / gas_peers.COMPILER).unlink()
    with pytest.raises(gas_peers.NotCompiled, match=r"solc-0\.8\.26/soljson\.js is not installed"):
        gas_peers.hash_of(packages)
    (packages / "@balancer-labs/v3-vault/A.sol").unlink()
    with pytest.raises(gas_peers.NotCompiled, match="@balancer-labs/v3-vault is not installed"):
        gas_peers.hash_of(packages)


def test_what_was_not_compiled_to_its_end_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    require("Node.js", gas_peers.shutil.which("node") is not None, "install it")
    monkeypatch.setattr(gas_peers, "PACKAGES", packages_in(tmp_path / "packages"))
    monkeypatch.setattr(gas_peers, "KEPT", tmp_path / "kept")
    stand_in = tmp_path / "stand_in.js"
    monkeypatch.setattr(gas_peers, "TOOLS", (stand_in,))
    begins = "const folder = process.argv[2]; const fs = require('fs'); fs.mkdirSync(folder);"
    stand_in.write_text(f"{begins} fs.writeFileSync(folder + '/Vault.hex', '0x'); throw new Error('no room');")
    with pytest.raises(gas_peers.NotCompiled, match="no room"):
        gas_peers.balancer()
    assert list((tmp_path / "kept").iterdir()) == []
    stand_in.write_text(f"{begins} fs.writeFileSync(folder + '/Vault.hex', '0x60');")
    home = gas_peers.balancer()
    assert (home / "Vault.hex").read_text() == "0x60"
    assert capsys.readouterr().err.count("minutes") == 2
    assert gas_peers.balancer() == home
    assert capsys.readouterr().err == "", "what is kept is not compiled again"


def test_balancers_packages_are_locked_in_one_version_and_bring_no_other() -> None:
    lock = json.loads((gas.ROOT / "contracts" / "package-lock.json").read_text())["packages"]
    locked = {name: one for name, one in lock.items() if "@balancer-labs/" in name}
    assert sorted(locked) == [f"node_modules/@balancer-labs/v3-{part}" for part in PARTS]
    for one in locked.values():
        assert (one["version"], one["license"], one["dev"]) == ("1.0.0", "GPL-3.0-only", True)
        assert one["integrity"].startswith("sha512-") and "resolved" not in one
        assert set(one.get("dependencies", {})) <= {"@balancer-labs/v3-interfaces"}
