"""Noise XX: the published vectors, and everything that must not pass."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fluxdesk_host.protocol.noise import Cipher, Handshake, NoiseError
from unit.host.protocol.conversation import handshakes, public

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "noise_vectors.json").read_text())["vectors"]


def side(vector: dict[str, Any], who: str) -> Handshake:
    def key(name: str) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(bytes.fromhex(vector[f"{who}_{name}"]))

    return Handshake(
        initiator=who == "init",
        static=key("static"),
        ephemeral=key("ephemeral"),
        prologue=bytes.fromhex(vector[f"{who}_prologue"]),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=["cacophony", "flynn"])
def test_the_published_vector_comes_out_byte_by_byte(vector: dict[str, Any]) -> None:
    ends = [side(vector, "init"), side(vector, "resp")]
    for turn, message in enumerate(vector["messages"][:3]):
        wire = ends[turn % 2].write(bytes.fromhex(message["payload"]))
        assert wire.hex() == message["ciphertext"]
        assert ends[1 - turn % 2].read(wire).hex() == message["payload"]
    assert ends[0].hash == ends[1].hash
    assert ends[0].hash.hex() == vector.get(
        "handshake_hash", ends[0].hash.hex()
    )  # one of the two was published with it
    ciphers = [end.ciphers() for end in ends]
    first = ["init", "resp"].index(vector["first_after_handshake"])
    for turn, message in enumerate(vector["messages"][3:], first):
        sealed = ciphers[turn % 2][0].seal(bytes.fromhex(message["payload"]))
        assert sealed.hex() == message["ciphertext"]
        assert ciphers[1 - turn % 2][1].open(sealed).hex() == message["payload"]


def test_each_side_learns_the_others_static_key() -> None:
    a_key, b_key = X25519PrivateKey.generate(), X25519PrivateKey.generate()
    a = Handshake(initiator=True, static=a_key, prologue=b"")
    b = Handshake(initiator=False, static=b_key, prologue=b"")
    b.read(a.write())
    a.read(b.write())
    b.read(a.write())
    assert (a.remote_static, b.remote_static) == (public(b_key), public(a_key))


def test_another_prologue_is_another_conversation() -> None:
    a, b = handshakes(b"fluxdesk agent channel 1", b"fluxdesk agent channel 0")
    b.read(a.write())
    with pytest.raises(NoiseError):
        a.read(b.write())


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("at", [0, 40, -1])
def test_one_flipped_bit_ends_the_handshake(turn: int, at: int) -> None:
    a, b = handshakes()
    b.read(a.write())
    reader, wire = a, b.write()
    if turn == 2:
        a.read(wire)
        reader, wire = b, a.write()
    damaged = bytearray(wire)
    damaged[at] ^= 1
    with pytest.raises(NoiseError):
        reader.read(bytes(damaged))
    with pytest.raises(NoiseError):  # the undamaged one does not mend it
        reader.read(wire)


def test_a_key_of_low_order_is_refused() -> None:
    _, b = handshakes()
    b.read(bytes(32))  # its ephemeral key is the point zero: the first secret would be known to everyone
    with pytest.raises(NoiseError, match="no proper key"):
        b.write()


def test_nothing_passes_out_of_turn() -> None:
    a, b = handshakes()
    with pytest.raises(NoiseError):
        b.write()
    with pytest.raises(NoiseError):
        _ = a.hash
    with pytest.raises(NoiseError):
        a.ciphers()


def test_ciphers_are_given_out_once_so_that_no_nonce_is_used_twice() -> None:
    a, b = handshakes()
    b.read(a.write())
    a.read(b.write())
    a.write()
    a.ciphers()
    with pytest.raises(NoiseError):
        a.ciphers()


def test_a_repeated_or_reordered_message_does_not_open() -> None:
    key = bytes(range(32))
    sender, receiver = Cipher(key), Cipher(key)
    first, second = sender.seal(b"1"), sender.seal(b"2")
    with pytest.raises(NoiseError):
        receiver.open(second)
    assert receiver.open(first) == b"1"
    with pytest.raises(NoiseError):
        receiver.open(first)
    assert receiver.open(second) == b"2"


def test_the_last_nonce_is_never_used() -> None:
    cipher = Cipher(bytes(32))
    cipher._next = 2**64 - 1
    with pytest.raises(NoiseError, match="as often"):
        cipher.seal(b"")
