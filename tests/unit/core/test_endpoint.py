"""Addresses of endpoints and what may be shown of them."""

import pytest

from fluxdesk.core.endpoint import BadEndpoint, Endpoint

WS = ("ws", "wss")
KEY = "0123456789abcdef"


def test_only_scheme_host_and_port_are_shown() -> None:
    assert Endpoint.parse("wss://rpc.example", WS).shown == "wss://rpc.example"
    assert Endpoint.parse("WSS://rpc.example:8900/", WS).shown == "wss://rpc.example:8900"
    for url in (f"wss://rpc.example/{KEY}", f"wss://rpc.example/?api-key={KEY}", f"wss://u:{KEY}@rpc.example"):
        endpoint = Endpoint.parse(url, WS)
        assert endpoint.shown == "wss://rpc.example/…"
        assert KEY not in f"{endpoint} {endpoint!r} {endpoint.http()}"
        assert KEY in endpoint.url


def test_text_of_a_peer_loses_every_part_of_the_address_that_may_be_a_key() -> None:
    endpoint = Endpoint.parse(f"wss://user:secretpw@rpc.example/v2/{KEY}?token=t0kent0ken", WS)
    said = f"bad {KEY}\r\nand t0kent0ken and secretpw \x1b[31m" + "x" * 500
    shown = endpoint.scrub(said)
    assert shown.startswith("bad … and … and …  [31mx")
    assert len(shown) == 160


def test_the_http_address_beside_a_websocket_one() -> None:
    def http(url: str) -> str:
        return Endpoint.parse(url, WS).http().url

    assert http(f"wss://rpc.example/{KEY}?a=b") == f"https://rpc.example/{KEY}?a=b"
    assert http("ws://127.0.0.1:8900") == "http://127.0.0.1:8899", "a local validator's pair of ports"
    assert http("ws://127.0.0.1:8545") == "http://127.0.0.1:8545"
    assert http("wss://u:p@rpc.example:8900/x") == "https://u:p@rpc.example:8899/x"


@pytest.mark.parametrize(
    "url", ["", "rpc.example", "https://rpc.example", "wss://", "wss://[bad", "wss://a:99999", "wss://a b", "ws:///x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(BadEndpoint) as refused:
        Endpoint.parse(url, WS)
    assert "rpc.example" not in str(refused.value)
