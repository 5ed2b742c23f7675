"""What one entry of a list setting may be: an endpoint, a gateway, a key, an address, a level. Pure: contacts no one.

A message names what is wrong and never repeats an endpoint whole, because providers put their keys into it.
"""

import re
from typing import Literal

Form = Literal[
    "any",
    "websocket",
    "web",
    "gateway",
    "solana_key",
    "evm_address",
    "module_level",
    "chain_endpoint",
    "added_chain",
    "watched_token",
]

LONGEST = 2_048
"""Characters of an entry."""
MOST = 1_000
"""Entries of a list."""
_SCHEMES = {"websocket": ("ws", "wss"), "web": ("http", "https"), "gateway": ("http", "https")}
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_EVM_ADDRESS = re.compile(r"0[xX][0-9a-fA-F]{40}")
_MODULE_LEVEL = re.compile(r"\w+(\.\w+)*\s*=\s*(debug|info|warning|error)", re.IGNORECASE)
_CHAIN = re.compile(r"(eip155|solana):[A-Za-z0-9]{1,32}")
_WATCHED = re.compile(r"eip155:[0-9]{1,20} 0x[0-9a-fA-F]{40}", re.ASCII)
_HOST = re.compile(r"[^\s/\\?#@\[\]<>\"'`{}|^%]+")


def fault(form: Form, entry: str) -> str | None:
    """What is wrong with an entry, as the end of a sentence that begins with its place; None when it fits."""
    if len(entry) > LONGEST:
        return f"has {len(entry):,} characters; at most {LONGEST:,} are taken"
    if not entry.isprintable():
        return "holds an invisible character"
    if form in _SCHEMES:
        return _url_fault(entry, _SCHEMES[form], bare=form == "gateway")
    if form == "solana_key":
        return None if is_solana_key(entry) else f"is no Solana address (32 bytes in base58): {_cut(entry)}"
    if form == "evm_address":
        return None if _EVM_ADDRESS.fullmatch(entry) else f"is no EVM address (0x and 40 hex digits): {_cut(entry)}"
    if form == "chain_endpoint":
        return _chain_endpoint_fault(entry)
    if form == "added_chain":
        return _added_chain_fault(entry)
    if form == "watched_token":
        return None if _WATCHED.fullmatch(entry) else f"is no chain and contract, such as eip155:1 0x…: {_cut(entry)}"
    if form == "module_level":
        if _MODULE_LEVEL.fullmatch(entry):
            return None
        return f"is not module=level with debug, info, warning or error: {_cut(entry)}"
    return None


def _chain_endpoint_fault(entry: str) -> str | None:
    chain, _, url = entry.partition(" ")
    if not _CHAIN.fullmatch(chain):
        return "does not begin with a chain such as eip155:1 or solana:mainnet and a space"
    return _url_fault(url.strip(), ("http", "https"), bare=False)


def _added_chain_fault(entry: str) -> str | None:
    from fluxdesk.core.chains import BadChain, read_added

    try:
        read_added(entry)
    except BadChain as error:
        return f"cannot be added: {error}"
    return None


def is_solana_key(text: str) -> bool:
    """Whether a text is 32 bytes in Bitcoin's base58 alphabet, written as Solana writes an account."""
    if not 32 <= len(text) <= 44:
        return False
    value = 0
    for character in text:
        digit = _BASE58.find(character)
        if digit < 0:
            return False
        value = value * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return zeros + (value.bit_length() + 7) // 8 == 32


def _url_fault(entry: str, schemes: tuple[str, ...], bare: bool) -> str | None:
    from urllib.parse import urlsplit

    if " " in entry:
        return "holds a space"
    try:
        parts = urlsplit(entry)
        port = parts.port
    except ValueError:
        return "is no web address"
    if parts.scheme.lower() not in schemes or not entry[len(parts.scheme) :].startswith("://"):
        return f"does not begin with {' or '.join(f'{scheme}://' for scheme in schemes)}"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname) or port == 0:
        return "names no host, or one that cannot be"
    if bare and (parts.query or parts.fragment or parts.username is not None):
        return "holds more than a host and a path; a content id is appended to it"
    return None


def _cut(entry: str) -> str:
    return entry if len(entry) <= 60 else f"{entry[:59]}…"
