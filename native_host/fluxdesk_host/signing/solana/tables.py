"""The address lookup table program: making, filling and closing tables.

Source: solana-address-lookup-table-interface, `ProgramInstruction` (bincode, tag of four bytes).
"""

from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Data, Instruction

ADDRESS = "AddressLookupTab1e1111111111111111111111111"


def _read(ix: Instruction) -> str | None:
    d = Data(ix.data)
    tag = d.number(4)
    table = ix.at(0)
    if tag == 0:
        d.number(8)
        d.number(1)
        d.end()
        phrase = f"creates lookup table {table} that {ix.at(1)} controls"
    elif tag == 2:
        count = d.number(8)
        if count > 256:
            return None
        for _ in range(count):
            d.key()
        d.end()
        phrase = f"adds {count} addresses to lookup table {table}"
    elif tag in (1, 3):
        d.end()
        phrase = f"{'freezes' if tag == 1 else 'takes out of use'} lookup table {table}"
    elif tag == 4:
        d.end()
        ix.closed(0, 2)
        phrase = f"closes lookup table {table}; its SOL goes to {ix.at(2)}"
    else:
        return None
    ix.warn("table-change")
    ix.effect(EffectKind.ACCOUNT, asset=f"account:{table}", source=ix.known(1))
    return phrase


PROGRAMS = (SolanaProgram(ADDRESS, "Address lookup table", _read),)
