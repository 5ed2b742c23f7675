"""What am I signing: requests parsed once, for policy and for display. Pure: no I/O, no clock, no keys.

The readers never raise on what comes from outside: what cannot be read exactly is a `Reading` that says so, with
danger 4 or 5 and the bytes as they are. Danger levels, reasons and how to add a recogniser: docs/signing.md.
"""

from fluxdesk_host.signing.evm.transaction import read_evm_authorisation, read_evm_transaction
from fluxdesk_host.signing.messages.read import read_personal_message, read_solana_offchain, read_solana_text
from fluxdesk_host.signing.reading import Danger, Effect, EffectKind, Reading, Reason
from fluxdesk_host.signing.solana.read import read_solana_message, read_solana_transaction
from fluxdesk_host.signing.standard import standard
from fluxdesk_host.signing.typed.read import read_typed_data

__all__ = [
    "Danger",
    "Effect",
    "EffectKind",
    "Reading",
    "Reason",
    "read_evm_authorisation",
    "read_evm_transaction",
    "read_personal_message",
    "read_solana_message",
    "read_solana_offchain",
    "read_solana_text",
    "read_solana_transaction",
    "read_typed_data",
    "standard",
]
