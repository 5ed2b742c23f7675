"""The one settings table: it drives the Settings screen, docs/settings.md and `fluxdesk settings`.

Values live in `settings.json` of a profile's data folder and hold only what differs from the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fluxdesk.core.entries import MOST, Form, fault

Value = str | int | bool | tuple[str, ...]
Kind = Literal["text", "integer", "switch", "choice", "lines"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table. `lines` is a list of strings, one a line in the screen.

    Attributes:
        choices: What a `choice` may be, and where there are any, what each entry of `lines` may be.
        form: What each entry of `lines` must look like.
    """

    key: str
    kind: Kind
    default: Value
    title: str
    help: str
    group: str
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()
    form: Form = "any"
    restart_node: bool = False


LAUNCHPADS = ("pumpfun", "pumpswap", "meteora_dbc", "meteora_damm_v2", "raydium_launchlab")
"""The venues on Solana, each a subscription."""

TABLE: tuple[Setting, ...] = (
    Setting("theme", "choice", "dark", "Theme", "Colours of the window.", "Look", choices=("dark", "light", "system")),
    Setting("text_scale", "integer", 100, "Text size", "Scales every text in the window.", "Look", "%", 100, 150),
    Setting("reduced_motion", "switch", False, "Reduced motion", "No flashes and no moving placeholders.", "Look"),
    Setting(
        "notify_launches",
        "switch",
        False,
        "Notify of launches",
        "A notification for each new launch that passes the filters of Launches, at most one in ten seconds.",
        "Alerts",
    ),
    Setting(
        "close_to_tray",
        "switch",
        True,
        "Keep running when the window closes",
        "Closing the window keeps the node recording; Quit stops it.",
        "Alerts",
    ),
    Setting(
        "solana_rpc",
        "lines",
        ("wss://api.mainnet-beta.solana.com",),
        "Solana endpoints",
        "WebSocket URLs, one a line; the first that delivers an event wins, all are compared. "
        "A free one sees logs only, late and with limits.",
        "Sources",
        form="websocket",
        restart_node=True,
    ),
    Setting(
        "solana_launchpads",
        "lines",
        LAUNCHPADS,
        "Launchpads to follow",
        "One subscription each and endpoint.",
        "Sources",
        choices=LAUNCHPADS,
        restart_node=True,
    ),
    Setting(
        "solana_http",
        "lines",
        (),
        "Solana HTTP endpoints",
        "For whole transactions and gap filling; empty = the WebSocket endpoints with http in place of ws.",
        "Sources",
        form="web",
        restart_node=True,
    ),
    Setting(
        "solana_commitment",
        "choice",
        "confirmed",
        "Solana commitment",
        "Processed is about a second earlier, but some of what it shows is dropped by the chain and never happened.",
        "Sources",
        choices=("confirmed", "processed"),
        restart_node=True,
    ),
    Setting(
        "evm_rpc",
        "lines",
        (),
        "EVM endpoints",
        "WebSocket URLs, one a line; empty = EVM is not followed.",
        "Sources",
        form="websocket",
        restart_node=True,
    ),
    Setting(
        "evm_http",
        "lines",
        (),
        "EVM HTTP endpoints",
        "For gap filling, in the order of the EVM endpoints; empty = the WebSocket endpoints with http in place of ws.",
        "Sources",
        form="web",
        restart_node=True,
    ),
    Setting(
        "rpc_per_second",
        "integer",
        4,
        "HTTP requests a second",
        "For each endpoint. The free Solana endpoint allows 40 of a kind in ten seconds.",
        "Sources",
        "a second",
        1,
        1_000,
        restart_node=True,
    ),
    Setting(
        "gap_fill_max",
        "integer",
        5_000,
        "Transactions fetched for a gap",
        "A gap that holds more stays visible and open.",
        "Sources",
        "transactions",
        0,
        1_000_000,
        restart_node=True,
    ),
    Setting(
        "evm_factories",
        "lines",
        (),
        "More Uniswap V2 factories",
        "Factory addresses beside the official ones. Pairs of other factories are not decoded.",
        "Sources",
        form="evm_address",
        restart_node=True,
    ),
    Setting(
        "chain_rpc",
        "lines",
        (),
        "Wallet endpoints",
        "One a line: a chain and an HTTP URL, such as eip155:1 https://rpc.example. The first that is well is asked; "
        "what is signed goes to all. Solana without a line uses the Solana endpoints above.",
        "Wallet",
        form="chain_endpoint",
        restart_node=True,
    ),
    Setting(
        "chains_added",
        "lines",
        (),
        "Added chains",
        "One EVM chain a line: its number, its name, the symbol of its coin, such as 100 Gnosis xDAI; "
        "with test at the end where the coins are worth nothing.",
        "Wallet",
        form="added_chain",
        restart_node=True,
    ),
    Setting(
        "tokens_watched",
        "lines",
        (),
        "Watched tokens",
        "One a line: an EVM chain and the contract of a token, such as eip155:1 and the 0x address after it. Their "
        "balances are read with yours; no EVM chain says by itself which tokens an account holds.",
        "Wallet",
        form="watched_token",
    ),
    Setting(
        "evm_fee_limit_gwei",
        "integer",
        2_000,
        "Most for a gas",
        "What a payment may offer for each gas at most, tip included; when a chain asks for more, it waits.",
        "Wallet",
        "gwei",
        1,
        1_000_000,
        restart_node=True,
    ),
    Setting(
        "solana_price_limit",
        "integer",
        2_000_000,
        "Most for a compute unit",
        "What a Solana payment may offer for each compute unit at most, beside the fee of its signature.",
        "Wallet",
        "micro-lamports",
        0,
        100_000_000,
        restart_node=True,
    ),
    Setting(
        "solana_tables",
        "lines",
        (),
        "Lookup tables",
        "Addresses of Solana lookup tables that payments use where they make a transaction shorter.",
        "Wallet",
        form="solana_key",
        restart_node=True,
    ),
    Setting(
        "solana_quotes",
        "lines",
        (
            "So11111111111111111111111111111111111111112",
            "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v",
            "Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB",
        ),
        "Solana quote mints",
        "In a pool without a launch the first of these that it holds is the quote; else its second token.",
        "Decoding",
        form="solana_key",
        restart_node=True,
    ),
    Setting(
        "evm_quotes",
        "lines",
        (
            "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
            "0x4200000000000000000000000000000000000006",
            "0x82af49447d8a07e3bd95bd0d56f35241523fbab1",
            "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48",
            "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913",
            "0xaf88d065e77c8cc2239327c5edb3a432268e5831",
            "0x0b2c639c533813f4aa9d7837caf62653d097ff85",
            "0xdac17f958d2ee523a2206206994597c13d831ec7",
            "0x6b175474e89094c44da98b954eedeac495271d0f",
        ),
        "EVM quote tokens",
        "As for Solana: WETH, USDC (Ethereum, Base and Optimism, Arbitrum), then USDT and DAI of Ethereum.",
        "Decoding",
        form="evm_address",
        restart_node=True,
    ),
    Setting(
        "believe_configs",
        "lines",
        (),
        "Believe configs",
        "Meteora DBC config addresses shown as Believe. Empty: Fluxdesk found no published list.",
        "Decoding",
        form="solana_key",
        restart_node=True,
    ),
    Setting(
        "journal_max_mb",
        "integer",
        20_000,
        "Journal size",
        "Oldest bytes go first when it is larger.",
        "Journal",
        "MB",
        64,
        1_000_000,
    ),
    Setting("journal_max_days", "integer", 14, "Journal age", "Bytes older than this go.", "Journal", "days", 1, 3650),
    Setting(
        "metadata_fetch",
        "switch",
        True,
        "Fetch token pictures and links",
        "The node asks the address a token names, when you open the token. That server sees your IP address.",
        "Privacy",
    ),
    Setting(
        "ipfs_gateways",
        "lines",
        ("https://ipfs.io/ipfs/", "https://dweb.link/ipfs/"),
        "IPFS gateways",
        "Tried in order for ipfs:// addresses.",
        "Privacy",
        form="gateway",
    ),
    Setting(
        "log_level",
        "choice",
        "info",
        "Log level",
        "Detail of the log files.",
        "Advanced",
        choices=("debug", "info", "warning", "error"),
    ),
    Setting(
        "log_levels",
        "lines",
        (),
        "Log level per module",
        "Lines such as fluxdesk.launches=debug.",
        "Advanced",
        form="module_level",
    ),
)
BY_KEY: Mapping[str, Setting] = {s.key: s for s in TABLE}


class BadSetting(ValueError):
    """A value does not fit its line of the table; the message says what would."""


def check(key: str, value: object) -> Value:
    """The value in its stored form. Raises `BadSetting` with a sentence for the user."""
    s = BY_KEY.get(key)
    if s is None:
        raise BadSetting(f"There is no setting named {key}.")
    if s.kind == "switch" and isinstance(value, bool):
        return value
    if s.kind == "integer" and isinstance(value, int) and not isinstance(value, bool):
        if (s.minimum is not None and value < s.minimum) or (s.maximum is not None and value > s.maximum):
            raise BadSetting(f"{s.title} must be between {s.minimum:,} and {s.maximum:,} {s.unit}, not {value:,}.")
        return value
    if s.kind == "choice" and isinstance(value, str):
        if value not in s.choices:
            raise BadSetting(f"{s.title} is one of {', '.join(s.choices)}, not {value!r}.")
        return value
    if s.kind == "text" and isinstance(value, str):
        return value
    if s.kind == "lines" and isinstance(value, (list, tuple)) and all(isinstance(x, str) for x in value):
        return _entries(s, tuple(x.strip() for x in value if x.strip()))
    raise BadSetting(f"{s.title} takes {_TAKES[s.kind]}, not {value!r:.80}.")


_TAKES: Mapping[Kind, str] = {
    "text": "text",
    "integer": "a whole number",
    "switch": "true or false",
    "choice": "one word",
    "lines": "a list of texts",
}


def _entries(s: Setting, entries: tuple[str, ...]) -> tuple[str, ...]:
    """The entries of a list as they are. Raises `BadSetting`, which says which of them is wrong."""
    if len(entries) > MOST:
        raise BadSetting(f"{s.title} takes at most {MOST:,} entries, not {len(entries):,}.")
    for place, entry in enumerate(entries, 1):
        if s.choices and entry not in s.choices:
            raise BadSetting(f"{s.title}: entry {place} is one of {', '.join(s.choices)}, not {entry!r:.60}.")
        if (wrong := fault(s.form, entry)) is not None:
            raise BadSetting(f"{s.title}: entry {place} {wrong}.")
    return entries


@dataclass(frozen=True, slots=True)
class Settings:
    """Values of one profile: the defaults, with what the user changed laid over them."""

    changed: Mapping[str, Value]

    def text(self, key: str) -> str:
        """A `text` or `choice` value."""
        return str(self._value(key))

    def integer(self, key: str) -> int:
        """An `integer` value."""
        value = self._value(key)
        assert isinstance(value, int)
        return value

    def switch(self, key: str) -> bool:
        """A `switch` value."""
        return bool(self._value(key))

    def lines(self, key: str) -> tuple[str, ...]:
        """A `lines` value."""
        value = self._value(key)
        assert isinstance(value, tuple)
        return value

    def value(self, key: str) -> Value:
        """Any value."""
        return self._value(key)

    def _value(self, key: str) -> Value:
        return self.changed.get(key, BY_KEY[key].default)
