"""Whatever an endpoint answers: what is asked of a chain ends in an answer, or in an error that says so."""

import asyncio
import base64
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from solders.hash import Hash
from solders.keypair import Keypair

from fluxdesk.chains.evm.balances import holdings as evm_holdings
from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.fees import Fees
from fluxdesk.chains.evm.metadata import token_words
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.evm.transactions import Unsigned
from fluxdesk.chains.rpc.errors import ChainError
from fluxdesk.chains.sending.ports import CALL, NATIVE, Attempt, NotNow, Payment, PaymentId, Unpayable
from fluxdesk.chains.solana import messages, nonces
from fluxdesk.chains.solana.balances import holdings as solana_holdings
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.metadata import mint_words
from fluxdesk.chains.solana.rail import CLOSE_NONCE, MAKE_NONCE, REVOKE, SolanaRail
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import TABLE, DataFee
from fluxdesk.gateway.desk import BadRequest, NoSuchThing
from fluxdesk.gateway.wallet_desk import ChainAway, NotPossible
from fluxdesk.node.wallet_evm import EvmLine
from fluxdesk.node.wallet_solana import SolanaLine
from property.chains.hostile_rpc import ADDRESS, KEY, SIGNATURE, WORD, HostileRpc

EVM = next(c for c in TABLE if c.number == 1)
SOLANA = next(c for c in TABLE if c.id == "solana:local")
EXPECTED = (ChainError, NotNow, Unpayable)
TOLD = (BadRequest, NoSuchThing, ChainAway, NotPossible)
PAYER = Keypair.from_seed(bytes(32))
ACCOUNT = str(PAYER.pubkey())
UNSIGNED = Unsigned(1, 1, ADDRESS, 1, b"", 21_000, Fees(7, 1))
MESSAGE = messages.build(PAYER.pubkey(), [nonces.advance(PAYER.pubkey(), PAYER.pubkey())], Hash.default())
EVM_FIELDS = base64.b64encode(UNSIGNED.encode()).decode()


def evm_payment(asset: str = NATIVE) -> Payment:
    return Payment(PaymentId("p"), EVM.id, ADDRESS, asset, ADDRESS, 1)


def solana_payment(call: bytes = b"", durable: bool = False) -> Payment:
    asset, amount = (CALL, 0) if call else (NATIVE, 5)
    return Payment(PaymentId("p"), SOLANA.id, ACCOUNT, asset, KEY, amount, 1, call, durable)


EVM_QUESTIONS: dict[str, Callable[[EvmRail], Awaitable[object]]] = {
    "head": lambda r: r.client.head(),
    "nonce": lambda r: r.client.nonce(ADDRESS),
    "balance": lambda r: r.client.balance(ADDRESS),
    "code": lambda r: r.client.has_code(ADDRESS),
    "fee_history": lambda r: r.client.fee_history(),
    "gas_price": lambda r: r.client.gas_price(),
    "estimate": lambda r: r.client.estimate(ADDRESS, ADDRESS, 1, b""),
    "data_fee": lambda r: r.client.data_fee(b"x"),
    "data_gas": lambda r: r.client.data_gas(ADDRESS, b"x"),
    "receipts": lambda r: r.client.receipts([WORD, WORD]),
    "holdings": lambda r: evm_holdings(r.client, ADDRESS, [ADDRESS]),
    "words": lambda r: token_words(r.client, [ADDRESS]),
    "prepare": lambda r: r.prepare([evm_payment()], frozenset({1})),
    "fill": lambda r: r.fill(ADDRESS, frozenset({5})),
    "outbid": lambda r: r.outbid(Attempt(1, UNSIGNED.encode(), b"x", WORD, None), True, ADDRESS),
    "broadcast": lambda r: r.broadcast(b"x"),
    "look": lambda r: r.look(ADDRESS, [[Attempt(1, UNSIGNED.encode(), b"x", WORD, None)]]),
}
SOLANA_QUESTIONS: dict[str, Callable[[SolanaRail], Awaitable[object]]] = {
    "lifetime": lambda r: r.client.lifetime(),
    "heights": lambda r: r.client.heights(),
    "statuses": lambda r: r.client.statuses([SIGNATURE]),
    "everywhere": lambda r: r.client.statuses_everywhere(SIGNATURE),
    "accounts": lambda r: r.client.accounts([PAYER.pubkey()]),
    "nonces": lambda r: r.client.nonces_everywhere(KEY),
    "fee": lambda r: r.client.fee(SIGNATURE),
    "holdings": lambda r: solana_holdings(r.client, KEY),
    "words": lambda r: mint_words(r.client, [KEY]),
    "prepare": lambda r: r.prepare([solana_payment()], frozenset()),
    "durable": lambda r: r.prepare([solana_payment(durable=True)], frozenset()),
    "make": lambda r: r.prepare([solana_payment(MAKE_NONCE)], frozenset()),
    "close": lambda r: r.prepare([solana_payment(CLOSE_NONCE)], frozenset()),
    "revoke": lambda r: r.prepare([solana_payment(REVOKE)], frozenset()),
    "broadcast": lambda r: r.broadcast(b"x"),
    "look": lambda r: r.look(ACCOUNT, [[Attempt(1, MESSAGE, b"x", SIGNATURE, 3)]]),
    "expired": lambda r: r.expired(5),
}
EVM_ANSWERS: dict[str, Callable[[EvmLine], Awaitable[object]]] = {
    "fees": lambda x: x.fees(),
    "balance": lambda x: x.balance(ADDRESS, [ADDRESS]),
    "history": lambda x: x.history(ADDRESS, None, 5),
    "older": lambda x: x.history(ADDRESS, "9", 5),
    "allowances": lambda x: x.allowances(ADDRESS),
    "transaction": lambda x: x.transaction(WORD),
    "simulate": lambda x: x.simulate(w.SimulationAsked(account=ADDRESS, payload_b64=EVM_FIELDS)),
}
SOLANA_ANSWERS: dict[str, Callable[[SolanaLine], Awaitable[object]]] = {
    "fees": lambda x: x.fees(),
    "balance": lambda x: x.balance(KEY, [KEY]),
    "history": lambda x: x.history(KEY, None, 5),
    "allowances": lambda x: x.allowances(KEY),
    "transaction": lambda x: x.transaction(SIGNATURE),
    "tables": lambda x: x.tables([KEY]),
    "nonces": lambda x: x.nonces(KEY, frozenset()),
    "simulate": lambda x: x.simulate(
        w.SimulationAsked(account=ACCOUNT, payload_b64=base64.b64encode(MESSAGE).decode())
    ),
}
seeds = st.integers(0, 2**32)
fewer = settings(max_examples=max(10, settings().max_examples // 4))


@pytest.mark.parametrize("name", EVM_QUESTIONS)
def test_evm_questions(name: str) -> None:
    @fewer
    @given(seeds, st.sampled_from(list(DataFee)))
    def ask(seed: int, data_fee: DataFee) -> None:
        rpc = HostileRpc(msgspec.structs.replace(EVM, data_fee=data_fee), seed)

        async def once() -> None:
            try:
                await EVM_QUESTIONS[name](EvmRail(EvmClient(rpc)))
            except EXPECTED:
                return

        asyncio.run(once())

    ask()


@pytest.mark.parametrize("name", SOLANA_QUESTIONS)
def test_solana_questions(name: str) -> None:
    @fewer
    @given(seeds)
    def ask(seed: int) -> None:
        async def once() -> None:
            try:
                await SOLANA_QUESTIONS[name](SolanaRail(SolanaClient(HostileRpc(SOLANA, seed))))
            except EXPECTED:
                return

        asyncio.run(once())

    ask()


@pytest.mark.parametrize("name", EVM_ANSWERS)
def test_what_the_gateway_is_given_of_an_evm_chain(name: str) -> None:
    @fewer
    @given(seeds)
    def ask(seed: int) -> None:
        rpc = HostileRpc(EVM, seed)
        client = EvmClient(rpc)

        async def once(file: Path) -> None:
            line = EvmLine(client, EvmRail(client), rpc, file)
            try:
                msgspec.json.encode(await EVM_ANSWERS[name](line))
            except TOLD:
                return
            finally:
                await line.close()

        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(once(Path(folder) / "history.sqlite"))

    ask()


@pytest.mark.parametrize("name", SOLANA_ANSWERS)
def test_what_the_gateway_is_given_of_a_cluster(name: str) -> None:
    @fewer
    @given(seeds)
    def ask(seed: int) -> None:
        rpc = HostileRpc(SOLANA, seed)
        client = SolanaClient(rpc)

        async def once() -> None:
            try:
                msgspec.json.encode(await SOLANA_ANSWERS[name](SolanaLine(client, SolanaRail(client), rpc)))
            except TOLD:
                return

        asyncio.run(once())

    ask()
