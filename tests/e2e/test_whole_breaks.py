"""What a dApp sees while parts of the real whole are locked, closed, killed and started again."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import chromium
import dapp
import pytest
import pytest_asyncio
import whole
from dapp import CONNECT, SIGN_MESSAGE, asks
from whole import EVM, MAIN, REQUEST, Home

pytestmark = pytest.mark.asyncio(loop_scope="module")
HI = "0x6869"
LOCKED, GONE = 4100, 4900
NOTE = """() => {
  window.heard = [];
  for (const name of ["accountsChanged", "connect", "disconnect"]) {
    window.fluxdesk.on(name, value => window.heard.push([name, value?.code ?? value]))
  }
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any]]:
    async with whole.practising() as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(at_home: tuple[Home, Any]) -> AsyncIterator[Any]:
    """The EVM test dApp, connected, with a note of every event it is told."""
    home, context = at_home
    async with dapp.evm(home, context, EVM) as found:
        await found.evaluate(NOTE)
        yield found


async def hears(page: Any, name: str, value: object) -> None:
    """Waits for an event, and forgets all that came until now."""

    async def heard() -> bool:
        return [name, value] in await page.evaluate("window.heard")

    await whole.holds(heard)
    await page.evaluate("window.heard.length = 0")


async def signs(home: Home, page: Any) -> None:
    """The whole way works."""
    waiting = asyncio.ensure_future(asks(page, "personal_sign", HI, EVM))
    await whole.holds(lambda: waiting.done() or home.person.can_press(REQUEST, SIGN_MESSAGE))
    assert not waiting.done(), waiting.result()
    await home.person.press(REQUEST, SIGN_MESSAGE)
    assert len((await waiting)["result"]) == 132


async def test_a_lock_in_between_takes_the_accounts_and_what_waits(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    waiting = asyncio.ensure_future(asks(page, "personal_sign", HI, EVM))
    await home.person.reads(REQUEST, SIGN_MESSAGE)
    await home.person.key(MAIN, "Ctrl+L")
    assert (await waiting)["code"] == LOCKED
    await home.person.gone(REQUEST)
    await hears(page, "accountsChanged", [])
    assert await asks(page, "eth_accounts") == {"result": []}
    assert (await asks(page, "personal_sign", HI, EVM))["code"] == LOCKED
    await whole.unlock(home.person)
    await hears(page, "accountsChanged", [EVM])
    await signs(home, page)


async def test_approved_and_locked_at_once_there_is_one_answer_and_nothing_after_it(
    at_home: tuple[Home, Any], page: Any
) -> None:
    home, _ = at_home
    waiting = asyncio.ensure_future(asks(page, "personal_sign", HI, EVM))
    await whole.holds(lambda: home.person.can_press(REQUEST, SIGN_MESSAGE))
    home.person.at_once([("press", REQUEST, SIGN_MESSAGE), ("press", MAIN, "Lock")])
    answer = await waiting
    assert answer.get("code") == LOCKED or len(answer["result"]) == 132
    await home.person.reads(MAIN, "Agent locked")
    await home.person.gone(REQUEST)
    done = home.command("keys", "audit", "verify", str(home.agent / "audit.log"))
    assert done.returncode == 0, done.stdout + done.stderr
    await whole.unlock(home.person)
    await hears(page, "accountsChanged", [EVM])


async def test_with_the_desktop_closed_the_dapp_is_told_and_goes_on_when_it_is_back(
    at_home: tuple[Home, Any], page: Any
) -> None:
    home, _ = at_home
    await home.quit()
    await hears(page, "disconnect", GONE)
    assert (await asks(page, "personal_sign", HI, EVM))["code"] == GONE
    assert (await asks(page, "eth_requestAccounts"))["code"] == GONE
    assert home.processes("fluxdesk_host.agent") == []
    await home.start()
    await whole.unlock(home.person)
    assert await asks(page, "eth_requestAccounts") == {"result": [EVM]}
    await hears(page, "accountsChanged", [EVM])
    await signs(home, page)


async def test_a_desktop_that_crashes_takes_what_waits_and_the_agent_with_it(
    at_home: tuple[Home, Any], page: Any
) -> None:
    home, _ = at_home
    waiting = asyncio.ensure_future(asks(page, "personal_sign", HI, EVM))
    await home.person.reads(REQUEST, SIGN_MESSAGE)
    home.crash()
    assert (await waiting)["code"] in (LOCKED, GONE)
    await whole.holds(lambda: home.processes("fluxdesk_host.agent") == [])
    await home.start()
    await whole.unlock(home.person)
    await signs(home, page)


async def test_a_killed_agent_comes_back_locked(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    waiting = asyncio.ensure_future(asks(page, "personal_sign", HI, EVM))
    await home.person.reads(REQUEST, SIGN_MESSAGE)
    await page.evaluate("window.heard.length = 0")
    home.kill("fluxdesk_host.agent")
    assert (await waiting)["code"] == GONE
    await hears(page, "disconnect", GONE)
    await home.person.gone(REQUEST)
    await whole.unlock(home.person)
    await signs(home, page)


async def test_without_its_node_messages_are_signed_and_reads_say_what_is_missing(
    at_home: tuple[Home, Any], page: Any
) -> None:
    home, _ = at_home
    assert "result" in await asks(page, "eth_blockNumber")
    home.kill("fluxdesk node")
    refused = await asks(page, "eth_blockNumber")
    # met on its way by the node's end, or asked when nobody answers any more
    assert refused["code"] < 0 or refused["code"] == GONE
    assert "node" in refused["message"].lower()
    await signs(home, page)

    async def answers() -> bool:
        return "result" in await asks(page, "eth_blockNumber")

    await whole.holds(answers)


async def test_a_killed_bridge_is_started_again_by_the_next_question(at_home: tuple[Home, Any], tmp_path: Path) -> None:
    """On a plain page: the test dApp gives its permissions back by itself when the link ends."""
    home, context = at_home
    (tmp_path / "index.html").write_text("<!doctype html><title>A site</title>")
    with chromium.served(tmp_path) as address:
        site = await context.new_page()
        await site.goto(address)
        await site.evaluate(dapp.FIND_OURS)
        connecting = asyncio.ensure_future(asks(site, "eth_requestAccounts"))
        await home.person.press(REQUEST, CONNECT)
        assert await connecting == {"result": [EVM]}
        await site.evaluate(NOTE)
        home.kill("fluxdesk_host.bridge")
        await hears(site, "disconnect", GONE)
        await signs(home, site)
        await site.close()
