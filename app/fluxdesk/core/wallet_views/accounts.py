"""Accounts that a chain keeps for a wallet: lookup tables and nonces."""

import msgspec


class TableView(msgspec.Struct, kw_only=True):
    """A lookup table; `addresses` None where it cannot be read, with the reason."""

    table: str
    addresses: list[str] | None
    problem: str = ""


class TablesView(msgspec.Struct, kw_only=True):
    """Lookup tables as of a slot, so that a message that names them can be read."""

    chain: str
    slot: int | None
    items: list[TableView]


class NonceView(msgspec.Struct, kw_only=True):
    """A durable nonce account of an account."""

    address: str
    nonce: str
    lamports_base: str
    busy: bool
    """A payment with it is under way."""


class NoncesView(msgspec.Struct, kw_only=True):
    """The durable nonce accounts that an account made here."""

    chain: str
    account: str
    items: list[NonceView]
