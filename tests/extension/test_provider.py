"""The EVM provider in real Chromium, anvil behind: batches, subscriptions, permissions, proposals, older calls."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import stand_in_node
from chromium import WITHIN_MS, Desk
from opening import keep, kept
from sites import ask, rpc
from stand_in_agent import EVM_PRIVATE

from fluxdesk_host.keys.addresses import evm_address
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.protocol import messages
from waiting import eventually, until

ADDRESS = evm_address(Secret(bytearray(EVM_PRIVATE))).lower()
OTHER = "0x" + "12" * 20
REVERTS_WITH_42 = "0x602a60005260206000fd"


@pytest.fixture
def chain(desk: Desk) -> Iterator[str]:
    with stand_in_node.node(desk.folder / "run" / "node.sock") as address:
        yield address


@pytest.fixture
async def site(page: Any) -> Any:
    """Connected."""
    assert await ask(page, "eth_requestAccounts") == {"result": [ADDRESS]}
    return page


def batch(*calls: dict[str, object], **more: object) -> dict[str, object]:
    return {"version": "2.0.0", "chainId": "0x1", "from": ADDRESS, "atomicRequired": False, "calls": list(calls)} | more


def pay(value: int) -> dict[str, object]:
    return {"to": OTHER, "value": hex(value)}


def paid_is(chain: str, wei: str) -> None:
    """What OTHER has, once the blocks are made: anvil answers before."""
    until(lambda: rpc(chain, "eth_getBalance", OTHER, "latest") == wei)


def signed(desk: Desk) -> list[messages.Sign]:
    return [one for one in desk.agent.asked if isinstance(one, messages.Sign)]


async def test_a_batch_is_signed_whole_sent_in_order_and_followed(site: Any, desk: Desk, chain: str) -> None:
    answer = await ask(site, "wallet_sendCalls", batch(pay(1), pay(2), pay(4)))
    number = answer["result"]["id"]
    assert [int(one.payload["nonce"], 16) for one in signed(desk) if isinstance(one.payload, dict)] == [0, 1, 2]
    paid_is(chain, "0x7")
    status = (await ask(site, "wallet_getCallsStatus", number))["result"]
    assert (status["status"], status["id"], status["chainId"], status["atomic"]) == (200, number, "0x1", False)
    hashes = [one["transactionHash"] for one in status["receipts"]]
    values = [rpc(chain, "eth_getTransactionByHash", one)["value"] for one in hashes]
    assert values == ["0x1", "0x2", "0x4"]


async def test_a_no_to_a_batch_sends_none_of_it(site: Any, desk: Desk, chain: str) -> None:
    desk.agent.rejects = True
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), pay(2))))["code"] == 4001
    assert rpc(chain, "eth_getTransactionCount", ADDRESS, "latest") == "0x0"


async def test_a_batch_that_waits_is_100_until_it_is_on_the_chain(site: Any, chain: str) -> None:
    rpc(chain, "evm_setAutomine", False)
    number = (await ask(site, "wallet_sendCalls", batch(pay(1), pay(2), id="mine")))["result"]["id"]
    assert number == "mine"
    assert (await ask(site, "wallet_getCallsStatus", "mine"))["result"]["status"] == 100
    rpc(chain, "anvil_mine", "0x1")
    assert (await ask(site, "wallet_getCallsStatus", "mine"))["result"]["status"] == 200
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), id="mine")))["code"] == 5720


@pytest.mark.parametrize(("lost", "paid"), [(1, "0x1"), (2, "0x3")])
async def test_a_batch_whose_answer_is_lost_is_followed_and_not_sent_twice(
    site: Any, desk: Desk, lost: int, paid: str
) -> None:
    with stand_in_node.node(desk.folder / "run" / "node.sock", loses=lost) as chain:
        asked = batch(pay(1), pay(2), pay(4), id="mine")
        assert (await ask(site, "wallet_sendCalls", asked))["result"]["id"] == "mine"
        paid_is(chain, paid)
        assert (await ask(site, "wallet_sendCalls", asked))["code"] == 5720
        status = (await ask(site, "wallet_getCallsStatus", "mine"))["result"]
        assert (status["status"], len(status["receipts"])) == (600, lost)
        assert rpc(chain, "eth_getBalance", OTHER, "latest") == paid


async def test_a_payment_whose_answer_is_lost_is_named_so_that_it_is_not_made_twice(site: Any, desk: Desk) -> None:
    with stand_in_node.node(desk.folder / "run" / "node.sock", loses=1) as chain:
        refused = await ask(site, "eth_sendTransaction", {"from": ADDRESS} | pay(1))
        said = re.search("0x[0-9a-f]{64}", refused["message"])
        assert said is not None, refused
        assert rpc(chain, "eth_getTransactionByHash", said[0])["value"] == "0x1"


async def test_a_batch_that_waits_for_its_owner_is_100_and_not_given_up(site: Any, desk: Desk, chain: str) -> None:
    desk.agent.waits = True
    asked = batch(pay(1), id="mine")
    await site.evaluate("asked => { ethereum.request({ method: 'wallet_sendCalls', params: [asked] }) }", asked)
    await eventually(lambda: signed(desk))
    assert (await ask(site, "wallet_getCallsStatus", "mine"))["result"]["status"] == 100
    assert (await ask(site, "wallet_sendCalls", asked))["code"] == 5720


async def test_a_full_list_lets_go_of_a_batch_of_the_site_that_asks(
    site: Any, paired: Any, desk: Desk, chain: str
) -> None:
    origin = await site.evaluate("location.origin")
    full = [{"id": str(n), "origin": origin if n == 7 else "https://other.test", "hashes": []} for n in range(200)]
    await keep(paired, {"batches": full})
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), id="mine")))["result"]["id"] == "mine"
    found = (await kept(paired))["batches"]
    assert [one["id"] for one in found] == ["mine", *(str(n) for n in range(200) if n != 7)]


async def test_a_batch_that_was_refused_may_be_asked_again(site: Any, desk: Desk, chain: str) -> None:
    desk.agent.rejects = True
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), id="mine")))["code"] == 4001
    desk.agent.rejects = False
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), id="mine")))["result"]["id"] == "mine"


async def test_of_two_batches_with_one_id_one_is_made(site: Any, chain: str) -> None:
    answers = await site.evaluate(
        "asked => Promise.allSettled([1, 2].map(() => "
        "ethereum.request({ method: 'wallet_sendCalls', params: [asked] })))",
        batch(pay(1), id="mine"),
    )
    assert sorted(one["status"] for one in answers) == ["fulfilled", "rejected"]
    paid_is(chain, "0x1")


async def test_a_batch_of_which_a_call_would_fail_is_not_signed(site: Any, desk: Desk, chain: str) -> None:
    deploys = "0x69" + REVERTS_WITH_42[2:] + "600052600a6016f3"  # PUSH10 the code, store it, return its ten bytes
    made = rpc(chain, "eth_sendTransaction", {"from": ADDRESS, "data": deploys})
    contract = until(lambda: rpc(chain, "eth_getTransactionReceipt", made))["contractAddress"]
    refused = await ask(site, "wallet_sendCalls", batch(pay(1), {"to": contract}))
    assert refused["code"] == -32602
    assert "Call 2 of 2 would fail" in refused["message"]
    assert signed(desk) == []


async def test_what_a_batch_cannot_be_has_its_own_number(site: Any, chain: str) -> None:
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), pay(2), atomicRequired=True)))["code"] == 5760
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), capabilities={"paymasterService": {}})))["code"] == 5700
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), chainId="0xa")))["code"] == 5710
    assert (await ask(site, "wallet_sendCalls", batch(*[pay(1)] * 11)))["code"] == 5740
    assert (await ask(site, "wallet_sendCalls", batch(pay(1), **{"from": OTHER})))["code"] == 4100
    assert (await ask(site, "wallet_getCallsStatus", "0x00"))["code"] == 5730
    none = {"0x1": {"atomic": {"status": "unsupported"}}}
    assert await ask(site, "wallet_getCapabilities", ADDRESS) == {"result": none}
    assert await ask(site, "wallet_getCapabilities", ADDRESS, ["0x5"]) == {"result": {}}
    assert (await ask(site, "wallet_getCapabilities", OTHER))["code"] == 4100


async def test_two_transactions_asked_at_once_get_two_numbers(site: Any, desk: Desk, chain: str) -> None:
    hashes = await site.evaluate(
        "([from, to]) => Promise.all(['0x1', '0x2'].map(value => "
        "ethereum.request({ method: 'eth_sendTransaction', params: [{ from, to, value }] })))",
        [ADDRESS, OTHER],
    )
    assert len(set(hashes)) == 2
    paid_is(chain, "0x3")


async def test_new_blocks_and_logs_come_as_messages(site: Any, chain: str) -> None:
    await site.evaluate("window.heard = []; ethereum.on('message', one => heard.push(one))")
    heads = (await ask(site, "eth_subscribe", "newHeads"))["result"]
    logs = (await ask(site, "eth_subscribe", "logs", {"topics": ["0x" + "07".rjust(64, "0")]}))["result"]
    logs_7 = "0x600760006000a1"  # PUSH 7, 0 bytes from 0, LOG1
    rpc(chain, "eth_sendTransaction", {"from": ADDRESS, "data": logs_7})
    await site.wait_for_function("heard.length >= 2", timeout=WITHIN_MS)
    heard = {one["data"]["subscription"]: one for one in await site.evaluate("heard")}
    assert all(one["type"] == "eth_subscription" for one in heard.values())
    assert heard[heads]["data"]["result"]["number"] == "0x1"
    assert int(heard[logs]["data"]["result"]["topics"][0], 16) == 7
    assert (await ask(site, "eth_unsubscribe", heads))["result"] is True
    assert (await ask(site, "eth_unsubscribe", heads))["result"] is False
    assert (await ask(site, "eth_subscribe", "newPendingTransactions"))["code"] == 4200


async def test_a_contracts_error_reaches_the_page(page: Any, chain: str) -> None:
    refused = await ask(page, "eth_call", {"data": REVERTS_WITH_42}, "latest")
    assert refused["code"] == 3
    assert "revert" in refused["message"]
    assert int(refused["data"], 16) == 42


async def test_the_signer_of_a_message_is_found_again(site: Any) -> None:
    signature = (await ask(site, "personal_sign", "hello", ADDRESS))["result"]
    assert await ask(site, "personal_ecRecover", "hello", signature) == {"result": ADDRESS}
    assert (await ask(site, "personal_ecRecover", "other", signature))["result"] != ADDRESS
    assert (await ask(site, "personal_ecRecover", "hello", "0x00"))["code"] == -32602
    keccak = "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8"
    assert await ask(site, "web3_sha3", "0x" + b"hello".hex()) == {"result": keccak}


TYPED = {
    "types": {"EIP712Domain": [{"name": "name", "type": "string"}], "M": [{"name": "n", "type": "uint256"}]},
    "domain": {"name": "A"}, "primaryType": "M", "message": {"n": "5"},
}  # fmt: skip


async def test_typed_data_of_every_version_that_has_a_domain_are_signed(site: Any) -> None:
    four = await ask(site, "eth_signTypedData_v4", ADDRESS, TYPED)
    assert len(four["result"]) == 132
    assert await ask(site, "eth_signTypedData_v3", ADDRESS, TYPED) == four
    assert await ask(site, "eth_signTypedData", ADDRESS, TYPED) == four
    assert (await ask(site, "eth_signTypedData", [{"type": "string", "name": "a", "value": "b"}], ADDRESS))[
        "code"
    ] == 4200
    lists = TYPED | {"types": TYPED["types"] | {"M": [{"name": "n", "type": "uint256[]"}]}, "message": {"n": ["5"]}}  # type: ignore[operator]
    assert (await ask(site, "eth_signTypedData_v3", ADDRESS, lists))["code"] == -32602
    assert "result" in await ask(site, "eth_signTypedData_v4", ADDRESS, lists)


async def test_permissions_are_asked_shown_and_given_back(page: Any, desk: Desk) -> None:
    assert await ask(page, "wallet_getPermissions") == {"result": []}
    (given,) = (await ask(page, "wallet_requestPermissions", {"eth_accounts": {}}))["result"]
    assert given["parentCapability"] == "eth_accounts"
    assert given["invoker"] == await page.evaluate("location.origin")
    assert given["caveats"] == [{"type": "restrictReturnedAccounts", "value": [ADDRESS]}]
    assert (await ask(page, "wallet_requestPermissions", {"wallet_snap": {}}))["code"] == -32602
    await page.evaluate("window.heard = []; ethereum.on('accountsChanged', one => heard.push(one))")
    assert await ask(page, "wallet_revokePermissions", {"eth_accounts": {}}) == {"result": None}
    await page.wait_for_function("heard.length === 1 && heard[0].length === 0", timeout=WITHIN_MS)
    assert await ask(page, "eth_accounts") == {"result": []}
    assert await ask(page, "wallet_getPermissions") == {"result": []}


async def test_several_accounts_come_in_the_order_of_the_grant_and_each_change_is_told(site: Any, desk: Desk) -> None:
    await site.evaluate("window.heard = []; ethereum.on('accountsChanged', one => heard.push(one))")
    origin = await site.evaluate("location.origin")
    accounts = [f"evm:{OTHER}", desk.agent.accounts[0]]
    desk.agent.grants[origin, "evm"] = messages.Grant(origin, accounts, "eip155:10")
    await site.evaluate("ethereum.on('chainChanged', one => heard.push(one))")
    desk.agent.changed()
    await site.wait_for_function("heard.length === 2", timeout=WITHIN_MS)
    assert await site.evaluate("heard") == ["0xa", [OTHER, ADDRESS]]
    assert await site.evaluate("[ethereum.chainId, ethereum.selectedAddress, ethereum.networkVersion]") == [
        "0xa",
        OTHER,
        "10",
    ]


async def test_the_second_of_two_questions_for_accounts_is_told_that_one_waits(page: Any, desk: Desk) -> None:
    desk.agent.waits = True
    await page.evaluate("ethereum.request({ method: 'eth_requestAccounts' }).catch(() => {}); 0")
    assert (await ask(page, "eth_requestAccounts"))["code"] == -32002


async def test_a_proposed_chain_and_a_proposed_token_are_checked_before_anyone_is_asked(site: Any, desk: Desk) -> None:
    coin = {"name": "xDAI", "symbol": "xDAI", "decimals": 18}
    good = {"chainId": "0x64", "chainName": "Gnosis", "nativeCurrency": coin, "rpcUrls": ["https://rpc.example"]}
    for wrong in (
        {"chainId": "100"}, {"chainId": "0x0"}, {"chainName": ""}, {"chainName": "G\u202enosis"}, {"rpcUrls": []},
        {"rpcUrls": ["http://rpc.example"]}, {"rpcUrls": ["javascript:1"]}, {"nativeCurrency": coin | {"decimals": 6}},
    ):  # fmt: skip
        assert (await ask(site, "wallet_addEthereumChain", good | wrong))["code"] in (-32602, -32005), wrong
    token = {"type": "ERC20", "options": {"address": OTHER, "symbol": "T", "decimals": 6}}
    assert not any(isinstance(one, messages.Propose) for one in desk.agent.asked)
    answer = await site.evaluate(
        "token => ethereum.request({ method: 'wallet_watchAsset', params: token }).catch(e => e.code)", token
    )
    assert answer in (True, -32005)


async def test_sites_of_before_eip_1193_are_served(page: Any) -> None:
    assert await page.evaluate("ethereum.enable()") == [ADDRESS]
    assert await page.evaluate("ethereum.send({ id: 1, method: 'eth_accounts' }).result") == [ADDRESS]
    assert (await page.evaluate("ethereum.send('eth_chainId', [])"))["result"] == "0x1"
    back = "asked => new Promise(r => ethereum.sendAsync(asked, (e, a) => r([e && e.code, a])))"
    code, reply = await page.evaluate(back, {"id": 7, "method": "eth_sign", "params": []})
    assert (code, reply["id"], reply["jsonrpc"], reply["error"]["code"]) == (4200, 7, "2.0", 4200)
    _, (one, two) = await page.evaluate(back, [{"id": 1, "method": "net_version"}, {"id": 2, "method": "eth_x"}])
    assert (one["result"], two["error"]["code"]) == ("1", 4200)


async def test_the_provider_is_announced_to_who_asks_late(page: Any) -> None:
    found = await page.evaluate(
        "() => new Promise(r => { addEventListener('eip6963:announceProvider', e => r({ ...e.detail.info })); "
        "dispatchEvent(new Event('eip6963:requestProvider')) })"
    )
    assert (found["rdns"], found["name"]) == ("io.fluxdesk", "Fluxdesk")
    assert found["icon"].startswith("data:image/svg+xml;base64,")


async def test_a_page_that_comes_back_from_the_browsers_cache_hears_what_it_missed(site: Any) -> None:
    """Playwright's Chromium keeps no pages: the event that says so is made here, over a page that is behind."""
    await site.evaluate(
        "old => { postMessage({ to: 'fluxdesk:page', family: 'evm', event: 'accountsChanged', data: [old] }, origin); "
        "window.heard = []; ethereum.on('accountsChanged', one => heard.push(one)) }",
        OTHER,
    )
    await site.wait_for_function("heard.length === 1", timeout=WITHIN_MS)
    await site.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })); 0")
    await site.wait_for_function("heard.length === 2", timeout=WITHIN_MS)
    assert await site.evaluate("heard") == [[OTHER], [ADDRESS]]
