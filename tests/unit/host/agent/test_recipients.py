"""Look-alikes, known-bad addresses, first contacts, in the real core: shown to the owner, covered by no allowance."""

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent_process import EVM, POLICY, SHOP, transfer
from agents import Asker, TurnedClocks
from fluxdesk_host.agent import known_bad, owner
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.audit import entries
from fluxdesk_host.agent.limits import Ledger
from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.agent.recipients import REASONS
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.vault import Contact
from fluxdesk_host.protocol import messages
from fluxdesk_host.signing.reading import Danger

ROOT = Path(__file__).resolve().parents[4]
FRIEND = "0x8ba1f109551bd432803012645ac136ddd64dba72"
POISON = "0x8ba1" + "1" * 32 + "ba72"
TOKEN = "0x" + "d4" * 20
ANY_KNOWN = json.loads(json.dumps(POLICY))
ANY_KNOWN["allowances"][0] |= {"recipients": None, "danger": 3, "methods": ["native_out", "token_out"]}
ANY_KNOWN["allowances"][0]["assets"]["token:" + TOKEN] = {}
ANY_KNOWN["cooldown_s"] = 0


def listing(*recipients: str, **more: Any) -> Policy:
    policy = json.loads(json.dumps(POLICY))
    policy["allowances"][0] |= {"recipients": list(recipients), "danger": 3, **more}
    return msgspec.convert(policy, Policy)


async def asks(agent: Agent, **request: Any) -> "owner.Waits | messages.FromAgent":
    """What becomes of a request: how the owner sees it, or what the asker is told."""
    seen: list[owner.Reply] = []
    asker = Asker()
    agent.said = seen.append
    agent.ask(asker, msgspec.convert(transfer(**request), messages.Sign))
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    return next((s for s in seen if isinstance(s, owner.Waits)), None) or asker.told[0]


def codes(found: "owner.Waits | messages.FromAgent") -> set[str]:
    assert isinstance(found, owner.Waits), found
    assert found.reading is not None
    return {r.code for r in found.reading.reasons}


def token_transfer(to: str, amount: int) -> dict[str, Any]:
    data = "0xa9059cbb" + to[2:].rjust(64, "0") + f"{amount:064x}"
    payload: dict[str, Any] = transfer()["payload"] | {"to": TOKEN, "value": "0x0", "data": data}
    return payload


def later(agent: Agent) -> None:
    """A day, after which what was loosened counts; the owner was there."""
    assert isinstance(agent.clocks, TurnedClocks)
    agent.clocks.pass_(90_000_000)
    agent.touch()


async def befriend(agent: Agent, address: str = FRIEND, label: str = "Shop") -> None:
    assert agent.vault is not None
    agent.vault.set_contact(f"evm:{address}", Contact(label))
    agent.know()


async def test_one_that_looks_like_a_contact_is_said_with_both_addresses(agent: Agent) -> None:
    await befriend(agent)
    found = await asks(agent, to=POISON)
    assert codes(found) >= {"look-alike", "first-contact"}
    assert isinstance(found, owner.Waits)
    assert found.reading is not None
    assert found.reading.danger == Danger.HIGH
    said = next(r.text for r in found.reading.reasons if r.code == "look-alike")
    assert "your contact Shop" in said
    assert "0x8ba1f109551bD432803012645Ac136ddd64DBA72" in said, "in full, with its checksum"


async def test_no_allowance_covers_a_look_alike_even_one_that_lists_it(agent: Agent) -> None:
    """INVARIANT: an address made to look like a known one is never reached without the owner."""
    await agent.set_policy(listing(POISON, FRIEND, SHOP))
    later(agent)
    assert isinstance(await asks(agent, to=POISON), messages.Signed), "nobody it resembles is known yet"
    await befriend(agent)
    found = await asks(agent, to=POISON)
    assert "look-alike" in codes(found)
    assert isinstance(await asks(agent, to=FRIEND), messages.Signed)


async def test_one_that_looks_like_an_own_account_or_a_past_recipient_is_found(agent: Agent) -> None:
    own = EVM[4:]
    assert "look-alike" in codes(await asks(agent, to=own[:8] + "0" * 28 + own[-6:]))
    assert isinstance(await asks(agent, to=SHOP), messages.Signed)
    found = await asks(agent, to=SHOP[:8] + "0" * 28 + SHOP[-6:])
    assert "look-alike" in codes(found)
    assert isinstance(found, owner.Waits)
    assert found.reading is not None
    assert any("you signed for it before" in r.text for r in found.reading.reasons)


@pytest.mark.parametrize("how", ["coin", "token"])
async def test_sending_nothing_makes_nobody_known(agent: Agent, how: str) -> None:
    """Poisoning begins with a transfer of nothing: after it the address is as new as before."""

    def of(amount: int) -> dict[str, Any]:
        return {"to": FRIEND, "value": amount} if how == "coin" else {"payload": token_transfer(FRIEND, amount)}

    found = await asks(agent, **of(0))
    assert isinstance(found, owner.Waits)
    agent.approve(found.id, found.digest, None)
    assert agent.ledger.known_since(EVM, "eip155:1", FRIEND) is None
    assert agent.recipients.of(f"evm:{FRIEND}").kind == "new"
    found = await asks(agent, **of(1))
    assert "first-contact" in codes(found)
    assert isinstance(found, owner.Waits)
    agent.approve(found.id, found.digest, None)
    assert agent.recipients.of(f"evm:{FRIEND}").kind == "sent"
    assert "first-contact" not in codes(await asks(agent, **of(1)))


async def test_a_token_sent_to_a_look_alike_is_found_too(agent: Agent) -> None:
    await befriend(agent)
    await agent.set_policy(msgspec.convert(ANY_KNOWN, Policy))
    later(agent)
    assert "look-alike" in codes(await asks(agent, payload=token_transfer(POISON, 5)))


async def test_a_known_bad_address_is_the_highest_danger_wherever_it_stands(agent: Agent) -> None:
    """INVARIANT: no allowance covers a request that reaches an address of the list, and the owner is told its date."""
    await agent.set_policy(listing(FRIEND, SHOP))
    later(agent)
    assert isinstance(await asks(agent, to=FRIEND), messages.Signed)
    known_bad.store(agent.data, [known_bad.Entry(f"evm:{FRIEND}", "drains approvals")], "2026-11-02", "test")
    agent.tick()
    found = await asks(agent, to=FRIEND)
    assert "known-bad" in codes(found)
    assert isinstance(found, owner.Waits)
    assert found.reading is not None
    assert found.reading.danger == Danger.ALL
    assert any("of 2026-11-02: drains approvals." in r.text for r in found.reading.reasons)
    approve = "0x095ea7b3" + FRIEND[2:].rjust(64, "0") + f"{5:064x}"
    spender = transfer()["payload"] | {"to": TOKEN, "value": "0x0", "data": approve}
    assert "known-bad" in codes(await asks(agent, payload=spender)), "as a spender"
    called = transfer()["payload"] | {"to": FRIEND, "value": "0x0", "data": "0x12345678"}
    assert "known-bad" in codes(await asks(agent, payload=called)), "as a contract that is called"


async def test_a_list_that_comes_while_a_request_waits_is_looked_at_before_it_is_signed(agent: Agent) -> None:
    found = await asks(agent, to=FRIEND)
    assert isinstance(found, owner.Waits)
    known_bad.store(agent.data, [known_bad.Entry(f"evm:{FRIEND}")], "2026-11-02", "test")
    agent.tick()
    with pytest.raises(NotApproved, match="known by now"):
        agent.approve(found.id, found.digest, None)
    assert "signed" not in [e.event for e in entries(agent.audit_path)]


async def test_the_book_is_in_nothing_that_is_logged_or_said_to_a_site(agent: Agent) -> None:
    """INVARIANT: contacts leave the agent on the owner's channel alone."""
    await befriend(agent, label="Aunt Agatha")
    asker = Asker()
    agent.said = None
    agent.ask(asker, msgspec.convert(transfer(to=POISON), messages.Sign))
    assert agent.audit is not None
    await agent.audit.flush()
    assert isinstance(asker.told[0], messages.Refused)
    assert "Agatha" not in asker.told[0].reason
    for file in agent.data.iterdir():
        assert b"Agatha" not in file.read_bytes(), file.name
        assert FRIEND.encode() not in file.read_bytes().lower(), file.name


async def test_locked_it_knows_no_contact(agent: Agent) -> None:
    await befriend(agent)
    agent.lock("now")
    assert agent.recipients.of(f"evm:{FRIEND}").kind == "new"
    assert agent.recipients.of(f"evm:{POISON}").alike == ()


def test_many_recipients_are_judged_without_comparing_each_with_each() -> None:
    """A strategy that pays ten thousand: the work for one more does not grow with them."""
    import random

    from fluxdesk_host.agent.audit import Spend
    from fluxdesk_host.agent.known_bad import KnownBad
    from fluxdesk_host.agent.recipients import Recipients
    from fluxdesk_host.keys import lookalike

    draw, ledger = random.Random(1), Ledger()
    compared = 0
    real = lookalike.alike

    def counted(one: str, other: str) -> bool:
        nonlocal compared
        compared += 1
        return real(one, other)

    recipients = Recipients(ledger, KnownBad(Path("none")))
    lookalike.alike = counted
    try:
        for n in range(10_000):
            to = "0x" + draw.randbytes(20).hex()
            ledger.add(n, EVM, "node:dca", "eip155:1", [Spend("native", "native_out", to, 1)])
            if n % 100 == 0:
                recipients.of("evm:0x" + draw.randbytes(20).hex())
    finally:
        lookalike.alike = real
    assert compared < 100 * 20


def test_every_reason_is_documented() -> None:
    text = (ROOT / "docs" / "agent.md").read_text(encoding="utf-8")
    for code, (danger, words) in REASONS.items():
        assert f"| `{code}` | {int(danger)} | {words} |" in text, code
