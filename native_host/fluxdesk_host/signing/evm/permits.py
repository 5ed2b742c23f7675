"""Permissions submitted as calls: EIP-2612 and DAI permits, and Permit2.

Sources: EIP-2612; dai.sol; Permit2's IAllowanceTransfer and ISignatureTransfer. What a signature for these permits
looks like before it is submitted is in `typed/permits.py`.
"""

from typing import Any

from fluxdesk_host.signing.draft import UNLIMITED_EVM
from fluxdesk_host.signing.evm.call import Call, amount_of
from fluxdesk_host.signing.evm.known import PERMIT2
from fluxdesk_host.signing.evm.tokens import approve, listed
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted, until

_DETAILS = "(address,uint160,uint48,uint48)"
_ITEM = "(address,uint256)"
_VRS = "uint8 v,bytes32 r,bytes32 s"
SENDER = "0x" + "00" * 19 + "01"
"""Stands for the sender where it is not known who that is."""


def _permit(call: Call, values: tuple[Any, ...]) -> str:
    owner, spender, amount, deadline = values[:4]
    call.warn("permit-submitted", owner=owner)
    call.draft.expiry(deadline, call.place)
    return _granted(call, call.to, owner, spender, amount, None)


def _dai_permit(call: Call, values: tuple[Any, ...]) -> str:
    owner, spender, _, expiry, allowed = values[:5]
    call.warn("permit-submitted", owner=owner)
    if expiry:
        call.draft.expiry(expiry, call.place)
    else:
        call.warn("never-expires")
    return _granted(call, call.to, owner, spender, (1 << 256) - 1 if allowed else 0, None)


def _granted(call: Call, token: str, owner: str, spender: str, amount: int, expires: int | None) -> str:
    """The allowance that a permit of `owner` makes; what matters most is whether the owner is the signing account."""
    unlimited = amount >= UNLIMITED_EVM
    kind = EffectKind.APPROVAL if amount else EffectKind.REVOKE
    call.warn(("approval-unlimited" if unlimited else "approval") if amount else "revoke", spender=spender)
    if amount:
        listed(call, spender)
    call.effect(
        kind,
        asset=f"token:{token}",
        amount=amount,
        bound="most",
        source=owner,
        spender=spender,
        unlimited=unlimited,
        expires=expires,
    )
    who = checksummed(spender)
    return f"submits a permit of {checksummed(owner)} that lets {who} take {amount_of(token, amount)}{until(expires)}"


def _self_permit(call: Call, values: tuple[Any, ...]) -> str:
    """A router submits the permit that its caller has signed for it: (token, value, deadline, v, r, s)."""
    token, amount, deadline = values[:3]
    owner = call.sender or SENDER
    call.warn("permit-submitted", owner=owner)
    call.draft.expiry(deadline, call.place)
    return _granted(call, token, owner, call.to, amount, None)


def _self_dai_permit(call: Call, values: tuple[Any, ...]) -> str:
    token, _, expiry = values[:3]
    owner = call.sender or SENDER
    call.warn("permit-submitted", owner=owner)
    if expiry:
        call.draft.expiry(expiry, call.place)
    else:
        call.warn("never-expires")
    return _granted(call, token, owner, call.to, (1 << 256) - 1, None)


def _nft_permit(call: Call, values: tuple[Any, ...]) -> str:
    """EIP-4494, as positions of Uniswap V3 have it: (spender, number, deadline, v, r, s)."""
    spender, token_id, deadline = values[:3]
    call.warn("approval", spender=spender)
    listed(call, spender)
    call.draft.expiry(deadline, call.place)
    call.effect(EffectKind.NFT_APPROVAL, asset=f"erc721:{call.to}", token_id=token_id, spender=spender)
    return f"submits a permit that lets {checksummed(spender)} take NFT {token_id} of {checksummed(call.to)}"


def _approve2(call: Call, values: tuple[Any, ...]) -> str:
    token, spender, amount, expiration = values
    _at_permit2(call)
    return f"{approve(call, token, spender, amount, call.draft.expiry(expiration, call.place))} through Permit2"


def _at_permit2(call: Call) -> None:
    if not call.scene.is_a("permit2", call.to):
        call.warn("not-permit2", target=call.to)


def is_universal(call: Call) -> bool:
    """Whether the called contract is a listed universal router, the first one or a later one."""
    return call.scene.is_a("universal", call.to) or call.scene.is_a("universal1", call.to)


def _permit2_single(call: Call, values: tuple[Any, ...]) -> str:
    owner, (details, spender, deadline), _ = values
    return permit2_allowances(call, owner, (details,), spender, deadline)


def _permit2_batch(call: Call, values: tuple[Any, ...]) -> str:
    owner, (details, spender, deadline), _ = values
    return permit2_allowances(call, owner, details, spender, deadline)


def permit2_allowances(
    call: Call, owner: str, details: tuple[tuple[str, int, int, int], ...], spender: str, deadline: int
) -> str:
    """Allowances that a Permit2 permit makes; shared with the universal router, which passes its own address on."""
    if not is_universal(call):
        _at_permit2(call)
    call.warn("permit-submitted", owner=owner)
    call.draft.expiry(deadline, call.place)
    phrases = [
        _granted(call, token, owner, spender, amount, call.draft.expiry(expiration, call.place))
        for token, amount, expiration, _ in details
    ]
    return (
        phrases[0]
        if len(phrases) == 1
        else f"submits a permit over {counted(len(phrases), 'token')} for {checksummed(spender)}"
    )


def moved(call: Call, token: str, source: str, to: str, amount: int) -> str:
    """One transfer that an allowance at Permit2 makes possible."""
    call.warn("token-transfer")
    if not call.mine(source):
        call.warn("transfer-of-others", source=source)
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{token}", amount=amount, source=source, to=to)
    return f"moves {amount_of(token, amount)} from {checksummed(source)} to {checksummed(to)}"


def _transfer2(call: Call, values: tuple[Any, ...]) -> str:
    source, to, amount, token = values
    _at_permit2(call)
    return moved(call, token, source, to, amount)


def _transfers2(call: Call, values: tuple[Any, ...]) -> str:
    _at_permit2(call)
    phrases = [moved(call, token, source, to, amount) for source, to, amount, token in values[0]]
    return phrases[0] if len(phrases) == 1 else f"makes {counted(len(phrases), 'transfer')} through Permit2"


def _signed_transfer(call: Call, values: tuple[Any, ...]) -> str:
    ((token, most), _, deadline), (to, amount), owner = values[:3]
    _at_permit2(call)
    call.draft.expiry(deadline, call.place)
    if amount > most:
        call.warn("malformed", what="more is asked for than the permit allows")
    return moved(call, token, owner, to, amount)


def _signed_batch(call: Call, values: tuple[Any, ...]) -> str:
    (permitted, _, deadline), details, owner = values[:3]
    _at_permit2(call)
    call.draft.expiry(deadline, call.place)
    if len(permitted) != len(details):
        call.warn("malformed", what="as many transfers as permitted amounts are needed")
    for (token, _), (to, amount) in zip(permitted, details, strict=False):
        moved(call, token, owner, to, amount)
    return f"makes {counted(len(details), 'transfer')} of what {checksummed(owner)} has through Permit2"


def _lockdown(call: Call, values: tuple[Any, ...]) -> str:
    _at_permit2(call)
    call.warn("revoke")
    for token, spender in values[0]:
        call.effect(EffectKind.REVOKE, asset=f"token:{token}", source=call.sender, spender=spender)
    return f"takes back {counted(len(values[0]), 'permission')} at Permit2"


def _invalidate(call: Call, values: tuple[Any, ...]) -> str:
    _at_permit2(call)
    call.warn("revoke")
    call.effect(EffectKind.NONCE, source=call.sender)
    return "makes signed permits of Permit2 void"


METHODS = (
    EvmMethod(
        "permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)", _permit
    ),
    EvmMethod("permit(address owner,address spender,uint256 value,uint256 deadline,bytes signature)", _permit),
    EvmMethod(
        "permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed,uint8 v,bytes32 r,bytes32 s)",
        _dai_permit,
    ),
    EvmMethod(f"selfPermit(address token,uint256 value,uint256 deadline,{_VRS})", _self_permit),
    EvmMethod(f"selfPermitIfNecessary(address token,uint256 value,uint256 deadline,{_VRS})", _self_permit),
    EvmMethod(f"selfPermitAllowed(address token,uint256 nonce,uint256 expiry,{_VRS})", _self_dai_permit),
    EvmMethod(f"selfPermitAllowedIfNecessary(address token,uint256 nonce,uint256 expiry,{_VRS})", _self_dai_permit),
    EvmMethod(f"permit(address spender,uint256 tokenId,uint256 deadline,{_VRS})", _nft_permit),
    EvmMethod("approve(address token,address spender,uint160 amount,uint48 expiration)", _approve2),
    EvmMethod(f"permit(address owner,({_DETAILS},address,uint256) permit,bytes signature)", _permit2_single),
    EvmMethod(f"permit(address owner,({_DETAILS}[],address,uint256) permit,bytes signature)", _permit2_batch),
    EvmMethod("transferFrom(address from,address to,uint160 amount,address token)", _transfer2),
    EvmMethod("transferFrom((address,address,uint160,address)[] transfers)", _transfers2),
    EvmMethod(
        f"permitTransferFrom(({_ITEM},uint256,uint256) permit,{_ITEM} transfer,address owner,bytes signature)",
        _signed_transfer,
    ),
    EvmMethod(
        f"permitTransferFrom(({_ITEM}[],uint256,uint256) permit,{_ITEM}[] transfers,address owner,bytes signature)",
        _signed_batch,
    ),
    EvmMethod(
        f"permitWitnessTransferFrom(({_ITEM},uint256,uint256) permit,{_ITEM} transfer,address owner,bytes32 witness,"
        "string witnessType,bytes signature)",
        _signed_transfer,
    ),
    EvmMethod(
        f"permitWitnessTransferFrom(({_ITEM}[],uint256,uint256) permit,{_ITEM}[] transfers,address owner,"
        "bytes32 witness,string witnessType,bytes signature)",
        _signed_batch,
    ),
    EvmMethod("lockdown((address,address)[] approvals)", _lockdown),
    EvmMethod(
        "invalidateNonces(address token,address spender,uint48 newNonce)",
        _invalidate,
        frozenset((c, PERMIT2) for c in (1, 10, 56, 137, 8453, 42161)),
    ),
    EvmMethod(
        "invalidateUnorderedNonces(uint256 wordPos,uint256 mask)",
        _invalidate,
        frozenset((c, PERMIT2) for c in (1, 10, 56, 137, 8453, 42161)),
    ),
)
