"""Account addresses in practice transactions: hashes of what they belong to, so that the same thing has the same
address.

Only two are derived as on chain: pump.fun's curve and a wallet's own quote account, since a decoder derives them too.
"""

from functools import lru_cache
from hashlib import blake2b

from fluxdesk.core.events import Venue
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022
from fluxdesk.launches.layout_encode import instruction_accounts
from fluxdesk.launches.practice.actors import Quote, Wallet
from fluxdesk.launches.practice.invoke import SYSTEM
from fluxdesk.launches.practice.programs import BY_VENUE
from fluxdesk.launches.practice.token import Token
from fluxdesk.native.base58 import b58encode

_METADATA = "PracticeMeta1111111111111111111111111111111"
_RENT = "SysvarRent111111111111111111111111111111111"


def hashed(*parts: bytes) -> bytes:
    """The address that stands for these."""
    return blake2b(b"".join(parts), digest_size=32).digest()


@lru_cache(maxsize=4096)
def place(*words: str) -> str:
    """The address of something named, in base58."""
    return b58encode(place_key(*words))


def authority(venue: Venue) -> str:
    """Owner of a venue's vaults."""
    return place("authority", venue)


def events(venue: Venue) -> str:
    """The account with which a venue's program calls itself."""
    return place("events", venue)


@lru_cache(maxsize=4096)
def place_key(*words: str) -> bytes:
    """The same address as bytes."""
    return hashed(" ".join(words).encode())


def config(token: Token) -> tuple[str, str]:
    """Words for the config a token was launched under: one a quote, as a brand would have."""
    return "config", token.quote.text


def base_account(wallet: Wallet, token: Token) -> str:
    """A wallet's account of a token."""
    return b58encode(hashed(wallet.key, token.key))


def quote_account(wallet: Wallet, quote: Quote) -> bytes:
    """The wallet's associated token account of a quote: derived as on chain."""
    known = wallet.quote_account[quote.nth]
    if known is None:
        from solders.pubkey import Pubkey
        from solders.token.associated import get_associated_token_address

        owner, mint = Pubkey(wallet.key), Pubkey(quote.mint)
        known = bytes(get_associated_token_address(owner, mint, Pubkey.from_string(SPL_TOKEN)))
        wallet.quote_account[quote.nth] = known
    return known


def named(venue: Venue, instruction: str, **given: str) -> list[str]:
    """An instruction's accounts in its order; what is not given is an address of its own name."""
    return [given.get(name) or usual for name, usual in _usual(venue, instruction)]


@lru_cache(maxsize=64)
def _usual(venue: Venue, instruction: str) -> list[tuple[str, str]]:
    """Account names of an instruction with the address each has when nobody says otherwise."""
    known = {
        "program": BY_VENUE[venue], "event_authority": events(venue), "pool_authority": authority(venue),
        "authority": authority(venue), "system_program": SYSTEM, "rent_program": _RENT, "metadata_program": _METADATA,
        "token_program": SPL_TOKEN, "token_base_program": SPL_TOKEN, "token_quote_program": SPL_TOKEN,
        "token_a_program": SPL_TOKEN, "token_b_program": SPL_TOKEN, "base_token_program": SPL_TOKEN,
        "quote_token_program": SPL_TOKEN, "token_2022_program": TOKEN_2022,
    }  # fmt: skip
    return [(name, known.get(name) or place(venue, name)) for name in instruction_accounts(venue, instruction)]
