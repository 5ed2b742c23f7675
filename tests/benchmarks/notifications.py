"""Made-up pump.fun trades as `logsNotification` frames, fast enough for 10,000 a second beside the node under test.

The event bytes follow the newest published layout and the log lines those of a real buy; mints, traders, amounts and
signatures are invented (5,000 tokens with Zipf-like popularity, 100,000 traders). Every frame differs.
"""

import struct
from base64 import b64encode
from collections.abc import Sequence
from hashlib import blake2b
from random import Random

from fluxdesk.core.events import Venue
from fluxdesk.launches.layout_encode import event_writer

PUMP = "6EF8rrecthR5Dkzon8Nwu78hRvfCKubJ14M5uBEwF6P"
TOKENS = 5_000
TRADERS = 100_000
ZIPF = 0.9
SLOT0 = 400_000_000
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PICKS = 1 << 16
_VARYING = 129
"""Bytes of a trade event that differ; a multiple of three, so that what follows is the same base64 in every frame."""
_SIGNATURE = 88


def signature(number: int) -> str:
    """The transaction id of event `number`: 88 base58 digits that end in it."""
    tail = ""
    rest = number
    for _ in range(6):
        rest, digit = divmod(rest, 58)
        tail = _ALPHABET[digit] + tail
    head = blake2b(number.to_bytes(8, "little"), digest_size=41).digest()
    return "5" + "".join([_ALPHABET[byte % 58] for byte in head])[:41] + "x" * 40 + tail


def number_of(text: str) -> int:
    """The event number of a signature."""
    number = 0
    for char in text[-6:]:
        number = number * 58 + _ALPHABET.index(char)
    return number


class Frames:
    """Notification frames of one subscription."""

    def __init__(self, subscription: int, time_s: int, seed: int = 7) -> None:
        random = Random(seed)
        self._mints = [random.randbytes(32) for _ in range(TOKENS)]
        self._traders = [random.randbytes(32) for _ in range(TRADERS)]
        weights = [1.0 / (rank + 1) ** ZIPF for rank in range(TOKENS)]
        self._picks = random.choices(range(TOKENS), weights, k=_PICKS)
        self._random = random
        self._time_s = time_s
        self._prices = [30_000_000_000 + random.randrange(40_000_000_000) for _ in range(TOKENS)]
        self._event = bytearray(_trade_event(time_s))
        before, after = (part.encode() for part in _lines().split("%s"))
        self._head = b'{"jsonrpc":"2.0","method":"logsNotification","params":{"result":{"context":{"slot":'
        self._middle = b'","err":null,"logs":[' + before
        self._end = b64encode(self._event[_VARYING:]) + after + b']}},"subscription":%d}}' % subscription

    def frame(self, number: int, elapsed_s: float) -> bytes:
        """Event `number`, which happens `elapsed_s` after the start."""
        return b"".join(self.pieces([self.part(number, elapsed_s)], elapsed_s))

    def part(self, number: int, elapsed_s: float) -> bytes:
        """What is dear to make of an event: its signature and its data. Parts are made in order of their numbers."""
        event, random = self._event, self._random
        token = self._picks[number & (_PICKS - 1)]
        is_buy = random.random() < 0.55
        quote = random.randrange(10_000_000, 3_000_000_000)
        virtual_quote = self._prices[token] + (quote if is_buy else -quote)
        if not 30_000_000_000 < virtual_quote < 110_000_000_000:
            virtual_quote = 50_000_000_000
        self._prices[token] = virtual_quote
        virtual_token = 32_190_000_000_000_000_000_000_000 // virtual_quote
        base = quote * virtual_token // virtual_quote
        event[8:40] = self._mints[token]
        struct.pack_into("<QQ?", event, 40, quote, base, is_buy)
        event[57:89] = self._traders[random.randrange(TRADERS)]
        struct.pack_into("<qQQQQ", event, 89, self._time_s + int(elapsed_s), virtual_quote, virtual_token, quote, base)
        return signature(number).encode() + b64encode(event[:_VARYING])

    def pieces(self, parts: Sequence[bytes], elapsed_s: float, between: bytes = b"") -> list[bytes]:
        """The frames, equally long, of parts of one moment, to be joined; `between` stands before each."""
        slot = SLOT0 + int(elapsed_s * 2.5)
        before = between + self._head + b'%d},"value":{"signature":"' % slot
        middle, end = self._middle, self._end
        return [piece for part in parts for piece in (before, part[:_SIGNATURE], middle, part[_SIGNATURE:], end)]


def _trade_event(time_s: int) -> bytes:
    zero = bytes(32)
    return event_writer(Venue.PUMPFUN, "TradeEvent").write(
        {
            "mint": zero, "sol_amount": 0, "token_amount": 0, "is_buy": True, "user": zero, "timestamp": time_s,
            "virtual_sol_reserves": 0, "virtual_token_reserves": 0, "real_sol_reserves": 0, "real_token_reserves": 0,
            "fee_recipient": zero, "fee_basis_points": 95, "fee": 9_500, "creator": zero,
            "creator_fee_basis_points": 30, "creator_fee": 3_000, "track_volume": False, "total_unclaimed_tokens": 0,
            "total_claimed_tokens": 0, "current_sol_volume": 0, "last_update_timestamp": 0,
            "ix_name": "buy_exact_sol_in", "mayhem_mode": False, "cashback_fee_basis_points": 0, "cashback": 0,
            "buyback_fee_basis_points": 0, "buyback_fee": 0, "shareholders": (), "quote_mint": zero, "quote_amount": 0,
            "virtual_quote_reserves": 0, "real_quote_reserves": 0, "holder_rewards_bps": 0, "holder_rewards": 0,
            "creator_fee_unclaimed": 0,
        }
    )  # fmt: skip


def _lines() -> str:
    budget, fees = "ComputeBudget111111111111111111111111111111", "pfeeUxB6jkeY1Hxd7CsFCAjcbHA9rWtchMGdZ6VojVZ"
    token = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
    system = "11111111111111111111111111111111"
    lines = [
        f"Program {budget} invoke [1]",
        f"Program {budget} success",
        f"Program {budget} invoke [1]",
        f"Program {budget} success",
        f"Program {PUMP} invoke [1]",
        "Program log: Instruction: BuyExactSolIn",
        f"Program {fees} invoke [2]",
        "Program log: Instruction: GetFees",
        f"Program {fees} consumed 3302 of 352012 compute units",
        f"Program return: {fees} AAAAAAAAAABfAAAAAAAAAB4AAAAAAAAA",
        f"Program {fees} success",
        f"Program {token} invoke [2]",
        "Program log: Instruction: TransferChecked",
        f"Program {token} consumed 2562 of 341200 compute units",
        f"Program {token} success",
        f"Program {system} invoke [2]",
        f"Program {system} success",
        f"Program {system} invoke [2]",
        f"Program {system} success",
        "Program data: %s",
        f"Program {PUMP} invoke [2]",
        f"Program {PUMP} consumed 2125 of 322010 compute units",
        f"Program {PUMP} success",
        f"Program {PUMP} consumed 66107 of 386000 compute units",
        f"Program {PUMP} success",
    ]
    return ",".join(f'"{line}"' for line in lines)
