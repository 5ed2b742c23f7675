"""A Solana transaction: every instruction, what it costs, who signs, whether it expires."""

from collections.abc import Mapping, Sequence

from fluxdesk_host.signing.draft import Draft, refused
from fluxdesk_host.signing.reading import Argument, Called, EffectKind, Fee, Reading
from fluxdesk_host.signing.registry import Registry
from fluxdesk_host.signing.solana import budget, system
from fluxdesk_host.signing.solana.instruction import BadData, Instruction
from fluxdesk_host.signing.solana.message import BadMessage, Message, parse_message, split_transaction
from fluxdesk_host.signing.standard import standard

_VERIFIERS = {
    "Ed25519SigVerify111111111111111111111111111": "Ed25519 check",
    "KeccakSecp256k11111111111111111111111111111": "Secp256k1 check",
    "Secp256r1SigVerify1111111111111111111111111": "Secp256r1 check",
}
_ADVANCE = b"\x04\0\0\0"
"""What the runtime looks for to take the first instruction for that of a durable nonce, whatever follows."""
_MOST_SHOWN = 4
_HIGH_FEE = 50_000_000
"""Lamports; a hundred times what a contested transaction pays."""


def read_solana_message(
    data: object,
    lookup: Mapping[str, Sequence[str]] | None = None,
    origin: str = "",
    *,
    account: str | None = None,
    chain: str | None = None,
    registry: Registry | None = None,
) -> Reading:
    """What a transaction message (legacy or version 0, without signatures) would do. Never raises.

    Args:
        data: the message bytes, which are what is signed.
        lookup: table address to the addresses it holds, as the node says; without it accounts of tables stay unknown.
        origin: who asks, for display.
        account: who is to sign.
        chain: CAIP-2 or `solana:mainnet`; a message names no chain itself.
        registry: recognisers; those of `standard` where None.
    """
    draft = Draft(chain, account, origin)
    if not isinstance(data, (bytes, bytearray)):
        return refused("solana_transaction", draft, "the message is not bytes", b"")
    raw = bytes(data)
    try:
        message = parse_message(raw, lookup if isinstance(lookup, Mapping) else None)
    except BadMessage as bad:
        return refused("solana_transaction", draft, str(bad), raw[:65_536])
    _outer(draft, message, account)
    programs = [message.accounts[ix.program].shown for ix in message.instructions]
    _fees(draft, message, programs)
    if programs and programs[0] == system.ADDRESS and message.instructions[0].data[:4] == _ADVANCE:
        held = message.instructions[0].accounts
        draft.warn("durable-nonce", "0", target=message.accounts[held[0]].shown if held else "unknown")
    phrases: list[str] = []
    wallets: dict[str, tuple[str, str]] = {}
    for i, (ix, program) in enumerate(zip(message.instructions, programs, strict=True)):
        accounts = tuple(message.accounts[a] for a in ix.accounts)
        one = Instruction(draft, program, accounts, ix.data, str(i), account, wallets)
        phrase = _one(one, registry or standard())
        if program != budget.ADDRESS:
            phrases.append(phrase)
    shown = "; ".join(phrases[:_MOST_SHOWN])
    more = f"; and {len(phrases) - _MOST_SHOWN} more" if len(phrases) > _MOST_SHOWN else ""
    return draft.reading("solana_transaction", (f"{shown}{more}" or "does nothing") + ".")


def read_solana_transaction(
    data: object,
    lookup: Mapping[str, Sequence[str]] | None = None,
    origin: str = "",
    *,
    account: str | None = None,
    chain: str | None = None,
    registry: Registry | None = None,
) -> Reading:
    """`read_solana_message` for a whole transaction, whose signatures stand before the message. Never raises."""
    message = split_transaction(bytes(data)) if isinstance(data, (bytes, bytearray)) else None
    if message is None:
        draft = Draft(chain, account, origin)
        raw = bytes(data[:65_536]) if isinstance(data, (bytes, bytearray)) else b""
        return refused("solana_transaction", draft, "the bytes are not a transaction", raw)
    return read_solana_message(message, lookup, origin, account=account, chain=chain, registry=registry)


def _outer(draft: Draft, message: Message, account: str | None) -> None:
    signers = tuple(a.shown for a in message.accounts[: message.signers])
    draft.signers = signers
    draft.account = account or signers[0]
    draft.fact("version", "legacy" if message.version is None else message.version)
    draft.fact("recent blockhash", message.blockhash)
    if account is not None and account not in signers:
        draft.warn("not-our-signature", wanted=account)
    others = [s for s in signers if s != draft.account]
    if others:
        draft.warn("other-signers", count=len(others), who=", ".join(others))
    from_tables = len(message.accounts) - message.stated
    if message.unresolved:
        draft.complete = False
        draft.warn("unresolved-accounts", count=message.unresolved)
    if from_tables > message.unresolved:
        draft.warn("tables-from-node", count=from_tables - message.unresolved)
    for table in message.tables:
        draft.fact("lookup table", table)


def _fees(draft: Draft, message: Message, programs: list[str]) -> None:
    """Signatures of the transaction and those that verifying programs check cost the same; priority comes on top."""
    limit, price, twice = budget.settings([(p, ix.data) for p, ix in zip(programs, message.instructions, strict=True)])
    if twice:
        draft.warn("compute-twice")
    checked = sum(
        ix.data[0] for p, ix in zip(programs, message.instructions, strict=True) if p in _VERIFIERS and ix.data
    )
    priority = budget.priority_fee(programs, limit, price)
    base = budget.LAMPORTS_PER_SIGNATURE * (message.signers + checked)
    draft.fee = Fee(most=base + priority, priority=priority, payer=message.accounts[0].shown)
    if base + priority >= _HIGH_FEE:
        draft.warn("high-fee", amount=system.sol(base + priority))


def _one(ix: Instruction, registry: Registry) -> str:
    """Read one instruction; what its recogniser does not know exactly leaves nothing behind but its bytes."""
    draft = ix.draft
    program = registry.program(ix.program)
    name = program.name if program else _VERIFIERS.get(ix.program, "")
    shown = tuple(
        Argument(str(n), ("signer " if a.signer else "") + ("writable" if a.writable else "read only"), a.shown)
        for n, a in enumerate(ix.accounts)
    )
    draft.called(Called(place=ix.place, target=ix.program, name=name, known=name, arguments=shown))
    if program is not None:
        mark = (len(draft.effects), len(draft.facts), dict(draft.reasons))
        try:
            phrase = program.read(ix)
        except BadData:
            phrase = None
        if phrase is not None:
            return phrase
        del draft.effects[mark[0] :]
        del draft.facts[mark[1] :]
        draft.reasons = mark[2]
    draft.unread(ix.place, "instruction data", ix.data)
    draft.effect(EffectKind.UNKNOWN, to=ix.program, place=ix.place)
    ix.wallets.clear()  # it may have changed who owns a token account
    if ix.program in _VERIFIERS:
        ix.warn("verifies-signature")
        return f"has a signature checked ({_VERIFIERS[ix.program]})"
    if program is None:
        ix.warn("unknown-program", target=ix.program)
        return f"calls program {ix.program}, which is not known"
    ix.warn("unread-instruction", target=f"{program.name} ({ix.program})")
    return f"gives {program.name} an instruction that cannot be read"
