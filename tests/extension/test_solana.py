"""The Wallet Standard wallet in real Chromium: silent connect, changes, several transactions, names of clusters."""

from typing import Any

import pytest
from chromium import WITHIN_MS, Desk

from fluxdesk_host.keys.addresses import solana_address
from fluxdesk_host.protocol import messages

FIND = """() => new Promise(resolve => {
  const api = { register: wallet => { if (wallet.name === 'Fluxdesk') { window.wallet = wallet; resolve(Object.keys(wallet.features)) } } }
  dispatchEvent(new CustomEvent('wallet-standard:app-ready', { detail: api }))
})"""  # noqa: E501 - JavaScript
CONNECT = (
    """async input => (await wallet.features['standard:connect'].connect(input)).accounts.map(one => one.address)"""
)
ALL = """async mode => {
  const one = { account: wallet.accounts[0], chain: 'solana:localnet', transaction: new Uint8Array([1, 2, 3]) }
  const send = wallet.features['solana:signAndSendAllTransactions'].signAndSendAllTransactions
  return (await send([one, one], { mode })).map(({ status, reason }) => [status, reason && reason.code])
}"""


@pytest.fixture
async def site(page: Any) -> Any:
    """A page that has found the wallet."""
    found = await page.evaluate(FIND)
    assert {"standard:connect", "standard:events", "solana:signIn", "solana:signAndSendAllTransactions"} <= set(found)
    return page


async def test_a_silent_connect_asks_nobody_and_gives_what_was_given(site: Any, desk: Desk) -> None:
    assert await site.evaluate(CONNECT, {"silent": True}) == []
    address = solana_address(desk.agent.solana)
    assert await site.evaluate(CONNECT, {}) == [address]
    assert await site.evaluate(CONNECT, {"silent": True}) == [address]
    asked = [one for one in desk.agent.asked if isinstance(one, messages.Connect)]
    assert [one.silent for one in asked] == [True, False]
    desk.agent.locked = True
    desk.agent.changed()
    await site.wait_for_function("wallet.accounts.length === 0", timeout=WITHIN_MS)
    assert await site.evaluate(CONNECT, {"silent": True}) == []


async def test_a_change_of_accounts_is_told_once_and_disconnecting_takes_them_away(site: Any, desk: Desk) -> None:
    await site.evaluate(CONNECT, {})
    await site.evaluate("window.heard = []; wallet.features['standard:events'].on('change', one => heard.push(one)); 0")
    await site.evaluate("wallet.features['standard:disconnect'].disconnect()")
    await site.wait_for_function("heard.length === 1 && heard[0].accounts.length === 0", timeout=WITHIN_MS)
    assert desk.agent.grants == {}


async def test_several_transactions_have_one_answer_each(site: Any, desk: Desk) -> None:
    await site.evaluate(CONNECT, {})
    desk.agent.rejects = True
    desk.agent.asked.clear()
    assert await site.evaluate(ALL, "parallel") == [["rejected", 4001]] * 2
    signs = [one for one in desk.agent.asked if isinstance(one, messages.Sign)]
    assert [one.chain for one in signs] == ["solana:local"] * 2  # what the standard calls solana:localnet
    desk.agent.asked.clear()
    assert await site.evaluate(ALL, "serial") == [["rejected", 4001]] * 2
    assert len([one for one in desk.agent.asked if isinstance(one, messages.Sign)]) == 1


async def test_an_account_that_was_not_given_signs_nothing(site: Any, desk: Desk) -> None:
    await site.evaluate(CONNECT, {})
    forged = """async () => {
      const account = { ...wallet.accounts[0], address: '1'.repeat(32) }
      const sign = wallet.features['solana:signMessage'].signMessage
      return sign({ account, message: new Uint8Array([1]) }).then(() => 0, error => error.code)
    }"""
    assert await site.evaluate(forged) == 4100
    assert not any(isinstance(one, messages.Sign) for one in desk.agent.asked)
