"""Memos: a text in the ledger, for everyone to read and for good.

Source: SPL Memo, versions 1 and 2; version 2 demands that every account it names has signed.
"""

from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana.instruction import Instruction
from fluxdesk_host.signing.text import hides, visible


def _read(ix: Instruction) -> str | None:
    try:
        text = ix.data.decode()
    except UnicodeDecodeError:
        return None
    ix.warn("memo")
    if hides(text):
        ix.warn("hidden-characters")
    ix.draft.fact("memo", text)
    return f"writes the memo “{visible(text, 120)}”"


PROGRAMS = (
    SolanaProgram("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr", "Memo", _read),
    SolanaProgram("Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo", "Memo 1", _read),
)
