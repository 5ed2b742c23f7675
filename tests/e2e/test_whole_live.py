"""A user with endpoints of their own, Surfpool and two anvils, and MetaMask's test dApps of both kinds. All real."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import chromium
import dapp
import pytest
import pytest_asyncio
import whole
from dapp import SIGN_MESSAGE, SIGN_TRANSACTION, asks, press, shows
from whole import EVM, REQUEST, SOLANA, Chains, Home

from fluxdesk_host.keys.base58 import b58decode
from fluxdesk_host.keys.curves import verify_ed25519
from integration.servers import rpc

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at_home() -> AsyncIterator[tuple[Home, Any, Chains]]:
    async with whole.living() as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def evm(at_home: tuple[Home, Any, Chains]) -> AsyncIterator[Any]:
    home, context, _ = at_home
    async with dapp.evm(home, context, EVM) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def solana(at_home: tuple[Home, Any, Chains]) -> AsyncIterator[Any]:
    home, context, chains = at_home
    rpc(chains.solana, "requestAirdrop", [SOLANA, 10**10])
    await whole.holds(lambda: lamports(chains, SOLANA) >= 10**10)
    async with dapp.solana(home, context, chains.solana) as found:
        yield found


def lamports(chains: Chains, account: str) -> int:
    held: int = rpc(chains.solana, "getBalance", [account, {"commitment": "confirmed"}])["value"]
    return held


async def test_the_solana_dapp_verifies_a_signed_message(at_home: tuple[Home, Any, Chains], solana: Any) -> None:
    home, _, _ = at_home
    await dapp.click(solana, "signmessage.signmessage")
    await home.person.press(REQUEST, SIGN_MESSAGE)
    signed = dapp.named(solana, "signmessage.signedmessage")
    await signed.wait_for()
    typed = await dapp.named(solana, "signmessage.message").input_value()
    assert verify_ed25519(b58decode(SOLANA), typed.encode(), chromium.unb64((await signed.inner_text()).strip()))


async def sent(home: Home, page: Any, chains: Chains, what: str, before: int) -> None:
    """Signs and sends, and waits until the payer's balance is lower."""
    await dapp.click(page, f"{what}.sendtransaction")
    await home.person.press(REQUEST, SIGN_TRANSACTION)
    await dapp.named(page, f"{what}.transactionhash").wait_for()
    await whole.holds(lambda: lamports(chains, SOLANA) < before)
    newest = rpc(chains.solana, "getSignaturesForAddress", [SOLANA, {"limit": 1, "commitment": "confirmed"}])[0]
    assert newest["err"] is None
    shown = (await dapp.named(page, f"{what}.transactionhash").inner_text()).split()[0]
    assert newest["signature"].startswith(shown.partition("...")[0])


@pytest.mark.parametrize("what", ["sendsol", "sendsolversioned", "sendmemo"])
async def test_solana_transactions_are_sent_and_land(at_home: tuple[Home, Any, Chains], solana: Any, what: str) -> None:
    home, _, chains = at_home
    await sent(home, solana, chains, what, lamports(chains, SOLANA))


async def test_tokens_are_sent_and_arrive(at_home: tuple[Home, Any, Chains], solana: Any) -> None:
    home, _, chains = at_home
    before = lamports(chains, SOLANA)
    await dapp.click(solana, "faucet.convertsoltowsol")
    await home.person.press(REQUEST, SIGN_TRANSACTION)
    await whole.holds(lambda: lamports(chains, SOLANA) < before)
    wrapped = await whole.holds(lambda: tokens(chains))
    await dapp.named(solana, "sendwsol.nbaddresses").fill("1")
    await dapp.click(solana, "sendwsol.sendtransaction")
    await home.person.reads(REQUEST, "So111")
    await home.person.press(REQUEST, SIGN_TRANSACTION)
    await whole.holds(lambda: tokens(chains) < wrapped)
    await home.person.gone(REQUEST)


def tokens(chains: Chains) -> int:
    """Wrapped SOL of the account, in base units."""
    mint = "So11111111111111111111111111111111111111112"
    found = rpc(chains.solana, "getTokenAccountsByOwner", [SOLANA, {"mint": mint}, {"encoding": "jsonParsed"}])["value"]
    return sum(int(one["account"]["data"]["parsed"]["info"]["tokenAmount"]["amount"]) for one in found)


async def test_a_no_to_a_solana_transaction_sends_nothing(at_home: tuple[Home, Any, Chains], solana: Any) -> None:
    home, _, chains = at_home
    before = lamports(chains, SOLANA)
    await dapp.click(solana, "sendsol.signtransaction")
    await home.person.press(REQUEST, "Reject")
    await home.person.gone(REQUEST)
    assert lamports(chains, SOLANA) == before


async def test_a_switch_of_the_chain_reaches_the_dapp_and_the_payment_the_other_chain(
    at_home: tuple[Home, Any, Chains], evm: Any
) -> None:
    home, _, chains = at_home
    await shows(evm, "chainId", "0x1")
    assert await asks(evm, "wallet_switchEthereumChain", {"chainId": "0xa"}) == {"result": None}
    await shows(evm, "chainId", "0xa")
    await press(evm, "sendEIP1559Button")
    assert "Optimism" in await home.person.reads(REQUEST, "eip155:10")
    await home.person.press(REQUEST, SIGN_TRANSACTION)
    await whole.holds(lambda: rpc(chains.optimism, "eth_getTransactionCount", [EVM, "latest"]) == "0x1")
    assert rpc(chains.ethereum, "eth_getTransactionCount", [EVM, "latest"]) == "0x0"
    assert (await asks(evm, "wallet_switchEthereumChain", {"chainId": "0x539"}))["code"] == 4902
    assert await asks(evm, "wallet_switchEthereumChain", {"chainId": "0x1"}) == {"result": None}
    await shows(evm, "chainId", "0x1")


async def test_a_chain_that_the_user_has_is_not_added_again_but_switched_to(
    at_home: tuple[Home, Any, Chains], evm: Any
) -> None:
    optimism = {
        "chainId": "0xa", "chainName": "OP Mainnet", "rpcUrls": ["https://rpc.example"],
        "nativeCurrency": {"name": "Ether", "symbol": "ETH", "decimals": 18},
    }  # fmt: skip
    assert await asks(evm, "wallet_addEthereumChain", optimism) == {"result": None}
    await shows(evm, "chainId", "0xa")


async def test_what_a_site_proposes_for_the_lists_is_added_after_a_yes_and_not_after_a_no(
    at_home: tuple[Home, Any, Chains],
) -> None:
    home, context, _ = at_home
    gnosis = {
        "chainId": "0x64", "chainName": "Gnosis", "rpcUrls": ["https://rpc.gnosis.example"],
        "nativeCurrency": {"name": "xDAI", "symbol": "XDAI", "decimals": 18},
    }  # fmt: skip
    token = {"type": "ERC20", "options": {"address": "0x" + "d4" * 20, "symbol": "KELPO", "decimals": 18}}
    async with dapp.evm(home, context, EVM) as site:  # an origin that has asked for little until now
        for verb, code in (("Reject", 4001), ("Add the chain", None)):
            waiting = asyncio.ensure_future(asks(site, "wallet_addEthereumChain", gnosis))
            assert "Its name, says the site" in await home.person.reads(REQUEST, "https://rpc.gnosis.example")
            await home.person.press(REQUEST, verb)
            assert (await waiting).get("code") == code
            await whole.holds(lambda code=code: setting(home, "chains_added") == ([] if code else ["100 Gnosis XDAI"]))
        waiting = asyncio.ensure_future(asks(site, "wallet_watchAsset", token))
        await home.person.reads(REQUEST, "KELPO")
        await home.person.press(REQUEST, "Show the token")
        assert await waiting == {"result": True}
        await whole.holds(lambda: "0x" + "d4" * 20 in " ".join(setting(home, "tokens_watched")))


def setting(home: Home, name: str) -> list[str]:
    """The lines of a setting, as the command shows them."""
    return home.command("settings", "get", name, "--profile", "live").stdout.splitlines()
