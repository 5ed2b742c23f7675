"""The agent's core, with clocks that the test turns and a disk that it stops: nothing leaves unrecorded or late."""

import asyncio
import base64
import os
import struct
import threading

import msgspec
import pytest

from agent_process import EVM, PASSPHRASE, POLICY, SHOP, transfer
from agents import Asker, TurnedClocks
from fluxdesk_host.agent import audit, owner
from fluxdesk_host.agent.approvals import NotApproved
from fluxdesk_host.agent.limits import Key
from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.agent.service import Agent
from fluxdesk_host.agent.totp import WrongCode, code
from fluxdesk_host.agent.vault import Vault, VaultBusy
from fluxdesk_host.keys.base58 import b58decode, b58encode
from fluxdesk_host.keys.curves import verify_ed25519
from fluxdesk_host.keys.eip191 import signer
from fluxdesk_host.keys.eip712 import read_typed_data
from fluxdesk_host.protocol import messages

OTHER = "0x" + "c3" * 20


def request(**more: object) -> messages.Sign:
    return msgspec.convert(transfer(**more), messages.Sign)  # type: ignore[arg-type]


async def shown(agent: Agent, asker: Asker, **more: object) -> owner.Waits:
    """A request that waits, as the owner sees it."""
    seen: list[owner.Reply] = []
    agent.said = seen.append
    agent.ask(asker, request(to=OTHER, **more))
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    return next(s for s in seen if isinstance(s, owner.Waits))


async def test_the_owner_is_told_whether_who_asks_has_shown_who_it_is(agent: Agent) -> None:
    assert not (await shown(agent, Asker(proven=False))).proven
    assert (await shown(agent, Asker(proven=True), id="another-1")).proven


class StoppedDisk:
    """fdatasync that waits until it is let go, or fails."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.go, self.began, self.full = threading.Event(), threading.Event(), False
        real = os.fdatasync

        def sync(descriptor: int) -> None:
            self.began.set()
            self.go.wait(30)
            if self.full:
                raise OSError(28, "No space left on device")
            real(descriptor)

        patch.setattr(audit.os, "fdatasync", sync)


async def test_no_signature_leaves_before_its_record_is_on_disk(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, asker = StoppedDisk(monkeypatch), Asker()
    agent.ask(asker, request())
    await asyncio.to_thread(disk.began.wait, 30)
    await asyncio.sleep(0)
    assert asker.told == []
    disk.go.set()
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Signed)


async def test_a_lock_while_the_record_is_written_keeps_the_signature_in(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, asker = StoppedDisk(monkeypatch), Asker()
    agent.ask(asker, request())
    await asyncio.to_thread(disk.began.wait, 30)
    agent.lock("now")
    disk.go.set()
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "locked"


async def test_what_could_not_be_recorded_does_not_leave_and_does_not_count(
    agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, asker = StoppedDisk(monkeypatch), Asker()
    disk.full = True
    disk.go.set()
    agent.ask(asker, request(value=500))
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "failed"
    assert agent.ledger.total(agent.time.now(), Key(EVM, None, None, "native")) == 0


async def test_many_at_once_do_not_pass_the_days_limit(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are decided before the first record is on disk."""
    disk, asker = StoppedDisk(monkeypatch), Asker()
    for nonce in range(60):
        agent.ask(asker, request(nonce=nonce))
    disk.go.set()
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    signed = [t for t in asker.told if isinstance(t, messages.Signed)]
    assert len(signed) == 1_000_000 // 21_001


async def test_a_machine_that_slept_is_locked(agent: Agent, clocks: TurnedClocks) -> None:
    clocks.pass_(60_000)
    agent.tick()
    assert agent.vault is not None
    clocks.sleep(60_000)
    agent.tick()
    assert agent.vault is None


async def test_idle_it_locks_and_an_owner_who_is_there_keeps_it_open(agent: Agent, clocks: TurnedClocks) -> None:
    clocks.pass_(899_000)
    agent.touch()
    clocks.pass_(899_000)
    agent.tick()
    assert agent.vault is not None
    clocks.pass_(1_000)
    agent.tick()
    assert agent.vault is None


async def test_a_request_runs_out_by_a_clock_that_nobody_sets(agent: Agent, clocks: TurnedClocks) -> None:
    asker = Asker()
    waits = await shown(agent, asker)
    clocks.set_wall(0)
    clocks.pass_(119_999)
    agent.tick()
    assert agent.approvals.peek(waits.id) is not None
    clocks.pass_(1)
    agent.tick()
    assert isinstance(asker.last, messages.Refused)
    with pytest.raises(NotApproved):
        agent.approve(waits.id, waits.digest, None)


async def test_an_approval_is_decided_again_when_it_is_given(agent: Agent) -> None:
    asker = Asker()
    waits = await shown(agent, asker)
    agent.standing = agent.standing.changed(
        msgspec.convert({"caps": [{"asset": "native", "amounts": {"per_transaction": 1}}]}, Policy), agent.time.now()
    )
    with pytest.raises(NotApproved, match="Cap"):
        agent.approve(waits.id, waits.digest, None)
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "policy"


async def test_above_an_amount_an_approval_needs_the_second_factor(agent: Agent, clocks: TurnedClocks) -> None:
    await agent.set_policy(msgspec.convert({"second_factor_above": {"native": 1000}}, Policy))
    asker = Asker()
    waits = await shown(agent, asker)
    assert waits.second_factor
    with pytest.raises(WrongCode, match="none is set up"):
        agent.approve(waits.id, waits.digest, None)
    assert agent.vault is not None
    secret = bytearray(b"12345678901234567890")
    agent.vault.set_totp(bytearray(secret))
    right = code(secret, clocks.wall() // 30_000)
    with pytest.raises(WrongCode, match="does not fit"):
        agent.approve(waits.id, waits.digest, "000000" if right != "000000" else "000001")
    with pytest.raises(NotApproved, match="other bytes"):
        agent.approve(waits.id, "0" * 64, right)  # and the code is not used up by it
    agent.approve(waits.id, waits.digest, right)
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Signed)


async def test_too_many_in_a_minute_put_the_allowance_on_hold_until_it_is_released(
    agent: Agent, clocks: TurnedClocks
) -> None:
    await agent.set_policy(msgspec.convert(POLICY | {"anomaly": {"count_per_minute": 2}}, Policy))
    asker = Asker()
    for nonce in range(3):
        agent.ask(asker, request(nonce=nonce))
    assert agent.standing.held == ("dca",)
    clocks.pass_(3_600_000)
    agent.ask(asker, request(nonce=4))
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert len([t for t in asker.told if isinstance(t, messages.Signed)]) == 2
    agent.touch()
    await agent.change(lambda s: s.release("dca"), "release dca")
    agent.ask(asker, request(nonce=5))
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert len([t for t in asker.told if isinstance(t, messages.Signed)]) == 3


async def test_log_and_policy_that_were_both_removed_sign_nothing_until_a_policy_is_set(agent: Agent) -> None:
    await agent.stop()
    for name in ("audit.log", "audit.head", "policy.json"):
        (agent.data / name).unlink()
    again = Agent(agent.data, agent.clocks)
    again.start()
    again.said = lambda _: None
    await again.opened(Vault.open(again.keystore, bytearray(PASSPHRASE.encode())), again.generation)
    asker = Asker()
    again.ask(asker, request())
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "failed"
    await again.set_policy(msgspec.convert(POLICY, Policy))
    again.ask(asker, request())
    assert [p.decision.reasons for p in again.approvals.all()] == [
        ("The day's sums were lost; everything asks for a day.",)
    ]
    await again.stop()


async def test_origins_made_up_without_end_reach_the_owner_and_the_log_at_a_bounded_rate(agent: Agent) -> None:
    asker = Asker()
    before = agent.audit.records if agent.audit is not None else 0
    for i in range(300):
        agent.ask(asker, request(origin=f"node:n{i}", to=OTHER))
    assert len(agent.approvals.all()) <= 40
    assert agent.audit is not None
    assert agent.audit.records - before <= 90


async def test_a_vault_that_was_locked_writes_nothing(agent: Agent) -> None:
    vault = agent.vault
    assert vault is not None
    file = agent.keystore.read_bytes()
    agent.lock("now")
    with pytest.raises(VaultBusy):
        vault.watch("evm:0x" + "11" * 20, "late")
    assert agent.keystore.read_bytes() == file


async def test_a_site_without_a_grant_gets_no_signature_and_no_window(agent: Agent) -> None:
    asker = Asker()
    agent.ask(asker, request(origin="https://app.example"))
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "unauthorized"
    assert agent.approvals.all() == []


async def test_account_chain_and_kind_have_to_belong_together(agent: Agent) -> None:
    asker = Asker()
    for more in (
        {"chain": "solana:mainnet"},
        {"kind": "solana_message", "payload": "aGk="},
        {"kind": "evm_message", "payload": "not base64"},
        {"payload": "aGk="},
    ):
        agent.ask(asker, request(**more))
        assert isinstance(asker.last, messages.Refused)
        assert asker.last.code == "malformed"
    agent.ask(asker, request(chain="eip155:137"))  # the transaction says chain 1
    assert isinstance(asker.last, messages.Refused)
    assert asker.last.code == "malformed"
    other = request()
    assert isinstance(other.payload, dict)
    other.payload["from"] = OTHER
    agent.ask(asker, other)
    assert "another sender" in getattr(asker.last, "reason", "")
    assert agent.approvals.all() == []


def a_solana_transfer(account: str, others: int = 0) -> bytes:
    """A transaction with empty signatures: one lamport from the account, which pays, `others` more have to sign."""
    me = b58decode(account.partition(":")[2])
    keys = [me, *(bytes([9 + i]) * 32 for i in range(others)), bytes(range(32)), bytes(32)]
    data = struct.pack("<IQ", 2, 1)
    move = bytes([len(keys) - 1, 2, 0, len(keys) - 2, len(data)]) + data
    message = bytes([1 + others, 0, 1, len(keys)]) + b"".join(keys) + b"\x07" * 32 + b"\x01" + move
    return bytes([1 + others]) + bytes(64 * (1 + others)) + message


async def signed_for(agent: Agent, sign: messages.Sign) -> str:
    """The result of a request that the owner approves."""
    seen: list[owner.Reply] = []
    agent.said = seen.append
    asker = Asker()
    agent.ask(asker, sign)
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    waits = next(s for s in seen if isinstance(s, owner.Waits))
    agent.approve(waits.id, waits.digest, None)
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Signed), asker.last
    return asker.last.result


@pytest.mark.parametrize("others", [0, 2])
async def test_a_solana_transaction_comes_back_with_our_signature_in_its_place(agent: Agent, others: int) -> None:
    assert agent.vault is not None
    account = next(a for a in agent.vault.accounts if a.startswith("solana:"))
    whole = a_solana_transfer(account, others)
    fields = {"kind": "solana_tx", "account": account, "chain": "solana:mainnet"}
    back = base64.b64decode(await signed_for(agent, request(**fields, payload=base64.b64encode(whole).decode())))
    message = whole[1 + 64 * (1 + others) :]
    assert back[1 + 64 * (1 + others) :] == message
    assert back[65 : 1 + 64 * (1 + others)] == bytes(64 * others)
    public = b58decode(account.partition(":")[2])
    assert verify_ed25519(public, message, back[1:65])
    alone = await signed_for(agent, request(**fields, payload=base64.b64encode(message).decode()))
    assert base64.b64decode(alone) == back[1:65]


async def test_a_solana_transaction_of_others_is_not_signed(agent: Agent) -> None:
    assert agent.vault is not None
    account = next(a for a in agent.vault.accounts if a.startswith("solana:"))
    whole = a_solana_transfer("solana:" + b58encode(b"\x05" * 32))
    asker = Asker()
    payload = base64.b64encode(whole).decode()
    agent.ask(asker, request(kind="solana_tx", account=account, chain="solana:mainnet", payload=payload))
    assert "not among those who have to sign" in getattr(asker.last, "reason", "")


async def test_a_transaction_that_is_given_as_a_message_is_refused_before_anybody_is_asked(agent: Agent) -> None:
    assert agent.vault is not None
    account = next(a for a in agent.vault.accounts if a.startswith("solana:"))
    whole = a_solana_transfer(account)
    for data in (whole, whole[65:]):
        asker = Asker()
        payload = base64.b64encode(data).decode()
        agent.ask(asker, request(kind="solana_message", account=account, chain="solana:mainnet", payload=payload))
        assert "is a whole Solana transaction" in getattr(asker.last, "reason", "")
    assert agent.approvals.all() == []


async def test_typed_data_is_signed_by_the_account_that_was_asked(agent: Agent) -> None:
    document = {
        "types": {
            "EIP712Domain": [{"name": "chainId", "type": "uint256"}],
            "Note": [{"name": "text", "type": "string"}],
        },
        "primaryType": "Note",
        "domain": {"chainId": 1},
        "message": {"text": "hello"},
    }
    result = await signed_for(agent, request(kind="evm_typed", payload=document))
    assert signer(read_typed_data(document).digest, bytes.fromhex(result[2:])).hex() == EVM[6:]


async def test_an_address_in_capitals_is_the_same_account(agent: Agent) -> None:
    asker = Asker()
    agent.ask(asker, request(account="evm:0x" + EVM[6:].upper(), to=SHOP))
    assert agent.audit is not None
    await agent.audit.flush()
    await asyncio.sleep(0)
    assert isinstance(asker.last, messages.Signed)


async def test_a_restart_gives_back_neither_a_used_code_nor_more_guesses(agent: Agent, clocks: TurnedClocks) -> None:
    assert agent.vault is not None
    secret = bytearray(b"12345678901234567890")
    right = code(secret, clocks.wall() // 30_000)
    agent.use_code(secret, right)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(4):
        with pytest.raises(WrongCode, match="does not fit"):
            agent.use_code(secret, wrong)
    await agent.stop()
    again = Agent(agent.data, clocks)
    again.start()
    with pytest.raises(WrongCode, match="used already"):
        again.use_code(secret, right)
    with pytest.raises(WrongCode, match="does not fit"):
        again.use_code(secret, wrong)
    with pytest.raises(WrongCode, match="Wait five minutes"):
        again.use_code(secret, code(secret, clocks.wall() // 30_000 + 1))
    await again.stop()


async def unlock(agent: Agent) -> None:
    await agent.opened(Vault.open(agent.keystore, bytearray(PASSPHRASE.encode())), agent.generation)


@pytest.mark.parametrize("restarted", [False, True])
async def test_an_earlier_keystore_that_was_put_back_is_told_and_recorded(
    agent: Agent, clocks: TurnedClocks, restarted: bool
) -> None:
    agent.lock("test")
    earlier = agent.keystore.read_bytes()
    await unlock(agent)
    assert agent.vault is not None
    agent.vault.set_totp(bytearray(20))
    agent.note("second factor set")
    agent.vault.watch("evm:" + OTHER, "a save that no record follows before the lock")
    agent.lock("test")
    present = agent.keystore.read_bytes()
    await unlock(agent)
    assert not agent.condition().earlier_keystore
    agent.lock("test")
    agent.keystore.write_bytes(earlier)
    if restarted:
        await agent.stop()
        agent = Agent(agent.data, clocks)
        agent.start()
    await unlock(agent)
    assert agent.condition().earlier_keystore
    assert not agent.condition().second_factor
    agent.lock("test")
    assert not agent.condition().earlier_keystore
    agent.keystore.write_bytes(present)
    await unlock(agent)
    assert agent.condition().earlier_keystore  # the log has what came after it
    await agent.stop()
    events = [entry.event for entry in audit.entries(agent.audit_path)]
    assert events.count("earlier keystore") == 2


async def test_a_keystore_that_only_the_log_does_not_know_yet_is_no_earlier_one(agent: Agent) -> None:
    assert agent.vault is not None
    agent.vault.watch("evm:" + OTHER, "saved, and then the power went")
    saved = agent.keystore.read_bytes()
    agent.vault.watch("evm:" + SHOP, "later")
    agent.lock("test")
    agent.keystore.write_bytes(saved)
    await unlock(agent)
    assert not agent.condition().earlier_keystore  # no record names this one: nothing is known of its place
