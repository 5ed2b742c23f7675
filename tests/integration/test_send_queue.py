"""The send queue over a real anvil: order, nonces, taking back, outbidding, endpoints that go away."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.evm.transactions import Unsigned
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import NATIVE, Payment, PaymentId, SignRefused, SignRequest, Unpayable
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import OtherPayment, SendRepository
from fluxdesk.chains.sending.states import Progress, Stand
from fluxdesk.core.chains import added_chain
from fluxdesk.core.endpoint import Endpoint
from integration.servers import Anvil
from integration.signers import EvmTestSigner
from waiting import eventually

CHAIN = added_chain(31337, "Practice", "ETH", block_ms=100, confirmations=2, test=True)
SOMEONE = "0x00000000000000000000000000000000000a11ce"


def pay(anvil: Anvil, number: int, amount: int = 1, priority: int = 1) -> Payment:
    return Payment(PaymentId(f"p{number}"), CHAIN.id, anvil.accounts[0], NATIVE, SOMEONE, amount, priority)


@asynccontextmanager
async def at_work(file: Path, signer: EvmTestSigner, *urls: str) -> AsyncIterator[SendQueue]:
    pool = EndpointPool(CHAIN, [Endpoint.parse(url, ("http",)) for url in urls], per_second=10_000, timeout_s=5)
    repository = SendRepository(file)
    queue = SendQueue(repository, signer, [EvmRail(EvmClient(pool))])
    working = asyncio.create_task(queue.run())
    try:
        yield queue
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await queue.close()
        repository.close()
        await pool.close()


@pytest.fixture
def mined(anvil: Anvil) -> Anvil:
    """Blocks come by themselves, one a second."""
    anvil.rpc("evm_setAutomine", [False])
    anvil.rpc("anvil_setIntervalMining", [1])
    return anvil


def held(anvil: Anvil) -> int:
    return int(anvil.rpc("eth_getBalance", [SOMEONE, "latest"]), 16)


async def one(queue: SendQueue, number: int) -> Progress:
    return (await queue.progress([PaymentId(f"p{number}")]))[0]


async def until_one(queue: SendQueue, number: int, holds: Callable[[Progress], object]) -> Progress:
    async def there() -> Progress | None:
        found = await one(queue, number)
        return found if holds(found) else None

    return await eventually(there)


async def test_payments_go_by_priority_and_then_in_the_order_of_asking(mined: Anvil, tmp_path: Path) -> None:
    signer = EvmTestSigner()
    payments = [pay(mined, 1, 1, 2), pay(mined, 2, 2, 1), pay(mined, 3, 3, 0), pay(mined, 4, 4, 1)]
    async with at_work(tmp_path / "s.sqlite", signer, mined.rpc_url) as queue:
        await queue.submit(payments)
        ends = await queue.ended([p.id for p in payments])
    assert [p.stand for p in ends] == [Stand.PAID] * 4
    by_nonce = sorted((Unsigned.decode(request.payload) for request in signer.asked), key=lambda u: u.nonce)
    assert [u.value for u in by_nonce] == [3, 2, 4, 1]
    assert held(mined) == 10 and all(p.fee and p.txs and p.block for p in ends)


async def test_the_same_id_is_the_same_payment(mined: Anvil, tmp_path: Path) -> None:
    async with at_work(tmp_path / "s.sqlite", EvmTestSigner(), mined.rpc_url) as queue:
        for _ in range(3):
            await queue.submit([pay(mined, 1, 5)])
        with pytest.raises(OtherPayment):
            await queue.submit([pay(mined, 2, 5), pay(mined, 1, 6)])
        with pytest.raises(Unpayable, match="no endpoint for eip155:1"):
            await queue.submit([msgspec.structs.replace(pay(mined, 3), chain="eip155:1")])
        assert (await queue.ended([PaymentId("p1")]))[0].stand is Stand.PAID
        assert await queue.progress([PaymentId("p2"), PaymentId("p3")]) == []
    assert held(mined) == 5


class RefusesOne(EvmTestSigner):
    """Refuses the payment of one amount."""

    async def sign(self, request: SignRequest) -> bytes:
        if Unsigned.decode(request.payload).value == 2:
            await asyncio.sleep(0.3)  # as a person would: the others are under way by then
            raise SignRefused("No, said the test.")
        return await super().sign(request)


async def test_the_gap_that_a_refused_payment_leaves_is_closed(mined: Anvil, tmp_path: Path) -> None:
    payments = [pay(mined, n, n) for n in (1, 2, 3)]
    async with at_work(tmp_path / "s.sqlite", RefusesOne(), mined.rpc_url) as queue:
        await queue.submit(payments)
        ends = await queue.ended([p.id for p in payments])
    assert [(p.stand, p.reason) for p in ends] == [
        (Stand.PAID, ""), (Stand.REFUSED, "No, said the test."), (Stand.PAID, ""),
    ]  # fmt: skip
    assert held(mined) == 4


async def test_a_payment_waits_for_its_signer_and_for_its_money(mined: Anvil, tmp_path: Path) -> None:
    signer = EvmTestSigner()
    signer.away = True
    file = tmp_path / "s.sqlite"
    async with at_work(file, signer, mined.rpc_url) as queue:
        await queue.submit([pay(mined, 1, 7), pay(mined, 2, 10**30)])
        await until_one(queue, 1, lambda p: p.stand is Stand.SENDING and signer.asked)
        poor = await until_one(queue, 2, lambda p: p.reason)
        assert poor.stand is Stand.QUEUED
    signer.away = False
    async with at_work(file, signer, mined.rpc_url) as queue:
        assert (await queue.ended([PaymentId("p1")]))[0].stand is Stand.PAID
        await queue.cancel(PaymentId("p2"))
        assert (await one(queue, 2)).stand is Stand.CANCELLED
    assert held(mined) == 7
    assert len({request.id for request in signer.asked}) == 1


async def test_a_stuck_payment_is_outbid_and_another_is_taken_back(anvil: Anvil, tmp_path: Path) -> None:
    anvil.rpc("evm_setAutomine", [False])
    async with at_work(tmp_path / "s.sqlite", EvmTestSigner(), anvil.rpc_url) as queue:
        await queue.submit([pay(anvil, 1, 7), pay(anvil, 2, 9)])
        for number in (1, 2):
            await until_one(queue, number, lambda p: p.txs)
        await queue.speed_up(PaymentId("p1"))
        await queue.cancel(PaymentId("p2"))
        for number in (1, 2):
            await until_one(queue, number, lambda p: len(p.txs) == 2)

        async def both() -> bool:
            pool = anvil.rpc("txpool_content")["pending"]
            waiting = {tx["hash"] for by_nonce in pool.values() for tx in by_nonce.values()}
            return {(await one(queue, n)).txs[-1] for n in (1, 2)} <= waiting

        await eventually(both)
        anvil.rpc("anvil_mine", ["0x3"])
        ends = await queue.ended([PaymentId("p1"), PaymentId("p2")])
        assert [p.stand for p in ends] == [Stand.PAID, Stand.CANCELLED]
        with pytest.raises(Unpayable, match="not under way"):
            await queue.cancel(PaymentId("p1"))
    assert held(anvil) == 7


async def test_a_reorganisation_after_inclusion_is_followed_to_the_end(anvil: Anvil, tmp_path: Path) -> None:
    anvil.rpc("evm_setAutomine", [False])
    before = anvil.rpc("evm_snapshot")
    async with at_work(tmp_path / "s.sqlite", EvmTestSigner(), anvil.rpc_url) as queue:
        await queue.submit([pay(anvil, 1, 7)])

        async def sent() -> bool:
            return bool(anvil.rpc("txpool_content")["pending"])

        await eventually(sent)  # a transaction is written down before it goes out: a block of before would be empty
        anvil.rpc("evm_mine", [])
        await until_one(queue, 1, lambda p: p.included)
        anvil.rpc("evm_revert", [before])
        back = await until_one(queue, 1, lambda p: not p.included)
        assert back.stand is Stand.SENDING and "took its block back" in back.reason
        await eventually(sent)
        anvil.rpc("anvil_mine", ["0x2"])
        assert (await queue.ended([PaymentId("p1")]))[0].stand is Stand.PAID
    assert held(anvil) == 7


async def test_an_endpoint_that_dies_does_not_stop_a_payment(mined: Anvil, tmp_path: Path) -> None:
    with Anvil() as dying:
        async with at_work(tmp_path / "s.sqlite", EvmTestSigner(), dying.rpc_url, mined.rpc_url) as queue:
            dying.kill()
            await queue.submit([pay(mined, 1, 7)])
            assert (await queue.ended([PaymentId("p1")]))[0].stand is Stand.PAID
    assert held(mined) == 7
