"""What tokens can beside the common: burning, calls that come with a payment, operators, votes, credit, signatures.

Sources: OpenZeppelin's ERC20Burnable, ERC-1363, ERC-777, ERC-6909, ERC20Votes, Aave's ICreditDelegationToken,
EIP-3009, CoW's GPv2Signing; contracts/evm/src/interfaces/IMemeToken.sol for transfers to many.
"""

from typing import Any

from fluxdesk_host.signing.draft import UNLIMITED_EVM
from fluxdesk_host.signing.evm.call import Call, amount_of, is_grave
from fluxdesk_host.signing.evm.tokens import approve, listed, whose
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted

_VRS = "uint8 v,bytes32 r,bytes32 s"


def _burn(call: Call, values: tuple[Any, ...]) -> str:
    """burn(amount), burnFrom(account, amount): of a collection, the number is that of one NFT."""
    source = values[0] if len(values) == 2 else call.sender
    number = values[-1]
    call.warn("token-burn")
    call.warn("approval-token-or-nft")
    if source is not None and not call.mine(source):
        call.warn("transfer-of-others", source=source)
    call.effect(EffectKind.BURN, asset=f"token:{call.to}", amount=number, token_id=number, source=source)
    return f"destroys {amount_of(call.to, number)} (or NFT {number})"


def _approve_and_call(call: Call, values: tuple[Any, ...]) -> str:
    """The spender is called at once and does with the allowance what its own code says."""
    spender, amount = values[:2]
    phrase = approve(call, call.to, spender, amount)
    call.warn("calls-spender", spender=spender)
    call.draft.unread(call.place, "data for the spender", values[2] if len(values) > 2 else b"")
    call.effect(EffectKind.UNKNOWN, to=spender)
    return f"{phrase}, and calls it at once"


def _transfer_and_call(call: Call, values: tuple[Any, ...]) -> str:
    """transferAndCall(to, amount[, data]) and ERC-777's send: the recipient is told and gets the data."""
    to, amount = values[:2]
    if is_grave(to):
        call.warn("burns")
    if to == call.to:
        call.warn("own-contract")
    call.warn("token-transfer")
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=amount, source=call.sender, to=to)
    return f"sends {amount_of(call.to, amount)} to {checksummed(to)} and lets it act on that"


def _batch_transfer(call: Call, values: tuple[Any, ...]) -> str:
    recipients, amounts = values
    call.warn("token-transfer")
    if len(recipients) != len(amounts):
        call.warn("malformed", what="as many amounts as recipients are needed")
        call.draft.unread(call.place, "recipients and amounts that do not belong together", call.data)
    for to, amount in zip(recipients, amounts, strict=False):
        if is_grave(to):
            call.warn("burns")
        if to == call.to:
            call.warn("own-contract")
        call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=amount, source=call.sender, to=to)
    return f"sends {amount_of(call.to, sum(amounts))} to {counted(len(recipients), 'recipient')}"


def _operator(call: Call, values: tuple[Any, ...]) -> str:
    """An operator may move everything: authorizeOperator(operator), setOperator(operator, approved)."""
    operator = values[0]
    if len(values) == 2 and not values[1]:
        return _no_operator(call, values)
    call.warn("approval-unlimited", spender=operator)
    listed(call, operator)
    if call.by is not None:
        call.warn("approval-by-other", by=call.by)
    call.effect(EffectKind.APPROVAL, asset=f"token:{call.to}", source=call.sender, spender=operator, unlimited=True)
    who = whose(call)
    return (
        f"lets {checksummed(operator)} take everything of token {checksummed(call.to)} from {who}, without asking again"
    )


def _no_operator(call: Call, values: tuple[Any, ...]) -> str:
    call.warn("revoke")
    call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", source=call.sender, spender=values[0])
    return f"takes back from {checksummed(values[0])} the right to everything of token {checksummed(call.to)}"


def _approve_6909(call: Call, values: tuple[Any, ...]) -> str:
    spender, token_id, amount = values
    phrase = approve(call, call.to, spender, amount)
    return f"{phrase}, number {token_id}"


def _transfer_6909(call: Call, values: tuple[Any, ...]) -> str:
    """transfer(to, id, amount), transferFrom(source, to, id, amount)."""
    source = values[0] if len(values) == 4 else call.sender
    to, token_id, amount = values[-3:]
    if is_grave(to):
        call.warn("burns")
    call.warn("token-transfer")
    if source is not None and not call.mine(source):
        call.warn("transfer-of-others", source=source)
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=amount, token_id=token_id, source=source, to=to)
    return f"sends {amount_of(call.to, amount)}, number {token_id}, to {checksummed(to)}"


def _votes(call: Call, values: tuple[Any, ...]) -> str:
    call.warn("votes", to=values[0])
    source = call.sender if len(values) == 1 else None
    call.effect(EffectKind.PERMIT, asset=f"votes:{call.to}", source=source, to=values[0])
    who = "this account" if len(values) == 1 else "whoever has signed"
    return f"hands the votes of {who} to {checksummed(values[0])}"


def _credit(call: Call, values: tuple[Any, ...]) -> str:
    to, amount = values
    unlimited = amount >= UNLIMITED_EVM
    if not amount:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", amount=0, source=call.sender, spender=to)
        return f"takes back that {checksummed(to)} may borrow"
    call.warn("credit-unlimited" if unlimited else "credit", to=to)
    call.effect(
        EffectKind.APPROVAL, asset=f"token:{call.to}", amount=amount, bound="most", source=call.sender, spender=to,
        unlimited=unlimited,
    )  # fmt: skip
    return f"lets {checksummed(to)} borrow {amount_of(call.to, amount)} in the name of this account, which owes it"


def _authorised(call: Call, values: tuple[Any, ...]) -> str:
    source, to, amount = values[:3]
    call.warn("token-transfer")
    if not call.mine(source):
        call.warn("transfer-of-others", source=source)
    call.draft.expiry(values[4], call.place)
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=amount, source=source, to=to)
    return (
        f"carries out a signed transfer of {amount_of(call.to, amount)} from {checksummed(source)} to {checksummed(to)}"
    )


def _cancelled(call: Call, values: tuple[Any, ...]) -> str:
    call.warn("revoke")
    call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", source=values[0])
    return f"takes back a signed transfer of {checksummed(values[0])}"


def _signed_order(call: Call, values: tuple[Any, ...]) -> str:
    """An order whose signature is this call; only its hash, its owner and its end stand in the bytes."""
    uid, signed = values
    if not signed:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, source=call.sender)
        return "takes back an order"
    call.warn("order-hidden")
    call.draft.unread(call.place, "order behind a hash", uid)
    call.effect(EffectKind.ORDER, source=call.sender, to=call.to)
    return "signs an order that the bytes do not hold"


_SIGNED = f"(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce,{_VRS})"

METHODS = (
    EvmMethod("burn(uint256 amountOrId)", _burn),
    EvmMethod("burnFrom(address account,uint256 amount)", _burn),
    EvmMethod("approveAndCall(address spender,uint256 amount)", _approve_and_call),
    EvmMethod("approveAndCall(address spender,uint256 amount,bytes data)", _approve_and_call),
    EvmMethod("transferAndCall(address to,uint256 amount)", _transfer_and_call),
    EvmMethod("transferAndCall(address to,uint256 amount,bytes data)", _transfer_and_call),
    EvmMethod("send(address recipient,uint256 amount,bytes data)", _transfer_and_call),
    EvmMethod("batchTransfer(address[] recipients,uint256[] amounts)", _batch_transfer),
    EvmMethod("authorizeOperator(address operator)", _operator),
    EvmMethod("revokeOperator(address operator)", _no_operator),
    EvmMethod("setOperator(address operator,bool approved)", _operator),
    EvmMethod("approve(address spender,uint256 id,uint256 amount)", _approve_6909),
    EvmMethod("transfer(address receiver,uint256 id,uint256 amount)", _transfer_6909),
    EvmMethod("transferFrom(address sender,address receiver,uint256 id,uint256 amount)", _transfer_6909),
    EvmMethod("delegate(address delegatee)", _votes),
    EvmMethod(f"delegateBySig(address delegatee,uint256 nonce,uint256 expiry,{_VRS})", _votes),
    EvmMethod("approveDelegation(address delegatee,uint256 amount)", _credit),
    EvmMethod(f"transferWithAuthorization{_SIGNED}", _authorised),
    EvmMethod(f"receiveWithAuthorization{_SIGNED}", _authorised),
    EvmMethod(f"cancelAuthorization(address authorizer,bytes32 nonce,{_VRS})", _cancelled),
    EvmMethod("setPreSignature(bytes orderUid,bool signed)", _signed_order),
)
