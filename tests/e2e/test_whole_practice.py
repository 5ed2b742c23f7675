"""A new user on the practice chains, with MetaMask's EVM test dApp. Extension, bridge, agent, desktop, node: real."""

from collections.abc import AsyncIterator
from typing import Any

import chromium
import dapp
import pytest
import pytest_asyncio
import whole
from dapp import SIGN_MESSAGE, SIGN_TRANSACTION, asks, press, shows
from whole import EVM, REQUEST, Home

from fluxdesk_host.keys.eip191 import personal_hash, signer

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any]]:
    async with whole.practising() as found:
        await found[0].fund("eip155:31337", EVM)  # which starts the chain; the dApp asks it once, when it is loaded
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def page(at_home: tuple[Home, Any]) -> AsyncIterator[Any]:
    home, context = at_home
    async with dapp.evm(home, context, EVM) as found:
        yield found


async def test_a_message_is_signed_after_a_yes_and_the_dapp_verifies_it(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    await press(page, "personalSign")
    await home.person.reads(REQUEST, "Example `personal_sign` message")
    assert "Signature will" not in await page.locator("#personalSignResult").inner_text()
    await home.person.press(REQUEST, SIGN_MESSAGE)
    await shows(page, "personalSignResult", "0x")
    signature = chromium.unhex(await page.locator("#personalSignResult").inner_text())
    assert "0x" + signer(personal_hash(b"Example `personal_sign` message"), signature).hex() == EVM
    await press(page, "personalSignVerify")
    await shows(page, "personalSignVerifySigUtilResult", EVM)


async def test_typed_data_are_signed_and_the_dapp_recovers_the_account(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    await press(page, "signTypedDataV4")
    await home.person.reads(REQUEST, "Ether Mail")
    await home.person.press(REQUEST, SIGN_MESSAGE)
    await shows(page, "signTypedDataV4Result", "0x")
    await press(page, "signTypedDataV4Verify")
    await shows(page, "signTypedDataV4VerifyResult", EVM)


async def test_a_no_reaches_the_dapp_and_nothing_is_signed(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    await press(page, "signTypedDataV4")
    await home.person.press(REQUEST, "Reject")
    await shows(page, "signTypedDataV4Result", "Error: The user said no.")
    await home.person.gone(REQUEST)


async def test_coins_are_sent_and_arrive_on_the_chain(at_home: tuple[Home, Any], page: Any) -> None:
    home, _ = at_home
    before = await asks(page, "eth_getTransactionCount", EVM, "latest")
    await press(page, "sendEIP1559Button")
    await home.person.reads(REQUEST, "0x0c54FcCd2e384b4BB6f2E405Bf5Cbc15a017AaFb"[:6])
    await home.person.press(REQUEST, SIGN_TRANSACTION)

    async def one_more() -> bool:
        return int((await asks(page, "eth_getTransactionCount", EVM, "latest"))["result"], 16) == count + 1

    count = int(before["result"], 16)
    await whole.holds(one_more)


async def test_the_popup_shows_accounts_balances_and_launches_and_the_connected_site(
    at_home: tuple[Home, Any], page: Any
) -> None:
    _, context = at_home
    popup = await chromium.popup(context)
    await popup.locator(".accounts .row").first.wait_for()
    shown = popup.locator("body")
    await popup.locator(".launch").first.wait_for()
    await popup.locator("body", has_text="ETH").wait_for()
    assert "0xf39f" in (await shown.inner_text()).lower()
    await popup.close()
