"""Log lines of a transaction as the runtime writes them: every program between its `invoke` and its `success`.

Lines are put together once, as JSON text with `%s` where a base64 payload will stand, and filled in per transaction.
The compute units are constants of the right order, not measurements.
"""

from base64 import b64encode

SYSTEM = "11111111111111111111111111111111"
COMPUTE_BUDGET = "ComputeBudget111111111111111111111111111111"
ASSOCIATED = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"
FEES = "PracticeFees1111111111111111111111111111111"
"""Stands where pump.fun asks its fee program; like every practice program, no cluster runs it."""
SLIPPAGE = 6_002
"""Error number that the launchpads give for too much slippage."""
DATA = '"Program data: %s"'


def frame(program: str, depth: int, *inside: str, units: int | None = None) -> str:
    """One invocation with the lines inside it; built-in programs state no units."""
    lines = [f'"Program {program} invoke [{depth}]"', *inside]
    if units is not None:
        lines.append(f'"Program {program} consumed {units} of 400000 compute units"')
    lines.append(f'"Program {program} success"')
    return ",".join(lines)


def failed(program: str, depth: int, *inside: str, units: int, code: int) -> str:
    """An invocation that ends in a custom error."""
    return ",".join(
        [
            f'"Program {program} invoke [{depth}]"',
            *inside,
            f'"Program {program} consumed {units} of 400000 compute units"',
            f'"Program {program} failed: custom program error: {code:#x}"',
        ]
    )


def said(instruction: str) -> str:
    """The line in which an Anchor program names its instruction: `buy_exact_sol_in` as `BuyExactSolIn`."""
    return '"Program log: Instruction: ' + "".join(part.capitalize() for part in instruction.split("_")) + '"'


def event(program: str, depth: int) -> str:
    """An event as pump.fun, PumpSwap and LaunchLab state it: a data line, and a call to the program itself."""
    return DATA + "," + frame(program, depth + 1, units=2125)


def transfer(token_program: str, depth: int) -> str:
    """A checked token transfer."""
    return frame(token_program, depth, said("transfer_checked"), units=2562)


def fee_lookup(depth: int, lp_bps: int, protocol_bps: int, creator_bps: int) -> str:
    """pump.fun's question to its fee program, with the three rates it returns."""
    rates = b"".join(bps.to_bytes(8, "little") for bps in (lp_bps, protocol_bps, creator_bps))
    answer = f'"Program return: {FEES} {b64encode(rates).decode()}"'
    return frame(FEES, depth, said("get_fees"), answer, units=3302).replace(
        f'{answer},"Program {FEES} consumed 3302 of 400000 compute units"',
        f'"Program {FEES} consumed 3302 of 400000 compute units",{answer}',
    )


PROLOGUE = frame(COMPUTE_BUDGET, 1) + "," + frame(COMPUTE_BUDGET, 1)
"""The two compute-budget instructions that nearly every trade begins with."""
