"""What a Solana token says of itself: the metadata extension of Token-2022, else the Metaplex metadata account.

Sources: spl-token-metadata-interface `TokenMetadata` (extension 19: update authority, mint, then Borsh strings name,
symbol, uri); mpl-token-metadata `Metadata` (key, update authority, mint, then Borsh strings name, symbol, uri, padded
with zeros), at the address derived from `metadata`, the program and the mint. Remote words: bounded, nothing unseen.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.tokens import ACCOUNT_SIZE, TOKEN_2022, Mint, read_mint
from fluxdesk.core.remote_text import NAME_MOST, SYMBOL_MOST, shown

if TYPE_CHECKING:
    from solders.pubkey import Pubkey

METAPLEX = "metaqbxxUerdq28cj1RbAWkYQm3ybzjb6a8bt518x1s"
_EXTENSION, _METAPLEX_KEY = 19, 4
_HEAD = 64
"""Update authority and mint, before the strings."""


class MintWords(NamedTuple):
    """Empty where the token says nothing that can be shown."""

    mint: Mint
    symbol: str = ""
    name: str = ""


async def mint_words(client: SolanaClient, addresses: Sequence[str]) -> dict[str, MintWords]:
    """Those of the addresses that are mints, with what they say. Raises `ChainError`."""
    from solders.pubkey import Pubkey

    keys = [Pubkey.from_string(address) for address in addresses]
    found: dict[str, MintWords] = {}
    for address, account in zip(addresses, await client.accounts(keys), strict=True):
        mint = None if account is None else read_mint(address, str(account.owner), bytes(account.data))
        if account is not None and mint is not None:
            found[address] = MintWords(mint, *extension_words(mint.program, bytes(account.data)))
    silent = [address for address, words in found.items() if not words.symbol and not words.name]
    return found | await _from_metaplex(client, {address: found[address].mint for address in silent})


async def _from_metaplex(client: SolanaClient, mints: Mapping[str, Mint]) -> dict[str, MintWords]:
    from solders.pubkey import Pubkey

    program = Pubkey.from_string(METAPLEX)
    places = [metadata_address(Pubkey.from_string(mint), program) for mint in mints]
    found = {}
    for (address, mint), account in zip(mints.items(), await client.accounts(places), strict=True):
        if account is not None and account.owner == program:
            found[address] = MintWords(mint, *metaplex_words(address, bytes(account.data)))
    return found


def metadata_address(mint: "Pubkey", program: "Pubkey") -> "Pubkey":
    """Where Metaplex keeps what a token says."""
    from solders.pubkey import Pubkey

    return Pubkey.find_program_address([b"metadata", bytes(program), bytes(mint)], program)[0]


def extension_words(program: str, data: bytes) -> tuple[str, str]:
    """(symbol, name) of a Token-2022 mint's own metadata; empty without."""
    at = ACCOUNT_SIZE + 1
    while program == TOKEN_2022 and at + 4 <= len(data):
        kind, size = int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")
        if kind == 0:
            break
        if kind == _EXTENSION:
            return _words(data[at + 4 : at + 4 + size], _HEAD)
        at += 4 + size
    return "", ""


def metaplex_words(mint: str, data: bytes) -> tuple[str, str]:
    """(symbol, name) of a Metaplex account that is about this mint; empty for any other bytes."""
    from solders.pubkey import Pubkey

    if len(data) < _HEAD + 1 or data[0] != _METAPLEX_KEY or str(Pubkey.from_bytes(data[33:65])) != mint:
        return "", ""
    return _words(data, _HEAD + 1)


def _words(data: bytes, at: int) -> tuple[str, str]:
    name, at = _string(data, at)
    symbol, _ = _string(data, at)
    return shown(symbol, SYMBOL_MOST), shown(name, NAME_MOST)


def _string(data: bytes, at: int) -> tuple[str, int]:
    """(a Borsh string without the zeros that pad it, where it ends); empty where it does not fit."""
    size = int.from_bytes(data[at : at + 4], "little")
    end = at + 4 + size
    if at + 4 > len(data) or end > len(data):
        return "", len(data)
    return data[at + 4 : end].rstrip(b"\0").decode("utf-8", "replace"), end
