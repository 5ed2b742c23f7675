"""What may be asked of the node, and that nothing else can be smuggled into the address."""

import pytest

from fluxdesk_host.protocol.reading import NotAllowed, request

SOLANA = "9WzDXwBbmkg8ZTbNMqUxvQRAyrZzDsGYdLVL9zYtAWWM"
EVM = "0x" + "ab" * 20


def test_the_reads_and_their_addresses() -> None:
    assert request("status", {}) == ("GET", "/v1/status", None)
    assert request("launches", {"limit": 5}) == ("GET", "/v1/launches?limit=5", None)
    assert request("search", {"q": "a&b=c"}) == ("GET", "/v1/search?q=a%26b%3Dc&limit=10", None)
    assert request("token", {"mint": "So1@eip155:1"}) == ("GET", "/v1/tokens/So1%40eip155%3A1", None)
    assert request("chains", {}) == ("GET", "/v1/chains", None)
    assert request("balances", {"chain": "solana:local", "accounts": [SOLANA, SOLANA]}) == (
        "GET", f"/v1/chains/solana%3Alocal/balances?account={SOLANA}&account={SOLANA}", None,
    )  # fmt: skip
    assert request("rpc", {"chain": "eip155:1", "method": "eth_call", "params": []}) == (
        "POST", "/v1/chains/eip155%3A1/rpc", {"method": "eth_call", "params": []},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("shutdown", {}),
        ("status", {"x": 1}),
        ("launches", {"limit": 0}),
        ("launches", {"limit": True}),
        ("launches", {"limit": "1&x=2"}),
        ("launches", {"cursor": "x"}),
        ("token", {"mint": "../settings"}),
        ("token", {"mint": "a b"}),
        ("token", {"mint": "a\n"}),
        ("search", {"q": ""}),
        ("search", {"q": 1}),
        ("chains", {"x": 1}),
        ("balances", {"chain": "eip155:1", "accounts": []}),
        ("balances", {"chain": "eip155:1", "accounts": [EVM] * 21}),
        ("balances", {"chain": "eip155:1", "accounts": EVM}),
        ("balances", {"chain": "eip155:1", "accounts": [EVM + "&token=0x"]}),
        ("balances", {"chain": "eip155:1", "accounts": [["x"]]}),
        ("balances", {"chain": "eip155:1/../x", "accounts": [EVM]}),
        ("balances", {"chain": 1, "accounts": [EVM]}),
        ("balances", {"chain": "eip155:1", "accounts": [EVM], "token": []}),
        ("rpc", {"chain": 1, "method": "eth_call", "params": []}),
        ("rpc", {"chain": "eip155:1", "method": "eth_sendTransaction", "params": []}),
        ("rpc", {"chain": "eip155:1", "method": "getBalance", "params": []}),
        ("rpc", {"chain": "eip155:1/../x", "method": "eth_call", "params": []}),
        ("rpc", {"chain": "eip155:1", "method": "eth_call", "params": {}}),
        ("rpc", {"chain": "eip155:1", "method": ["eth_call"], "params": []}),
        (None, None),
        ([], {}),
    ],
)
def test_anything_else_is_not_carried(what: object, given: object) -> None:
    with pytest.raises(NotAllowed):
        request(what, given)
