"""Merkle trees of distributions and batches on EVM chains: leaves, roots, proofs and multiproofs as
`contracts/evm/src/libraries/MerkleProofs.sol` checks them. Knows no chain and no file.

The format is that of npm `@openzeppelin/merkle-tree` with the leaf types `bytes32, uint256, address, uint256`: a leaf
is hashed twice, a node is the hash of its sorted children, leaf i of n stands at place 2n - 2 - i of a complete tree.
Leaves keep their order (there `sortLeaves: false`): neighbours in a list are neighbours in the tree, which makes their
multiproofs short.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

WORD: Final = 32
ADDRESS: Final = 20


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it (the padding of the submission, not of SHA-3)."""
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=data).digest()


def leaf(domain: bytes, index: int, account: bytes, amount: int) -> bytes:
    """The leaf of `amount` base units for `account` (20 bytes) at `index` in the tree of `domain` (32 bytes).

    Raises:
        ValueError: a length or a number that the contract's types cannot hold.
    """
    if len(domain) != WORD or len(account) != ADDRESS or not (0 <= index < 1 << 256 and 0 <= amount < 1 << 256):
        raise ValueError("a leaf is a domain of 32 bytes, an index, an account of 20 bytes and an amount")
    words = index.to_bytes(WORD), account.rjust(WORD, b"\0"), amount.to_bytes(WORD)
    return leaf_of(domain + b"".join(words))


def leaf_of(encoded: bytes) -> bytes:
    """The leaf of values given as their ABI encoding, two words or more.

    Raises:
        ValueError: less than two words, which would be hashed like the inner hash of another leaf.
    """
    if len(encoded) < 2 * WORD:
        raise ValueError("a leaf has at least two values")
    return keccak256(keccak256(encoded))


def node(a: bytes, b: bytes) -> bytes:
    """The parent of two hashes, whichever way round they are given."""
    return keccak256(min(a, b) + max(a, b))


@dataclass(frozen=True, slots=True)
class Multiproof:
    """What joins several leaves with a root.

    Attributes:
        indices: Of the leaves, in the order in which the contract must get them.
        proof: Hashes that are none of the leaves' ancestors.
        flags: For each step whether both children are known (true) or the second is the next of `proof`.
    """

    indices: tuple[int, ...]
    proof: tuple[bytes, ...]
    flags: tuple[bool, ...]


class Tree:
    """A tree over leaves in their order, built once.

    Attributes:
        root: 32 bytes.
        count: How many leaves it has.
    """

    def __init__(self, leaves: Sequence[bytes]) -> None:
        if not leaves:
            raise ValueError("a tree has at least one leaf")
        self.count = len(leaves)
        nodes = [b""] * (self.count - 1) + list(reversed(leaves))
        for place in range(self.count - 2, -1, -1):
            nodes[place] = node(nodes[2 * place + 1], nodes[2 * place + 2])
        self._nodes = nodes
        self.root = nodes[0]

    def proof(self, index: int) -> list[bytes]:
        """Siblings of a leaf from the bottom up. Raises `IndexError`."""
        place = self._place(index)
        path = []
        while place:
            path.append(self._nodes[_sibling(place)])
            place = (place - 1) // 2
        return path

    def multiproof(self, indices: Iterable[int]) -> Multiproof:
        """Proof and flags for several leaves, each once. Raises `IndexError`, or `ValueError` for none or one twice."""
        wanted = sorted(indices)
        if not wanted or len(set(wanted)) != len(wanted):
            raise ValueError("a multiproof is of one leaf or more, each once")
        queue = [self._place(index) for index in wanted]
        proof: list[bytes] = []
        flags: list[bool] = []
        head = 0
        while queue[head]:
            place = queue[head]
            head += 1
            both = head < len(queue) and queue[head] == _sibling(place)
            flags.append(both)
            if both:
                head += 1
            else:
                proof.append(self._nodes[_sibling(place)])
            queue.append((place - 1) // 2)
        return Multiproof(tuple(wanted), tuple(proof), tuple(flags))

    def _place(self, index: int) -> int:
        if not 0 <= index < self.count:
            raise IndexError(index)
        return 2 * self.count - 2 - index


def root_from(start: bytes, proof: Sequence[bytes]) -> bytes:
    """The root to which a proof leads from a leaf."""
    for sibling in proof:
        start = node(start, sibling)
    return start


def root_from_many(leaves: Sequence[bytes], proof: Sequence[bytes], flags: Sequence[bool]) -> bytes:
    """The root to which leaves lead together.

    Raises:
        ValueError: lengths that are not those of one tree.
    """
    if not leaves or len(leaves) + len(proof) != len(flags) + 1 or sum(flags) != len(leaves) - 1:
        raise ValueError("leaves, proof and flags are not of one tree")
    queue = list(leaves)
    given = iter(proof)
    for both in flags:
        first = queue.pop(0)
        queue.append(node(first, queue.pop(0) if both else next(given)))
    return queue[0]


def _sibling(place: int) -> int:
    return place + 1 if place % 2 else place - 1
