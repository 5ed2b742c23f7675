"""Merkle trees of the claim program: leaves, roots and proofs as contracts/solana/claim/merkle.h checks them.

A leaf is keccak256(0x00, keccak256("fluxdesk:claim:1", distribution, claimant, amount as u64)); a node is
keccak256(0x01, the smaller child, the larger child); a child without a sibling moves up as it is.
"""

from collections.abc import Sequence

from fluxdesk_host.keys.keccak import keccak256

DOMAIN = b"fluxdesk:claim:1"


def leaf(distribution: bytes, claimant: bytes, amount: int) -> bytes:
    """The leaf of a claimant's entitlement in base units. Keys are 32 bytes."""
    return keccak256(b"\0" + keccak256(DOMAIN + distribution + claimant + amount.to_bytes(8, "little")))


def node(a: bytes, b: bytes) -> bytes:
    """Parent of two hashes, whichever way round they are given."""
    return keccak256(b"\1" + min(a, b) + max(a, b))


class Tree:
    """A tree over leaves, built once.

    Attributes:
        root: 32 bytes.
        depth: Levels above the leaves: the length of the longest proof.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        if not leaves:
            raise ValueError("a tree has at least one leaf")
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node(below[i], below[i + 1]) for i in pairs] + below[len(below) & ~1 :])
        self.root = self._levels[-1][0]
        self.depth = len(self._levels) - 1

    def proof(self, index: int) -> list[bytes]:
        """Siblings of a leaf from the bottom up. Raises `IndexError`."""
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(index)
        path = []
        for level in self._levels[:-1]:
            if (index ^ 1) < len(level):
                path.append(level[index ^ 1])
            index //= 2
        return path


def leads_to(root: bytes, start: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof joins a leaf with a root."""
    for sibling in proof:
        start = node(start, sibling)
    return start == root
