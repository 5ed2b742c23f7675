"""The second factor: time-based one-time codes (RFC 6238 over RFC 4226), each accepted once, few guesses allowed.

Codes are counted by the wall clock, which is what the other device has; guesses by the agent's own time.
"""

import hmac
import struct
from collections import deque
from typing import Final, Literal

STEP_S: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1
"""Steps a code may be early or late."""
GUESSES: Final = 5
GUESSES_MS: Final = 300_000
SECRET_BYTES: Final = 20


class WrongCode(Exception):
    """The code is not accepted; the message says why."""


def code(
    secret: bytes | bytearray,
    counter: int,
    digits: int = DIGITS,
    algorithm: Literal["sha1", "sha256", "sha512"] = "sha1",
) -> str:
    """The code of a counter (RFC 4226 section 5.3)."""
    mac = hmac.digest(secret, struct.pack(">Q", counter), algorithm)
    offset = mac[-1] & 15
    (number,) = struct.unpack_from(">I", mac, offset)
    return f"{(number & 0x7FFFFFFF) % 10**digits:0{digits}d}"


class SecondFactor:
    """Checks codes of one secret."""

    def __init__(self) -> None:
        self._last = -1
        self._wrong: deque[int] = deque()

    def check(self, secret: bytes | bytearray, given: str, wall_ms: int, now: int) -> None:
        """Raises `WrongCode`: not the code, used before, or too many wrong ones in five minutes."""
        while self._wrong and now - self._wrong[0] >= GUESSES_MS:
            self._wrong.popleft()
        if len(self._wrong) >= GUESSES:
            raise WrongCode("Too many wrong codes. Wait five minutes.")
        counter = wall_ms // 1000 // STEP_S
        for step in range(counter - DRIFT, counter + DRIFT + 1):
            if step >= 0 and hmac.compare_digest(code(secret, step).encode(), given.encode()):
                if step <= self._last:
                    raise WrongCode("This code was used already. Wait for the next one.")
                self._last = step
                return
        self._wrong.append(now)
        raise WrongCode("The code does not fit. Nothing was done.")


def uri(secret: bytes | bytearray, label: str) -> str:
    """The text of the QR code that an authenticator reads."""
    from base64 import b32encode
    from urllib.parse import quote

    return f"otpauth://totp/Fluxdesk:{quote(label)}?secret={b32encode(secret).decode().rstrip('=')}&issuer=Fluxdesk"
