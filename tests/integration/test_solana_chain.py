"""The Solana client and rail against a real Surfpool, with the real token programs."""

from collections.abc import AsyncIterator, Iterator

import msgspec
import pytest
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import NATIVE, Attempt, Draft, Fate, NotNow, Payment, SignedOtherwise, Unpayable
from fluxdesk.chains.solana import messages, tokens
from fluxdesk.chains.solana.balances import holdings
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import SolanaRail
from fluxdesk.core.chains import TABLE
from fluxdesk.core.endpoint import Endpoint
from integration.servers import Surfpool
from integration.spl import funded, key, new_mint, open_accounts, run, token_amount
from waiting import eventually

LOCAL = next(c for c in TABLE if c.id == "solana:local")
SOL = 10**9


@pytest.fixture(scope="module")
def cluster(surfpool_here: None) -> Iterator[Surfpool]:
    with Surfpool([], slot_ms=20) as server:
        yield server


@pytest.fixture(scope="module")
def payer(cluster: Surfpool) -> Keypair:
    return funded(cluster, 1)


@pytest.fixture(scope="module")
def mint(cluster: Surfpool, payer: Keypair) -> tokens.Mint:
    return new_mint(cluster, payer, key(2))


@pytest.fixture
async def rail(cluster: Surfpool) -> AsyncIterator[SolanaRail]:
    pool = EndpointPool(LOCAL, [Endpoint.parse(cluster.rpc_url, ("http",))], per_second=10_000)
    yield SolanaRail(SolanaClient(pool))
    await pool.close()


def pay(payer: Keypair, to: Pubkey, amount: int, asset: str = NATIVE, number: int = 0) -> Payment:
    values = {"id": f"p{number}", "chain": LOCAL.id, "account": str(payer.pubkey()), "asset": asset}
    return msgspec.convert(values | {"recipient": str(to), "amount": amount}, Payment)


def signed(rail: SolanaRail, draft: Draft, payer: Keypair) -> Attempt:
    raw, tx = rail.accept(draft.payload, str(payer.pubkey()), bytes(payer.sign_message(draft.payload)))
    return Attempt(1, draft.payload, raw, tx, draft.expires)


async def lands(rail: SolanaRail, payer: Keypair, attempt: Attempt, fate: Fate = Fate.FINAL) -> None:
    assert await rail.broadcast(attempt.raw) == ""

    async def there() -> bool:
        return (await rail.look(str(payer.pubkey()), [[attempt]]))[0].fate is fate

    await eventually(there)


async def test_sol_is_paid_with_a_limit_from_simulation_and_broadcast_twice_counts_once(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair
) -> None:
    to = Keypair().pubkey()
    draft = await rail.prepare([pay(payer, to, SOL)], frozenset())
    attempt = signed(rail, draft, payer)
    assert await rail.broadcast(attempt.raw) == ""
    await lands(rail, payer, attempt)
    assert await rail.broadcast(attempt.raw) == ""
    assert cluster.rpc("getBalance", [str(to)])["value"] == SOL
    assert draft.cost_most == (await rail.look(str(payer.pubkey()), [[attempt]]))[0].fee == 5_000
    used = cluster.rpc("getTransaction", [attempt.tx, {"commitment": "confirmed"}])["meta"]["computeUnitsConsumed"]
    assert messages.padded_units(used) <= 500


async def test_a_token_account_is_made_where_there_is_none_and_its_rent_is_counted(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    to = Keypair().pubkey()
    first = await rail.prepare([pay(payer, to, 7, mint.address)], frozenset())
    assert first.cost_most == 5_000 + 2_039_280
    await lands(rail, payer, signed(rail, first, payer))
    second = await rail.prepare([pay(payer, to, 5, mint.address)], frozenset())
    assert second.cost_most == 5_000
    await lands(rail, payer, signed(rail, second, payer))
    assert token_amount(cluster, to, mint) == 12


async def test_nineteen_checked_transfers_fit_one_transaction_without_a_table(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    owners = [Keypair().pubkey() for _ in range(24)]
    open_accounts(cluster, payer, mint, owners)
    draft = await rail.prepare([pay(payer, o, i + 1, mint.address, i) for i, o in enumerate(owners)], frozenset())
    assert len(draft.took) == 19
    size = 65 + len(draft.payload)
    assert size <= messages.PACKET and draft.payload[0] == 0x80
    assert draft.cost_most * 1000 <= 53 * 5_000 * len(draft.took)  # 5.3 % of nineteen single sends
    await lands(rail, payer, signed(rail, draft, payer))
    paid = [token_amount(cluster, o, mint) for o in owners]
    assert paid == [i + 1 if i < len(draft.took) else 0 for i in range(24)]


async def test_a_lookup_table_is_used_where_it_pays(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    from solders.address_lookup_table_account import derive_lookup_table_address
    from solders.instruction import AccountMeta, Instruction

    owners = [Keypair().pubkey() for _ in range(30)]
    open_accounts(cluster, payer, mint, owners)
    program = Pubkey.from_string("AddressLookupTab1e1111111111111111111111111")
    system = AccountMeta(Pubkey.default(), False, False)
    slot = cluster.rpc("getSlot", [{"commitment": "finalized"}])
    table, bump = derive_lookup_table_address(payer.pubkey(), slot)
    who = [AccountMeta(table, False, True), AccountMeta(payer.pubkey(), True, False)]
    who += [AccountMeta(payer.pubkey(), True, True), system]
    make = (0).to_bytes(4, "little") + slot.to_bytes(8, "little") + bytes([bump])
    run(cluster, payer, [Instruction(program, make, who)])
    for start in range(0, 30, 15):
        part = [tokens.associated(o, mint) for o in owners[start : start + 15]]
        more = (2).to_bytes(4, "little") + len(part).to_bytes(8, "little") + b"".join(map(bytes, part))
        run(cluster, payer, [Instruction(program, more, who)])
    payments = [pay(payer, o, 3, mint.address, i) for i, o in enumerate(owners)]
    plain = await rail.prepare(payments, frozenset())
    shorter = await SolanaRail(rail.client, tables=[str(table)]).prepare(payments, frozenset())
    assert len(plain.took) < 24 and len(shorter.took) == 30
    await lands(rail, payer, signed(rail, shorter, payer))
    assert {token_amount(cluster, o, mint) for o in owners} == {3}


async def test_token_2022_is_paid_and_held_as_well(rail: SolanaRail, cluster: Surfpool, payer: Keypair) -> None:
    newer = new_mint(cluster, payer, key(3), decimals=9, program=tokens.TOKEN_2022)
    to = Keypair()
    draft = await rail.prepare([pay(payer, to.pubkey(), 11, newer.address)], frozenset())
    assert draft.cost_most == 5_000 + cluster.rpc("getMinimumBalanceForRentExemption", [newer.account_size])
    await lands(rail, payer, signed(rail, draft, payer))
    held = await holdings(rail.client, str(to.pubkey()))
    assert (held.lamports, held.of(newer.address), held.mints[newer.address].decimals) == (0, 11, 9)
    assert [h.program for h in held.tokens] == [tokens.TOKEN_2022]


async def test_what_would_fail_is_not_signed(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair, mint: tokens.Mint
) -> None:
    to = Keypair().pubkey()
    with pytest.raises(NotNow, match="does not hold"):
        await rail.prepare([pay(payer, to, 10**6 * SOL)], frozenset())
    with pytest.raises(NotNow, match="does not hold"):
        await rail.prepare([pay(payer, to, 10**16, mint.address)], frozenset())
    with pytest.raises(Unpayable, match="no such token"):
        await rail.prepare([pay(payer, to, 1, str(to))], frozenset())
    misspelt = msgspec.structs.replace(pay(payer, to, 1), recipient="0x12")
    with pytest.raises(Unpayable, match="no Solana address"):
        await rail.prepare([misspelt], frozenset())
    held = tokens.associated(payer.pubkey(), mint)
    with pytest.raises(Unpayable, match="is a token account"):
        await rail.prepare([pay(payer, held, 1, mint.address)], frozenset())


async def test_one_payment_that_cannot_be_does_not_hold_up_the_others(
    rail: SolanaRail, payer: Keypair, mint: tokens.Mint
) -> None:
    to = Keypair().pubkey()
    good, bad = pay(payer, to, SOL, number=1), pay(payer, to, 10**6 * SOL, number=2)
    assert (await rail.prepare([good, bad], frozenset())).took == ("p1",)
    unknown = pay(payer, to, 1, str(to), number=3)
    assert (await rail.prepare([good, unknown, good], frozenset())).took == ("p1",)


async def test_a_transaction_that_fails_on_the_chain_is_said_to_have_failed(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair
) -> None:
    poor = funded(cluster, 9, SOL)
    first = await rail.prepare([pay(poor, payer.pubkey(), SOL - 10**6, number=1)], frozenset())
    second = await rail.prepare([pay(poor, payer.pubkey(), SOL - 2 * 10**6, number=2)], frozenset())
    await lands(rail, poor, signed(rail, first, poor), Fate.INCLUDED)
    await lands(rail, poor, signed(rail, second, poor), Fate.FAILED)


async def test_only_an_expired_blockhash_ends_a_payment_that_was_never_seen(
    rail: SolanaRail, cluster: Surfpool, payer: Keypair
) -> None:
    attempt = signed(rail, await rail.prepare([pay(payer, Keypair().pubkey(), SOL)], frozenset()), payer)
    account = str(payer.pubkey())
    assert (await rail.look(account, [[attempt]]))[0].fate is Fate.WAITING
    assert attempt.expires is not None and not await rail.expired(attempt.expires)

    async def dead() -> bool:
        return (await rail.look(account, [[attempt]]))[0].fate is Fate.DEAD

    await eventually(dead)
    assert await rail.expired(attempt.expires)
    await rail.broadcast(attempt.raw)
    assert (await rail.look(account, [[attempt]]))[0].fate is Fate.DEAD


async def test_only_a_signature_of_the_message_is_taken(rail: SolanaRail, payer: Keypair) -> None:
    draft = await rail.prepare([pay(payer, Keypair().pubkey(), SOL)], frozenset())
    for junk in (
        b"",
        bytes(64),
        bytes(payer.sign_message(draft.payload + b"x")),
        bytes(key(8).sign_message(draft.payload)),
    ):
        with pytest.raises(SignedOtherwise):
            rail.accept(draft.payload, str(payer.pubkey()), junk)


async def test_a_legacy_message_says_the_same(cluster: Surfpool, rail: SolanaRail, payer: Keypair) -> None:
    from solders.system_program import TransferParams, transfer

    to = Keypair().pubkey()
    call = transfer(TransferParams(from_pubkey=payer.pubkey(), to_pubkey=to, lamports=SOL))
    lifetime = await rail.client.lifetime()
    legacy = messages.build(payer.pubkey(), [call], lifetime.blockhash, legacy=True)
    newer = messages.build(payer.pubkey(), [call], lifetime.blockhash)
    assert newer[0] == 0x80 and len(newer) == len(legacy) + 2
    await lands(rail, payer, signed(rail, Draft(legacy, (), expires=lifetime.expires), payer))
    assert cluster.rpc("getBalance", [str(to)])["value"] == SOL
