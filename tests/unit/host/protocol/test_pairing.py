"""Six digits: equal on both sides, and no way for someone in between to search for them."""

import hashlib

import pytest

from fluxdesk_host.protocol.noise import Handshake, new_static_key
from fluxdesk_host.protocol.pairing import (
    Attempts,
    Initiator,
    PairingError,
    Responder,
    code,
    commitment,
    judge,
)

TRANSCRIPT = hashlib.sha256(b"a transcript").digest()


def test_both_sides_show_the_same_six_digits() -> None:
    a, b = Initiator(TRANSCRIPT), Responder(TRANSCRIPT)
    shown = b.check(a.reveal(b.answer(a.commit())))
    assert shown == a.code
    assert len(shown) == 6 and shown.isdigit()


def test_the_digits_follow_from_transcript_and_both_nonces() -> None:
    # held against docs/protocol.md, so that the extension can be held against the same numbers
    digest = hashlib.sha256(b"fluxdesk pairing code 1" + TRANSCRIPT + b"\x01" * 32 + b"\x02" * 32).digest()
    assert code(TRANSCRIPT, b"\x01" * 32, b"\x02" * 32) == f"{int.from_bytes(digest[:8], 'big') % 1_000_000:06d}"
    assert (
        commitment(TRANSCRIPT, b"\x01" * 32)
        == hashlib.sha256(b"fluxdesk pairing commitment 1" + TRANSCRIPT + b"\x01" * 32).digest()
    )


def test_a_nonce_chosen_after_the_other_side_was_seen_is_refused() -> None:
    """The grinding attack: with the responder's nonce known, look for a nonce that gives the wanted digits."""
    honest = Responder(TRANSCRIPT, b"\x07" * 32)
    seen = honest.answer(commitment(TRANSCRIPT, b"\x00" * 32))
    wanted = "000"  # three digits are enough to show that a search finds something
    ground = next(
        n for n in (i.to_bytes(32, "big") for i in range(1, 100_000)) if code(TRANSCRIPT, n, seen).startswith(wanted)
    )
    with pytest.raises(PairingError, match="committed"):
        honest.check(ground)
    assert honest.code is None


def test_someone_in_between_gets_two_different_codes() -> None:
    """Two handshakes, two transcripts: what the attacker may pass on unchanged does not fit."""
    victim, attacker_as_agent = _transcript()
    attacker_as_browser, agent = _transcript()
    a, b = Initiator(victim), Responder(agent)
    assert attacker_as_agent == victim
    assert attacker_as_browser != victim
    nonce = b.answer(a.commit())  # the commitment, passed on
    revealed = a.reveal(nonce)
    with pytest.raises(PairingError):  # it is bound to the victim's transcript
        b.check(revealed)


def test_each_step_happens_once_and_in_order() -> None:
    a = Initiator(TRANSCRIPT)
    with pytest.raises(PairingError):
        a.reveal(bytes(32))
    with pytest.raises(PairingError):
        a.commit()
    b = Responder(TRANSCRIPT)
    with pytest.raises(PairingError):
        b.check(bytes(32))
    c = Responder(TRANSCRIPT)
    c.answer(bytes(32))
    with pytest.raises(PairingError):
        c.answer(bytes(32))


def test_a_changed_key_is_neither_known_nor_new() -> None:
    assert judge(None, b"k" * 32) == "unknown"
    assert judge(b"k" * 32, b"k" * 32) == "known"
    assert judge(b"k" * 32, b"x" * 32) == "changed"


def test_attempts_run_out_and_come_back() -> None:
    attempts = Attempts()
    assert [attempts.allow(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert not attempts.allow(599.0)
    assert attempts.allow(600.0)


def _transcript() -> tuple[bytes, bytes]:
    a = Handshake(initiator=True, static=new_static_key(), prologue=b"")
    b = Handshake(initiator=False, static=new_static_key(), prologue=b"")
    b.read(a.write())
    a.read(b.write())
    b.read(a.write())
    return a.hash, b.hash
