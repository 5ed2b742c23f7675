"""What is made of the interfaces is what is committed, and the client says what the program's bytes say."""

import json
from pathlib import Path

import pytest
from solders.pubkey import Pubkey

from fluxdesk.chains.solana.programs import claim, launchpad
from fluxdesk.chains.solana.programs.proofs import Tree, leads_to, leaf
from fluxdesk.chains.solana.programs.wire import NotThis, Unencodable, pack, record
from interfaces.files import PROGRAMS, files
from interfaces.model import FIRST_ERROR, Program

MADE = files()


@pytest.mark.parametrize("path", list(MADE), ids=lambda path: path.name)
def test_the_committed_file_is_current(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == MADE[path], "run `python -m interfaces` in contracts/solana"


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda p: p.name)
def test_the_idl_names_everything_once(program: Program) -> None:
    idl = json.loads(next(text for path, text in MADE.items() if path.stem == program.name))
    assert idl["metadata"]["spec"] == "0.1.0"
    for part in ("instructions", "accounts", "events", "errors", "types"):
        names = [one["name"] for one in idl[part]]
        assert len(names) == len(set(names))
    marks = [tuple(one["discriminator"]) for part in ("instructions", "accounts", "events") for one in idl[part]]
    assert len(marks) == len(set(marks))
    assert [e["code"] for e in idl["errors"]] == list(range(FIRST_ERROR, FIRST_ERROR + len(idl["errors"])))


def test_discriminators_are_anchors() -> None:
    """Against those of pump.fun's published IDL, whose names the practice launchpad shares."""
    assert launchpad.CALLS[bytes([102, 6, 61, 18, 1, 218, 235, 234])] == "buy"
    assert launchpad.CALLS[bytes([51, 230, 133, 164, 1, 127, 131, 173])] == "sell"
    assert launchpad.CALLS[bytes([24, 30, 200, 40, 5, 28, 7, 119])] == "create"
    curve = next(r for r in PROGRAMS["launchpad"].accounts if r.name == "BondingCurve")
    assert list(curve.discriminator) == [23, 183, 248, 55, 96, 216, 172, 96]


def test_every_error_has_its_sentence() -> None:
    assert set(claim.SENTENCES) == set(claim.Error)
    assert all(text.endswith(".") for text in claim.SENTENCES.values())


def test_values_that_do_not_fit_are_refused_before_they_are_sent() -> None:
    for kind, value in (("u64", 2**64), ("u64", -1), ("u8", 256), ("i64", 2**63), ("hash", b"short")):
        with pytest.raises(Unencodable):
            pack(kind, value)


def test_bytes_of_something_else_are_not_read() -> None:
    key = bytes(Pubkey.new_unique())
    mark = next(mark for mark, name in claim.EVENTS.items() if name == "DistributionClosed")
    assert claim.DistributionClosed.decode(mark + key).distribution == Pubkey(key)
    for data in (b"", mark, mark + key[:-1], mark + key + b"\0", bytes(8) + key):
        with pytest.raises(NotThis):
            claim.DistributionClosed.decode(data)
    with pytest.raises(NotThis):
        record(mark + b"\xff\xff\xff\xff", mark, ("vec:pubkey",))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 100])
def test_every_leaf_of_a_tree_leads_to_its_root_and_no_other_does(count: int) -> None:
    leaves = [leaf(bytes(32), i.to_bytes(32, "big"), i) for i in range(count)]
    tree = Tree(leaves)
    for i, one in enumerate(leaves):
        assert leads_to(tree.root, one, tree.proof(i))
        assert len(tree.proof(i)) <= tree.depth
        assert not leads_to(tree.root, leaf(bytes(32), i.to_bytes(32, "big"), i + 1), tree.proof(i))
    with pytest.raises(IndexError):
        tree.proof(count)
