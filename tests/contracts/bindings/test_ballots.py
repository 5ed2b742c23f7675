"""Ballots that the agent reads are those which the governor verifies."""

from pathlib import Path

import pytest

from fluxdesk_host.signing.ours.governor import BALLOT, EXTENDED_BALLOT

PACKAGES = Path(__file__).parents[3] / "contracts" / "node_modules"


@pytest.mark.parametrize("types", [BALLOT, EXTENDED_BALLOT])
def test_the_types_of_a_ballot_are_those_of_the_governor(types: dict[str, tuple[tuple[str, str], ...]]) -> None:
    governor = (PACKAGES / "@openzeppelin" / "contracts" / "governance" / "Governor.sol").read_text()
    ((name, fields),) = types.items()
    assert f'"{name}({",".join(f"{kind} {label}" for label, kind in fields)})"' in governor
