"""Amounts, passphrase hints and the words of requests: what they say, exactly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.desktop.approval import words as say
from fluxdesk.desktop.screens.wallet import strength
from fluxdesk.desktop.screens.wallet.amounts import BadAmount, parse, shown
from fluxdesk.desktop.screens.wallet.setup import account_of
from fluxdesk_host.agent.owner import Waits
from fluxdesk_host.signing.reading import Effect, EffectKind, Reading, Reason, Unknown


def waits(reading: Reading | None, **more: object) -> Waits:
    fields = {
        "id": "1", "digest": "00" * 32, "origin": "https://app.example", "account": "evm:0x" + "a1" * 20,
        "chain": "eip155:1", "kind": "evm_tx", "reading": reading, "reasons": (), "second_factor": False,
        "expires_in_ms": 120_000,
    }  # fmt: skip
    return Waits(**(fields | more))  # type: ignore[arg-type]


def reading(*effects: Effect, danger: int = 1, **more: object) -> Reading:
    fields = {"source": "evm_transaction", "sentence": "Does it.", "complete": True, "reasons": ()}
    return Reading(danger=danger, effects=effects, **(fields | more))  # type: ignore[arg-type]


@given(st.integers(0, 2**256), st.integers(0, 36))
def test_an_amount_that_is_shown_is_read_back_as_it_was(base: int, decimals: int) -> None:
    assert parse(shown(base, decimals), decimals) == base


@pytest.mark.parametrize("typed", ["-1", "1e3", "0x10", "1.2.3", "½", "1.", "٣", "1 000"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount):
        parse(typed, 9)


def test_more_digits_than_the_coin_has_are_refused_and_not_rounded() -> None:
    with pytest.raises(BadAmount, match="At most 9"):
        parse("0.0000000001", 9)
    assert parse("0.5000000000000", 9) == 500_000_000


def test_an_empty_amount_is_no_limit() -> None:
    assert parse("  ", 9) is None


def test_amounts_of_tokens_stay_in_base_units() -> None:
    assert say.amount(1_000_000, "token:0x" + "b2" * 20, "eip155:1") == "1,000,000 base units"
    assert say.amount(1_500_000_000, "native", "solana:mainnet") == "1.5 SOL (1,500,000,000 lamports)"
    assert say.amount(None, "native", "eip155:1") == "not stated in the bytes"


def test_an_unlimited_permit_shows_its_spender_in_full_and_its_end() -> None:
    spender = "0x" + "d4" * 20
    effect = Effect(kind=EffectKind.PERMIT, asset="token:0x" + "b2" * 20, spender=spender, unlimited=True, expires=1)
    rows = {row.label: row for row in say.rows(waits(reading(effect, danger=5)))}
    assert rows["Permits taking"].value == "Unlimited"
    assert rows["Permits taking"].tone == "sell"
    assert rows["Spender"].value == spender
    assert rows["Valid until"].value == "01 Jan 1970, 00:00 UTC"


def test_unread_bytes_are_shown_as_not_understood_with_the_bytes() -> None:
    rows = say.rows(waits(reading(unknown=(Unknown("0", "An unknown instruction.", b"\xde\xad"),))))
    assert [row.value for row in rows[-2:]] == ["An unknown instruction.", "0xdead"]


def test_the_worst_reason_comes_first() -> None:
    found = reading(danger=4, reasons=(Reason("a", 1, "Mild."), Reason("b", 4, "Bad.")))
    assert say.reasons(waits(found)) == ["Bad.", "Mild."]


def test_every_effect_has_a_word() -> None:
    assert all(say.effect_word(kind) for kind in EffectKind)


def test_a_site_without_encryption_is_said() -> None:
    assert "without encryption" in say.who(waits(None, origin="http://app.example")).how
    assert say.who(waits(None, origin="https://app.example")).name == "app.example"


def test_a_program_that_only_calls_itself_the_node_is_not_shown_as_the_node() -> None:
    assert say.who(waits(None, origin="node:dca", proven=True)).name == "The node: dca"
    pretender = say.who(waits(None, origin="node:dca"))
    assert pretender.name == "A program that calls itself the node: dca"
    assert "is not the node" in pretender.how


def test_a_request_to_connect_says_that_nothing_moves() -> None:
    asked = waits(None, kind="connect evm", account="", chain="")
    assert say.sentence(asked) == "Let app.example see your address and ask for signatures."
    assert say.approve_verb(asked) == "Connect the site"
    assert "It can move nothing" in say.reasons(asked)[0]


def test_time_left_never_runs_below_zero() -> None:
    assert say.left(-3) == "Closes as rejected in 0:00"
    assert say.left(112) == "Closes as rejected in 1:52"


@pytest.mark.parametrize(
    ("weaker", "stronger"),
    [
        ("aaaaaaaaaaaa", "kq7!xT9pLw2z"),
        ("abcdefghijkl", "correct horse battery staple"),
        ("password1234", "velvet tundra 9 lantern"),
        ("12345678901234", "otter quilt marble seven"),
    ],
)
def test_runs_sequences_and_common_words_count_for_little(weaker: str, stronger: str) -> None:
    assert strength.bits(weaker) < strength.bits(stronger) / 1.5
    assert strength.of(weaker).level <= 1


def test_a_short_passphrase_is_not_taken() -> None:
    assert strength.of("aB3$xyz").level == 0


def test_many_words_are_strong() -> None:
    assert strength.of("otter quilt marble seven lantern tundra").level == 3


def test_an_address_is_checked_before_it_is_watched() -> None:
    assert account_of("0x9858EfFD232B4033E47d90003D41EC34EcaEda94").startswith("evm:0x9858effd")
    assert account_of("So11111111111111111111111111111111111111112").startswith("solana:So1")
    for wrong in ("0x9858effD232B4033E47d90003D41EC34EcaEda94", "0x12", "hello", "So1"):
        with pytest.raises(ValueError, match="Not an address"):
            account_of(wrong)
