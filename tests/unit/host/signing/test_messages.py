"""Messages: texts, sign-ins compared with who asks, and bytes that stand for something else."""

import pytest

from fluxdesk_host.signing import EffectKind, Reading, read_personal_message, read_solana_offchain, read_solana_text
from fluxdesk_host.signing.messages.sign_in import parse_sign_in
from requests_to_sign import ME, ORIGIN, OTHER, assert_not_believed, codes, only, sign_in

WALLET = "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU"


def personal(message: str | bytes, origin: str = ORIGIN) -> Reading:
    return read_personal_message(message, origin, account=ME, chain=1)


def solana(message: str | bytes, origin: str = ORIGIN) -> Reading:
    return read_solana_text(message, origin, account=WALLET, chain="solana:mainnet")


def test_a_readable_text_is_shown_with_its_lines() -> None:
    reading = personal("I agree\nto the terms")
    assert (reading.text, reading.danger, reading.complete) == ("I agree\nto the terms", 2, True)
    assert only(reading, EffectKind.MESSAGE)


def test_a_sign_in_that_fits_is_plain_and_says_when_it_ends() -> None:
    reading = personal(sign_in())
    entered = only(reading, EffectKind.SIGN_IN)
    assert (entered.asset, entered.expires, entered.source) == ("domain:app.example", 1795364724, ME)
    assert (reading.danger, reading.complete, codes(reading)) == (1, True, {"sign-in"})


@pytest.mark.parametrize(
    ("message", "code", "danger"),
    [
        (sign_in(domain="other.example"), "sign-in-domain", 5),
        (sign_in(domain="app.example:8443"), "sign-in-domain", 5),
        (sign_in(domain="http://app.example"), "sign-in-scheme", 4),
        (sign_in(URI="https://other.example/login"), "sign-in-uri", 4),
        (sign_in(URI="https://app.example@other.example/"), "sign-in-uri", 4),
        (sign_in(URI="https://evilapp.example/"), "sign-in-uri", 4),
        (sign_in(URI="https://app.example.evil/"), "sign-in-uri", 4),
        (sign_in(address=OTHER), "sign-in-account", 5),
        (sign_in(Chain_ID="137"), "sign-in-chain", 3),
        (sign_in(Expiration_Time=None), "sign-in-no-expiry", 2),
        (sign_in() + "\nResources:\n- ipfs://x\n- https://y", "sign-in-resources", 2),
    ],
)
def test_a_sign_in_that_does_not_fit_says_where(message: str, code: str, danger: int) -> None:
    reading = personal(message)
    assert code in codes(reading)
    assert reading.danger == danger


def test_the_asking_site_decides_and_not_the_message() -> None:
    assert personal(sign_in(), "https://evil.example").danger == 5
    assert "sign-in-domain" in codes(personal(sign_in(), "https://app.example.evil.example"))
    assert "no-origin" in codes(personal(sign_in(), "node:dca"))
    assert "sign-in-domain" not in codes(personal(sign_in(), "https://APP.example:443"))


@pytest.mark.parametrize(
    "message",
    [
        sign_in(Version="2"),
        sign_in(Nonce=None),
        sign_in(Issued_At="yesterday"),
        sign_in(Expiration_Time="2026-13-01T00:00:00Z"),
        sign_in() + "\nURI: https://again.example",
        sign_in() + "\n",
        sign_in() + "\nsomething else",
        sign_in().replace("\n", "\r\n"),
        sign_in(address="0x1234"),
        sign_in("Solana", WALLET),
        " " + sign_in(),
        sign_in(domain="a b"),
        "Hello\n" + sign_in(),
        "app.example WANTS you to  sign in with your Ethereum account:\n" + ME,
    ],
)
def test_what_only_resembles_a_sign_in_is_none(message: str) -> None:
    reading = personal(message)
    assert "sign-in-form" in codes(reading)
    assert reading.danger >= 4
    assert all(e.kind is not EffectKind.SIGN_IN for e in reading.effects)


def test_a_name_in_foreign_letters_is_said() -> None:
    lookalike = sign_in(domain="аpp.example")  # its first letter is Cyrillic
    assert codes(personal(lookalike)) >= {"mixed-letters", "sign-in-domain"}
    assert "mixed-letters" in codes(personal(sign_in(domain="xn--pp-6kc.example"), "https://xn--pp-6kc.example"))


def test_solanas_sign_in_may_leave_out_every_field() -> None:
    short = f"app.example wants you to sign in with your Solana account:\n{WALLET}"
    assert codes(solana(short)) == {"sign-in", "sign-in-no-expiry"}
    full = solana(sign_in("Solana", WALLET))
    assert (full.danger, only(full, EffectKind.SIGN_IN).expires) == (1, 1795364724)
    assert "sign-in-domain" in codes(solana(short, "https://evil.example"))
    assert "sign-in-account" in codes(solana(short.replace(WALLET, "1" * 32)))


def test_a_statement_is_one_line_and_optional() -> None:
    with_one, without = parse_sign_in(sign_in()), parse_sign_in(sign_in(statement=None))
    assert with_one is not None
    assert without is not None
    assert (with_one.statement, without.statement) == ("Sign in to continue.", None)
    assert without.fields["URI"] == "https://app.example/login"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (bytes(range(128, 160)), "blind-hash"),
        (b"\0" * 32, "blind-hash"),
        (b"exactly thirty-two characters!!!", "short-bytes"),
        ("0x" + "ab" * 32, "blind-hex"),
        ("AB" * 32, "blind-hex"),
        (" 0x" + "ab" * 32 + "\n", "blind-hex"),
        ("0x" + "ab" * 20, "hex-text"),
        ("ab" * 100, "hex-text"),
        (b"\xff\xfe\x00", "binary-message"),
        (b"\xffsolana offchain\0", "binary-message"),
    ],
)
def test_what_stands_for_something_else_is_blind(message: bytes | str, code: str) -> None:
    for reading in (personal(message), solana(message)):
        assert code in codes(reading)
        assert_not_believed(reading)


def test_an_empty_message_says_so() -> None:
    assert "empty-message" in codes(personal(b""))


@pytest.mark.parametrize("trick", ["\u202e", "\u200b", "\x00", "\x1b[2J", "\u2066", "\u3164", "\U000e0041", "\ufe0f"])
def test_characters_that_hide_or_turn_are_shown_and_said(trick: str) -> None:
    reading = personal(f"Pay {trick}nothing")
    assert "hidden-characters" in codes(reading)
    assert trick[0] not in reading.text
    assert "⟨U+" in reading.text


@pytest.mark.parametrize("gap", ["\n" * 30, " \n" * 30, " " * 80])
def test_a_gap_that_pushes_text_out_of_sight_is_said(gap: str) -> None:
    assert "padded-text" in codes(personal(f"Welcome.{gap}I give you all I have."))


def test_a_long_text_is_cut_and_not_complete() -> None:
    reading = personal("word " * 10_000)
    assert "long-message" in codes(reading)
    assert not reading.complete
    assert len(reading.text) < 17_000


@pytest.mark.parametrize("given", [None, 1, [], b"x" * (2**20 + 1)])
def test_what_is_no_message_is_not_read(given: object) -> None:
    assert_not_believed(read_personal_message(given))
    assert_not_believed(read_solana_text(given))
    assert_not_believed(read_solana_offchain(given))


def test_an_off_chain_message_is_read_in_both_published_forms() -> None:
    body = b"hello there"
    head = b"\xffsolana offchain\0"
    short = head + b"\0" + len(body).to_bytes(2, "little") + body
    signer = bytes(range(32))
    long = head + bytes(32) + b"\0\1" + signer + len(body).to_bytes(2, "little") + body
    for data in (short, long):
        assert read_solana_offchain(data, ORIGIN).text == "hello there"
    assert len(read_solana_offchain(long, ORIGIN).signers) == 1
    assert "not-our-signature" in codes(read_solana_offchain(long, ORIGIN, account=WALLET))
    for end in range(len(short)):
        assert_not_believed(read_solana_offchain(short[:end], ORIGIN))
    assert_not_believed(read_solana_offchain(short + b"x", ORIGIN))
