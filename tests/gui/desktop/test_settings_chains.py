"""Chains in the settings with a real live node over a real anvil: health, trying out, refusing, removing."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from fluxdesk.core.settings import Settings
from fluxdesk.desktop.qt import QAbstractButton, QLabel
from fluxdesk.desktop.screens.settings.screen import SettingsScreen
from fluxdesk.desktop.theme import dress
from fluxdesk.desktop.wallet_node import WalletNode
from fluxdesk.desktop.widgets.basics import Label
from integration.nodes import RunningNode
from integration.servers import ANVIL, Anvil
from integration.wallets import live_node
from needs import tool
from windows import Run, settle

LOCAL, DEAD = "eip155:31337", "eip155:100 http://127.0.0.1:9/averysecretkey123"
ADDED = ("31337 Local EVM ETH test", "100 Gnosis xDAI")


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        yield server


@pytest.fixture(scope="module")
def lines(chain: Anvil) -> tuple[str, ...]:
    return (f"{LOCAL} {chain.rpc_url}/?key=averysecretkey123", DEAD)


@pytest.fixture(scope="module")
def node(lines: tuple[str, ...]) -> Iterator[RunningNode]:
    with live_node(lines, ADDED) as started:
        yield started


@asynccontextmanager
async def screen(node: RunningNode, lines: tuple[str, ...]) -> AsyncIterator[tuple[SettingsScreen, dict[str, object]]]:
    made, client = SettingsScreen(), WalletNode(node.socket)
    dress(made)
    made.resize(1100, 800)
    saved: dict[str, object] = {"chain_rpc": lines, "chains_added": ADDED}
    made.show_settings(Settings(saved), "")  # type: ignore[arg-type]
    made.edited.connect(saved.__setitem__)
    made.set_node(client)
    made.show()
    try:
        yield made, saved
    finally:
        made.set_node(None)
        made.close()
        made.deleteLater()
        await settle()
        await client.close()


def texts(made: SettingsScreen) -> str:
    found = made.chains.findChildren(QLabel)
    return " ".join(label.words if isinstance(label, Label) else label.text() for label in found)


def button(made: SettingsScreen, tip: str) -> QAbstractButton:
    return next(b for b in made.chains.findChildren(QAbstractButton) if b.toolTip() == tip)


def test_every_endpoint_says_how_it_is_and_never_its_key(run: Run, node: RunningNode, lines: tuple[str, ...]) -> None:
    async def whole() -> None:
        async with screen(node, lines) as (made, _):
            await settle(until=lambda: "not asked yet" in texts(made))
            made.chains.ask_button.click()
            await settle(until=lambda: "answers ·" in texts(made))
            said = texts(made)
            assert "does not answer" in said
            assert "averysecretkey123" not in said
            assert "Local EVM" in said and "coins worth nothing" in said

    run(whole())


def test_an_endpoint_of_another_chain_is_refused_and_that_is_said(
    run: Run, node: RunningNode, lines: tuple[str, ...], chain: Anvil
) -> None:
    async def whole() -> None:
        async with screen(node, lines) as (made, saved):
            chains = made.chains
            chains.chain_box.setCurrentIndex(chains.chain_box.findData("eip155:1"))
            chains.url.setText(chain.rpc_url)
            chains.add_button.click()
            await settle(until=lambda: chains.message.words.startswith("Refused"))
            assert "31,337" in chains.message.words
            assert saved["chain_rpc"] == lines
            assert not chains.save_button.isVisible()

    run(whole())


def test_one_that_serves_the_chain_is_saved_and_one_that_is_away_only_when_asked_for(
    run: Run, node: RunningNode, lines: tuple[str, ...], chain: Anvil
) -> None:
    async def whole() -> None:
        async with screen(node, lines) as (made, saved):
            chains = made.chains
            chains.chain_box.setCurrentIndex(chains.chain_box.findData(LOCAL))
            chains.url.setText(chain.rpc_url + "/?key=secondsecret")
            chains.add_button.click()
            await settle(until=lambda: saved["chain_rpc"] != lines)
            assert saved["chain_rpc"] == (*lines, f"{LOCAL} {chain.rpc_url}/?key=secondsecret")
            assert "Saved" in chains.message.words
            chains.url.setText("http://127.0.0.1:9")
            chains.add_button.click()
            await settle(until=chains.save_button.isVisible)
            assert f"{LOCAL} http://127.0.0.1:9" not in str(saved["chain_rpc"])
            chains.save_button.click()
            assert f"{LOCAL} http://127.0.0.1:9" in str(saved["chain_rpc"])

    run(whole())


def test_an_added_chain_is_held_to_its_number_and_goes_with_its_endpoints(
    run: Run, node: RunningNode, lines: tuple[str, ...], chain: Anvil
) -> None:
    async def whole() -> None:
        async with screen(node, lines) as (made, saved):
            chains = made.chains
            chains.chain_box.setCurrentIndex(chains.chain_box.findData(""))
            chains._chosen()
            chains.number.setText("1")
            chains.name.setText("Mine")
            chains.symbol.setText("M")
            chains.url.setText(chain.rpc_url)
            chains.add_button.click()
            assert "already known" in chains.message.words
            chains.number.setText("5001")
            chains.add_button.click()
            await settle(until=lambda: chains.message.words.startswith("Refused"))
            assert saved["chains_added"] == ADDED
            button(made, "Remove the chain Gnosis").click()
            assert saved["chains_added"] == ADDED[:1]
            assert saved["chain_rpc"] == lines[:1]

    run(whole())
