"""The compute budget program: what a transaction may use and what it pays for priority.

Sources: `ComputeBudgetInstruction` (borsh, tag of one byte); SIMD-0170 for the default limit. The priority fee is
charged on the limit, not on what is used: price in millionths of a lamport times limit, rounded up.
"""

from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction

ADDRESS = "ComputeBudget111111111111111111111111111111"
LAMPORTS_PER_SIGNATURE = 5_000
MOST_UNITS = 1_400_000
_DEFAULT_UNITS = 200_000
_BUILTIN_UNITS = 3_000
_BUILTINS = frozenset({
    ADDRESS, "1" * 32, "Vote111111111111111111111111111111111111111",
    "BPFLoader1111111111111111111111111111111111", "BPFLoader2111111111111111111111111111111111",
    "BPFLoaderUpgradeab1e11111111111111111111111", "LoaderV411111111111111111111111111111111111",
    "KeccakSecp256k11111111111111111111111111111", "Ed25519SigVerify111111111111111111111111111",
})  # fmt: skip
_NAMES = {1: "heap", 2: "limit", 3: "price", 4: "data"}


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(1)
    if tag not in _NAMES:
        return None
    value = d.number(8 if tag == 3 else 4)
    d.end()
    ix.warn("compute-budget")
    ix.draft.fact(f"compute {_NAMES[tag]}", f"{value:,}")
    return (
        f"asks for a heap of {value:,} bytes",
        f"limits the transaction to {value:,} compute units",
        f"pays {value:,} millionths of a lamport a compute unit",
        f"limits the loaded account data to {value:,} bytes",
    )[tag - 1]


def settings(instructions: list[tuple[str, bytes]]) -> tuple[int | None, int, bool]:
    """(limit asked for, price, whether something is set twice) of (program, data) in order; what cannot be read counts
    not.
    """
    found: dict[int, int] = {}
    twice = False
    for program, data in instructions:
        if program == ADDRESS and data[:1] and data[0] in _NAMES and len(data) == (9 if data[0] == 3 else 5):
            twice = twice or data[0] in found
            found[data[0]] = int.from_bytes(data[1:], "little")
    return found.get(2), found.get(3, 0), twice


def priority_fee(programs: list[str], limit: int | None, price: int) -> int:
    """Lamports for priority: `programs` in the order of the instructions, for the default limit where none is asked
    for.
    """
    if limit is None:
        limit = sum(_BUILTIN_UNITS if p in _BUILTINS else _DEFAULT_UNITS for p in programs)
    return -(-min(limit, MOST_UNITS) * price // 1_000_000)


PROGRAMS = (SolanaProgram(ADDRESS, "Compute budget", _read),)
