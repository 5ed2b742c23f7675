"""An EVM transaction, and an EIP-7702 authorisation by itself."""

from fluxdesk_host.signing.depth import is_deep
from fluxdesk_host.signing.draft import Draft, refused
from fluxdesk_host.signing.evm.call import ZERO, Call, Scene, read_call
from fluxdesk_host.signing.evm.fields import (
    Authorisation,
    BadField,
    TransactionFields,
    read_authorisation,
    read_fields,
)
from fluxdesk_host.signing.reading import EffectKind, Fee, Reading
from fluxdesk_host.signing.registry import Registry
from fluxdesk_host.signing.standard import standard
from fluxdesk_host.signing.text import checksummed, short_hex


def read_evm_transaction(
    fields: object,
    origin: str = "",
    *,
    account: str | None = None,
    chain: int | None = None,
    registry: Registry | None = None,
) -> Reading:
    """What a transaction request would do. Never raises; what cannot be read is danger 5.

    Args:
        fields: an object with JSON-RPC names, quantities as 0x-hex or int and data as 0x-hex or bytes; or the signer's
            own `EvmTransaction`.
        origin: who asks, for display.
        account: who is to sign; a request that says otherwise is said to.
        chain: the chain it is meant for, likewise.
        registry: recognisers; those of `standard` where None.
    """
    try:
        tx = read_fields(fields)
    except BadField as bad:
        return refused("evm_transaction", Draft(origin=origin), str(bad), _raw(fields))
    account = account.lower() if account else None
    number = tx.chain if tx.chain is not None else chain
    draft = Draft(f"eip155:{number}" if number is not None else None, tx.sender or account, origin)
    scene = Scene(draft, registry or standard(), number, tx.sender or account)
    _outer_checks(draft, tx, account, chain)
    draft.fee = _fee(tx, scene.account)
    if draft.fee.most is not None and draft.fee.most >= _HIGH_FEE.get(number or 0, _HIGH_FEE_ELSEWHERE):
        draft.warn("high-fee", amount=scene.coins(draft.fee.most))
    for i, authorisation in enumerate(tx.authorisations or ()):
        _delegation(scene, authorisation, f"a{i}", own=not authorisation.signed)
    if tx.to is None:
        return draft.reading("evm_transaction", _creation(scene, tx) + ".")
    call = Call(scene, scene.account, tx.to, tx.value, tx.data)
    if tx.value:
        draft.effect(EffectKind.NATIVE_OUT, asset="native", amount=tx.value, source=scene.account, to=tx.to)
    phrase = read_call(call)
    scene.settle()
    if tx.data and tx.value:
        call.warn("value-with-call")
        phrase = f"sends {scene.coins(tx.value)} along and {phrase}"
    if tx.authorisations:
        phrase = f"hands the account over to other code, and {phrase}"
    return draft.reading("evm_transaction", phrase + ".")


_COIN = 10**18
_HIGH_FEE = {**dict.fromkeys((1, 10, 1101, 8453, 42161), _COIN // 4), 56: _COIN, 137: 500 * _COIN}
"""Wei from which on a fee is said to be high; a creation of a large contract on Ethereum at 50 gwei costs 0.25 ETH."""
_HIGH_FEE_ELSEWHERE = 10 * _COIN
_DATA_FEE = frozenset({10, 8453})
"""Chains that take a fee for their data on top, which no field of a transaction bounds."""


def _outer_checks(draft: Draft, tx: TransactionFields, account: str | None, chain: int | None) -> None:
    if tx.chain is None and (chain is None or tx.final):
        draft.warn("chain-missing")
    if (tx.chain if tx.chain is not None else chain) in _DATA_FEE:
        draft.warn("data-fee")
    if tx.chain is not None and chain is not None and tx.chain != chain:
        draft.warn("chain-mismatch", stated=tx.chain, wanted=chain)
    if tx.sender and account and tx.sender != account:
        draft.warn("account-mismatch", stated=checksummed(tx.sender), wanted=checksummed(account))
    if tx.surplus:
        draft.warn("unsigned-field", what=", ".join(tx.surplus))
        draft.complete = False
    if tx.blobs:
        draft.warn("blob")
        draft.unread("", "blobs", b"")
    if tx.nonce is not None:
        draft.fact("nonce", tx.nonce)
    if tx.gas is not None:
        draft.fact("gas limit", f"{tx.gas:,}")
    if tx.access_list:
        draft.fact("access list", f"{tx.access_list} addresses")


def _fee(tx: TransactionFields, payer: str | None) -> Fee:
    price = tx.max_fee if tx.max_fee is not None else tx.gas_price
    most = tx.gas * price if tx.gas is not None and price is not None else None
    tip = tx.gas * tx.max_priority if tx.gas is not None and tx.max_priority is not None else None
    return Fee(most=most, priority=tip, payer=payer)


def _creation(scene: Scene, tx: TransactionFields) -> str:
    draft = scene.draft
    draft.warn("creates-contract")
    draft.unread("0", "creation code", tx.data)
    draft.effect(EffectKind.DEPLOY, source=scene.account, amount=len(tx.data), asset="code")
    if not tx.value:
        return f"creates a contract from {len(tx.data):,} bytes of code"
    draft.warn("value-with-call")
    draft.effect(EffectKind.NATIVE_OUT, asset="native", amount=tx.value, source=scene.account)
    return f"creates a contract from {len(tx.data):,} bytes of code and sends {scene.coins(tx.value)} to it"


def _delegation(scene: Scene, given: Authorisation, place: str, *, own: bool) -> str:
    draft = scene.draft
    if given.chain == 0:
        draft.warn("every-chain", place)
    elif scene.chain is not None and given.chain != scene.chain:
        draft.warn("chain-mismatch", place, stated=given.chain, wanted=scene.chain)
    draft.fact("authorisation", f"chain {given.chain}, nonce {given.nonce}, code of {checksummed(given.address)}")
    source = scene.account if own else None
    if given.address == ZERO:
        draft.warn("delegation-removed", place)
        draft.effect(EffectKind.DELEGATE, source=source, place=place)
        return "makes the account stop running foreign code"
    if not own:
        draft.warn("delegation-signed", place)  # whose it is follows from its signature, which is not checked here
    draft.warn("delegates-account", place, to=checksummed(given.address))
    draft.effect(EffectKind.DELEGATE, source=source, to=given.address, unlimited=True, place=place)
    return f"lets the code of {checksummed(given.address)} run as the account, with all rights"


def read_evm_authorisation(
    given: object, origin: str = "", *, account: str | None = None, chain: int | None = None
) -> Reading:
    """What an EIP-7702 authorisation by itself would allow: `{chainId, address, nonce}`. Never raises."""
    try:
        authorisation = read_authorisation(given)
    except BadField as bad:
        return refused("evm_authorisation", Draft(origin=origin), str(bad), _raw(given))
    number = authorisation.chain or chain
    draft = Draft(f"eip155:{number}" if number else None, account.lower() if account else None, origin)
    scene = Scene(draft, standard(), chain if chain is not None else number, draft.account)
    return draft.reading("evm_authorisation", _delegation(scene, authorisation, "", own=True) + ".")


def _raw(given: object) -> bytes:
    """The request as it came, bounded, for the unknown part of a reading."""
    if isinstance(given, (bytes, bytearray)):
        return bytes(given[:65_536])
    if is_deep(given):
        return b""
    try:
        return repr(given).encode(errors="backslashreplace")[:65_536]
    except (RecursionError, ValueError, TypeError):
        return short_hex(b"").encode()
