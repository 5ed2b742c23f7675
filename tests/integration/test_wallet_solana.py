"""The wallet's node side against a real Surfpool, with the real token programs, over the node's own socket."""

import base64
from collections.abc import AsyncIterator, Iterator

import pytest
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV0, to_bytes_versioned
from solders.pubkey import Pubkey

from fluxdesk.chains.solana import tokens
from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from integration.nodes import RunningNode
from integration.servers import Surfpool
from integration.spl import funded, key, new_mint, token_amount
from integration.wallets import client_of, ends, live_node, solana_broadcast

CHAIN = "solana:local"
SOL = 10**9


@pytest.fixture(scope="module")
def cluster(surfpool_here: None) -> Iterator[Surfpool]:
    with Surfpool([], slot_ms=50) as server:
        yield server


@pytest.fixture(scope="module")
def payer(cluster: Surfpool) -> Keypair:
    return funded(cluster, 41)


@pytest.fixture(scope="module")
def mint(cluster: Surfpool, payer: Keypair) -> tokens.Mint:
    return new_mint(cluster, payer, key(42))


@pytest.fixture(scope="module")
def node(cluster: Surfpool) -> Iterator[RunningNode]:
    with live_node([f"{CHAIN} {cluster.rpc_url}"]) as started:
        yield started


@pytest.fixture
async def client(node: RunningNode) -> AsyncIterator[WalletClient]:
    async with client_of(node) as made:
        yield made


async def test_coins_and_tokens_of_both_programs_are_held(
    client: WalletClient, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    newer = new_mint(cluster, payer, key(43), decimals=9, supply=55, program=tokens.TOKEN_2022)
    found = await client.balances(CHAIN, [str(payer.pubkey())])
    held = {t.asset: (t.standard, t.amount_base, t.decimals) for t in found.items[0].tokens}
    assert held == {mint.address: ("spl", str(10**15), 6), newer.address: ("token2022", "55", 9)}
    assert found.items[0].native_base == str(cluster.rpc("getBalance", [str(payer.pubkey())])["value"])


async def test_a_token_payment_says_its_rent_and_ends(
    client: WalletClient, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    account, to = str(payer.pubkey()), Keypair().pubkey()
    view = await client.transfer(
        CHAIN, w.TransferAsked(account=account, asset=mint.address, recipient=str(to), amount_base="7")
    )
    assert (view.cost.fee_base, view.cost.rent_base) == ("5000", "2039280")
    simulated = await client.simulate(CHAIN, account, view.payload_b64)
    assert simulated.done and simulated.ok
    changes = {(c.account, c.asset): c.change_base for c in simulated.changes or []}
    assert (changes[account, mint.address], changes[str(to), mint.address]) == ("-7", "7")
    assert simulated.fee_base is not None
    await client.broadcast(CHAIN, solana_broadcast(view, payer, "solana-1"))
    assert (await ends(client, "solana-1")).state == "paid"
    assert token_amount(cluster, to, mint) == 7
    past = (await client.history(CHAIN, account, limit=1)).items[0]
    sums = {c.asset: c.change_base for c in past.changes}
    assert (sums[mint.address], sums["native"]) == ("-7", "-2039280")


async def test_a_delegate_and_a_new_owner_are_seen_before_they_are_signed(
    client: WalletClient, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    owner, other = payer.pubkey(), Keypair().pubkey()
    place = tokens.associated(owner, mint)
    program = Pubkey.from_string(mint.program)
    signer = AccountMeta(owner, True, False)
    approve = Instruction(
        program,
        b"\x04" + (2**64 - 1).to_bytes(8, "little"),
        [AccountMeta(place, False, True), AccountMeta(other, False, False), signer],
    )
    given = (await client.simulate(CHAIN, str(owner), unsigned(cluster, owner, approve))).approvals or []
    assert [(a.owner, a.asset, a.spender, a.unlimited) for a in given] == [(str(owner), mint.address, str(other), True)]
    hand_over = Instruction(program, b"\x06\x02\x01" + bytes(other), [AccountMeta(place, False, True), signer])
    taken = (await client.simulate(CHAIN, str(owner), unsigned(cluster, owner, hand_over))).owners
    assert taken == [(str(place), str(other))]


def unsigned(cluster: Surfpool, payer: Pubkey, call: Instruction) -> str:
    blockhash = Hash.from_string(cluster.rpc("getLatestBlockhash")["value"]["blockhash"])
    return base64.b64encode(to_bytes_versioned(MessageV0.try_compile(payer, [call], [], blockhash))).decode()
