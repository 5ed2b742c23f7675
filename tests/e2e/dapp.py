"""What tests say to MetaMask's test dApps, which are unmodified."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import chromium
from chromium import WITHIN_MS
from whole import REQUEST, Home

CONNECT, SIGN_MESSAGE, SIGN_TRANSACTION = "Connect the site", "Sign the message", "Sign the transaction"

FIND_OURS = """() => {
  window.addEventListener("eip6963:announceProvider", event => {
    if (event.detail.info.rdns === "io.fluxdesk") window.fluxdesk = event.detail.provider
  });
  window.dispatchEvent(new Event("eip6963:requestProvider"))
}"""
_ASK = """async ([method, params]) => {
  try { return { result: await window.fluxdesk.request({ method, params }) } }
  catch (error) { return { code: error.code, message: error.message } }
}"""


async def press(page: Any, name: str) -> None:
    """One of its buttons, once it is enabled. Many lie outside the window, so the page is asked for the click."""
    await page.locator(f"#{name}:enabled").wait_for(state="attached", timeout=WITHIN_MS)
    await page.evaluate("name => document.getElementById(name).click()", name)


async def shows(page: Any, name: str, text: str) -> None:
    """Waits until one of its fields holds a text."""
    await page.locator(f"#{name}", has_text=text).wait_for(timeout=WITHIN_MS)


async def asks(page: Any, method: str, *params: object) -> dict[str, Any]:
    """The answer, or code and message of the refusal, of our provider in its page."""
    answer: dict[str, Any] = await page.evaluate(_ASK, [method, list(params)])
    return answer


@contextlib.asynccontextmanager
async def evm(home: Home, context: Any, account: str) -> AsyncIterator[Any]:
    """The EVM test dApp, connected with a yes in the desktop."""
    with chromium.served(chromium.dapp("metamask-test-dapp")) as address:
        page = await context.new_page()
        await page.goto(address, wait_until="domcontentloaded", timeout=3 * WITHIN_MS)
        await page.locator("#activeProviderName", has_text="Fluxdesk").wait_for(timeout=2 * WITHIN_MS)
        await page.evaluate(FIND_OURS)
        await press(page, "connectButton")
        await home.person.reads(REQUEST, address.rstrip("/").removeprefix("http://"))
        await home.person.press(REQUEST, CONNECT)
        await shows(page, "accounts", account)
        yield page
        await page.close()


def named(page: Any, name: str) -> Any:
    """A part of the Solana test dApp."""
    return page.locator(f'[data-testid="testpage.{name}"]').first


async def click(page: Any, name: str) -> None:
    """As `press`, in the Solana test dApp, once the button is enabled."""
    await named(page, name).click(timeout=WITHIN_MS)


@contextlib.asynccontextmanager
async def solana(home: Home, context: Any, endpoint: str) -> AsyncIterator[Any]:
    """The Solana test dApp at an RPC endpoint, connected with a yes in the desktop."""
    with chromium.served(chromium.dapp("metamask-test-dapp-solana")) as address:
        page = await context.new_page()
        await page.goto(address, wait_until="domcontentloaded", timeout=3 * WITHIN_MS)
        await named(page, "header.endpoint").fill(endpoint)
        await click(page, "header.updateendpoint")
        await click(page, "header.connect")
        await page.locator(".wallet-adapter-modal-list li", has_text="Fluxdesk").first.click(timeout=WITHIN_MS)
        await home.person.press(REQUEST, CONNECT)
        await page.locator('[data-testid="testpage.header.connectionstatus"]', has_text="Connected").wait_for()
        yield page
        await page.close()
