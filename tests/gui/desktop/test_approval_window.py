"""The approval window with a real agent behind it and real requests on the agent's socket."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest

from agent_process import EVM, transfer
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.approval import hold
from fluxdesk.desktop.approval.window import ApprovalWindow
from fluxdesk.desktop.qt import QApplication, QLabel, Qt
from fluxdesk_host.agent.policy import Policy
from gui.desktop.agent_desk import Program, linked
from requests_to_sign import SPENDER, permit
from waiting import eventually
from windows import Run, settle


def typed(document: dict[str, Any]) -> dict[str, Any]:
    return transfer(kind="evm_typed", payload=document)


@asynccontextmanager
async def window(data: Path) -> AsyncIterator[tuple[ApprovalWindow, AgentLink, Program]]:
    async with linked(data) as link:
        made = ApprovalWindow(link, "practice")
        made.set_accounts({a.id: a for a in await link.accounts()})
        program = Program()
        try:
            yield made, link, program
        finally:
            program.close()
            made.finish()
            await settle()


async def attended(made: ApprovalWindow) -> None:
    """Until the window is before the user; where it is not, which of the ways there was not gone is told."""

    def there() -> str:
        waiting = list(made._link.waiting)
        return f"waiting {waiting}, visible {made.isVisible()}, in front {QApplication.activeWindow()}"

    await eventually(lambda: made.isVisible() and made.isActiveWindow(), said=there)


def shown(made: ApprovalWindow) -> str:
    return " ".join(label.text().replace("\u200b", "") for label in made.findChildren(QLabel) if label.isVisible())


def test_it_says_who_what_and_how_dangerous_and_shows_addresses_in_full(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, _, program):
            await program.ask(typed(permit(owner=EVM[4:], value=str(2**256 - 1))))
            await attended(made)
            said = shown(made)
            assert made._who.words == "A program that calls itself the node: dca"
            assert made.request is not None
            assert made.request.waits.reading is not None
            assert made.sentence.accessibleName() == made.request.waits.reading.sentence
            assert "(4 of 5)" in said or "(5 of 5)" in said
            assert SPENDER in said
            assert "Unlimited" in said
            assert made.approve_button.property("kind") == "danger"
            assert not made._raw.isVisible()
            made._raw_more.click()
            assert '"primaryType"' in made._raw.toPlainText()

    run(whole())


def test_nothing_hides_in_the_bytes_and_nothing_turns_them(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, _, program):
            document = permit(owner=EVM[4:], value="1")
            document["domain"]["name"] = "a\u202eb\u200bc"
            await program.ask(typed(document))
            await attended(made)
            assert "a\\u202eb\\u200bc" in made._raw.toPlainText()

    run(whole())


def test_reject_has_the_focus_and_escape_rejects(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, _, program):
            answer = await program.ask(transfer())
            await attended(made)
            assert made.reject_button.hasFocus()
            QTest.keyClick(made, Qt.Key.Key_Escape)
            assert (await answer)["code"] == "user_rejected"
            await settle(until=lambda: not made.isVisible())

    run(whole())


def test_approving_is_held_off_and_enter_never_approves(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, link, program):
            began = time.monotonic()
            answer = await program.ask(transfer())
            await attended(made)
            button = made.approve_button
            assert not button.isEnabled()
            assert " in 1." in button.text()
            button.click()
            assert len(link.waiting) == 1
            await settle(until=button.isEnabled)
            assert time.monotonic() - began >= hold.HOLD_S
            button.setFocus()
            for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                QTest.keyClick(button, key)
                QTest.keyClick(made, key)
            assert len(link.waiting) == 1
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            assert (await answer)["op"] == "signed"

    run(whole())


def test_the_next_request_is_held_off_anew(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, link, program):
            first = await program.ask(transfer(value=1))
            await attended(made)
            second_program = Program()
            second = await second_program.ask(transfer(value=2))
            await settle(until=lambda: len(link.waiting) == 2)
            assert made._count.words == "1 of 2"
            await settle(until=made.approve_button.isEnabled)
            QTest.mouseClick(made.approve_button, Qt.MouseButton.LeftButton)
            assert (await first)["op"] == "signed"
            await settle(until=lambda: made._count.words == "1 of 1")
            assert not made.approve_button.isEnabled()
            assert "(2 wei)" in shown(made)
            made.reject()
            assert (await second)["code"] == "user_rejected"
            second_program.close()

    run(whole())


def test_what_waits_dies_at_lock_and_the_window_goes(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, link, program):
            said: list[str] = []
            made.said.connect(said.append)
            answer = await program.ask(transfer())
            await attended(made)
            link.lock()
            assert (await answer)["code"] == "locked"
            await settle(until=lambda: not made.isVisible())
            assert said == ["Fluxdesk was locked."]
            assert made._raw.toPlainText() == ""
            await settle()
            assert made.accessibleDescription() == ""
            kept = [f"{n.text()} {n.toolTip()} {n.accessibleName()}" for n in made.findChildren(QLabel) if n.parent()]
            assert "0xb2b2" not in " ".join(kept).lower().replace("\u200b", "")

    run(whole())


def test_a_request_that_nobody_answers_closes_as_rejected(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with window(tmp_path) as (made, link, program):
            await link.set_policy(Policy(approval_s=5))
            answer = await program.ask(transfer())
            await attended(made)
            assert made._left.words.startswith("Closes as rejected in 0:0")
            assert (await answer)["code"] == "user_rejected"
            await settle(until=lambda: not made.isVisible())

    run(whole())


def test_another_text_than_the_bytes_cannot_be_approved(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        import msgspec

        from fluxdesk.desktop.agent_facts import Request

        async with window(tmp_path) as (made, link, program):
            await program.ask(transfer())
            await attended(made)
            true = next(iter(link.waiting.values()))
            swapped = Request(msgspec.structs.replace(true.waits, raw=true.waits.raw[:-1] + b" "), true.expires)
            link.waiting[true.waits.id] = swapped
            made._next()
            made.approve_button._until = 0.0
            made._check_code()
            assert not made.approve_button.isEnabled()
            assert "cannot be approved" in made.problem.words
            made.reject()
            await settle(until=lambda: not link.waiting)

    run(whole())


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_everything_in_it_has_a_name(run: Run, tmp_path: Path, theme: str) -> None:
    async def whole() -> None:
        from fluxdesk.desktop import theme as looks
        from fluxdesk.desktop.qt import QAbstractButton, QLineEdit, QPlainTextEdit

        looks.apply(theme)
        async with window(tmp_path) as (made, _, program):
            await program.ask(transfer())
            await attended(made)
            for kind in (QAbstractButton, QLineEdit, QPlainTextEdit):
                assert not [w for w in made.findChildren(kind) if not w.accessibleName()]
            assert "Closes" in made._left.words
            assert EVM[4:] in made.accessibleDescription()

    run(whole())
