"""Accounts, address book, discovery, moving to fresh keys: real agent, real practice node where chains are asked."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from solders.keypair import Keypair

from agent_process import EVM, PASSPHRASE, WORDS
from fluxdesk.desktop.agent_facts import Request
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.qt import QAbstractButton, QGuiApplication, QLineEdit, QPlainTextEdit
from fluxdesk.desktop.screens.wallet.accounts import Accounts
from fluxdesk.desktop.theme import dress
from fluxdesk_host.keys import keystore_v3
from fluxdesk_host.keys.secret import Secret
from gui.desktop.agent_desk import linked
from gui.desktop.wallet_desk import SOL, SOLANA, texts, wallet
from integration.nodes import RunningNode, practice_node
from windows import Run, settle

KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
KEY_ADDRESS = "evm:0x2c7536e3605d9c16a7a3d7b1898e529396a65c23"
FRIEND = "0x8ba1f109551bD432803012645Ac136ddd64DBA72"


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with practice_node(31) as started:
        yield started


@asynccontextmanager
async def page(data: Path) -> AsyncIterator[tuple[Accounts, AgentLink]]:
    async with linked(data) as link:
        made = Accounts()
        dress(made)
        made.resize(1000, 760)
        made.set_link(link)
        made.show()
        made.refresh()
        await settle(until=lambda: len(made.accounts) == 2 and len(made.wallets) == 1)
        try:
            yield made, link
        finally:
            made.close()
            made.deleteLater()
            await settle()


def press(made: Accounts, tip: str) -> None:
    next(b for b in made.findChildren(QAbstractButton) if b.toolTip() == tip).click()


def test_an_account_is_renamed(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            press(made, "Give Test, evm another name")
            assert made.rename.label.text() == "Test, evm"
            made.rename.label.setText(" Savings ")
            made.rename.go_button.click()
            await settle(until=lambda: "Savings" in texts(made))
            assert {a.label for a in await link.accounts()} == {"Savings", "Test, solana"}
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            await link.unlock(bytearray(PASSPHRASE.encode()))
            assert "Savings" in {a.label for a in await link.accounts()}, "it is in the keystore"

    run(whole())


@pytest.mark.parametrize(("form", "place"), [("evm", 0), ("solana", 1), ("file", 2)])
def test_a_key_of_another_program_is_imported(run: Run, tmp_path: Path, form: str, place: int) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, _):
            pair = Keypair()
            file = tmp_path / "key.json"
            if form == "evm":
                file.write_text("0x" + KEY + "\n")
            elif form == "solana":
                file.write_text(json.dumps(list(bytes(pair))))
            else:
                with Secret(bytearray.fromhex(KEY)) as key:
                    file.write_text(keystore_v3.encrypt(key, "secret of the file"))
            made.import_button.click()
            made.importing.form.choose(place)
            made.importing.form.chosen.emit(place)
            made.importing.read(file)
            if form == "file":
                made.importing.password.setText("wrong")
                made.importing.go_button.click()
                await settle(until=lambda: bool(made.importing.problem.words))
                made.importing.password.setText("secret of the file")
            made.importing.label.setText("Old key")
            made.importing.go_button.click()
            await settle(until=lambda: len(made.accounts) == 3)
            account = f"solana:{pair.pubkey()}" if form == "solana" else KEY_ADDRESS
            assert account in {a.id for a in made.accounts}
            assert "Imported and watched" in texts(made)
            assert not made.importing.text.toPlainText()

    run(whole())


def test_what_is_no_key_is_said_and_nothing_of_it_repeated(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path / "agent") as (made, link):
            made.import_button.click()
            made.importing.text.setPlainText(KEY[:-2])
            made.importing.go_button.click()
            await settle(until=lambda: bool(made.importing.problem.words))
            assert KEY[:10] not in made.importing.problem.words
            large = tmp_path / "large"
            large.write_bytes(b"0" * 100_000)
            made.importing.read(large)
            assert "too large" in made.importing.problem.words
            made.importing.read(tmp_path / "none")
            assert "none" in made.importing.problem.words
            assert len(await link.accounts()) == 2

    run(whole())


def test_one_more_wallet_has_words_of_its_own_which_are_tried(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            made.more_button.click()
            form = made.more.form
            form.label.setText("Second")
            form.passphrase.setText("wrong wrong wrong")
            form.go_button.click()
            await settle(until=lambda: "does not open" in form.problem.words)
            form.passphrase.setText(PASSPHRASE)
            form.go_button.click()
            await settle(until=lambda: made.more.currentIndex() == 1)
            words = list(made.more._words)
            assert len(words) == 12
            assert words[0] not in QGuiApplication.clipboard().text()
            made.more.show_words.show_button.click()
            made.more.show_words.next_button.click()
            for place, field in made.more.ask_words.fields.items():
                field.setText(words[place])
            made.more.ask_words.check_button.click()
            await settle(until=lambda: len(made.accounts) == 4 and len(made.wallets) == 2)
            assert [w.tried for w in await link.wallets()] == [False, True]
            assert not made.more._words

    run(whole())


def test_a_lock_empties_every_form(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, _):
            made.import_button.click()
            made.importing.text.setPlainText(KEY)
            made.more.form.mnemonic.setPlainText(WORDS)
            made.book.name.setText("Ann")
            made.forget()
            assert not [f.text() for f in made.findChildren(QLineEdit) if f.text()]
            assert not [f.toPlainText() for f in made.findChildren(QPlainTextEdit) if f.toPlainText()]

    run(whole())


def test_contacts_are_added_changed_found_and_removed(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            book = made.book
            made.show_part(1)
            book.name.setText("Shop")
            book.address.setText(FRIEND.replace("b", "B", 1))
            book.add_button.click()
            assert "EIP-55" in book.problem.words
            book.address.setText(FRIEND.lower())
            book.add_button.click()
            await settle(until=lambda: len(book.contacts) == 1)
            assert book.contacts[0].address == FRIEND, "with its checksum"
            assert FRIEND in texts(book)
            book.name.setText("shop")
            book.address.setText(str(Keypair().pubkey()))
            book.add_button.click()
            await settle(until=lambda: "of this name" in book.problem.words)
            book.name.setText("Other")
            book.address.setText(FRIEND)
            book.add_button.click()
            await settle(until=lambda: "in the address book already" in book.problem.words)
            press(made, "Change name or note of Shop")
            assert not book.address.isEnabled()
            book.name.setText("The shop")
            book.note.setText("monthly")
            book.add_button.click()
            await settle(until=lambda: [(c.label, c.note) for c in book.contacts] == [("The shop", "monthly")])
            link.lock()
            await settle(until=lambda: not link.state.unlocked)
            await link.unlock(bytearray(PASSPHRASE.encode()))
            assert [c.label for c in await link.contacts()] == ["The shop"]
            found = await link.check_recipient("evm:" + FRIEND)
            assert (found.kind, found.label) == ("contact", "The shop")
            press(made, "Remove The shop from the address book")
            await settle(until=lambda: not book.contacts)

    run(whole())


def test_a_contact_that_looks_like_another_is_said_while_it_is_typed(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with page(tmp_path) as (made, link):
            await link.add_contact("evm:" + FRIEND, "Shop")
            book = made.book
            made.show_part(1)
            book.address.setText("0x8ba1" + "1" * 32 + "ba72")
            await settle(until=lambda: "Looks like your contact Shop" in book.problem.words)
            assert FRIEND in book.problem.words
            own = EVM.partition(":")[2]
            book.address.setText(own[:8] + "0" * 28 + own[-6:])
            await settle(until=lambda: "Looks like your account Test, evm" in book.problem.words)

    run(whole())


def test_used_accounts_of_restored_words_are_found_on_every_kind_of_path(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, link, joined):
            (held,) = await link.wallets()
            ours = await link.discover(held.id, "solana", 0, 20)
            bare = await link.discover(held.id, "solana_bare", 0, 20)
            far = await link.discover(held.id, "solana", 20, 20)
            for found in (ours[3], bare[1], far[2]):
                await joined.wallet.fund(SOLANA, found.account.partition(":")[2])
            accounts = made.accounts
            accounts.discover_button.click()
            await settle(until=lambda: accounts.discover.go_button.isEnabled())
            said: list[str] = []
            accounts.said.connect(said.append)
            accounts.discover.go_button.click()
            await settle(until=lambda: bool(said) or bool(accounts.discover.problem.words), seconds=240)
            assert accounts.discover.problem.words == ""
            there = {a.id: a.path for a in await link.accounts()}
            assert there[ours[3].account] == "m/44'/501'/3'/0'"
            assert there[bare[1].account] == "m/44'/501'/1'"
            assert there[far[2].account] == "m/44'/501'/22'/0'", "nineteen unused ones lie before it"
            assert "2 in use of 60 looked at" in accounts.discover.results.words
            assert said == ["3 accounts were added."]

    run(whole())


async def approve_next(link: AgentLink, done: set[str]) -> Request:
    await settle(until=lambda: bool(set(link.waiting) - done))
    request = next(r for i, r in link.waiting.items() if i not in done)
    done.add(request.waits.id)
    await link.approve(request)
    return request


def test_everything_is_moved_to_a_fresh_account_and_a_move_that_was_refused_goes_on(
    run: Run, tmp_path: Path, node: RunningNode
) -> None:
    async def whole() -> None:
        async with wallet(tmp_path, node.socket) as (made, link, joined):
            source = next(a for a in await link.accounts() if a.family == "solana")
            await joined.wallet.fund(SOLANA, source.address)
            (before,) = (await joined.wallet.balances(SOLANA, [source.address])).items
            accounts, rotation = made.accounts, made.accounts.rotation
            await settle(until=lambda: bool(accounts.accounts))
            accounts.show_part(2)
            rotation.source.setCurrentIndex(rotation.source.findData(source.id))
            rotation.fresh_button.click()
            await settle(until=lambda: rotation.target.currentText().startswith("Fresh 1"))
            target = str(rotation.target.currentData()).partition(":")[2]
            rotation.read_button.click()
            await settle(until=lambda: bool(rotation.steps))
            assert [s.state for s in rotation.steps if s.holding.native and not s.holding.empty] == ["left"]
            rotation.go_button.click()
            await settle(until=lambda: bool(link.waiting) or not rotation.moving)
            assert link.waiting, ([(s.state, s.reason) for s in rotation.steps], link.output.read_text())
            (request,) = link.waiting.values()
            await link.reject(request)
            await settle(until=lambda: not rotation.moving)
            assert [s.state for s in rotation.steps if s.state == "failed"] == ["failed"]
            assert (await joined.wallet.balances(SOLANA, [source.address])).items == [before]
            rotation.go_button.click()
            await approve_next(link, {request.waits.id})
            await settle(until=lambda: not rotation.moving)
            assert "moved" in {s.state for s in rotation.steps}
            (left, there) = (await joined.wallet.balances(SOLANA, [source.address, target])).items
            assert int(left.native_base or 0) == 0
            assert int(there.native_base or 0) == int(before.native_base or 0) - 5_000
            assert int(there.native_base or 0) > SOL
            rotation.read_button.click()
            await settle(until=lambda: all(s.state != "left" for s in rotation.steps))
            assert not rotation.go_button.isEnabled()

    run(whole())
