"""Nineteen other libraries and our key code give the same bytes for the same input.

Each file of `fixtures/keys/peers` is named after the library that computed its results, and its version; inputs are
random. It is a file for `fluxdesk keys selftest` as it stands.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from fluxdesk_host.keys.bip39 import WordsUnknown, check_mnemonic
from fluxdesk_host.keys.selftest import check, run

FOLDER = Path(__file__).parents[3] / "fixtures" / "keys" / "peers"
FILES = sorted(FOLDER.glob("*.json"))
RESULT = {
    "bip39": "seed", "bip32": "private", "slip10": "private", "keystore_v3": "private", "eip712": "hash",
    "eip191": "hash", "evm_tx": "raw", "solana_tx": "signature", "solana_offchain": "bytes",
}  # fmt: skip


def cases(file: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return read


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_a_library_computed_is_what_we_compute(file: Path) -> None:
    said: list[str] = []
    assert run(file, said.append) == 0, said
    assert said == [f"{len(cases(file))} passed, 0 failed"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_result_does_not_pass(file: Path) -> None:
    for case in {case["kind"]: case for case in cases(file)}.values():
        name = RESULT[case["kind"]]
        last = "0" if case[name][-1] != "0" else "1"
        assert check({**case, name: case[name][:-1] + last}) != []


def test_every_kind_but_one_was_computed_by_two_libraries_at_least() -> None:
    makers: dict[str, set[str]] = {}
    for file in FILES:
        for case in cases(file):
            makers.setdefault(case["kind"], set()).add(file.stem)
    assert makers.keys() == RESULT.keys()
    assert [kind for kind, libraries in makers.items() if len(libraries) < 2] == ["solana_offchain"]


def test_words_of_other_languages_have_their_seed_and_are_refused_as_a_wallet_with_the_reason() -> None:
    foreign = [c["mnemonic"] for c in cases(next(FOLDER.glob("mnemonic-*"))) if not c["mnemonic"].isascii()]
    assert len(foreign) >= 3
    for mnemonic in foreign:
        with pytest.raises(WordsUnknown, match=r"of \d+ words are not in the English word list, the only one"):
            check_mnemonic(mnemonic)
