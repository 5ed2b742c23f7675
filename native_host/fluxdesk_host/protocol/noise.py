"""`Noise_XX_25519_AESGCM_SHA256` (https://noiseprotocol.org/noise.html, revision 34), both roles. Sans I/O.

XX: -> e   <- e, ee, s, es   -> s, se. Each side learns the other's static key; whether that key is trusted is
`pairing`'s matter. A state that failed once is of no further use: every call after it raises.
"""

import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME: Final = b"Noise_XX_25519_AESGCM_SHA256"
MAX_MESSAGE_BYTES: Final = 65535
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
LAST_NONCE: Final = 2**64 - 1
"""Reserved by section 5.1; a cipher that would reach it stops."""

PATTERN: Final = (("e",), ("e", "ee", "s", "es"), ("s", "se"))


class NoiseError(Exception):
    """A message does not belong to this conversation, is damaged, or comes out of turn."""


class Cipher:
    """A key and its counter (CipherState). A message that fails to open leaves the counter where it was."""

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)
        self._next = 0

    def seal(self, plain: bytes, bound: bytes = b"") -> bytes:
        """Encrypts `plain`, bound to the bytes of `bound`. Raises `NoiseError` when the counter is used up."""
        sealed = self._aead.encrypt(self._nonce(), plain, bound)
        self._next += 1
        return sealed

    def open(self, sealed: bytes, bound: bytes = b"") -> bytes:
        """The plain bytes. Raises `NoiseError` for anything but the next message sealed by the other side."""
        try:
            plain = self._aead.decrypt(self._nonce(), sealed, bound)
        except InvalidTag as error:
            raise NoiseError("A message is damaged, repeated or out of order.") from error
        self._next += 1
        return plain

    def _nonce(self) -> bytes:
        if self._next >= LAST_NONCE:
            raise NoiseError("The cipher has been used as often as it may be.")
        return bytes(4) + self._next.to_bytes(8, "big")


class _Symmetric:
    """SymmetricState of section 5.2: chaining key, transcript hash, and a cipher once there is a key."""

    def __init__(self, prologue: bytes) -> None:
        self.hash = NAME.ljust(32, b"\0")
        self._chain = self.hash
        self._cipher: Cipher | None = None
        self.mix_hash(prologue)

    def mix_hash(self, data: bytes) -> None:
        self.hash = hashlib.sha256(self.hash + data).digest()

    def mix_key(self, secret: bytes) -> None:
        self._chain, key = _hkdf(self._chain, secret)
        self._cipher = Cipher(key)

    def seal(self, plain: bytes) -> bytes:
        sealed = plain if self._cipher is None else self._cipher.seal(plain, self.hash)
        self.mix_hash(sealed)
        return sealed

    def open(self, sealed: bytes) -> bytes:
        plain = sealed if self._cipher is None else self._cipher.open(sealed, self.hash)
        self.mix_hash(sealed)
        return plain

    @property
    def tag_bytes(self) -> int:
        return 0 if self._cipher is None else TAG_BYTES

    def split(self) -> tuple[Cipher, Cipher]:
        first, second = _hkdf(self._chain, b"")
        return Cipher(first), Cipher(second)


class Handshake:
    """One side of the three messages.

    Args:
        initiator: the extension initiates, the agent responds.
        static: this side's lasting key.
        prologue: what both sides must agree on beforehand; a difference makes the handshake fail.
        ephemeral: given by test vectors only.
    """

    def __init__(
        self, *, initiator: bool, static: X25519PrivateKey, prologue: bytes, ephemeral: X25519PrivateKey | None = None
    ) -> None:
        self._initiator = initiator
        self._static = static
        self._ephemeral = ephemeral or X25519PrivateKey.generate()
        self._symmetric = _Symmetric(prologue)
        self._turn = 0
        self._failed = False
        self._remote_ephemeral: bytes | None = None
        self._remote_static: bytes | None = None

    @property
    def done(self) -> bool:
        """Whether all three messages have passed."""
        return self._turn == len(PATTERN) and not self._failed

    @property
    def hash(self) -> bytes:
        """The transcript, 32 bytes, equal on both sides and different in every session. Raises `NoiseError` before
        the end.
        """
        self._must_be_done()
        return self._symmetric.hash

    @property
    def remote_static(self) -> bytes:
        """The other side's lasting public key, 32 bytes. Raises `NoiseError` before the end."""
        self._must_be_done()
        assert self._remote_static is not None
        return self._remote_static

    def write(self, payload: bytes = b"") -> bytes:
        """The next message of this side. Raises `NoiseError` out of turn or when it would be too long."""
        tokens = self._take_turn(mine=True)
        parts: list[bytes] = []
        for token in tokens:
            if token == "e":
                public = self._ephemeral.public_key().public_bytes_raw()
                self._symmetric.mix_hash(public)
                parts.append(public)
            elif token == "s":
                parts.append(self._symmetric.seal(self._static.public_key().public_bytes_raw()))
            else:
                self._mix(token)
        parts.append(self._symmetric.seal(payload))
        message = b"".join(parts)
        if len(message) > MAX_MESSAGE_BYTES:
            raise NoiseError("A handshake message has at most 65,535 bytes.")
        self._pass_turn()
        return message

    def read(self, message: bytes) -> bytes:
        """The payload of the other side's next message. Raises `NoiseError` if it is not that."""
        tokens = self._take_turn(mine=False)
        if len(message) > MAX_MESSAGE_BYTES:
            raise NoiseError("A handshake message has at most 65,535 bytes.")
        rest = message
        for token in tokens:
            if token == "e":
                self._remote_ephemeral, rest = _cut(rest, KEY_BYTES)
                self._symmetric.mix_hash(self._remote_ephemeral)
            elif token == "s":
                sealed, rest = _cut(rest, KEY_BYTES + self._symmetric.tag_bytes)
                self._remote_static = self._symmetric.open(sealed)
            else:
                self._mix(token)
        payload = self._symmetric.open(rest)
        self._pass_turn()
        return payload

    def ciphers(self) -> tuple[Cipher, Cipher]:
        """What this side seals with, and what it opens with. Raises `NoiseError` before the end, and when asked
        twice.
        """
        self._must_be_done()
        first, second = self._symmetric.split()
        self._failed = True  # two sets of the same ciphers would use a nonce twice
        return (first, second) if self._initiator else (second, first)

    def _mix(self, token: str) -> None:
        """`es` is the initiator's ephemeral with the responder's static key, whoever computes it; `se` the other way
        round.
        """
        mine_first = self._initiator
        local, remote = (token[0], token[1]) if mine_first else (token[1], token[0])
        key = self._ephemeral if local == "e" else self._static
        public = self._remote_ephemeral if remote == "e" else self._remote_static
        assert public is not None
        try:
            secret = key.exchange(X25519PublicKey.from_public_bytes(public))
        except ValueError as error:  # a point of low order gives an all-zero secret
            raise NoiseError("The other side's key is no proper key.") from error
        self._symmetric.mix_key(secret)

    def _take_turn(self, *, mine: bool) -> tuple[str, ...]:
        if self._failed or self._turn >= len(PATTERN) or mine != (self._initiator == (self._turn % 2 == 0)):
            raise NoiseError("The handshake is over, or it is the other side's turn.")
        self._failed = True  # until the message has passed whole
        return PATTERN[self._turn]

    def _pass_turn(self) -> None:
        self._failed = False
        self._turn += 1

    def _must_be_done(self) -> None:
        if not self.done:
            raise NoiseError("The handshake is not complete.")


def new_static_key() -> X25519PrivateKey:
    """A fresh lasting key."""
    return X25519PrivateKey.generate()


def _hkdf(chain: bytes, secret: bytes) -> tuple[bytes, bytes]:
    """HKDF of section 4.3 with two outputs."""
    temporary = hmac.digest(chain, secret, "sha256")
    first = hmac.digest(temporary, b"\x01", "sha256")
    return first, hmac.digest(temporary, first + b"\x02", "sha256")


def _cut(data: bytes, at: int) -> tuple[bytes, bytes]:
    if len(data) < at:
        raise NoiseError("A handshake message is too short.")
    return data[:at], data[at:]
