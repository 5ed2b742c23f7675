"""Moving to fresh keys, the steps: a payment that never arrives keeps neither the rest nor the user waiting."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from fluxdesk.desktop.screens.wallet import rotation_steps
from fluxdesk.desktop.screens.wallet.rotation_steps import Step, move


class Node:
    """Says of each chain in `stuck` that its token is on its way, for ever."""

    def __init__(self, *stuck: str) -> None:
        self.stuck, self.looks, self.read = stuck, 0, list[str]()

    async def sends(self, limit: int) -> Any:
        return SimpleNamespace(items=[self._sending(chain) for chain in self.stuck])

    async def send(self, identifier: str) -> Any:
        self.looks += 1
        return self._sending(identifier)

    async def balances(self, chain: str, accounts: list[str], tokens: list[str]) -> Any:
        self.read.append(chain)
        return SimpleNamespace(items=[], symbol="ETH", decimals=18)

    def _sending(self, chain: str) -> Any:
        return SimpleNamespace(id=chain, chain=chain, account="0xAA", asset="0x11", state="sending")


def step(chain: str, native: bool = False) -> Step:
    account = SimpleNamespace(id="evm:0xaa", address="0xaa", family="evm", label="A")
    where = SimpleNamespace(id=chain, family="evm", symbol="ETH", name=chain, decimals=18)
    held: Any = SimpleNamespace(
        account=account, chain=where, asset="native" if native else "0x11", native=native, amount_base="5",
        empty=False, frozen=False, problem="",
    )  # fmt: skip
    return Step(held)


def moved(node: Any, steps: list[Step], going: Any) -> None:
    other: Any = SimpleNamespace(id="evm:0xbb", address="0xbb")
    link: Any = None
    asyncio.run(asyncio.wait_for(move(link, node, steps, other, lambda _: [], lambda _: None, going), 5))


def test_what_never_arrives_is_not_paid_twice_and_does_not_keep_other_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation_steps, "LOOK_S", 0.0)
    monkeypatch.setattr(rotation_steps, "WAIT_S", 0.05)
    node, steps = Node("eip155:1"), [step("eip155:1"), step("eip155:2"), step("eip155:1", native=True)]
    moved(node, steps, lambda: True)
    assert node.looks > 0
    assert (steps[0].state, steps[2].state) == ("sending", "left"), "the coin stays for the fees"
    assert node.read == ["eip155:2"], "the next chain had its turn, and nothing was made on the one that is stuck"


def test_a_stop_ends_the_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation_steps, "LOOK_S", 0.0)
    node, steps = Node("eip155:1"), [step("eip155:1"), step("eip155:2")]
    moved(node, steps, lambda: node.looks < 3)
    assert [s.state for s in steps] == ["sending", "left"]
    assert node.read == []
