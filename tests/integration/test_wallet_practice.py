"""The wallet on the practice chains of a practice node: LiteSVM in its process, a transfer from end to end."""

import base64
from collections.abc import AsyncIterator, Iterator

import psutil
import pytest
from solders.keypair import Keypair

from fluxdesk.client import NodeProblem
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from fluxdesk.core.views import SendsFrame, StatusFrame
from integration.nodes import RunningNode, practice_node
from integration.wallets import client_of, ends, solana_broadcast

SOLANA = "solana:local"
SOL = 10**9


@pytest.fixture(scope="module")
def node() -> Iterator[RunningNode]:
    with practice_node(17) as started:
        yield started


@pytest.fixture
async def client(node: RunningNode) -> AsyncIterator[WalletClient]:
    async with client_of(node) as made:
        yield made


def pay(account: str, to: str, amount: int, asset: str = "native") -> w.TransferAsked:
    return w.TransferAsked(account=account, asset=asset, recipient=to, amount_base=str(amount))


def native(found: w.BalancesView) -> int | None:
    said = found.items[0].native_base
    return None if said is None else int(said)


async def test_until_a_chain_is_asked_for_nothing_of_it_is_loaded(node: RunningNode, client: WalletClient) -> None:
    chains = {chain.id: chain for chain in (await client.chains()).items}
    assert (await client.sends()).items == []
    assert chains[SOLANA].practice == "LiteSVM"
    assert chains["eip155:31337"].practice == "anvil"
    mapped = {m.path for m in psutil.Process(node.process.pid).memory_maps()}
    assert not [path for path in mapped if "sqlalchemy" in path or "ckzg" in path or "cytoolz" in path]
    assert (await client.status()).chains == []


async def test_a_practice_payment_goes_from_a_funded_account_to_its_end(client: WalletClient) -> None:
    key, to = Keypair(), str(Keypair().pubkey())
    account = str(key.pubkey())
    assert native(await client.balances(SOLANA, [account])) == 0
    assert native(await client.fund(SOLANA, account)) == 100 * SOL
    view = await client.transfer(SOLANA, pay(account, to, SOL))
    assert (view.kind, view.cost.rent_base, view.cost.data_base) == ("solana_tx", "0", "0")
    assert int(view.cost.total_base) == int(view.cost.fee_base) + int(view.cost.priority_base)
    simulated = await client.simulate(SOLANA, account, view.payload_b64)
    assert simulated.done and simulated.ok
    changes = {(c.account, c.asset): int(c.change_base) for c in simulated.changes or []}
    assert changes == {(account, "native"): -SOL - 5_000, (to, "native"): SOL}
    assert simulated.fee_base == view.cost.total_base == "5000"
    sent = await client.broadcast(SOLANA, solana_broadcast(view, key, "practice-1"))
    assert (sent.asset, sent.recipient, sent.amount_base) == ("native", to, str(SOL))
    over = await ends(client, "practice-1")
    assert (over.state, over.fee_base) == ("paid", "5000")
    assert native(await client.balances(SOLANA, [to])) == SOL
    past = await client.history(SOLANA, account)
    assert past.items[0].tx == over.txs[0]
    assert [(c.asset, c.change_base) for c in past.items[0].changes] == [("native", str(-SOL))]
    again = await client.broadcast(SOLANA, solana_broadcast(view, key, "practice-1"))
    assert again.state == "paid"
    assert native(await client.balances(SOLANA, [to])) == SOL


async def test_a_send_is_told_as_it_comes_on(client: WalletClient) -> None:
    key = Keypair()
    account = str(key.pubkey())
    await client.fund(SOLANA, account)
    view = await client.transfer(SOLANA, pay(account, str(Keypair().pubkey()), SOL))
    stream = client.stream()
    stream.subscribe("sends")
    seen: list[tuple[str, bool]] = []
    told = False
    async for message in stream.messages():
        if not isinstance(message, SendsFrame):
            continue
        if not told:
            told = True
            await client.broadcast(SOLANA, solana_broadcast(view, key, "practice-2"))
        seen += [(s.state, s.included) for s in message.items if s.id == "practice-2"]
        if seen and seen[-1][0] == "paid":
            break
    assert ("sending", True) in seen


async def test_what_cannot_be_paid_is_said_before_anything_is_signed(client: WalletClient) -> None:
    account, to = str(Keypair().pubkey()), str(Keypair().pubkey())
    with pytest.raises(NodeProblem, match="does not hold the amount"):
        await client.transfer(SOLANA, pay(account, to, SOL))
    with pytest.raises(NodeProblem, match="no such token"):
        await client.transfer(SOLANA, pay(account, to, SOL, str(Keypair().pubkey())))
    with pytest.raises(NodeProblem, match="no Solana address"):
        await client.balances(SOLANA, ["0x" + "11" * 20])
    with pytest.raises(NodeProblem, match="no chain eip155:5"):
        await client.fees("eip155:5")


async def test_a_signature_of_something_else_is_not_sent(client: WalletClient) -> None:
    key, other = Keypair(), Keypair()
    account = str(key.pubkey())
    await client.fund(SOLANA, account)
    view = await client.transfer(SOLANA, pay(account, str(other.pubkey()), SOL))
    with pytest.raises(NodeProblem, match="does not belong"):
        await client.broadcast(SOLANA, solana_broadcast(view, other, "practice-3"))
    whole = b"\x01" + bytes(64) + base64.b64decode(view.payload_b64)
    unsigned = w.BroadcastAsked(id="practice-4", account=account, signed_b64=base64.b64encode(whole).decode())
    with pytest.raises(NodeProblem, match="signature is missing"):
        await client.broadcast(SOLANA, unsigned)
    assert not [send for send in (await client.sends()).items if send.id in ("practice-3", "practice-4")]


async def test_a_transaction_that_would_fail_says_so(client: WalletClient) -> None:
    rich, poor = Keypair(), Keypair()
    await client.fund(SOLANA, str(rich.pubkey()))
    view = await client.transfer(SOLANA, pay(str(rich.pubkey()), str(poor.pubkey()), 99 * SOL))
    await client.broadcast(SOLANA, solana_broadcast(view, rich, "practice-5"))
    await ends(client, "practice-5")
    simulated = await client.simulate(SOLANA, str(rich.pubkey()), view.payload_b64)
    assert (simulated.done, simulated.ok) == (True, False)
    assert "does not hold the amount" in simulated.reason


async def test_reads_go_by_the_list(client: WalletClient) -> None:
    found = await client.rpc(SOLANA, "getLatestBlockhash")
    assert b"lastValidBlockHeight" in bytes(found.result)
    for method in ("requestAirdrop", "getProgramAccounts", "eth_accounts", "getHealth"):
        with pytest.raises(NodeProblem, match="not on the list"):
            await client.rpc(SOLANA, method)


async def test_chains_in_use_are_in_the_status(client: WalletClient) -> None:
    await client.fees(SOLANA)
    assert [(c.id, c.state) for c in (await client.status()).chains] == [(SOLANA, "good")]
    stream = client.stream()
    stream.subscribe("status")
    async for message in stream.messages():
        if isinstance(message, StatusFrame):
            assert message.status.chains[0].id == SOLANA
            break
