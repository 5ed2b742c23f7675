"""Durable nonces against a real Surfpool: made, paid with however late, outbid, taken back, closed."""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from solders.hash import Hash
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import CALL, NATIVE, Attempt, Draft, Fate, NotNow, Payment, Unpayable
from fluxdesk.chains.solana import nonces, tokens
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import CLOSE_NONCE, MAKE_NONCE, REVOKE, SolanaRail
from fluxdesk.core.chains import TABLE
from fluxdesk.core.endpoint import Endpoint
from integration.servers import Surfpool
from integration.spl import funded, key, new_mint, run
from waiting import eventually

LOCAL = next(c for c in TABLE if c.id == "solana:local")
SOL = 10**9
NONE: frozenset[int] = frozenset()


@pytest.fixture(scope="module")
def cluster(surfpool_here: None) -> Iterator[Surfpool]:
    with Surfpool([], slot_ms=20) as server:
        yield server


@pytest.fixture
async def rail(cluster: Surfpool) -> AsyncIterator[SolanaRail]:
    pool = EndpointPool(LOCAL, [Endpoint.parse(cluster.rpc_url, ("http",))], per_second=10_000)
    yield SolanaRail(SolanaClient(pool))
    await pool.close()


def payment(payer: Keypair, **more: object) -> Payment:
    values = {"id": "p", "chain": LOCAL.id, "account": str(payer.pubkey()), "asset": NATIVE, "amount": SOL}
    return msgspec.convert(values | {"recipient": str(payer.pubkey())} | more, Payment)


def chore(payer: Keypair, call: bytes, at: Pubkey | None = None) -> Payment:
    return payment(payer, asset=CALL, amount=0, call=call, recipient=str(at or payer.pubkey()))


def signed(rail: SolanaRail, draft: Draft, payer: Keypair, number: int = 1, cancels: bool = False) -> Attempt:
    raw, tx = rail.accept(draft.payload, str(payer.pubkey()), bytes(payer.sign_message(draft.payload)))
    return Attempt(number, draft.payload, raw, tx, draft.expires, cancels)


async def comes_to(rail: SolanaRail, payer: Keypair, attempts: list[Attempt], fate: Fate) -> int | None:
    async def there() -> bool:
        return (await rail.look(str(payer.pubkey()), [attempts]))[0].fate is fate

    await eventually(there)
    return (await rail.look(str(payer.pubkey()), [attempts]))[0].attempt


async def done(rail: SolanaRail, payer: Keypair, draft: Draft) -> None:
    attempt = signed(rail, draft, payer)
    assert await rail.broadcast(attempt.raw) == ""
    await comes_to(rail, payer, [attempt], Fate.FINAL)


async def state(rail: SolanaRail, payer: Keypair) -> Hash | None:
    found = (await rail.client.nonces_everywhere(str(nonces.address(payer.pubkey(), 0))))[0]
    return None if found is None else found.hash


async def test_a_durable_payment_outlives_every_blockhash(rail: SolanaRail, cluster: Surfpool) -> None:
    payer, to = funded(cluster, 71), Keypair().pubkey()
    durable = payment(payer, durable=True, recipient=str(to))
    with pytest.raises(Unpayable, match="make one first"):
        await rail.prepare([durable], NONE)
    made = await rail.prepare([chore(payer, MAKE_NONCE)], NONE)
    assert made.cost_most == 5_000 + 1_447_680  # the rent of 80 bytes
    await done(rail, payer, made)
    before = await state(rail, payer)
    draft = await rail.prepare([durable], NONE)
    assert (draft.nonce, draft.expires) == (0, None)
    with pytest.raises(NotNow, match="in use"):
        await rail.prepare([durable], frozenset({0}))
    attempt = signed(rail, draft, payer)
    ordinary = signed(rail, await rail.prepare([payment(payer, recipient=str(to))], NONE), payer)
    await comes_to(rail, payer, [ordinary], Fate.DEAD)
    assert (await rail.look(str(payer.pubkey()), [[attempt]]))[0].fate is Fate.WAITING
    assert await rail.broadcast(attempt.raw) == ""
    await comes_to(rail, payer, [attempt], Fate.FINAL)
    assert cluster.rpc("getBalance", [str(to)])["value"] == SOL
    assert await state(rail, payer) not in (None, before)
    closed = await rail.prepare([chore(payer, CLOSE_NONCE, nonces.address(payer.pubkey(), 0))], NONE)
    await done(rail, payer, closed)
    assert await state(rail, payer) is None


async def test_the_nonce_holds_the_place_of_a_payment(rail: SolanaRail, cluster: Surfpool) -> None:
    payer, to = funded(cluster, 72), Keypair().pubkey()
    await done(rail, payer, await rail.prepare([chore(payer, MAKE_NONCE)], NONE))
    first = signed(rail, await rail.prepare([payment(payer, durable=True, recipient=str(to))], NONE), payer)
    dearer_draft = await rail.outbid(first, False, str(payer.pubkey()))
    assert dearer_draft.cost_most > 5_000
    dearer = signed(rail, dearer_draft, payer, 2)
    away = signed(rail, await rail.outbid(dearer, True, str(payer.pubkey())), payer, 3, cancels=True)
    assert await rail.broadcast(away.raw) == ""
    assert await comes_to(rail, payer, [first, dearer, away], Fate.FINAL) == 3
    # Neither of the others can land any more, whoever has them.
    await comes_to(rail, payer, [first, dearer], Fate.DEAD)
    for lost in (first, dearer):
        await rail.broadcast(lost.raw)
    assert (await rail.look(str(payer.pubkey()), [[first, dearer]]))[0].fate is Fate.DEAD
    assert cluster.rpc("getBalance", [str(to)])["value"] == 0


async def test_a_payment_by_blockhash_cannot_be_outbid(rail: SolanaRail, cluster: Surfpool) -> None:
    payer = funded(cluster, 73)
    attempt = signed(rail, await rail.prepare([payment(payer, recipient=str(key(9).pubkey()))], NONE), payer)
    with pytest.raises(Unpayable, match="cannot be replaced"):
        await rail.outbid(attempt, True, str(payer.pubkey()))


async def test_a_delegate_is_taken_back(rail: SolanaRail, cluster: Surfpool) -> None:
    from solders.instruction import AccountMeta, Instruction

    payer = funded(cluster, 74)
    mint = new_mint(cluster, payer, key(75))
    own = tokens.associated(payer.pubkey(), mint)
    accounts = [AccountMeta(own, False, True), AccountMeta(key(76).pubkey(), False, False)]
    approve = Instruction(
        Pubkey.from_string(tokens.TOKEN),
        bytes([4]) + (9).to_bytes(8, "little"),
        [*accounts, AccountMeta(payer.pubkey(), True, False)],
    )
    run(cluster, payer, [approve])
    await done(rail, payer, await rail.prepare([chore(payer, REVOKE, own)], NONE))
    found = (await rail.client.accounts([own]))[0]
    assert found is not None and bytes(found.data)[72:76] == bytes(4)
    with pytest.raises(Unpayable, match="no token account"):
        await rail.prepare([chore(payer, REVOKE, payer.pubkey())], NONE)
