"""An entry of a list setting is what its kind says, and what is wrong is said of the entry, by its place."""

import pytest

from fluxdesk.core.entries import LONGEST, MOST, fault, is_solana_key
from fluxdesk.core.settings import TABLE, BadSetting, check

WSOL = "So11111111111111111111111111111111111111112"
WETH = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
KEY = "a1B2c3D4e5F6a7B8"


@pytest.mark.parametrize("setting", TABLE, ids=lambda s: s.key)
def test_every_default_passes_its_own_check(setting) -> None:  # type: ignore[no-untyped-def]
    assert check(setting.key, setting.default) == setting.default


@pytest.mark.parametrize(
    "text", [WSOL, "1" * 32, "11111111111111111111111111111112", "JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG"]
)
def test_thirty_two_bytes_in_base58_are_a_solana_key(text: str) -> None:
    from solders.pubkey import Pubkey

    assert str(Pubkey.from_string(text)) == text
    assert is_solana_key(text)


@pytest.mark.parametrize(
    "text", ["", "abc", WSOL[:-1], WSOL + "1", "1" * 33, "z" * 44, WSOL.replace("S", "0"), WETH, "１" * 32]
)
def test_other_text_is_no_solana_key(text: str) -> None:
    assert not is_solana_key(text)


@pytest.mark.parametrize(
    ("key", "good"),
    [
        ("solana_rpc", "wss://rpc.example"),
        ("solana_rpc", f"WS://user:{KEY}@[::1]:8900/{KEY}?api-key={KEY}"),
        ("evm_rpc", "ws://127.0.0.1:8545"),
        ("solana_http", "https://rpc.example/v2/x?y=z"),
        ("evm_http", "http://localhost:8545"),
        ("ipfs_gateways", "https://ipfs.io/ipfs/"),
        ("solana_launchpads", "pumpswap"),
        ("solana_quotes", WSOL),
        ("believe_configs", WSOL),
        ("evm_quotes", WETH),
        ("evm_factories", WETH.lower()),
        ("log_levels", "fluxdesk.launches = Debug"),
    ],
)
def test_an_entry_of_the_right_kind_is_taken_as_typed(key: str, good: str) -> None:
    assert check(key, [f"  {good} ", ""]) == (good,)


@pytest.mark.parametrize(
    ("key", "bad", "said"),
    [
        ("solana_rpc", "rpc.example", "entry 2 does not begin with ws:// or wss://"),
        ("solana_rpc", "https://rpc.example", "entry 2 does not begin with ws:// or wss://"),
        ("solana_rpc", "wss:rpc.example", "entry 2 does not begin with"),
        ("solana_rpc", "wss://", "entry 2 names no host"),
        ("solana_rpc", "wss://a b", "entry 2 holds a space"),
        ("solana_rpc", "wss://a\u202eb", "entry 2 holds an invisible character"),
        ("solana_rpc", "wss://\ud800", "entry 2 holds an invisible character"),
        ("solana_rpc", "wss://a:99999", "entry 2 is no web address"),
        ("solana_rpc", "wss://a:0", "entry 2 names no host"),
        ("solana_rpc", "wss://[bad", "entry 2 is no web address"),
        ("solana_rpc", "wss://" + "a" * LONGEST, "at most 2,048"),
        ("evm_http", "ws://rpc.example", "entry 2 does not begin with http:// or https://"),
        ("ipfs_gateways", "ipfs.io", "entry 2 does not begin with http:// or https://"),
        ("ipfs_gateways", "https://ipfs.io/?arg=", "a content id is appended"),
        ("solana_launchpads", "pumpfan", "entry 2 is one of pumpfun, pumpswap"),
        ("solana_launchpads", "uniswap_v2", "entry 2 is one of"),
        ("solana_quotes", WETH, "entry 2 is no Solana address"),
        ("evm_quotes", WSOL, "entry 2 is no EVM address"),
        ("evm_factories", WETH[:-1], "entry 2 is no EVM address"),
        ("log_levels", "fluxdesk.launches=loud", "entry 2 is not module=level"),
    ],
)
def test_an_entry_of_another_kind_is_refused_by_its_place(key: str, bad: str, said: str) -> None:
    good = (
        next(s.default for s in TABLE if s.key == key)
        or {
            "evm_http": ("http://localhost",),
            "evm_factories": (WETH,),
            "log_levels": ("fluxdesk=info",),
        }[key]
    )
    assert isinstance(good, tuple)
    with pytest.raises(BadSetting) as refused:
        check(key, [good[0], bad])
    assert said in str(refused.value)


def test_what_is_said_of_an_endpoint_does_not_repeat_it() -> None:
    for url in (f"https://rpc.example/{KEY}", f"wss://{KEY}", f"wss:///?api-key={KEY}", f"wss://a:{KEY}"):
        assert KEY not in (fault("websocket", url) or "")


def test_a_list_has_an_end() -> None:
    with pytest.raises(BadSetting, match="at most 1,000 entries"):
        check("believe_configs", [WSOL] * (MOST + 1))
