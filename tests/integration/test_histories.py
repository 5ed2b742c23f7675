"""The history of an account, read from a real anvil and a real Surfpool."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.history import EvmHistory
from fluxdesk.chains.history.movement import Movement
from fluxdesk.chains.history.repository import HistoryRepository
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import NATIVE
from fluxdesk.chains.solana import tokens
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.history import SolanaHistory
from fluxdesk.core.chains import TABLE, ChainId, added_chain
from fluxdesk.core.endpoint import Endpoint
from integration.servers import Anvil, Surfpool, UniswapV2, word
from integration.spl import funded, key, new_mint, run
from waiting import eventually

CHAIN = added_chain(31337, "Practice", "ETH", confirmations=3, test=True)
LOCAL = next(c for c in TABLE if c.id == "solana:local")
SOMEONE = "0x00000000000000000000000000000000000a11ce"
ETHER = 10**18


@pytest.fixture
async def client(anvil: Anvil) -> AsyncIterator[EvmClient]:
    pool = EndpointPool(CHAIN, [Endpoint.parse(anvil.rpc_url, ("http",))], per_second=10_000)
    yield EvmClient(pool)
    await pool.close()


async def read(client: EvmClient, file: Path, account: str) -> list[Movement]:
    """Read to the end, with a repository and an indexer of its own, as after a restart; oldest first."""
    repository = HistoryRepository(file)
    try:
        indexer = EvmHistory(client, repository, start=0)
        while not (await indexer.step(account)).done:
            continue
        return repository.movements(CHAIN.id, account)[::-1]
    finally:
        repository.close()


def coin(anvil: Anvil, to: str, value: int) -> None:
    anvil.mined({"from": anvil.accounts[0], "to": to, "value": hex(value)})


def short(movements: list[Movement]) -> list[tuple[str, str, int]]:
    return sorted((m.kind, m.asset, m.amount) for m in movements if m.kind != "fee")


async def test_coin_tokens_and_fees_are_read_and_add_up_to_the_balance(
    client: EvmClient, anvil: Anvil, uniswap: UniswapV2, tmp_path: Path
) -> None:
    account = anvil.accounts[1]
    token = uniswap.token()
    anvil.send("0xa9059cbb" + word(account) + word(70), token)
    anvil.send("0xa9059cbb" + word(SOMEONE) + word(30), token, sender=1)
    coin(anvil, account, 5 * ETHER)
    found = await read(client, tmp_path / "h.sqlite", account)
    assert short(found) == [("transfer", token, -30), ("transfer", token, 70), ("transfer", NATIVE, 5 * ETHER)]
    assert [m.other for m in found if m.asset == token] == [anvil.accounts[0], SOMEONE]
    held = int(anvil.rpc("eth_getBalance", [account, "latest"]), 16)
    assert sum(m.amount for m in found if m.asset == NATIVE) == held - 10_000 * ETHER
    assert await read(client, tmp_path / "h.sqlite", account) == found


async def test_what_a_reorganisation_took_back_is_taken_out_and_what_came_instead_is_read(
    client: EvmClient, anvil: Anvil, tmp_path: Path
) -> None:
    coin(anvil, SOMEONE, 1)
    before = anvil.rpc("evm_snapshot")
    coin(anvil, SOMEONE, 2)
    coin(anvil, SOMEONE, 3)
    assert short(await read(client, tmp_path / "h.sqlite", SOMEONE)) == [("transfer", NATIVE, n) for n in (1, 2, 3)]
    anvil.rpc("evm_revert", [before])
    assert short(await read(client, tmp_path / "h.sqlite", SOMEONE)) == [("transfer", NATIVE, 1)]
    coin(anvil, SOMEONE, 4)
    anvil.rpc("anvil_mine", ["0x5"])
    found = await read(client, tmp_path / "h.sqlite", SOMEONE)
    assert [(m.amount, m.final) for m in found] == [(1, True), (4, True)]
    repository = HistoryRepository(tmp_path / "h.sqlite")
    everything = repository.movements(CHAIN.id, SOMEONE, withdrawn=True)
    repository.close()
    assert sorted((m.amount, m.final) for m in everything if m.withdrawn) == [(2, False), (3, False)]
    assert {m.block_hash for m in found} == {
        anvil.rpc("eth_getBlockByNumber", [hex(m.block), False])["hash"] for m in found
    }


async def test_an_account_that_was_never_read_begins_at_the_head(
    client: EvmClient, anvil: Anvil, tmp_path: Path
) -> None:
    coin(anvil, SOMEONE, 1)
    repository = HistoryRepository(tmp_path / "h.sqlite")
    indexer = EvmHistory(client, repository)
    anvil.rpc("anvil_mine", ["0x1"])
    assert (await indexer.step(SOMEONE)).done
    coin(anvil, SOMEONE, 2)
    await indexer.step(SOMEONE)
    assert [m.amount for m in repository.movements(CHAIN.id, SOMEONE)] == [2]
    repository.close()


async def test_a_transaction_that_failed_moved_nothing_but_its_fee(
    client: EvmClient, anvil: Anvil, tmp_path: Path
) -> None:
    anvil.rpc("anvil_setCode", [SOMEONE, "0x60006000fd"])  # a stand-in that refuses every call
    call = {"from": anvil.accounts[2], "to": SOMEONE, "value": hex(ETHER), "gas": hex(100_000)}
    anvil.mined(call)
    found = await read(client, tmp_path / "h.sqlite", anvil.accounts[2])
    assert [m.kind for m in found] == ["failed"]
    assert await read(client, tmp_path / "h2.sqlite", SOMEONE) == []


async def test_solana_sol_and_tokens_are_read_to_finality_and_once(surfpool_here: None, tmp_path: Path) -> None:
    with Surfpool([], slot_ms=20) as cluster:
        payer = await asyncio.to_thread(funded, cluster, 1)
        mint = new_mint(cluster, payer, key(2))
        to = Keypair().pubkey()
        gift = TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=10**9)
        pay = [tokens.create_account(payer.pubkey(), to, mint), tokens.transfer_checked(payer.pubkey(), to, mint, 7)]
        first = run(cluster, payer, [transfer(gift)])
        second = run(cluster, payer, pay)
        # This one names only the token account, not its owner.
        third = run(cluster, payer, [tokens.transfer_checked(payer.pubkey(), to, mint, 5)])
        pool = EndpointPool(LOCAL, [Endpoint.parse(cluster.rpc_url, ("http",))], per_second=10_000)
        repository = HistoryRepository(tmp_path / "h.sqlite")
        indexer = SolanaHistory(SolanaClient(pool), repository)
        account = str(to)

        async def settled() -> bool:
            await indexer.step(account)
            found = repository.movements(ChainId("solana:local"), account)
            return bool(found) and all(m.final for m in found)

        await eventually(settled)
        found = repository.movements(ChainId("solana:local"), account)
        who = str(payer.pubkey())
        assert {(m.tx, m.kind, m.asset, m.amount, m.other) for m in found} == {
            (first, "transfer", NATIVE, 10**9, who),
            (second, "transfer", mint.address, 7, who),
            (third, "transfer", mint.address, 5, who),
        }
        assert (await indexer.step(account)).read == 0
        mine = str(payer.pubkey())
        await indexer.step(mine)
        held = cluster.rpc("getBalance", [mine])["value"]
        assert sum(m.amount for m in repository.movements(LOCAL.id, mine) if m.asset == NATIVE) == held
        repository.close()
        await pool.close()
