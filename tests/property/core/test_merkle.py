"""Merkle trees: every proof leads to the root, nothing else does, and npm's merkle-tree builds the same."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fluxdesk.core import merkle

CONTRACTS = Path(__file__).resolve().parents[3] / "contracts"
hashes = st.binary(min_size=32, max_size=32)
leaves = st.lists(hashes, min_size=1, max_size=70, unique=True)

PEER = """
const {SimpleMerkleTree, StandardMerkleTree} = require('@openzeppelin/merkle-tree');
const {values, some} = JSON.parse(require('fs').readFileSync(0));
const types = ['bytes32', 'uint256', 'address', 'uint256'];
const tree = StandardMerkleTree.of(values, types, {sortLeaves: false});
const many = tree.getMultiProof(some);
const published = StandardMerkleTree.of(
  [...Array(8).keys()].map(i => [i, '0x' + (i + 1).toString(16).padStart(40, '0'), 1000 * (i + 1)]),
  ['uint256', 'address', 'uint256']);
console.log(JSON.stringify({root: tree.root, proofs: values.map((_, i) => tree.getProof(i)), proof: many.proof,
  flags: many.proofFlags, order: many.leaves.map(v => Number(v[1])), published: published.root}));
"""


@given(leaves, st.data())
def test_a_proof_leads_to_the_root_from_its_leaf_alone(some: list[bytes], data: st.DataObject) -> None:
    tree = merkle.Tree(some)
    index = data.draw(st.integers(0, len(some) - 1))
    proof = tree.proof(index)
    assert merkle.root_from(some[index], proof) == tree.root
    other = data.draw(hashes.filter(lambda it: it != some[index]))
    assert merkle.root_from(other, proof) != tree.root


@given(leaves, st.data())
def test_a_multiproof_leads_to_the_root_and_shares_what_it_can(some: list[bytes], data: st.DataObject) -> None:
    tree = merkle.Tree(some)
    wanted = data.draw(st.sets(st.integers(0, len(some) - 1), min_size=1))
    many = tree.multiproof(wanted)
    assert many.indices == tuple(sorted(wanted))
    assert merkle.root_from_many([some[i] for i in many.indices], many.proof, many.flags) == tree.root
    assert len(many.proof) <= sum(len(tree.proof(i)) for i in wanted)


@given(leaves, st.lists(hashes, max_size=5), st.lists(st.booleans(), max_size=8))
def test_lengths_that_are_of_no_tree_are_refused(some: list[bytes], proof: list[bytes], flags: list[bool]) -> None:
    if len(some) + len(proof) == len(flags) + 1 and sum(flags) == len(some) - 1:
        return
    with pytest.raises(ValueError, match="not of one tree"):
        merkle.root_from_many(some, proof, flags)


def test_a_leaf_that_the_contract_could_not_hold_is_refused() -> None:
    for domain, index, account, amount in [
        (b"\0" * 31, 0, b"\0" * 20, 0),
        (b"\0" * 32, -1, b"\0" * 20, 0),
        (b"\0" * 32, 0, b"\0" * 21, 0),
        (b"\0" * 32, 0, b"\0" * 20, 1 << 256),
    ]:
        with pytest.raises(ValueError, match="a leaf is"):
            merkle.leaf(domain, index, account, amount)
    with pytest.raises(ValueError, match="at least two values"):
        merkle.leaf_of(b"\0" * 32)
    with pytest.raises(ValueError, match="at least one leaf"):
        merkle.Tree([])
    with pytest.raises(ValueError, match="each once"):
        merkle.Tree([b"\0" * 32]).multiproof([0, 0])
    with pytest.raises(IndexError):
        merkle.Tree([b"\0" * 32]).proof(1)


@pytest.mark.skipif(
    shutil.which("node") is None or not (CONTRACTS / "node_modules/@openzeppelin/merkle-tree").is_dir(),
    reason="needs Node and the packages of `make contracts`",
)
@settings(max_examples=8, deadline=None)
@given(st.integers(1, 60))
def test_the_trees_are_those_of_npms_merkle_tree(count: int) -> None:
    domain = merkle.keccak256(count.to_bytes(4))
    rows = [(i, merkle.keccak256(bytes([i]))[12:], (i + 1) * 10**18) for i in range(count)]
    some = [i for i in range(count) if i % 3 != 1] or [0]
    values = [["0x" + domain.hex(), i, "0x" + account.hex(), str(amount)] for i, account, amount in rows]
    said = json.loads(
        subprocess.run(
            ["node", "-e", PEER],
            input=json.dumps({"values": values, "some": some}),
            capture_output=True,
            text=True,
            check=True,
            cwd=CONTRACTS,
        ).stdout
    )
    tree = merkle.Tree([merkle.leaf(domain, *row) for row in rows])
    many = tree.multiproof(some)
    assert said["root"] == "0x" + tree.root.hex()
    assert said["proofs"] == [["0x" + p.hex() for p in tree.proof(i)] for i in range(count)]
    assert said["proof"] == ["0x" + p.hex() for p in many.proof]
    assert tuple(said["flags"]) == many.flags
    assert tuple(said["order"]) == many.indices
    plain = [merkle.leaf_of(i.to_bytes(32) + (i + 1).to_bytes(32) + (1000 * (i + 1)).to_bytes(32)) for i in range(8)]
    assert said["published"] == "0x" + merkle.Tree(sorted(plain)).root.hex()
    assert said["published"] == "0xc2e518eb9e139ed4a7246b137dd015e4fda6e6cc128dcef358e3a8437b22773d"
