"""The link to a real agent: started, asked, dying, coming back, ended with the desktop."""

import os
import signal
from pathlib import Path

import pytest

from agent_process import EVM, PASSPHRASE, WORDS, transfer
from fluxdesk.desktop.agent_facts import AgentState, Request
from fluxdesk.desktop.agent_link import AgentRefused
from gui.desktop.agent_desk import Program, linked
from waiting import WITHIN_S
from windows import Run, settle


def test_a_new_wallet_is_made_listed_locked_and_unlocked(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path, wallet=False) as link:
            assert not link.state.has_wallet
            assert link.state.words == "No wallet"
            words = await link.create_wallet(bytearray(b"a long passphrase"), 12, "Mine")
            assert len(words) == 12
            accounts = await link.accounts()
            assert {a.family for a in accounts} == {"evm", "solana"}
            assert all(a.signs for a in accounts)
            assert link.state.unlocked
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            assert link.state.words == "Agent locked"
            with pytest.raises(AgentRefused, match="locked"):
                await link.accounts()
            with pytest.raises(AgentRefused, match="passphrase"):
                await link.unlock(bytearray(b"another passphrase"))
            await link.unlock(bytearray(b"a long passphrase"))
            assert await link.accounts() == accounts

    run(whole())


def test_a_passphrase_is_wiped_when_it_was_sent(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path, unlock=False) as link:
            typed = bytearray(PASSPHRASE.encode())
            await link.unlock(typed)
            assert typed == bytes(len(typed))

    run(whole())


def test_restored_words_give_the_published_address_with_its_checksum(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path, wallet=False) as link:
            await link.restore(bytearray(b"a long passphrase"), bytearray(WORDS.encode()), bytearray(), "Old")
            evm = next(a for a in await link.accounts() if a.family == "evm")
            assert evm.id == EVM
            assert evm.address == "0x9858EfFD232B4033E47d90003D41EC34EcaEda94"

    run(whole())


def test_a_watched_account_needs_no_wallet_and_cannot_sign(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path, wallet=False) as link:
            await link.create_empty(bytearray(b"a long passphrase"))
            await link.watch("evm:0x" + "ab" * 20, "Whale")
            (account,) = await link.accounts()
            assert (account.label, account.signs) == ("Whale", False)

    run(whole())


def test_a_killed_agent_is_said_its_requests_die_and_it_comes_back_locked(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            program = Program()
            await program.ask(transfer())
            await settle(until=lambda: bool(link.waiting))
            states: list[AgentState] = []
            link.changed.connect(states.append)
            first = link.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await settle(until=lambda: link.state.phase == "stopped")
            assert link.state.reason == "It was ended by signal 9."
            assert not link.waiting
            assert not link.state.unlocked
            await settle(until=lambda: link.state.phase == "up")
            assert link.pid != first
            assert link.state.words == "Agent locked"
            assert [s.phase for s in states] == ["stopped", "starting", "up"]
            program.close()

    run(whole())


def test_the_agent_ends_with_its_desktop(run: Run, tmp_path: Path) -> None:
    async def whole() -> int:
        async with linked(tmp_path) as link:
            assert link.pid is not None
            return link.pid

    pid = run(whole())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_request_arrives_with_its_true_bytes_and_dies_at_lock(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            asked: list[Request] = []
            link.asked.connect(asked.append)
            program = Program()
            answer = await program.ask(transfer(value=2**200))
            await settle(until=lambda: bool(asked))
            assert asked[0].true
            reading = asked[0].waits.reading
            assert reading is not None
            assert 2**200 in {e.amount for e in reading.effects}
            link.lock()
            assert (await answer)["code"] == "locked"
            await settle(until=lambda: not link.waiting)
            program.close()

    run(whole())


def test_an_approval_signs_and_a_rejection_does_not(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            program = Program()
            answer = await program.ask(transfer())
            await settle(until=lambda: bool(link.waiting))
            await link.approve(next(iter(link.waiting.values())))
            assert (await answer)["op"] == "signed"
            assert not link.waiting
            answer = await program.ask(transfer())
            await settle(until=lambda: bool(link.waiting))
            await link.reject(next(iter(link.waiting.values())))
            assert (await answer)["code"] == "user_rejected"
            program.close()

    run(whole())


def test_nothing_secret_is_in_what_the_agent_writes(run: Run, tmp_path: Path) -> None:
    async def whole() -> str:
        async with linked(tmp_path, wallet=False) as link:
            words = await link.create_wallet(bytearray(b"a long passphrase"), 12, "Mine")
            link.lock()
            text = link.output.read_text()
            assert not [w for w in words if f" {w} " in text]
            return text

    assert "a long passphrase" not in run(whole())


def test_two_questions_at_once_both_get_their_answer(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        import asyncio

        async with linked(tmp_path) as link:
            async with asyncio.timeout(WITHIN_S):
                first, second, third = await asyncio.gather(link.accounts(), link.policy(), link.contacts())
            assert [a.family for a in first]
            assert not second.stopped
            assert third == []

    run(whole())
