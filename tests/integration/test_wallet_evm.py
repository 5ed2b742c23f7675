"""The wallet's node side against a real anvil, over the node's own socket."""

import base64
from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest

from fluxdesk.client import NodeProblem
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from fluxdesk.core.settings_file import change
from integration.nodes import RunningNode
from integration.servers import ANVIL, UNISWAP_V2, Anvil, UniswapV2, word
from integration.signers import EvmTestSigner
from integration.wallets import client_of, ends, evm_broadcast, live_node
from needs import tool
from waiting import eventually

CHAIN = "eip155:31337"
ETHER = 10**18
SOMEONE = "0x00000000000000000000000000000000000a11ce"
KEY_IN_URL = "averysecretkey123"


@pytest.fixture(scope="module")
def chain() -> Iterator[Anvil]:
    tool(ANVIL)
    with Anvil() as server:
        yield server


@pytest.fixture(scope="module")
def uniswap(chain: Anvil) -> UniswapV2:
    tool(UNISWAP_V2)
    return UniswapV2(chain)


@pytest.fixture(scope="module")
def node(chain: Anvil) -> Iterator[RunningNode]:
    with live_node(
        [f"{CHAIN} {chain.rpc_url}/?key={KEY_IN_URL}", "eip155:100 http://127.0.0.1:9/dead"],
        ["31337 Local EVM ETH test", "100 Gnosis xDAI"],
    ) as started:
        yield started


@pytest.fixture
async def client(node: RunningNode) -> AsyncIterator[WalletClient]:
    async with client_of(node) as made:
        yield made


def pay(account: str, amount: int, asset: str = "native", to: str = SOMEONE, **more: object) -> w.TransferAsked:
    values = {"account": account, "asset": asset, "recipient": to, "amount_base": str(amount)}
    return msgspec.convert(values | more, w.TransferAsked)


def fields_b64(fields: dict[str, str]) -> str:
    return base64.b64encode(msgspec.json.encode(fields)).decode()


async def test_chains_say_who_serves_them_without_the_key(client: WalletClient) -> None:
    assert [e.state for c in (await client.chains()).items if c.id == CHAIN for e in c.endpoints] == ["unasked"]
    found = await client.chain(CHAIN)
    assert (found.name, found.added, found.test, found.endpoints[0].state) == ("Local EVM", True, True, "good")
    away = await client.chain("eip155:100")
    assert (away.endpoints[0].state, away.endpoints[0].head) == ("failing", None)
    text = msgspec.json.encode(await client.chains())
    assert KEY_IN_URL.encode() not in text and b"/dead" not in text


async def test_unknown_is_null_and_never_zero(client: WalletClient, chain: Anvil, uniswap: UniswapV2) -> None:
    token = uniswap.token(5 * ETHER)
    held = (await client.balances(CHAIN, [chain.accounts[0]], [token, SOMEONE])).items[0]
    assert [(t.asset, t.amount_base, t.decimals) for t in held.tokens] == [
        (token, str(5 * ETHER), 18),
        (SOMEONE, None, None),
    ]
    away = (await client.balances("eip155:100", [SOMEONE])).items[0]
    assert away.native_base is None
    assert "No endpoint of Gnosis" in away.problem and "dead" not in away.problem
    with pytest.raises(NodeProblem, match="No endpoint of Gnosis") as problem:
        await client.fees("eip155:100")
    assert problem.value.problem.status == 503
    with pytest.raises(NodeProblem, match="No endpoint of Polygon is set"):
        await client.fees("eip155:137")


async def test_a_watched_token_is_read_without_being_asked_for(
    node: RunningNode, client: WalletClient, chain: Anvil, uniswap: UniswapV2
) -> None:
    token = uniswap.token(3 * ETHER)
    change(node.profile.settings, {"tokens_watched": [f"{CHAIN} {token}", f"eip155:100 {SOMEONE}"]})
    held = (await client.balances(CHAIN, [chain.accounts[0]])).items[0]
    assert [(t.asset, t.amount_base) for t in held.tokens] == [(token, str(3 * ETHER))]
    change(node.profile.settings, {"tokens_watched": None})
    assert (await client.balances(CHAIN, [chain.accounts[0]])).items[0].tokens == []


async def test_a_payment_is_made_tried_out_signed_and_followed(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[0]
    view = await client.transfer(CHAIN, pay(account, ETHER))
    assert view.fields is not None and view.fields["value"] == hex(ETHER)
    parts = view.cost.fee_base, view.cost.priority_base, view.cost.data_base, view.cost.rent_base
    assert int(view.cost.total_base) == sum(map(int, parts))
    simulated = await client.simulate(CHAIN, account, view.payload_b64)
    assert (simulated.done, simulated.ok, simulated.units) == (True, True, 21_000)
    assert [(c.asset, c.change_base) for c in simulated.changes or []] == [("native", str(-ETHER))]
    sent = await client.broadcast(CHAIN, evm_broadcast(view, "evm-pay-1"))
    assert (sent.state, sent.asset, sent.recipient, sent.amount_base) == ("sending", "native", SOMEONE, str(ETHER))
    chain.rpc("anvil_mine", ["0xc"])
    over = await ends(client, "evm-pay-1")
    assert over.state == "paid" and over.fee_base is not None
    assert int(chain.rpc("eth_getBalance", [SOMEONE, "latest"]), 16) == ETHER


async def test_nonces_on_their_way_are_not_given_out_again(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[1]
    chain.rpc("evm_setAutomine", [False])
    try:
        first = await client.transfer(CHAIN, pay(account, 1))
        await client.broadcast(CHAIN, evm_broadcast(first, "evm-nonce-1"))
        second = await client.transfer(CHAIN, pay(account, 2))
        assert (first.nonce, second.nonce) == (0, 1)
        rival = dict(first.fields or {}) | {"value": "0x5"}
        raw = EvmTestSigner().raw(account.lower(), msgspec.json.encode(rival))
        asked = w.BroadcastAsked(id="evm-nonce-2", account=account, signed_b64=base64.b64encode(raw).decode())
        with pytest.raises(NodeProblem, match="same nonce is on its way"):
            await client.broadcast(CHAIN, asked)
        dearer = await client.transfer(CHAIN, pay(account, 1, replaces="evm-nonce-1"))
        assert dearer.nonce == 0 and int(dearer.cost.total_base) > int(first.cost.total_base)
        await client.broadcast(CHAIN, evm_broadcast(dearer, "evm-nonce-3", replaces="evm-nonce-1"))
        gone = await client.transfer(CHAIN, pay(account, 1, replaces="evm-nonce-1", cancel=True))
        await client.broadcast(CHAIN, evm_broadcast(gone, "evm-nonce-4", replaces="evm-nonce-1", cancel=True))
    finally:
        chain.rpc("evm_setAutomine", [True])
    chain.rpc("anvil_mine", ["0xd"])
    over = await ends(client, "evm-nonce-1")
    assert (over.state, len(over.txs)) == ("cancelled", 3)


async def test_what_every_endpoint_refuses_is_watched_and_not_broadcast(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[2]
    view = await client.transfer(CHAIN, pay(account, ETHER))
    chain.rpc("anvil_setBalance", [account, "0x1"])
    with pytest.raises(NodeProblem, match="not broadcast again"):
        await client.broadcast(CHAIN, evm_broadcast(view, "evm-poor-1"))
    found = await client.send("evm-poor-1")
    assert (found.state, found.ordered) == ("sending", False) and "does not hold the amount" in found.reason
    chain.rpc("anvil_setBalance", [account, hex(100 * ETHER)])
    # Its nonce is free for another: the chain takes one of the two.
    other = await client.transfer(CHAIN, pay(account, 1))
    assert other.nonce == view.nonce
    await client.broadcast(CHAIN, evm_broadcast(other, "evm-poor-2"))
    chain.rpc("anvil_mine", ["0xc"])
    assert (await ends(client, "evm-poor-2")).state == "paid"
    assert (await ends(client, "evm-poor-1")).state == "superseded"


async def test_what_was_refused_may_land_by_another_way_and_is_seen(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[3]
    view = await client.transfer(CHAIN, pay(account, ETHER))
    chain.rpc("anvil_setBalance", [account, "0x1"])
    asked = evm_broadcast(view, "evm-rich-1")
    with pytest.raises(NodeProblem, match="watched until"):
        await client.broadcast(CHAIN, asked)
    chain.rpc("anvil_setBalance", [account, hex(100 * ETHER)])
    chain.rpc("eth_sendRawTransaction", ["0x" + base64.b64decode(asked.signed_b64).hex()])
    chain.rpc("anvil_mine", ["0xc"])
    assert (await ends(client, "evm-rich-1")).state == "paid"


async def test_an_id_is_one_transaction(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[2]
    other = await client.transfer(CHAIN, pay(account, 1))
    await client.broadcast(CHAIN, evm_broadcast(other, "evm-poor-1x"))
    other = await client.transfer(CHAIN, pay(account, 3))
    with pytest.raises(NodeProblem, match="another payment"):
        await client.broadcast(CHAIN, evm_broadcast(other, "evm-poor-1x"))


async def test_tokens_and_approvals_are_tried_out(client: WalletClient, chain: Anvil, uniswap: UniswapV2) -> None:
    account, token = chain.accounts[0], uniswap.token()
    view = await client.transfer(CHAIN, pay(account, 7, token))
    simulated = await client.simulate(CHAIN, account, view.payload_b64)
    assert [(c.asset, c.change_base) for c in simulated.changes or []] == [(token, "-7")]
    approve = fields_b64({"to": token, "input": "0x095ea7b3" + word(SOMEONE) + "f" * 64, "gas": "0x186a0"})
    given = (await client.simulate(CHAIN, account, approve)).approvals or []
    assert [(a.owner, a.asset, a.spender, a.unlimited) for a in given] == [(account.lower(), token, SOMEONE, True)]
    too_much = fields_b64({"to": token, "input": "0xa9059cbb" + word(SOMEONE) + "f" * 64})
    refused = await client.simulate(CHAIN, account, too_much)
    assert (refused.done, refused.ok, refused.changes) == (True, False, [])
    away = await client.simulate("eip155:100", SOMEONE, approve)
    assert (away.done, away.ok, away.changes) == (False, None, None)


async def test_allowances_hold_what_holds_now(client: WalletClient, chain: Anvil, uniswap: UniswapV2) -> None:
    account, token = chain.accounts[0], uniswap.token()
    other = "0x" + "22" * 20
    chain.send("0x095ea7b3" + word(SOMEONE) + "f" * 64, token)
    chain.send("0x095ea7b3" + word(other) + word(9), token)
    found = (await client.allowances(CHAIN, account)).items
    assert {(a.spender, a.amount_base, a.unlimited) for a in found if a.asset == token} == {
        (SOMEONE, str(2**256 - 1), True),
        (other, "9", False),
    }
    chain.send("0x095ea7b3" + word(SOMEONE) + word(0), token)
    left = (await client.allowances(CHAIN, account)).items
    assert [a.spender for a in left if a.asset == token] == [other]


async def test_token_transfers_are_the_history(client: WalletClient, chain: Anvil, uniswap: UniswapV2) -> None:
    account, to, token = chain.accounts[0], "0x" + "33" * 20, uniswap.token()
    hashes = [chain.send("0xa9059cbb" + word(to) + word(n), token)["transactionHash"] for n in range(1, 4)]
    first = await client.history(CHAIN, to, limit=2)
    assert [item.tx for item in first.items] == [hashes[2], hashes[1]]
    assert [(c.asset, c.change_base) for c in first.items[0].changes] == [(token, "3")]
    assert first.next_cursor is not None and first.items[0].time_s is not None
    rest = await client.history(CHAIN, to, cursor=first.next_cursor, limit=2)
    assert [item.tx for item in rest.items] == [hashes[0]]
    mine = await client.history(CHAIN, account, limit=1)
    assert [(c.asset, c.change_base) for c in mine.items[0].changes] == [(token, "-3")]


async def test_a_page_is_told_what_a_contract_reverted_with(client: WalletClient) -> None:
    reverts_with_42 = "0x602a60005260206000fd"
    answer = await client.rpc(CHAIN, "eth_call", [{"from": SOMEONE, "data": reverts_with_42}, "latest"])
    assert answer.error is not None and answer.error.code == 3
    assert int(msgspec.json.decode(bytes(answer.error.data), type=str), 16) == 42


async def test_a_page_reads_and_its_signed_bytes_are_followed(client: WalletClient, chain: Anvil) -> None:
    account = chain.accounts[3]
    assert bytes((await client.rpc(CHAIN, "eth_chainId")).result) == b'"0x7a69"'
    for method in ("eth_sendTransaction", "eth_accounts", "anvil_setBalance", "eth_sign", "personal_sign"):
        with pytest.raises(NodeProblem, match="not on the list"):
            await client.rpc(CHAIN, method)
    reverted = await client.rpc(CHAIN, "eth_call", [{"to": SOMEONE, "gas": "0x1"}, "latest"])
    assert bytes(reverted.result) == b"null" and reverted.error is not None
    view = await client.transfer(CHAIN, pay(account, 5))
    raw = "0x" + EvmTestSigner().raw(account.lower(), base64.b64decode(view.payload_b64)).hex()
    sent = await client.rpc(CHAIN, "eth_sendRawTransaction", [raw])
    tx = msgspec.json.decode(bytes(sent.result), type=str)
    chain.rpc("anvil_mine", ["0xd"])

    async def paid() -> bool:
        return any(s.txs == [tx] and s.state == "paid" for s in (await client.sends()).items)

    await eventually(paid)
    refused = await client.rpc(CHAIN, "eth_sendRawTransaction", ["0x02c0"])
    assert refused.error is not None


async def test_after_a_crash_a_payment_is_followed_again(chain: Anvil) -> None:
    account = chain.accounts[1]
    with live_node([f"{CHAIN} {chain.rpc_url}"], ["31337 Local EVM ETH test"]) as first:
        async with client_of(first) as client:
            view = await client.transfer(CHAIN, pay(account, 3))
            await client.broadcast(CHAIN, evm_broadcast(view, "evm-crash-1"))
        first.kill()
        chain.rpc("anvil_mine", ["0xd"])
        second = RunningNode(first.profile)
        try:
            async with client_of(second) as client:
                assert (await ends(client, "evm-crash-1")).state == "paid"
        finally:
            second.stop()
