"""Figures of paying: from `submit` until the queue has seen the payment on the chain, one payment after the other.

On anvil with blocks of one second and on Surfpool with slots of 400 ms; seen means in a block there, `confirmed` here.
Beside them, what a batch of nineteen token transfers costs each recipient in fees.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import NATIVE, Payment, PaymentId, Rail, Signer
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import SendRepository
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import SolanaRail
from fluxdesk.cli.figures import Figure, GroupUnavailable
from fluxdesk.core.chains import TABLE, Chain, added_chain
from fluxdesk.core.endpoint import Endpoint

ROUNDS = 40
BLOCK_S, SLOT_MS = 1.0, 400
RECIPIENTS = 19
SINGLE_LAMPORTS = 5_000


def run() -> list[Figure]:
    """Starts both chains, one after the other."""
    from integration.servers import ANVIL, SURFPOOL

    for program in (ANVIL, SURFPOOL):
        if not program.exists():
            raise GroupUnavailable(f"{program.name} is missing: run `npm ci` in tests/tools.")
    evm = asyncio.run(_evm())
    solana, share = asyncio.run(_solana())
    return [
        Figure("sends.evm_confirmed_p50", _percentile(evm, 50), "ms"),
        Figure("sends.evm_confirmed_p99", _percentile(evm, 99), "ms", "<= 2000"),
        Figure("sends.solana_confirmed_p50", _percentile(solana, 50), "ms"),
        Figure("sends.solana_confirmed_p99", _percentile(solana, 99), "ms", "<= 1000"),
        Figure("sends.batch_fee_per_recipient", share, "% of single", "<= 5.3"),
    ]


async def _evm() -> list[float]:
    from integration.servers import Anvil
    from integration.signers import EvmTestSigner

    chain = added_chain(31337, "Practice", "ETH", block_ms=1_000, confirmations=2, test=True)
    with Anvil(block_time_s=BLOCK_S) as server:
        pool = _pool(chain, server.rpc_url)
        rail = EvmRail(EvmClient(pool))
        return await _rounds(rail, EvmTestSigner(), server.accounts[0], "0x" + "a1" * 20, pool)


async def _solana() -> tuple[list[float], float]:
    from solders.keypair import Keypair

    from integration.servers import Surfpool
    from integration.signers import SolanaTestSigner
    from integration.spl import funded, key, new_mint, open_accounts

    chain = next(c for c in TABLE if c.id == "solana:local")
    with Surfpool([], slot_ms=SLOT_MS) as server:
        payer = funded(server, 1)
        mint = new_mint(server, payer, key(2))
        owners = [Keypair().pubkey() for _ in range(RECIPIENTS)]
        open_accounts(server, payer, mint, owners)
        pool = _pool(chain, server.rpc_url)
        rail = SolanaRail(SolanaClient(pool))
        account = str(payer.pubkey())
        wanted = [
            Payment(PaymentId(f"b{n}"), chain.id, account, mint.address, str(owner), 1)
            for n, owner in enumerate(owners)
        ]
        draft = await rail.prepare(wanted, frozenset())
        share = 100 * draft.cost_most / len(draft.took) / SINGLE_LAMPORTS
        signer = SolanaTestSigner((1).to_bytes(32, "big"))
        return await _rounds(rail, signer, account, str(Keypair().pubkey()), pool), share


async def _rounds(rail: Rail, signer: Signer, account: str, to: str, pool: EndpointPool) -> list[float]:
    """Milliseconds of each round; the first is not counted, it loads the libraries."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        queue = SendQueue(SendRepository(Path(folder) / "sends.sqlite"), signer, [rail])
        working = asyncio.create_task(queue.run())
        for n in range(ROUNDS + 1):
            payment = Payment(PaymentId(f"p{n}"), rail.chain.id, account, NATIVE, to, 10**7 + n)
            began = time.perf_counter()
            await queue.submit([payment])
            await queue.ended([payment.id], included=True)
            times.append((time.perf_counter() - began) * 1000)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await queue.close()
        await pool.close()
    return times[1:]


def _pool(chain: Chain, url: str) -> EndpointPool:
    return EndpointPool(chain, [Endpoint.parse(url, ("http",))], per_second=1_000)


def _percentile(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


if __name__ == "__main__":
    for figure in run():
        print(figure, file=sys.stdout)
