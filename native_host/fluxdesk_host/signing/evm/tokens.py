"""Tokens: ERC-20, ERC-721, ERC-1155, and the wrapped native coin.

Sources: EIP-20, EIP-721, EIP-1155, OpenZeppelin's increaseAllowance, WETH9. `approve` and `transferFrom` of ERC-20 and
ERC-721 have the same selector: the bytes do not say whether the number is an amount or one NFT.
"""

from typing import Any

from fluxdesk_host.signing.draft import UNLIMITED_EVM
from fluxdesk_host.signing.evm.call import ZERO, Call, amount_of, is_grave
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed, counted, until


def _transfer(call: Call, values: tuple[Any, ...]) -> str:
    to, amount = values
    _moved(call, to)
    call.warn("token-transfer")
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=amount, source=call.sender, to=to)
    return f"sends {amount_of(call.to, amount)} to {checksummed(to)}"


def _transfer_from(call: Call, values: tuple[Any, ...]) -> str:
    source, to, number = values
    _moved(call, to)
    call.warn("token-transfer")
    if not call.mine(source):
        call.warn("transfer-of-others", source=source)
    call.warn("approval-token-or-nft")
    call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=number, token_id=number, source=source, to=to)
    return f"moves {amount_of(call.to, number)} (or NFT {number}) from {checksummed(source)} to {checksummed(to)}"


def _moved(call: Call, to: str) -> None:
    if is_grave(to):
        call.warn("burns")
    if to == call.to:
        call.warn("own-contract")


def listed(call: Call, spender: str) -> None:
    """Say it where our list does not name who may take something."""
    if not call.scene.known(spender):
        call.warn("spender-unlisted", spender=spender)


def whose(call: Call) -> str:
    """Whose tokens a call is about, in words."""
    return "this account" if call.by is None else checksummed(call.by)


def approve(call: Call, token: str, spender: str, amount: int, expires: int | None = None) -> str:
    """An allowance of an ERC-20 token, or of one NFT; shared with Permit2."""
    if call.by is not None:
        call.warn("approval-by-other", by=call.by)
    asset = f"token:{token}"
    if amount == 0:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, asset=asset, amount=0, source=call.sender, spender=spender)
        return f"takes back what {checksummed(spender)} may take of token {checksummed(token)}"
    unlimited = amount >= UNLIMITED_EVM
    call.warn("approval-unlimited" if unlimited else "approval", spender=spender)
    listed(call, spender)
    call.effect(
        EffectKind.APPROVAL,
        asset=asset,
        amount=amount,
        bound="most",
        source=call.sender,
        spender=spender,
        unlimited=unlimited,
        expires=expires,
    )
    much = "any amount" if unlimited else f"up to {amount:,} base units"
    end = ", without asking again" if unlimited else ""
    return (
        f"lets {checksummed(spender)} take {much} of token {checksummed(token)} from {whose(call)}{until(expires)}{end}"
    )


def _approve(call: Call, values: tuple[Any, ...]) -> str:
    spender, number = values
    if number == 0 and spender == ZERO:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", token_id=0, source=call.sender, spender=spender)
        return f"takes back who may take NFT 0 of {checksummed(call.to)}"
    if number < UNLIMITED_EVM:
        call.warn("approval-token-or-nft")
    if number == 0:  # takes back an allowance, but gives NFT 0 away where the contract is a collection
        call.effect(EffectKind.NFT_APPROVAL, asset=f"token:{call.to}", token_id=0, source=call.sender, spender=spender)
        return f"{approve(call, call.to, spender, 0)} (or lets it take NFT 0)"
    return approve(call, call.to, spender, number)


def _increase(call: Call, values: tuple[Any, ...]) -> str:
    spender, added = values
    unlimited = added >= UNLIMITED_EVM
    call.warn("approval-unlimited" if unlimited else "approval", spender=spender)
    listed(call, spender)
    if call.by is not None:
        call.warn("approval-by-other", by=call.by)
    call.effect(
        EffectKind.APPROVAL,
        asset=f"token:{call.to}",
        amount=added,
        bound="least",
        source=call.sender,
        spender=spender,
        unlimited=unlimited,
    )
    return f"raises what {checksummed(spender)} may take by {amount_of(call.to, added)}"


def _decrease(call: Call, values: tuple[Any, ...]) -> str:
    spender, less = values
    call.warn("revoke")
    call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", amount=less, source=call.sender, spender=spender)
    return f"lowers what {checksummed(spender)} may take by {amount_of(call.to, less)}"


def _approve_all(call: Call, values: tuple[Any, ...]) -> str:
    operator, approved = values
    if not approved:
        call.warn("revoke")
        call.effect(EffectKind.REVOKE, asset=f"token:{call.to}", source=call.sender, spender=operator)
        return f"takes back from {checksummed(operator)} the right to every NFT of collection {checksummed(call.to)}"
    if call.by is not None:
        call.warn("approval-by-other", by=call.by)
    call.warn("approval-all-nfts", spender=operator)
    listed(call, operator)
    call.effect(EffectKind.NFT_APPROVAL, asset=f"token:{call.to}", source=call.sender, spender=operator, unlimited=True)
    what = f"every NFT of collection {checksummed(call.to)}"
    return f"lets {checksummed(operator)} take {what} from {whose(call)}, without asking again"


def _safe_transfer(call: Call, values: tuple[Any, ...]) -> str:
    source, to, token_id = values[:3]
    return _nft(call, f"erc721:{call.to}", source, to, [(token_id, 1)])


def _multi_transfer(call: Call, values: tuple[Any, ...]) -> str:
    source, to, token_id, amount, _ = values
    return _nft(call, f"erc1155:{call.to}", source, to, [(token_id, amount)])


def _batch_transfer(call: Call, values: tuple[Any, ...]) -> str:
    source, to, ids, amounts, _ = values
    if len(ids) != len(amounts):
        call.warn("malformed", what="as many numbers as amounts are needed")
    return _nft(call, f"erc1155:{call.to}", source, to, list(zip(ids, amounts, strict=False)))


def _nft(call: Call, asset: str, source: str, to: str, items: list[tuple[int, int]]) -> str:
    _moved(call, to)
    call.warn("nft-transfer")
    if not call.mine(source):
        call.warn("transfer-of-others", source=source)
    for token_id, amount in items:
        call.effect(EffectKind.NFT_OUT, asset=asset, amount=amount, token_id=token_id, source=source, to=to)
    what = f"NFT {items[0][0]}" if len(items) == 1 else counted(len(items), "NFT")
    count = f"{items[0][1]:,} of " if len(items) == 1 and items[0][1] != 1 else ""
    return f"sends {count}{what} of {checksummed(call.to)} from {checksummed(source)} to {checksummed(to)}"


def _wrap(call: Call, values: tuple[Any, ...]) -> str:
    known = call.scene.is_a("wrapped", call.to)
    call.warn("wraps" if known else "wraps-unknown")
    call.effect(EffectKind.TOKEN_IN, asset=f"token:{call.to}", amount=call.value, to=call.sender, through=call.through)
    return f"wraps {call.scene.coins(call.value)} at {checksummed(call.to)}"


def _unwrap(call: Call, values: tuple[Any, ...]) -> str:
    known = call.scene.is_a("wrapped", call.to)
    call.warn("wraps" if known else "wraps-unknown")
    if known:
        call.effect(EffectKind.TOKEN_OUT, asset=f"token:{call.to}", amount=values[0], source=call.sender, to=call.to)
        call.effect(EffectKind.NATIVE_IN, asset="native", amount=values[0], to=call.sender)
        return f"unwraps {call.scene.coins(values[0])} at {checksummed(call.to)}"
    call.effect(EffectKind.UNKNOWN, asset=f"token:{call.to}", amount=values[0], source=call.sender, to=call.to)
    return f"withdraws {values[0]:,} base units from {checksummed(call.to)}"


METHODS = (
    EvmMethod("transfer(address to,uint256 amount)", _transfer),
    EvmMethod("transferFrom(address from,address to,uint256 amountOrId)", _transfer_from),
    EvmMethod("approve(address spender,uint256 amountOrId)", _approve),
    EvmMethod("increaseAllowance(address spender,uint256 added)", _increase),
    EvmMethod("increaseApproval(address spender,uint256 added)", _increase),
    EvmMethod("decreaseAllowance(address spender,uint256 less)", _decrease),
    EvmMethod("decreaseApproval(address spender,uint256 less)", _decrease),
    EvmMethod("setApprovalForAll(address operator,bool approved)", _approve_all),
    EvmMethod("safeTransferFrom(address from,address to,uint256 id)", _safe_transfer),
    EvmMethod("safeTransferFrom(address from,address to,uint256 id,bytes data)", _safe_transfer),
    EvmMethod("safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)", _multi_transfer),
    EvmMethod(
        "safeBatchTransferFrom(address from,address to,uint256[] ids,uint256[] amounts,bytes data)", _batch_transfer
    ),
    EvmMethod("deposit()", _wrap),
    EvmMethod("withdraw(uint256 amount)", _unwrap),
)
