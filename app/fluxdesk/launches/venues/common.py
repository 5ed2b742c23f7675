"""What every venue's decoder shares: rows with their place filled in, mints in order, derived addresses, decimals."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from fluxdesk.chains.solana.calls import Call, Malformed, Transaction, Unresolved
from fluxdesk.core.events import Fee, Kind, PoolState, Row, Side, Venue
from fluxdesk.core.refusals import Reason
from fluxdesk.launches.context import SPL_TOKEN, TOKEN_2022, WSOL, DecodeContext, PoolInfo
from fluxdesk.launches.layout import EventLayouts, PickedFields, program
from fluxdesk.launches.layout_reader import BadPayload, FieldValue
from fluxdesk.launches.statements import Statement
from fluxdesk.native.base58 import b58encode

ZERO_KEY = bytes(32)
_TRADE = Kind.TRADE  # looking a member up in its class takes as long as making a Fee
_KEYS: dict[bytes, str] = {}
_KEYS_MAX = 200_000


def key(value: FieldValue) -> str:
    """Base58 of a 32-byte key from an event; remembered, since the same mints and traders come again."""
    assert isinstance(value, bytes)
    text = _KEYS.get(value)
    if text is None:
        if len(_KEYS) >= _KEYS_MAX:
            _KEYS.clear()
        text = _KEYS[value] = b58encode(value)
    return text


def opt_key(value: FieldValue) -> str | None:
    """As `key`; None for an absent field and for the all-zero key, which programs use for "none"."""
    return None if value is None or value == ZERO_KEY else key(value)


def num(value: FieldValue) -> int:
    """An integer field."""
    assert isinstance(value, int)
    return value


def opt_num(value: FieldValue) -> int | None:
    """An integer field that older layouts lack."""
    return value if isinstance(value, int) else None


def text(value: FieldValue) -> str | None:
    """A text field that may be absent."""
    return value if isinstance(value, str) else None


def paid(*fees: tuple[str, FieldValue, str | None]) -> tuple[Fee, ...] | None:
    """Fees that were paid; None when the layout states none of them."""
    stated = False
    out = []
    for name, amount, mint in fees:
        if amount is not None:
            stated = True
            if amount:
                out.append(Fee(name, amount, mint))  # type: ignore[arg-type]
    return tuple(out) if stated else None


class Tape(msgspec.Struct, gc=False):
    """Collects the rows of one transaction and gives each its place in it."""

    ctx: DecodeContext
    signature: str | None
    slot: int | None
    block_time: int | None
    tx: Transaction | None = None
    rows: list[Row] = []
    _counts: dict[tuple[Venue | None, Kind], int] = {}
    _decimals: dict[str, int] | None = None
    _token_programs: dict[str, str] | None = None

    def row(self, kind: Kind, venue: Venue | None, index: str | None, **values: Any) -> None:
        """Append a row. `values` are fields of `Row`; a missing `token_program` is looked for in the transaction."""
        n = self._counts.get((venue, kind), 0)
        self._counts[(venue, kind)] = n + 1
        values.setdefault("block_time", self.block_time)
        if values.get("token_program") is None and values.get("token_mint") is not None:
            values["token_program"] = self.program_of(values["token_mint"])
        self.rows.append(
            Row(kind=kind, venue=venue, signature=self.signature, slot=self.slot, index=index, ordinal=n, **values)
        )

    def trade(
        self,
        st: Statement,
        pool: str,
        token_mint: str,
        quote_mint: str,
        token_program: str | None,
        side: Side,
        token_amount: int,
        quote_amount: int,
        fees: tuple[Fee, ...] | None,
        trader: str,
        creator: str | None,
        block_time: int,
        state: PoolState,
    ) -> None:
        """Append a trade: as `row`, for what nearly all rows are."""
        if token_program is None and self.tx is not None:
            token_program = self.program_of(token_mint)
        place = (st.venue, _TRADE)
        n = self._counts.get(place, 0)
        self._counts[place] = n + 1
        self.rows.append(
            Row(
                _TRADE, st.venue, self.signature, self.slot, st.index, pool, token_mint, quote_mint, token_program,
                side, token_amount, quote_amount, fees, trader, creator, None, None, None, st.provenance, None, n,
                block_time, state,
            )
        )  # fmt: skip

    def unknown(self, st: Statement, reason: Reason) -> None:
        """One instruction that could not be read."""
        self.row(Kind.UNKNOWN, st.venue, st.index, pool=st.account("pool"), reason=reason)

    def decimals(self, mint: str | None) -> int | None:
        """Decimals of a mint as the transaction's own token balances state them."""
        if self.tx is None or mint is None:
            return None
        if self._decimals is None:
            self._decimals = _stated_decimals(self.tx.meta)
        return self._decimals.get(mint)

    def program_of(self, mint: str | None) -> str | None:
        """The token program that holds a mint, as the transaction's token balances and token calls show it."""
        if self.tx is None or mint is None:
            return None
        if self._token_programs is None:
            self._token_programs = _seen_token_programs(self.tx)
        return self._token_programs.get(mint)

    def pool_decimals(self, pool: str, mint: str | None) -> int | None:
        """Decimals of one of a pool's mints: as remembered with the pool, else as this transaction states them."""
        known = self.ctx.pools.get(pool)
        if known is not None and mint is not None:
            stated = known.decimals_a if mint == known.mint_a else known.decimals_b if mint == known.mint_b else None
            if stated is not None:
                return stated
        return 9 if mint == WSOL else self.decimals(mint)

    def learn_decimals(self, pool: str, a: int | None, b: int | None) -> None:
        """Decimals of a known pool's mints, as its creation states them."""
        known = self.ctx.pools.get(pool)
        if known is not None:
            self.ctx.pools[pool] = msgspec.structs.replace(known, decimals_a=a, decimals_b=b)

    def learn(
        self,
        pool: str | None,
        mint_a: str | None,
        mint_b: str | None,
        token_program: str | None = None,
        decimals_a: int | None = None,
    ) -> None:
        """Remember the mints of a pool for events that name only the pool."""
        if pool is not None and mint_a is not None and mint_b is not None and pool not in self.ctx.pools:
            a = decimals_a if decimals_a is not None else self.decimals(mint_a)
            self.ctx.pools[pool] = PoolInfo(mint_a, mint_b, token_program, a, self.decimals(mint_b))


def _balances(meta: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The token balances of a transaction, before and after."""
    for name in ("preTokenBalances", "postTokenBalances"):
        entries = meta.get(name)
        if isinstance(entries, list):
            yield from (entry for entry in entries if isinstance(entry, dict))


def _stated_decimals(meta: dict[str, Any]) -> dict[str, int]:
    out: dict[str, int] = {}
    for entry in _balances(meta):
        amount = entry.get("uiTokenAmount")
        if isinstance(amount, dict) and type(amount.get("decimals")) is int:
            out[str(entry.get("mint"))] = amount["decimals"]
    accounts = meta.get("accountData")
    for account in accounts if isinstance(accounts, list) else ():
        changes = account.get("tokenBalanceChanges") if isinstance(account, dict) else None
        for change in changes if isinstance(changes, list) else ():
            amount = change.get("rawTokenAmount") if isinstance(change, dict) else None
            if isinstance(amount, dict) and type(amount.get("decimals")) is int:
                out[str(change.get("mint"))] = amount["decimals"]
    out.setdefault(WSOL, 9)
    return out


_MINT_AT = {0: 0, 7: 0, 8: 1, 12: 1, 14: 0, 15: 1, 18: 1, 20: 0}
"""Position of the mint in token instructions that name it: InitializeMint, MintTo, Burn, TransferChecked and the
checked and newer forms of these, InitializeAccount3. Source: the SPL Token program's instruction list.
"""


def _seen_token_programs(tx: Transaction) -> dict[str, str]:
    out: dict[str, str] = {}
    for entry in _balances(tx.meta):
        program = token_program(entry.get("programId"))
        if program is not None:
            out[str(entry.get("mint"))] = program
    for outer, raw in enumerate(tx.outer):
        for call in (raw, *tx.inner.get(outer, ())):
            try:
                program = tx.program_of(call)
                if program in (SPL_TOKEN, TOKEN_2022) and (mint := _mint_of(Call(tx, call, outer, None, program))):
                    out.setdefault(mint, program)
            except (Malformed, Unresolved):
                continue  # a call of no interest that cannot be read says nothing
    return out


def _mint_of(call: Call) -> str | None:
    parsed = call.raw.get("parsed")
    if isinstance(parsed, dict):
        info = parsed.get("info")
        mint = info.get("mint") if isinstance(info, dict) else None
        return mint if isinstance(mint, str) else None
    data = call.data()
    at = _MINT_AT.get(data[0]) if data else None
    accounts = call.accounts() if at is not None else []
    mint = accounts[at] if at is not None and at < len(accounts) else None
    return mint if isinstance(mint, str) else None


def read_events(
    tape: Tape, st: Statement, table: Mapping[bytes, EventLayouts | PickedFields] | None = None
) -> list[tuple[str, Any]]:
    """(name, fields) of the events of interest, in order; unknown and malformed ones become rows here.

    Fields are a dict, or a tuple where the table says `PickedFields`.
    """
    table = table or program(st.venue).events
    out = []
    for payload in st.events:
        layouts = table.get(payload[:8])
        if layouts is None:
            tape.unknown(st, Reason.UNKNOWN_EVENT)
        elif layouts.readers:
            try:
                out.append((layouts.name, layouts.read(payload)))
            except BadPayload:
                tape.unknown(st, Reason.MALFORMED_EVENT)
    return out


def quote_first(quotes: Sequence[str], a: str, b: str) -> bool:
    """True when mint `a` is the quote of a pool without a launch: the first match of the settings list, else the
    second token.
    """
    for quote in quotes:
        if a == quote:
            return True
        if b == quote:
            return False
    return False


@lru_cache(maxsize=100_000)
def curve_address(program_id: str, mint: str) -> str:
    """pump.fun's bonding curve of a mint: the PDA of ("bonding-curve", mint)."""
    from solders.pubkey import Pubkey

    seeds = [b"bonding-curve", bytes(Pubkey.from_string(mint))]
    return str(Pubkey.find_program_address(seeds, Pubkey.from_string(program_id))[0])


def token_program(value: str | None) -> str | None:
    """The address if it is one of the two token programs; older account lists hold something else in that place."""
    return value if value in (SPL_TOKEN, TOKEN_2022) else None


def minted_supply(tx: Transaction, call: Call, mint: str) -> tuple[int | None, int | None]:
    """(supply, decimals) from the token program's MintTo and InitializeMint calls inside `call`'s top-level
    instruction.
    """
    supply = decimals = None
    for raw in tx.inner.get(call.outer, ()):
        if tx.program_of(raw) not in (SPL_TOKEN, TOKEN_2022):
            continue
        parsed = raw.get("parsed")
        if isinstance(parsed, dict):
            info, kind = parsed.get("info"), parsed.get("type")
            if isinstance(info, dict) and info.get("mint") == mint:
                if kind in ("mintTo", "mintToChecked") and str(info.get("amount", "")).isdecimal():
                    supply = int(info["amount"])
                elif kind in ("initializeMint", "initializeMint2") and type(info.get("decimals")) is int:
                    decimals = info["decimals"]
            continue
        sub = Call(tx, raw, call.outer, None, "")
        data, accounts = sub.data(), sub.accounts()
        if not data or not accounts or accounts[0] != mint:
            continue
        if data[0] in (7, 14) and len(data) >= 9:
            supply = int.from_bytes(data[1:9], "little")
        elif data[0] in (0, 20) and len(data) >= 2:
            decimals = data[1]
    return supply, decimals
