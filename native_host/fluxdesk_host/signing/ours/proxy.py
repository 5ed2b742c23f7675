"""Deployments through the deterministic deployment proxy: a salt and creation code, which is ours or is not read.

Source: github.com/Arachnid/deterministic-deployment-proxy.
"""

from fluxdesk_host.signing.abi import AbiError, decode, parse_type, split_types
from fluxdesk_host.signing.evm.call import Call, shown_value
from fluxdesk_host.signing.ours.deployments import PROXY, codes, create2
from fluxdesk_host.signing.reading import Argument, EffectKind
from fluxdesk_host.signing.registry import EvmContract
from fluxdesk_host.signing.text import checksummed

_SALT = 32
_NAME = "a salt and creation code"


def _read(call: Call) -> tuple[str, str, tuple[Argument, ...]] | None:
    salt, code = call.data[:_SALT], call.data[_SALT:]
    if not code:
        return None
    address = create2(code, salt)
    call.effect(EffectKind.DEPLOY, source=call.sender, to=address, amount=len(code), asset="code")
    if call.value:
        call.warn("value-with-call")
    found = _ours(code)
    if found is None:
        call.warn("creates-contract")
        call.draft.unread(call.place, "creation code", code)
        return f"creates a contract from {len(code):,} bytes of code at {checksummed(address)}", _NAME, ()
    name, arguments = found
    call.warn("creates-ours", name=name)
    return f"creates Fluxdesk's {name} at {checksummed(address)}", _NAME, arguments


def _ours(code: bytes) -> tuple[str, tuple[Argument, ...]] | None:
    """Which contract of ours it is, with its arguments; None where they are not exactly its constructor's."""
    for name, known in codes().items():
        if not code.startswith(known.code):
            continue
        pairs = [text.rpartition(" ") for text in split_types(known.constructor)] if known.constructor else []
        types = tuple(parse_type(kind) for kind, _, _ in pairs)
        try:
            values, end = decode(types, code, len(known.code))
        except AbiError:
            return None
        if end != len(code):
            return None
        shown = zip(pairs, types, values, strict=True)
        return name, tuple(Argument(label, t.text, shown_value(t, value)) for (_, _, label), t, value in shown)
    return None


CONTRACTS = (EvmContract(PROXY, _read),)
"""For `standard`."""
