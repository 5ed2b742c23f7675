"""No call of a contract needs over two per cent more gas than the figures that are written."""

import pytest
from gas import FORGE, main

from needs import require


@pytest.mark.timeout(1800)  # it compiles what changed, on one of two cores
def test_no_call_needs_more_gas_than_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    require("forge", FORGE.exists(), "run `make contracts`")
    assert main(["--check"]) == 0, capsys.readouterr().err
