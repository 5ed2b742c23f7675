"""Hierarchical derivation: BIP-32 on secp256k1, SLIP-10 on ed25519, P-256 and curve25519. Pure.

https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki , https://github.com/satoshilabs/slips/blob/master/slip-0010.md
"""

import hmac
from dataclasses import dataclass
from typing import Literal, Self

from fluxdesk_host.keys.curves import (
    P256_ORDER,
    check_secp256k1,
    ed25519_public,
    p256_public,
    secp256k1_add,
    secp256k1_public,
    x25519_public,
)
from fluxdesk_host.keys.errors import DerivationError, KeyFormatError
from fluxdesk_host.keys.paths import HARDENED, parse_path
from fluxdesk_host.keys.secret import Secret

Curve = Literal["secp256k1", "ed25519", "nist256p1", "curve25519"]

_ANY_NUMBER: frozenset[Curve] = frozenset({"ed25519", "curve25519"})
"""Curves on which every 32 bytes are a private key, and only hardened steps exist."""
_SALT: dict[Curve, bytes] = {
    "secp256k1": b"Bitcoin seed",
    "ed25519": b"ed25519 seed",
    "nist256p1": b"Nist256p1 seed",
    "curve25519": b"curve25519 seed",
}


@dataclass(frozen=True, slots=True)
class Node:
    """An extended private key: 32 bytes each of key and chain code. A context manager that wipes both."""

    curve: Curve
    private: Secret
    chain_code: Secret

    def public(self) -> bytes:
        """The public key: 33 bytes, compressed; on ed25519 and curve25519 its 32 bytes."""
        if self.curve == "ed25519":
            return ed25519_public(self.private)
        if self.curve == "curve25519":
            return x25519_public(self.private)
        return secp256k1_public(self.private) if self.curve == "secp256k1" else p256_public(self.private)

    def child(self, index: int) -> "Node":
        """The child at an index, hardened when it carries `HARDENED`.

        Raises:
            DerivationError: BIP-32 has no key at this index (chance below 2**-127), or ed25519 and not hardened.
        """
        if self.curve in _ANY_NUMBER and index < HARDENED:
            raise DerivationError(f"{self.curve} derives hardened steps only: write an apostrophe after each number")
        head = (b"\0", self.private.view()) if index >= HARDENED else (self.public(),)
        hashed = _hmac(self.chain_code.raw(), *head, index.to_bytes(4, "big"))
        while True:
            with hashed:
                key, chain_code = hashed.part(0, 32), hashed.part(32, 64)
            if self.curve in _ANY_NUMBER:
                return Node(self.curve, key, chain_code)
            if self.curve == "secp256k1":
                return Node(self.curve, _sum_secp256k1(self.private, key), chain_code)
            if (total := _sum_p256(self.private, key)) is not None:
                return Node(self.curve, total, chain_code)
            hashed = _hmac(self.chain_code.raw(), b"\1", chain_code.view(), index.to_bytes(4, "big"))

    def close(self) -> None:
        """Wipe key and chain code."""
        self.private.close()
        self.chain_code.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hmac(key: bytes | bytearray, *parts: bytes | memoryview) -> Secret:
    mac = hmac.new(key, digestmod="sha512")
    for part in parts:
        mac.update(part)
    return Secret.taking(mac.digest())


def _sum_secp256k1(parent: Secret, added: Secret) -> Secret:
    total = Secret(parent.view())
    with added:
        secp256k1_add(total, added)
    return total


def _sum_p256(parent: Secret, added: Secret) -> Secret | None:
    with added:
        left = int.from_bytes(added.view(), "big")
        total = (left + int.from_bytes(parent.view(), "big")) % P256_ORDER
    return Secret.taking(total.to_bytes(32, "big")) if left < P256_ORDER and total else None


def master(seed: Secret, curve: Curve) -> Node:
    """The root of a seed of 16 to 64 bytes.

    Raises:
        KeyFormatError: the seed is shorter or longer.
        DerivationError: BIP-32 has no root for this seed (chance below 2**-127).
    """
    if not 16 <= len(seed) <= 64:
        raise KeyFormatError(f"a seed has 16 to 64 bytes, not {len(seed)}")
    hashed = _hmac(_SALT[curve], seed.view())
    while True:
        node = Node(curve, hashed.part(0, 32), hashed.part(32, 64))
        if curve == "secp256k1":
            try:
                check_secp256k1(node.private)
            except KeyFormatError:
                raise DerivationError("this seed has no root key") from None
        if curve != "nist256p1" or 0 < int.from_bytes(node.private.view(), "big") < P256_ORDER:
            hashed.close()
            return node
        hashed = _hmac(_SALT[curve], hashed.view())


def derive(seed: Secret, path: str, curve: Curve) -> Node:
    """The node at a path such as `m/44'/60'/0'/0/0`. Every node on the way is wiped.

    Raises:
        KeyFormatError: the seed or the path is not well-formed.
        DerivationError: the path has no key on this curve.
    """
    indexes = parse_path(path)
    node = master(seed, curve)
    for index in indexes:
        with node:
            node = node.child(index)
    return node


def derive_secp256k1(seed: Secret, path: str) -> Secret:
    """The 32-byte private key at a BIP-32 path. Raises as `derive` does."""
    return _private(derive(seed, path, "secp256k1"))


def derive_ed25519(seed: Secret, path: str) -> Secret:
    """The 32-byte private key at a SLIP-10 path, all of whose steps are hardened. Raises as `derive` does."""
    return _private(derive(seed, path, "ed25519"))


def _private(node: Node) -> Secret:
    node.chain_code.close()
    return node.private
