"""The EVM client and rail against a real anvil; the contracts are Uniswap's test token, and a stand-in where named."""

from collections.abc import AsyncIterator
from dataclasses import replace

import msgspec
import pytest

from fluxdesk.chains.evm.balances import holdings
from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.fees import Fees, Speed
from fluxdesk.chains.evm.metadata import TokenWords, token_words
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.evm.transactions import Unsigned
from fluxdesk.chains.rpc.errors import NotUnderstood, Refused, Unreachable, Why
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import (
    NATIVE,
    Attempt,
    Draft,
    Fate,
    NotNow,
    Payment,
    PaymentId,
    SignedOtherwise,
    Unpayable,
)
from fluxdesk.core.chains import TABLE, Chain, DataFee, added_chain
from fluxdesk.core.endpoint import Endpoint
from integration.servers import Anvil, UniswapV2
from integration.signers import EvmTestSigner

PRACTICE = added_chain(31337, "Practice", "ETH", block_ms=1_000, confirmations=3, test=True)
SOMEONE = "0x00000000000000000000000000000000000a11ce"
ETHER = 10**18


def pool_of(chain: Chain, *urls: str) -> EndpointPool:
    return EndpointPool(chain, [Endpoint.parse(url, ("http",)) for url in urls], per_second=10_000)


@pytest.fixture
async def rail(anvil: Anvil) -> AsyncIterator[EvmRail]:
    pool = pool_of(PRACTICE, anvil.rpc_url)
    yield EvmRail(EvmClient(pool))
    await pool.close()


def pay(anvil: Anvil, amount: int = ETHER, asset: str = NATIVE, to: str = SOMEONE, **more: object) -> Payment:
    values = {"id": "p1", "chain": PRACTICE.id, "account": anvil.accounts[0], "asset": asset, "recipient": to}
    return msgspec.convert(values | {"amount": amount} | more, Payment)


def signed(rail: EvmRail, draft: Draft, account: str, number: int = 1) -> Attempt:
    raw, tx = rail.accept(draft.payload, account, EvmTestSigner().raw(account, draft.payload))
    return Attempt(number, draft.payload, raw, tx, draft.expires)


async def landed(rail: EvmRail, anvil: Anvil, attempt: Attempt) -> str:
    """What the endpoint said, once the transaction is in a block: a node mines after it has answered."""
    said = await rail.broadcast(attempt.raw)
    anvil.receipt(attempt.tx)
    return said


async def fate(rail: EvmRail, anvil: Anvil, *attempts: Attempt) -> Fate:
    return (await rail.look(anvil.accounts[0], [attempts]))[0].fate


async def test_an_added_chain_is_held_to_its_id(anvil: Anvil) -> None:
    pool = pool_of(added_chain(31338, "Other", "ETH"), anvil.rpc_url)
    with pytest.raises(Unreachable, match="serves chain 31,337, not 31,338"):
        await EvmClient(pool).head()
    await pool.close()


async def test_coin_and_tokens_are_read_at_one_block(rail: EvmRail, anvil: Anvil, uniswap: UniswapV2) -> None:
    token = uniswap.token(5 * ETHER)
    held = await holdings(rail.client, anvil.accounts[0], [token, SOMEONE, uniswap.factory])
    assert held.tokens == {token: 5 * ETHER, SOMEONE: None, uniswap.factory: None}
    assert held.native == int(anvil.rpc("eth_getBalance", [anvil.accounts[0], hex(held.block)]), 16)
    # The pair of Uniswap V2, which is the token here, calls itself so.
    said = TokenWords("UNI-V2", "Uniswap V2", 18)
    assert await token_words(rail.client, [token, SOMEONE]) == {token: said, SOMEONE: TokenWords()}


async def test_a_payment_lands_and_is_final_after_its_confirmations(rail: EvmRail, anvil: Anvil) -> None:
    account = anvil.accounts[0]
    draft = await rail.prepare([pay(anvil)], frozenset())
    fields = Unsigned.decode(draft.payload)
    assert (fields.to, fields.value, fields.gas, fields.nonce, fields.number) == (SOMEONE, ETHER, 21_000, 0, 31337)
    assert draft.cost_most == 21_000 * fields.fees.most
    attempt = signed(rail, draft, account)
    assert await fate(rail, anvil, attempt) is Fate.WAITING
    assert await landed(rail, anvil, attempt) == ""
    assert await rail.broadcast(attempt.raw) in ("", str(Refused(0, "", Why.NONCE_TOO_LOW)))
    assert await fate(rail, anvil, attempt) is Fate.INCLUDED
    anvil.rpc("anvil_mine", ["0x2"])
    sighting = (await rail.look(account, [[attempt]]))[0]
    assert (sighting.fate, sighting.attempt, sighting.block) == (Fate.FINAL, 1, 1)
    spent = 10_000 * ETHER - int(anvil.rpc("eth_getBalance", [account, "latest"]), 16)
    assert sighting.fee == spent - ETHER


async def test_a_token_payment_estimates_its_gas_with_a_margin(rail: EvmRail, anvil: Anvil, uniswap: UniswapV2) -> None:
    token = uniswap.token()
    draft = await rail.prepare([pay(anvil, 7, token)], frozenset())
    fields = Unsigned.decode(draft.payload)
    estimate = await rail.client.estimate(anvil.accounts[0], token, 0, fields.data)
    assert fields.gas == estimate * 120 // 100 and (fields.to, fields.value) == (token, 0)
    attempt = signed(rail, draft, anvil.accounts[0])
    await landed(rail, anvil, attempt)
    assert await fate(rail, anvil, attempt) is Fate.INCLUDED
    assert (await holdings(rail.client, SOMEONE, [token])).tokens == {token: 7}


async def test_what_cannot_be_paid_is_said_before_anything_is_signed(
    rail: EvmRail, anvil: Anvil, uniswap: UniswapV2
) -> None:
    held = int(anvil.rpc("eth_getBalance", [anvil.accounts[0], "latest"]), 16)
    for amount in (held * 2, held - 21_000):
        with pytest.raises(NotNow, match="amount and fee may take"):
            await rail.prepare([pay(anvil, amount)], frozenset())
    with pytest.raises(Unpayable, match="refuses this transaction"):
        await rail.prepare([pay(anvil, 5, uniswap.token(4))], frozenset())
    with pytest.raises(Unpayable, match="no EVM address"):
        await rail.prepare([pay(anvil, to="0x123")], frozenset())
    with pytest.raises(NotNow, match="above the limit"):
        await EvmRail(rail.client, limit=5).prepare([pay(anvil)], frozenset())


async def test_nonces_fill_gaps_and_several_are_in_flight(rail: EvmRail, anvil: Anvil) -> None:
    anvil.rpc("evm_setAutomine", [False])
    account = anvil.accounts[0]
    drafts = []
    for _ in range(3):
        taken = frozenset(d.nonce for d in drafts if d.nonce is not None)
        drafts.append(await rail.prepare([pay(anvil)], taken))
    assert [d.nonce for d in drafts] == [0, 1, 2]
    first, third = signed(rail, drafts[0], account, 1), signed(rail, drafts[2], account, 3)
    await rail.broadcast(first.raw)
    await rail.broadcast(third.raw)
    # The second was refused by the signer: its nonce is the next one's.
    again = await rail.prepare([pay(anvil)], frozenset({0, 2}))
    assert again.nonce == 1
    second = signed(rail, again, account, 2)
    await rail.broadcast(second.raw)
    anvil.rpc("evm_mine", [])
    assert [s.fate for s in await rail.look(account, [[first], [second], [third]])] == [Fate.INCLUDED] * 3


async def test_a_stuck_payment_is_outbid_or_cancelled(rail: EvmRail, anvil: Anvil) -> None:
    anvil.rpc("evm_setAutomine", [False])
    account = anvil.accounts[0]
    first = signed(rail, await rail.prepare([pay(anvil)], frozenset()), account, 1)
    await rail.broadcast(first.raw)
    faster = await rail.outbid(first, False, account)
    old, new = Unsigned.decode(first.payload), Unsigned.decode(faster.payload)
    assert (new.nonce, new.to, new.value) == (old.nonce, old.to, old.value)
    assert new.fees.most * 8 >= old.fees.most * 9 and (new.fees.tip or 0) * 8 >= (old.fees.tip or 0) * 9
    second = signed(rail, faster, account, 2)
    assert await rail.broadcast(second.raw) == ""
    third = signed(rail, await rail.outbid(second, True, account), account, 3)
    assert await rail.broadcast(third.raw) == ""
    anvil.rpc("evm_mine", [])
    sighting = (await rail.look(account, [[first, second, third]]))[0]
    assert (sighting.fate, sighting.attempt) == (Fate.INCLUDED, 3)
    assert int(anvil.rpc("eth_getBalance", [SOMEONE, "latest"]), 16) == 0


async def test_a_receipt_that_a_reorganisation_takes_back_is_not_final(rail: EvmRail, anvil: Anvil) -> None:
    account = anvil.accounts[0]
    before = anvil.rpc("evm_snapshot")
    attempt = signed(rail, await rail.prepare([pay(anvil)], frozenset()), account)
    await landed(rail, anvil, attempt)
    anvil.rpc("anvil_mine", ["0x1"])
    assert await fate(rail, anvil, attempt) is Fate.INCLUDED
    anvil.rpc("evm_revert", [before])
    anvil.rpc("anvil_mine", ["0x6"])
    assert await fate(rail, anvil, attempt) is Fate.WAITING
    await landed(rail, anvil, attempt)
    assert await fate(rail, anvil, attempt) is Fate.INCLUDED
    anvil.rpc("anvil_mine", ["0x2"])
    assert await fate(rail, anvil, attempt) is Fate.FINAL


async def test_a_refusal_counts_only_when_every_endpoint_gave_one(anvil: Anvil) -> None:
    with Anvil() as other:
        pool = pool_of(PRACTICE, anvil.rpc_url, other.rpc_url)
        both = EvmRail(EvmClient(pool))
        draft = await both.prepare([pay(anvil)], frozenset())
        late = replace(Unsigned.decode(draft.payload), value=10**30)  # more than the account has
        attempt = signed(both, Draft(late.encode(), ()), anvil.accounts[0])
        assert "does not hold" in await both.broadcast(attempt.raw)
        other.kill()
        assert await both.broadcast(attempt.raw) == ""
        await pool.close()


async def test_one_endpoint_of_three_that_shows_a_receipt_ends_nothing(anvil: Anvil) -> None:
    with Anvil() as second, Anvil() as third:  # of the same chain id, and without the transaction
        alone = EvmRail(EvmClient(pool_of(PRACTICE, anvil.rpc_url)))
        attempt = signed(alone, await alone.prepare([pay(anvil)], frozenset()), anvil.accounts[0])
        await landed(alone, anvil, attempt)
        anvil.rpc("anvil_mine", ["0x5"])
        assert await fate(alone, anvil, attempt) is Fate.FINAL
        pool = pool_of(PRACTICE, anvil.rpc_url, second.rpc_url, third.rpc_url)
        among = EvmRail(EvmClient(pool))
        assert await fate(among, anvil, attempt) is Fate.INCLUDED
        await alone.client.rpc.close()
        await pool.close()


async def test_a_nonce_that_went_elsewhere_is_said_only_once_that_is_settled(rail: EvmRail, anvil: Anvil) -> None:
    account = anvil.accounts[0]
    ours = signed(rail, await rail.prepare([pay(anvil)], frozenset()), account, 1)
    other = signed(rail, await rail.prepare([pay(anvil, 5)], frozenset()), account, 2)
    await landed(rail, anvil, other)
    assert await fate(rail, anvil, ours) is Fate.WAITING
    anvil.rpc("anvil_mine", ["0x2"])
    assert await fate(rail, anvil, ours) is Fate.SUPERSEDED


async def test_a_payment_the_contract_refuses_after_all_has_failed(
    rail: EvmRail, anvil: Anvil, uniswap: UniswapV2
) -> None:
    token = uniswap.token(10)
    attempt = signed(rail, await rail.prepare([pay(anvil, 10, token)], frozenset()), anvil.accounts[0])
    anvil.rpc("anvil_setCode", [token, "0x60006000fd"])  # a stand-in that refuses every call
    await landed(rail, anvil, attempt)
    anvil.rpc("anvil_mine", ["0x3"])
    assert await fate(rail, anvil, attempt) is Fate.FAILED


async def test_only_what_was_asked_for_is_taken_from_a_signer(rail: EvmRail, anvil: Anvil) -> None:
    account = anvil.accounts[0]
    draft = await rail.prepare([pay(anvil)], frozenset())
    asked = Unsigned.decode(draft.payload)
    other = EvmTestSigner().raw(account, replace(asked, value=asked.value + 1).encode())
    with pytest.raises(SignedOtherwise, match="other than the one"):
        rail.accept(draft.payload, account, other)
    with pytest.raises(SignedOtherwise, match="another account"):
        rail.accept(draft.payload, anvil.accounts[1], EvmTestSigner().raw(account, draft.payload))
    for junk in (b"", b"\x02", b"\x02\xc0", b"\xff" * 200, b"\x01" + other[1:]):
        with pytest.raises(SignedOtherwise):
            rail.accept(draft.payload, account, junk)


async def test_a_chain_without_a_base_fee_is_paid_in_the_old_form(rail: EvmRail, anvil: Anvil) -> None:
    account = anvil.accounts[0]
    asked = replace(
        Unsigned.decode((await rail.prepare([pay(anvil)], frozenset())).payload), fees=Fees(3 * 10**9, None)
    )
    attempt = signed(rail, Draft(asked.encode(), (PaymentId("p1"),)), account)
    assert Unsigned.decode(asked.encode()) == asked
    assert await landed(rail, anvil, attempt) == ""
    assert await fate(rail, anvil, attempt) is Fate.INCLUDED
    with pytest.raises(SignedOtherwise, match="another chain"):
        rail.accept(replace(asked, number=1).encode(), account, attempt.raw)


async def test_an_op_stack_chain_counts_the_price_of_its_data(anvil: Anvil) -> None:
    # Stand-in for the GasPriceOracle: answers ten wei for each byte it was called with.
    anvil.rpc("anvil_setCode", ["0x420000000000000000000000000000000000000F", "0x36600a0260005260206000f3"])
    chain = msgspec.structs.replace(PRACTICE, data_fee=DataFee.OP_STACK)
    pool = pool_of(chain, anvil.rpc_url)
    rail = EvmRail(EvmClient(pool))
    draft = await rail.prepare([pay(anvil)], frozenset())
    fields = Unsigned.decode(draft.payload)
    called = 4 + 64 + -(-len(fields.unsigned_rlp()) // 32) * 32
    assert draft.cost_most == fields.gas * fields.fees.most + called * 10 * 125 // 100
    await pool.close()


async def test_arbitrum_says_how_much_of_the_gas_is_for_its_data(anvil: Anvil) -> None:
    # Stand-in for the NodeInterface: answers 1,000 gas, and two words of no interest.
    anvil.rpc("anvil_setCode", ["0x00000000000000000000000000000000000000C8", "0x6103e860005260606000f3"])
    pool = pool_of(msgspec.structs.replace(PRACTICE, data_fee=DataFee.ARBITRUM), anvil.rpc_url)
    draft = await EvmRail(EvmClient(pool)).prepare([pay(anvil)], frozenset())
    fields = Unsigned.decode(draft.payload)
    assert (draft.cost_most, draft.cost_data) == (fields.gas * fields.fees.most, 1_000 * fields.fees.most)
    await pool.close()


async def test_fees_follow_the_chain(rail: EvmRail, anvil: Anvil) -> None:
    for _ in range(3):
        await landed(rail, anvil, signed(rail, await rail.prepare([pay(anvil)], frozenset()), anvil.accounts[0]))
    history = await rail.client.fee_history()
    assert history is not None and len(history.tips) == 3
    fees = await rail.fees(Speed.NORMAL)
    assert fees.most == 2 * history.next_base + (fees.tip or 0)


async def test_another_transactions_receipt_is_no_answer(rail: EvmRail, anvil: Anvil) -> None:
    from fluxdesk.chains.evm.client import read_receipt

    attempt = signed(rail, await rail.prepare([pay(anvil)], frozenset()), anvil.accounts[0])
    await rail.broadcast(attempt.raw)
    raw = msgspec.json.encode(anvil.receipt(attempt.tx))
    with pytest.raises(NotUnderstood, match="another transaction"):
        read_receipt(raw, "0x" + "11" * 32)


def test_the_chains_of_the_table_are_not_test_chains() -> None:
    assert not any(c.test for c in TABLE if c.number)
