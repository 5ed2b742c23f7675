"""What a site proposes for the owner's lists: shown as its own words, added as checked lines, or not at all."""

from typing import Any

import msgspec
import pytest

from fluxdesk.core.entries import fault
from fluxdesk.desktop.approval import words as say
from fluxdesk.desktop.approval.proposals import proposal
from fluxdesk_host.agent.owner import Waits
from fluxdesk_host.protocol.messages import Propose

COIN = {"name": "xDAI", "symbol": "xDAI", "decimals": 18}
CHAIN = {"chainId": "0x64", "chainName": "Gnosis", "nativeCurrency": COIN, "rpcUrls": ["https://rpc.example/key"]}
TOKEN = {"type": "ERC20", "chain": "eip155:1", "address": "0x" + "12" * 20, "symbol": "USDC", "decimals": 6}


def waits(kind: Any, payload: dict[str, Any]) -> Waits:
    body = msgspec.json.encode(Propose(id="a", origin="https://app.example", kind=kind, payload=payload))
    return Waits(
        id="a", digest="00", origin="https://app.example", account="", chain="", kind=kind, reading=None, reasons=(),
        second_factor=False, expires_in_ms=1, raw=body, raw_length=len(body), proven=True,
    )  # fmt: skip


def test_a_chain_becomes_a_line_of_the_list_and_its_endpoints() -> None:
    found = proposal(waits("add_chain", CHAIN))
    assert found is not None and found.problem == ""
    assert dict(found.lines) == {
        "chains_added": ("100 Gnosis xDAI",), "chain_rpc": ("eip155:100 https://rpc.example/key",)
    }  # fmt: skip
    assert found.sentence == "Add Gnosis, chain 100, to your chains."
    assert say.danger(waits("add_chain", CHAIN)) == 3
    assert say.approve_verb(waits("add_chain", CHAIN)) == "Add the chain"
    assert "https://rpc.example/key" in [row.value for row in say.rows(waits("add_chain", CHAIN))]


def test_a_token_becomes_a_line_that_the_settings_take() -> None:
    found = proposal(waits("watch_asset", TOKEN))
    assert found is not None and found.problem == ""
    (line,) = dict(found.lines)["tokens_watched"]
    assert fault("watched_token", line) is None
    assert "0x" + "12" * 20 in [row.value for row in say.rows(waits("watch_asset", TOKEN))]


@pytest.mark.parametrize(
    "wrong",
    [
        {"chainId": "0x1", "chainName": "Another"},
        {"chainName": "Ethereum"},
        {"chainName": "Gn\u043esis"},
        {"nativeCurrency": COIN | {"decimals": 6}},
        {"rpcUrls": []},
        {"rpcUrls": ["file:///etc/passwd"]},
        {"rpcUrls": ["https://a.example\nchain"]},
        {"rpcUrls": ["http://a.example/"]},
        {"rpcUrls": ["https://mainnet.known.example@a.example/"]},
        {"rpcUrls": ["https://mainnet.kn\u043ewn.example/"]},
        {"rpcUrls": ["https://a.example/" + "a" * 300]},
        {"nativeCurrency": COIN | {"symbol": "xDAI test"}},
        {"nativeCurrency": COIN | {"symbol": "test"}, "chainName": "Gnosis xDAI"},
        {"nativeCurrency": COIN | {"symbol": "Chain xDAI"}},
        {"chainId": "x"},
        {"chainName": 1},
        {"nativeCurrency": None},
    ],
)
def test_a_chain_that_is_known_looks_like_one_or_is_malformed_is_not_added(wrong: dict[str, Any]) -> None:
    found = proposal(waits("add_chain", CHAIN | wrong))
    assert found is not None and found.problem != ""


def test_a_body_that_is_not_whole_is_not_added() -> None:
    whole = waits("add_chain", CHAIN)
    cut = msgspec.structs.replace(whole, raw=whole.raw[:-2])
    found = proposal(cut)
    assert found is not None and found.problem != "" and found.lines == ()
    assert proposal(msgspec.structs.replace(whole, kind="connect evm")) is None
