"""The second factor: the codes of RFC 6238 and RFC 4226, each once, few guesses."""

from base64 import b32decode
from typing import Literal

import pytest

from fluxdesk_host.agent.totp import GUESSES, GUESSES_MS, USED_MS, SecondFactor, WrongCode, code, uri

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("time", "algorithm", "length", "expected"),
    [
        (59, "sha1", 20, "94287082"),
        (59, "sha256", 32, "46119246"),
        (59, "sha512", 64, "90693936"),
        (1111111109, "sha1", 20, "07081804"),
        (1111111109, "sha256", 32, "68084774"),
        (1111111109, "sha512", 64, "25091201"),
        (1111111111, "sha1", 20, "14050471"),
        (1234567890, "sha1", 20, "89005924"),
        (1234567890, "sha256", 32, "91819424"),
        (1234567890, "sha512", 64, "93441116"),
        (2000000000, "sha1", 20, "69279037"),
        (20000000000, "sha1", 20, "65353130"),
        (20000000000, "sha256", 32, "77737706"),
        (20000000000, "sha512", 64, "47863826"),
    ],
)
def test_the_vectors_of_rfc_6238(
    time: int, algorithm: Literal["sha1", "sha256", "sha512"], length: int, expected: str
) -> None:
    secret = (SECRET * 4)[:length]
    assert code(secret, time // 30, 8, algorithm) == expected


@pytest.mark.parametrize(("counter", "expected"), [(0, "755224"), (1, "287082"), (9, "520489")])
def test_the_vectors_of_rfc_4226(counter: int, expected: str) -> None:
    assert code(SECRET, counter) == expected


def test_a_code_a_step_early_or_late_is_accepted_and_no_further() -> None:
    for step, fits in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        factor = SecondFactor()
        given = code(SECRET, 1000 + step)
        if fits:
            factor.check(SECRET, given, 30_000_000, 0)
        else:
            with pytest.raises(WrongCode, match="does not fit"):
                factor.check(SECRET, given, 30_000_000, 0)


def test_a_code_is_accepted_once_and_an_older_one_not_after_it() -> None:
    factor = SecondFactor()
    factor.check(SECRET, code(SECRET, 1000), 30_000_000, 0)
    for step in (1000, 999):
        with pytest.raises(WrongCode, match="used already"):
            factor.check(SECRET, code(SECRET, step), 30_000_000, 0)


def test_after_five_wrong_codes_even_the_right_one_waits() -> None:
    factor = SecondFactor()
    for _ in range(5):
        with pytest.raises(WrongCode, match="does not fit"):
            factor.check(SECRET, "000000", 30_000_000, 0)
    right = code(SECRET, 1000)
    with pytest.raises(WrongCode, match="Too many"):
        factor.check(SECRET, right, 30_000_000, GUESSES_MS - 1)
    factor.check(SECRET, right, 30_000_000, GUESSES_MS)


def test_a_code_of_an_earlier_run_stays_used_for_as_long_as_it_could_be_accepted() -> None:
    at = 1_000_000_000_000
    used, right = at // 30_000, code(SECRET, at // 30_000)
    again = SecondFactor()
    again.was_used(used, 500)
    with pytest.raises(WrongCode, match="used already"):
        again.check(SECRET, right, at, 500 + USED_MS - 1)
    assert again.check(SECRET, code(SECRET, used + 1), at, 501) == used + 1
    later = SecondFactor()
    later.was_used(used + 10_000_000, 500)  # a clock that was far ahead for a while locks nobody out
    assert later.check(SECRET, right, at, 500 + USED_MS) == used


def test_wrong_guesses_of_an_earlier_run_count() -> None:
    again = SecondFactor()
    for guess in range(GUESSES):
        again.was_missed(guess)
    with pytest.raises(WrongCode, match="Wait five minutes"):
        again.check(SECRET, code(SECRET, 1), 30_000, 10)
    assert again.check(SECRET, code(SECRET, 1), 30_000, GUESSES_MS + GUESSES) == 1


def test_the_uri_holds_the_secret_as_an_authenticator_reads_it() -> None:
    text = uri(SECRET, "wallet")
    assert b32decode(text.split("secret=")[1].split("&")[0]) == SECRET
