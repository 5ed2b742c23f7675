"""Pays through the send queue until everything is at its end: `payer.py evm|solana RPC_URL FILE COUNT MINT_OR_-`.

Prints a line when it has begun, and one at its end. Meant to be killed and started again.
"""

import asyncio
import sys
from pathlib import Path

from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.rpc.pool import EndpointPool
from fluxdesk.chains.sending.ports import NATIVE, Payment, PaymentId, Rail, Signer
from fluxdesk.chains.sending.queue import SendQueue
from fluxdesk.chains.sending.repository import SendRepository
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import SolanaRail
from fluxdesk.core.chains import TABLE, added_chain
from fluxdesk.core.endpoint import Endpoint
from integration.signers import EvmTestSigner, SolanaTestSigner

SEED = (1).to_bytes(32, "big")
EVM_ACCOUNT = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"
AMOUNT = 1_000_000


def recipient(family: str, number: int) -> str:
    """Where the n-th payment goes: an address of its own."""
    if family == "evm":
        return f"0x{0xA11CE000 + number:040x}"
    from solders.keypair import Keypair

    return str(Keypair.from_seed((5_000 + number).to_bytes(32, "big")).pubkey())


def payments(family: str, count: int, asset: str) -> list[Payment]:
    """The same ones each time."""
    chain = "eip155:31337" if family == "evm" else "solana:local"
    account = EVM_ACCOUNT
    if family == "solana":
        from solders.keypair import Keypair

        account = str(Keypair.from_seed(SEED).pubkey())
    return [
        Payment(PaymentId(f"p{n}"), chain, account, asset, recipient(family, n), AMOUNT + n)  # type: ignore[arg-type]
        for n in range(count)
    ]


async def main(family: str, url: str, file: str, count: int, asset: str) -> None:
    """Until all are at their end."""
    practice = added_chain(31337, "Practice", "ETH", block_ms=200, confirmations=2, test=True)
    chain = practice if family == "evm" else next(c for c in TABLE if c.id == "solana:local")
    pool = EndpointPool(chain, [Endpoint.parse(url, ("http",))], per_second=10_000)
    rail: Rail = EvmRail(EvmClient(pool)) if family == "evm" else SolanaRail(SolanaClient(pool))
    signer: Signer = EvmTestSigner() if family == "evm" else SolanaTestSigner(SEED)
    queue = SendQueue(SendRepository(Path(file)), signer, [rail])
    wanted = payments(family, count, asset)
    await queue.submit(wanted)
    print("begun", flush=True)
    working = asyncio.create_task(queue.run())
    ends = await queue.ended([p.id for p in wanted])
    print(" ".join(sorted({p.stand for p in ends})), flush=True)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await queue.close()
    await pool.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5].replace("-", NATIVE)))
