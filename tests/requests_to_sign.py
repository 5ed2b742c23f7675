"""What tests of signing share: calls encoded by eth-abi, typed data, messages, and what a reading is asked."""

import copy
from typing import Any

from eth_abi.abi import encode

from fluxdesk_host.signing import Effect, EffectKind, Reading, read_evm_transaction, read_typed_data
from fluxdesk_host.signing.abi import split_types
from fluxdesk_host.signing.registry import selector_of

ME = "0x" + "a1" * 20
TOKEN = "0x" + "b2" * 20
FRIEND = "0x" + "c3" * 20
SPENDER = "0x" + "d4" * 20
OTHER = "0x" + "e5" * 20
ORIGIN = "https://app.example"
PERMIT2 = "0x000000000022d473030f116ddee9f6b43ac78ba3"
UNIVERSAL = "0x66a9893cc07d91d95644aedd05d03f95e1dba8af"
V2_ROUTER = "0x7a250d5630b4cf539739df2c5dacb4c659f2488d"
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"
V3_02 = "0x68b3465833fb72a70ecdf485e0e4c7bd8665fc45"
ONE_INCH = "0x111111125421ca6dc452d289314280a0f8842a65"
ONE_INCH_5 = "0x1111111254eeb25477b68fb85ed929f73a960582"
ZERO_EX = "0xdef1c0ded9bec7f1a1670819833240f027b25eff"
COW = "0x9008d19f58aabd9ed0d60971565aa8510560ab41"
ZERO = "0x" + "00" * 20
NATIVE = "0x" + "ee" * 20
"""What some exchanges call the chain's own coin."""
SENDER, ROUTER = "0x" + "00" * 19 + "01", "0x" + "00" * 19 + "02"
"""Uniswap's words for who called and for the router itself."""
SINGLE = "exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))"
MAX = 2**256 - 1
SOON = 1_900_000_000


def calldata(signature: str, *values: Any) -> bytes:
    """Selector and arguments; the encoding is eth-abi's, not ours."""
    types = split_types(signature.partition("(")[2][:-1])
    return selector_of(signature) + encode(types, values)


def transaction(data: bytes = b"", to: str | None = TOKEN, value: int = 0, **more: Any) -> dict[str, Any]:
    fields = {"from": ME, "value": hex(value), "data": "0x" + data.hex(), "chainId": "0x1", **more}
    return fields if to is None else {**fields, "to": to}


def read(data: bytes = b"", to: str | None = TOKEN, value: int = 0, **more: Any) -> Reading:
    return read_evm_transaction(transaction(data, to, value, **more), ORIGIN, account=ME, chain=1)


def call(signature: str, *values: Any, to: str = TOKEN, value: int = 0) -> Reading:
    return read(calldata(signature, *values), to, value)


def hops(*tokens: str) -> bytes:
    """A way of Uniswap V3 through these."""
    return b"\0\1\2".join(bytes.fromhex(t[2:]) for t in tokens)


def universal(*commands: tuple[int, bytes], to: str = UNIVERSAL, value: int = 0) -> Reading:
    """Commands of Uniswap's Universal Router."""
    plan = bytes(c for c, _ in commands)
    return call("execute(bytes,bytes[],uint256)", plan, [given for _, given in commands], SOON, to=to, value=value)


def codes(reading: Reading) -> set[str]:
    return {reason.code for reason in reading.reasons}


def effects(reading: Reading, *kinds: EffectKind) -> list[Effect]:
    return [e for e in reading.effects if not kinds or e.kind in kinds]


def only(reading: Reading, kind: EffectKind) -> Effect:
    """The one effect of a kind."""
    found = effects(reading, kind)
    assert len(found) == 1, reading.effects
    return found[0]


def assert_not_believed(reading: Reading) -> None:
    """What every reading of something unreadable has to be."""
    assert reading.danger >= 4
    assert not reading.complete
    assert reading.unknown
    assert any(e.kind is EffectKind.UNKNOWN for e in reading.effects)


def fields(*pairs: str) -> list[dict[str, str]]:
    """`"address owner"` as a field of typed data."""
    return [{"name": p.split()[1], "type": p.split()[0]} for p in pairs]


DOMAIN = fields("string name", "string version", "uint256 chainId", "address verifyingContract")
PERMIT = fields("address owner", "address spender", "uint256 value", "uint256 nonce", "uint256 deadline")


def document(
    primary: str, types: dict[str, Any], message: dict[str, Any], contract: str = TOKEN, chain: int = 1
) -> dict[str, Any]:
    whole = {
        "types": {"EIP712Domain": DOMAIN, **types},
        "primaryType": primary,
        "domain": {"name": "Thing", "version": "1", "chainId": chain, "verifyingContract": contract},
        "message": message,
    }
    return copy.deepcopy(whole)  # tests change it


def permit(**changes: Any) -> dict[str, Any]:
    message = {"owner": ME, "spender": SPENDER, "value": "1000", "nonce": 0, "deadline": SOON, **changes}
    return document("Permit", {"Permit": PERMIT}, message)


def typed(given: object) -> Reading:
    return read_typed_data(given, ORIGIN, account=ME, chain=1)


def sign_in(ledger: str = "Ethereum", address: str = ME, **changes: str | None) -> str:
    """A sign-in message; a field changed to None is left out."""
    given: dict[str, str | None] = {
        "URI": "https://app.example/login",
        "Version": "1",
        "Chain ID": "1" if ledger == "Ethereum" else "mainnet",
        "Nonce": "32891756",
        "Issued At": "2026-11-21T16:25:24Z",
        "Expiration Time": "2026-11-22T16:25:24.000Z",
    }
    domain = changes.pop("domain", "app.example")
    statement = changes.pop("statement", "Sign in to continue.")
    given |= {name.replace("_", " "): value for name, value in changes.items()}
    lines = [f"{domain} wants you to sign in with your {ledger} account:", address, ""]
    lines += [statement, ""] if statement is not None else [""]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in given.items() if value is not None)])
