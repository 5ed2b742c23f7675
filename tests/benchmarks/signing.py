"""Figures of reading requests: readings a second of one core, and our strict ABI decoder beside eth-abi's."""

import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

from eth_abi.abi import decode as their_decode
from eth_abi.abi import encode
from solders import compute_budget
from solders.hash import Hash
from solders.message import Message
from solders.pubkey import Pubkey
from solders.system_program import TransferParams, transfer

from fluxdesk.cli.figures import Figure
from fluxdesk_host.signing import read_evm_transaction, read_personal_message, read_solana_message, read_typed_data
from fluxdesk_host.signing.abi import decode, parse_type
from requests_to_sign import FRIEND, ME, ORIGIN, SOON, UNIVERSAL, WETH, calldata, permit, sign_in, transaction

RUNS = 5
ROUNDS = 400
TOKEN_TRANSFER = calldata("transfer(address,uint256)", FRIEND, 5)
HOSTILE = {
    "blanks": b" \n" * (1 << 19),
    "zeros": bytes(1 << 20),
    "marks": ("e" + "\u0301" * 3).encode() * ((1 << 20) // 7),
    "digits": b"ab" * (1 << 19),
}
BATCH = ["(address,bool,bytes)[]"]


def run() -> list[Figure]:
    """The figures; processor time, so that a busy machine does not change them much."""
    me, batch = Pubkey(b"\1" * 32), encode(BATCH, [[(FRIEND, True, TOKEN_TRANSFER)] * 10])
    one = [transfer(TransferParams(from_pubkey=me, to_pubkey=Pubkey(b"\2" * 32), lamports=1))]
    many = [compute_budget.set_compute_unit_limit(9000), compute_budget.set_compute_unit_price(5)]
    many += [
        transfer(TransferParams(from_pubkey=me, to_pubkey=Pubkey(bytes([n]) * 32), lamports=1)) for n in range(2, 21)
    ]
    sol, sols = (bytes(Message.new_with_blockhash(ixs, me, Hash(b"\7" * 32))) for ixs in (one, many))
    token, bundle = transaction(TOKEN_TRANSFER), transaction(calldata("multicall(bytes[])", [TOKEN_TRANSFER] * 10))
    document, message = permit(), sign_in().encode()
    types = tuple(parse_type(t) for t in BATCH)
    cases: dict[str, Callable[[], object]] = {
        "evm_token_transfer": lambda: read_evm_transaction(token, ORIGIN, account=ME, chain=1),
        "evm_multicall_of_10": lambda: read_evm_transaction(bundle, ORIGIN, account=ME, chain=1),
        "typed_permit": lambda: read_typed_data(document, ORIGIN, account=ME, chain=1),
        "sign_in": lambda: read_personal_message(message, ORIGIN, account=ME, chain=1),
        "solana_transfer": lambda: read_solana_message(sol, account=str(me)),
        "solana_19_transfers": lambda: read_solana_message(sols, account=str(me)),
    }
    hops = b"\0\1\2".join(bytes.fromhex(token[2:]) for token in (FRIEND, WETH))
    swap = encode(["address", "uint256", "uint256", "bytes", "bool"], [ME, 10, 3, hops, True])
    routed = transaction(calldata("execute(bytes,bytes[],uint256)", b"\0", [swap], SOON), UNIVERSAL)
    cases["universal_router_trade"] = lambda: read_evm_transaction(routed, ORIGIN, account=ME, chain=1)
    figures = [
        Figure(f"signing.{name}", rate(read), "readings/s", ">= 1000", runs=RUNS) for name, read in cases.items()
    ]
    ours, theirs = rate(lambda: decode(types, batch)), rate(lambda: their_decode(BATCH, batch))
    peer = f"eth-abi {version('eth-abi')}"
    figures += [
        Figure(f"signing.hostile_mib_{name}", spent(text), "s", "<= 1", runs=3) for name, text in HOSTILE.items()
    ]
    return [*figures, Figure("signing.abi_batch_of_10", ours, "decodings/s", None, peer, theirs, RUNS)]


def spent(message: bytes) -> float:
    """Processor seconds that a message of 1 MiB costs, the median of three readings."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        read_personal_message(message, ORIGIN, account=ME, chain=1)
        times.append(time.process_time() - begun)
    return round(statistics.median(times), 4)


def rate(work: Callable[[], object]) -> float:
    """Calls a second of processor time, the median of `RUNS`."""
    work()
    rates = []
    for _ in range(RUNS):
        begun = time.process_time()
        for _ in range(ROUNDS):
            work()
        rates.append(ROUNDS / (time.process_time() - begun))
    return round(statistics.median(rates))
