"""The printed contract of a row as JSON bytes, three times as fast as through a dict: it runs once per event.

`core.events.printed` is the definition; tests hold the two equal.
"""

import msgspec

from fluxdesk.core.events import Row


class _Fee(msgspec.Struct, gc=False):
    name: str
    amount: str
    mint: str | None


class _Printed(msgspec.Struct, gc=False):
    kind: str
    venue: str | None
    signature: str | None
    slot: int | None
    index: str | None
    pool: str | None
    token_mint: str | None
    quote_mint: str | None
    token_program: str | None
    side: str | None
    token_amount: str | None
    quote_amount: str | None
    fees: list[_Fee] | None
    trader: str | None
    creator: str | None
    name: str | None
    symbol: str | None
    uri: str | None
    provenance: str | None
    reason: str | None


_encode = msgspec.json.Encoder().encode


def printed_json(row: Row) -> bytes:
    """The JSON object of a row, keys in the printed order."""
    token, quote, fees = row.token_amount, row.quote_amount, row.fees
    return _encode(
        _Printed(
            row.kind,
            row.venue,
            row.signature,
            row.slot,
            row.index,
            row.pool,
            row.token_mint,
            row.quote_mint,
            row.token_program,
            row.side,
            None if token is None else str(token),
            None if quote is None else str(quote),
            None if fees is None else [_Fee(fee.name, str(fee.amount), fee.mint) for fee in fees],
            row.trader,
            row.creator,
            row.name,
            row.symbol,
            row.uri,
            row.provenance,
            row.reason,
        )
    )


def event_item(seq: int, row: Row) -> bytes:
    """A `views.EventItem` as JSON bytes."""
    return b'{"seq":%d,"kind":"%b","row":%b}' % (seq, row.kind.encode(), printed_json(row))
