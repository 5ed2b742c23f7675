"""A new user on the practice chains, with MetaMask's EVM test dApp. Extension, bridge, agent, desktop, node: real."""

from collections.abc import AsyncIterator
from typing import Any

import chromium
import pytest
import pytest_asyncio
import whole
from chromium import WITHIN_MS
from whole import EVM, REQUEST, Home

from fluxdesk_host.keys.eip191 import personal_hash, signer

SIGN_MESSAGE, SIGN_TRANSACTION = "Sign the message", "Sign the transaction"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any]]:
    async with whole.practising() as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def dapp(at_home: tuple[Home, Any]) -> AsyncIterator[Any]:
    """The EVM test dApp, connected with a yes in the desktop."""
    home, context = at_home
    with chromium.served(chromium.dapp("metamask-test-dapp")) as address:
        page = await context.new_page()
        await page.goto(address, wait_until="domcontentloaded", timeout=3 * WITHIN_MS)
        await page.locator("#activeProviderName", has_text="Fluxdesk").wait_for(timeout=2 * WITHIN_MS)
        await page.evaluate(
            "window.addEventListener('eip6963:announceProvider', event => { "
            "if (event.detail.info.rdns === 'io.fluxdesk') window.fluxdesk = event.detail.provider }); "
            "window.dispatchEvent(new Event('eip6963:requestProvider'))"
        )
        await press(page, "connectButton")
        await home.person.reads(REQUEST, address.rstrip("/").removeprefix("http://"))
        await home.person.press(REQUEST, "Connect the site")
        await shows(page, "accounts", EVM)
        yield page
        await page.close()


async def press(page: Any, name: str) -> None:
    await page.evaluate("name => document.getElementById(name).click()", name)


async def shows(page: Any, name: str, text: str) -> None:
    await page.locator(f"#{name}", has_text=text).wait_for(timeout=WITHIN_MS)


async def asks(page: Any, method: str, *params: object) -> dict[str, Any]:
    """The answer or the refusal that the dApp's provider gives."""
    code = """async ([method, params]) => {
      try { return { result: await window.fluxdesk.request({ method, params }) } }
      catch (error) { return { code: error.code, message: error.message } }
    }"""
    answer: dict[str, Any] = await page.evaluate(code, [method, list(params)])
    return answer


async def test_a_message_is_signed_after_a_yes_and_the_dapp_verifies_it(at_home: tuple[Home, Any], dapp: Any) -> None:
    home, _ = at_home
    await press(dapp, "personalSign")
    await home.person.reads(REQUEST, "Example `personal_sign` message")
    assert "Signature will" not in await dapp.locator("#personalSignResult").inner_text()
    await home.person.press(REQUEST, SIGN_MESSAGE)
    await shows(dapp, "personalSignResult", "0x")
    signature = chromium.unhex(await dapp.locator("#personalSignResult").inner_text())
    assert "0x" + signer(personal_hash(b"Example `personal_sign` message"), signature).hex() == EVM
    await press(dapp, "personalSignVerify")
    await shows(dapp, "personalSignVerifySigUtilResult", EVM)


async def test_typed_data_are_signed_and_the_dapp_recovers_the_account(at_home: tuple[Home, Any], dapp: Any) -> None:
    home, _ = at_home
    await press(dapp, "signTypedDataV4")
    await home.person.reads(REQUEST, "Ether Mail")
    await home.person.press(REQUEST, SIGN_MESSAGE)
    await shows(dapp, "signTypedDataV4Result", "0x")
    await press(dapp, "signTypedDataV4Verify")
    await shows(dapp, "signTypedDataV4VerifyResult", EVM)


async def test_a_no_reaches_the_dapp_and_nothing_is_signed(at_home: tuple[Home, Any], dapp: Any) -> None:
    home, _ = at_home
    await press(dapp, "signTypedDataV4")
    await home.person.press(REQUEST, "Reject")
    await shows(dapp, "signTypedDataV4Result", "Error: The user said no.")
    await home.person.gone(REQUEST)


async def test_coins_are_sent_and_arrive_on_the_chain(at_home: tuple[Home, Any], dapp: Any) -> None:
    home, _ = at_home
    await home.fund("eip155:31337", EVM)
    before = await asks(dapp, "eth_getTransactionCount", EVM, "latest")
    await press(dapp, "sendEIP1559Button")
    await home.person.reads(REQUEST, "0x0c54FcCd2e384b4BB6f2E405Bf5Cbc15a017AaFb"[:6])
    await home.person.press(REQUEST, SIGN_TRANSACTION)

    async def one_more() -> bool:
        return int((await asks(dapp, "eth_getTransactionCount", EVM, "latest"))["result"], 16) == count + 1

    count = int(before["result"], 16)
    await whole.holds(one_more)
