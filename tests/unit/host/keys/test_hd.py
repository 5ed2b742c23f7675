"""BIP-32 and SLIP-10 against their published vectors, and what paths and seeds may be."""

import json
from pathlib import Path

import pytest

from fluxdesk_host.keys import paths
from fluxdesk_host.keys.addresses import evm_address, solana_address
from fluxdesk_host.keys.bip39 import mnemonic_to_seed
from fluxdesk_host.keys.errors import DerivationError, KeyFormatError
from fluxdesk_host.keys.hd import derive, derive_ed25519, derive_secp256k1
from fluxdesk_host.keys.secret import Secret

VECTORS = json.loads((Path(__file__).parents[3] / "fixtures" / "keys" / "hd.json").read_text())
"""BIP-32, test vectors 1 to 4; SLIP-10, vectors 1 and 2 on its four curves, its two retries on P-256, all steps.

Vector 5 of BIP-32 is about invalid texts of extended keys (xprv, xpub), which are read nowhere here.
"""
SEED = Secret(bytes(range(16)))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v['curve']}-{v['seed'][:4]}-{v['path']}")
def test_published_vectors(vector: dict[str, str]) -> None:
    curve = vector["curve"]
    with derive(Secret(bytes.fromhex(vector["seed"])), vector["path"], curve) as node:  # type: ignore[arg-type]
        assert node.private.view().hex() == vector["private"]
        assert node.chain_code.view().hex() == vector["chain_code"]
        assert node.public().hex() == vector["public"][2 * curve.endswith("25519") :]


def test_the_first_accounts_are_those_other_wallets_show() -> None:
    seed = mnemonic_to_seed("abandon " * 11 + "about")
    assert evm_address(derive_secp256k1(seed, paths.evm_path(0))) == "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"
    assert solana_address(derive_ed25519(seed, paths.solana_path(0))) == "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk"


def test_ed25519_has_no_unhardened_steps() -> None:
    with pytest.raises(DerivationError, match="apostrophe"):
        derive_ed25519(SEED, "m/44'/501'/0'/0")


@pytest.mark.parametrize(
    "path", ["", "44'/60'", "m/", "m//0", "m/-1", "m/x", "m/2147483648", "m/٣", "m/0''", "m" + "/0" * 256]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(KeyFormatError):
        paths.parse_path(path)


def test_the_notations_of_hardened_steps_mean_the_same() -> None:
    assert paths.parse_path("m/44'/60h/0H") == paths.parse_path("m/44'/60'/0'")
    assert paths.format_path(paths.parse_path("m/44h/60/0H")) == "m/44'/60/0'"


@pytest.mark.parametrize("length", [0, 15, 65])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(KeyFormatError):
        derive(Secret(bytes(length)), "m", "secp256k1")


def test_the_nodes_on_the_way_are_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    from fluxdesk_host.keys import hd

    made: list[hd.Node] = []
    child = hd.Node.child
    monkeypatch.setattr(hd.Node, "child", lambda node, index: made.append(new := child(node, index)) or new)
    leaf = derive(SEED, "m/0'/1/2", "secp256k1")
    assert [node.private.closed for node in made] == [True, True, False]
    assert made[-1] is leaf
