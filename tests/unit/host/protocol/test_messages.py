"""Messages, their schema and the files made from it."""

import re

import jsonschema_rs
import msgspec
import protocol_pages
import pytest

from fluxdesk_host.protocol import messages, schemas
from fluxdesk_host.protocol.errors import REFUSALS


@pytest.mark.parametrize("file", protocol_pages.pages(), ids=lambda f: f.name)
def test_what_is_made_from_the_protocol_is_up_to_date(file) -> None:  # type: ignore[no-untyped-def]
    assert file.read_text(encoding="utf-8") == protocol_pages.pages()[file], "run: make docs"


def test_a_name_with_a_line_feed_at_its_end_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        messages.to_agent(b'{"op":"status","id":"1\\n"}')


@pytest.mark.parametrize(
    "origin", ["https://a.example", "http://localhost:8801", "https://[::1]:8443", "https://xn--bcher-kva.example"]
)
def test_an_origin_is_scheme_host_and_port(origin: str) -> None:
    assert messages.to_agent(messages.encode(messages.Connect(id="1", origin=origin, family="evm")))


@pytest.mark.parametrize(
    "origin",
    ["https://a.example/path", "https://user@a.example", "file:///x", "null", "", "https://", "chrome-extension://x"],
)
def test_anything_else_is_none(origin: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        messages.to_agent(messages.encode(messages.Connect(id="1", origin=origin, family="evm")))


def test_schema_and_decoder_agree_on_a_message_with_every_field() -> None:
    sign = messages.Sign(
        id="1",
        origin="https://app.example",
        account="solana:11111111111111111111111111111111",
        chain="solana:mainnet",
        kind="solana_message",
        payload="aGk=",
    )
    document = schemas.document()
    validator = jsonschema_rs.validator_for({**document, "$ref": "#/$defs/ToAgent"})
    assert validator.is_valid(msgspec.json.decode(messages.encode(sign)))
    assert not validator.is_valid({**msgspec.json.decode(messages.encode(sign)), "approve": True})


def test_every_refusal_has_a_number_and_a_sentence() -> None:
    for code, row in REFUSALS.items():
        assert re.fullmatch(r"[a-z_]{1,32}", code)
        assert row.meaning.endswith(".")
        assert row.number in range(4001, 5000) or row.number in range(5700, 5800) or row.number in range(-32768, -31999)


def test_no_method_that_signs_or_changes_is_a_read() -> None:
    from fluxdesk_host.protocol.reading import METHODS

    allowed = set().union(*METHODS.values())
    for method in allowed - {"eth_sendRawTransaction", "sendTransaction", "getSignatureStatuses"}:
        assert not re.search(
            r"sign|send|wallet|personal|admin|debug|miner|engine|request|anvil|hardhat|evm_|set", method, re.IGNORECASE
        ), method
