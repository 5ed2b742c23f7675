"""Runs the key code against a file of cases, to show that it gives what other software gives. Touches no keystore.

The file is a JSON list; bytes are hexadecimal, with or without 0x. A case that is not understood has failed.

    {kind: bip39, mnemonic, passphrase, seed}                               {kind: keystore_v3, json, password, private}
    {kind: bip32 | slip10, curve, seed, path, private, public, chain_code}  {kind: eip712, typed_data, hash}
    {kind: evm_tx, private, tx, raw}, fields named as in JSON-RPC           {kind: eip191, message, hash}
    {kind: solana_tx, seed, message, signature}                             {kind: solana_offchain, message, bytes}

Where programs write the same thing in different ways, each way is read: a message as text or as its bytes, a legacy
transaction that holds on every chain with chain id 0 or with the v of 27 or 28, `uint` where the program that hashed
wrote `uint256`. None of these is a second answer to one and the same input.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from fluxdesk_host.keys import bip39, eip191, eip712, evm_tx, hd, keystore_v3, solana_offchain
from fluxdesk_host.keys.curves import ed25519_public, secp256k1_public, sign_ed25519
from fluxdesk_host.keys.errors import SigningError
from fluxdesk_host.keys.evm_fields import LEGACY, read_transaction
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.solana_message import sign_message

Case = Mapping[str, Any]
Mismatch = str
_HEX = re.compile(r"(?:0[xX])?((?:[0-9a-fA-F]{2})*)")
_ABBREVIATED = re.compile(r"u?int(?=\[|\Z)")
_LONGEST = 64 * 1024 * 1024


class CasesUnreadable(Exception):
    """The file is not a list of cases."""


class _Malformed(ValueError):
    """A case lacks a field, or it has another type."""


def read_cases(path: Path) -> list[Any]:
    """The cases of a file.

    Raises:
        CasesUnreadable: it cannot be read, or is no JSON list.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_LONGEST + 1)
        if len(data) > _LONGEST:
            raise CasesUnreadable(f"{path} is larger than {_LONGEST >> 20} MiB: divide it into several files")
        cases = json.loads(data)
    except OSError as error:
        raise CasesUnreadable(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise CasesUnreadable(f"{path} is not JSON: {error}") from None
    if not isinstance(cases, list):
        raise CasesUnreadable(f"{path} is not a JSON list of cases")
    return cases


def check(case: Any) -> list[Mismatch]:
    """What is wrong with one case: a line for each field that differs; none when it passed."""
    if not isinstance(case, Mapping):
        return ["not an object"]
    checker = _CHECKERS.get(str(case.get("kind")))
    if checker is None:
        return [f"unknown kind {str(case.get('kind'))[:60]!r}"]
    try:
        return list(checker(case))
    except (ValueError, OverflowError) as refused:
        return [f"refused: {refused}"]


def run(path: Path, say: Callable[[str], None] = print) -> int:
    """Check a file; say each mismatch, then the count. 0: all passed, 1: some failed, 2: the file is unreadable."""
    try:
        cases = read_cases(path)
    except CasesUnreadable as unreadable:
        say(_plain(str(unreadable)))
        return 2
    failed = 0
    for number, case in enumerate(cases, 1):
        mismatches = check(case)
        failed += bool(mismatches)
        for mismatch in mismatches:
            kind = case.get("kind") if isinstance(case, Mapping) else None
            say(_plain(f"case {number} ({str(kind)[:60]}): {mismatch}"))
    say(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _plain(text: str) -> str:
    """One line of ASCII: no text of a file looks like a line of ours, or is beyond what a terminal prints."""
    return "".join(character if " " <= character <= "~" else ascii(character)[1:-1] for character in text)


def _text(case: Case, name: str, default: str | None = None) -> str:
    value = case.get(name, default)
    if not isinstance(value, str):
        raise _Malformed(f"{name} is missing or not a text")
    return value


def _bytes(case: Case, name: str) -> bytes:
    match = _HEX.fullmatch(_text(case, name))
    if match is None:
        raise _Malformed(f"{name} is not hexadecimal bytes")
    return bytes.fromhex(match[1])


def _differs(name: str, expected: bytes, given: bytes | memoryview) -> Iterator[Mismatch]:
    if expected != given:
        yield f"{name}: expected {expected.hex()}, got {given.hex()}"


def _readings(text: str) -> list[bytes]:
    """What a message field may mean: its text, and its bytes where it is hexadecimal."""
    match = _HEX.fullmatch(text)
    meant = [] if match is None or not match[1] else [bytes.fromhex(match[1])]
    try:
        return [*meant, text.encode()]
    except UnicodeEncodeError:
        raise _Malformed("message holds half a character (a lone surrogate)") from None


def _bip39(case: Case) -> Iterator[Mismatch]:
    passphrase = "" if case.get("passphrase") is None else _text(case, "passphrase")
    with bip39.mnemonic_to_seed(_text(case, "mnemonic"), passphrase) as seed:
        yield from _differs("seed", _bytes(case, "seed"), seed.view())
    if "entropy" in case:
        with bip39.mnemonic_to_entropy(_text(case, "mnemonic")) as entropy:
            yield from _differs("entropy", _bytes(case, "entropy"), entropy.view())


_CURVES: dict[str, hd.Curve] = {
    "secp256k1": "secp256k1",
    "ed25519": "ed25519",
    "nist256p1": "nist256p1",
    "secp256r1": "nist256p1",
    "p256": "nist256p1",
    "curve25519": "curve25519",
}


def _path(case: Case) -> str:
    """Some files leave the leading `m` away."""
    path = _text(case, "path").strip()
    return path if path[:1] in ("m", "M") else f"m/{path}" if path else "m"


def _derivation(case: Case) -> Iterator[Mismatch]:
    name = _text(case, "curve", "secp256k1" if case["kind"] == "bip32" else None)
    curve = _CURVES.get(name.lower().replace("-", "").replace(" ", ""))
    if curve is None or (case["kind"] == "bip32" and curve != "secp256k1"):
        raise _Malformed(f"{case['kind']} has no curve {name[:40]!r}")
    checked = [field for field in ("private", "public", "chain_code") if field in case]
    if not checked:
        raise _Malformed("none of private, public, chain_code is there")
    with hd.derive(Secret(_bytes(case, "seed")), _path(case), curve) as node:
        if "private" in checked:
            yield from _differs("private", _bytes(case, "private"), node.private.view())
        if "chain_code" in checked:
            yield from _differs("chain_code", _bytes(case, "chain_code"), node.chain_code.view())
        if "public" in checked:
            expected, public = _bytes(case, "public"), node.public()
            if curve in ("ed25519", "curve25519") and len(expected) == 33:
                public = b"\0" + public  # SLIP-10 writes a zero before it
            elif curve == "secp256k1" and len(expected) == 65:
                public = secp256k1_public(node.private, compressed=False)
            yield from _differs("public", expected, public)


def _keystore_v3(case: Case) -> Iterator[Mismatch]:
    document = case.get("json")
    if not isinstance(document, str | Mapping):
        raise _Malformed("json is missing, or neither an object nor a text")
    with keystore_v3.decrypt(document, _text(case, "password")) as private:
        yield from _differs("private", _bytes(case, "private").rjust(32, b"\0"), private.view())


def _eip712(case: Case) -> Iterator[Mismatch]:
    data = case.get("typed_data")
    if not isinstance(data, str | Mapping):
        raise _Malformed("typed_data is missing, or neither an object nor a text")
    expected, digest = _bytes(case, "hash"), eip712.read_typed_data(data).digest
    if expected != digest and eip712.read_typed_data(_unabbreviated(data)).digest != expected:
        yield from _differs("hash", expected, digest)


def _unabbreviated(data: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """`uint` and `int`, which are no types of EIP-712, as ethers rewrites them before a wallet sees them."""
    document = json.loads(data) if isinstance(data, str) else data
    types = {
        name: [{**field, "type": _ABBREVIATED.sub(r"\g<0>256", field["type"])} for field in fields]
        for name, fields in document["types"].items()
    }
    return {**document, "types": types}


def _eip191(case: Case) -> Iterator[Mismatch]:
    expected = _bytes(case, "hash")
    hashes = [eip191.personal_hash(message) for message in _readings(_text(case, "message"))]
    if expected not in hashes:
        yield from _differs("hash", expected, hashes[0])


def _is_bare(value: object) -> bool:
    return isinstance(value, str) and value[:2] not in ("0x", "0X") and _HEX.fullmatch(value) is not None


_UNPROTECTED = (27, 28, "0x1b", "0x1c", "0x1B", "0x1C")


def _evm_tx(case: Case) -> Iterator[Mismatch]:
    fields = case.get("tx")
    if not isinstance(fields, Mapping):
        raise _Malformed("tx is missing or not an object")
    bare = {name: f"0x{fields[name]}" for name in ("to", "data", "input") if _is_bare(fields.get(name))}
    tx, expected = read_transaction({**fields, **bare}, lenient=True), _bytes(case, "raw")
    with Secret(_bytes(case, "private")) as private:
        raw = evm_tx.sign_evm_transaction(private, tx, allow_unprotected=True)
        if raw != expected and tx.type == LEGACY and (tx.chain_id == 0 or fields.get("v") in _UNPROTECTED):
            raw = evm_tx.sign_evm_transaction(private, replace(tx, chain_id=None), allow_unprotected=True)
        yield from _differs("raw", expected, raw)
        sender = eip712.signer_address(private)
    yield from _differs("sender recovered from raw", sender, evm_tx.read_signed_transaction(raw).sender)


def _solana_tx(case: Case) -> Iterator[Mismatch]:
    key, message = _bytes(case, "seed"), _bytes(case, "message")
    if len(key) not in (32, 64):
        raise _Malformed("seed has neither 32 nor 64 bytes")
    with Secret(key[:32]) as seed:
        if len(key) == 64:
            yield from _differs("public half of seed", key[32:], ed25519_public(seed))
        try:
            signature = sign_message(seed, message)
        except SigningError:  # not a message of a transaction, or one that others sign: then the bytes as they are
            signature = sign_ed25519(seed, message)
        yield from _differs("signature", _bytes(case, "signature"), signature)


def _solana_offchain(case: Case) -> Iterator[Mismatch]:
    expected = _bytes(case, "bytes")
    form = solana_offchain.decode_offchain(expected)  # which of the forms; its text is not taken over
    made = []
    for reading in _readings(_text(case, "message")):
        try:
            text = reading.decode()
        except UnicodeDecodeError:
            continue
        for encoding in (None, form.format):  # the smallest that fits, or the one that was asked for
            message = solana_offchain.offchain_message(
                text, form.form, signers=form.signers, domain=form.domain, encoding=encoding
            )
            made.append(solana_offchain.encode_offchain(message))
    if expected not in made:
        yield from _differs("bytes", expected, made[0] if made else b"")


_CHECKERS: dict[str, Callable[[Case], Iterator[Mismatch]]] = {
    "bip39": _bip39,
    "bip32": _derivation,
    "slip10": _derivation,
    "keystore_v3": _keystore_v3,
    "eip712": _eip712,
    "eip191": _eip191,
    "evm_tx": _evm_tx,
    "solana_tx": _solana_tx,
    "solana_offchain": _solana_offchain,
}
