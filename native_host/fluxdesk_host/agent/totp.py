"""The second factor: time-based one-time codes (RFC 6238 over RFC 4226), each accepted once, few guesses allowed.

Codes are counted by the wall clock, which is what the other device has; guesses by the agent's own time. Both outlive
the process: the audit log has them, so that a restart gives back neither a used code nor five more guesses.
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
USED_MS: Final = (2 * DRIFT + 1) * STEP_S * 1000
"""How long a code of an earlier run stays used: as long as it could be accepted."""


class WrongCode(Exception):
    """The code is not accepted; the message says why."""


class MissedCode(WrongCode):
    """A guess that did not fit: it counts."""


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
        self._earlier, self._earlier_at = -1, 0
        self._wrong: deque[int] = deque()

    def was_used(self, step: int, at: int) -> None:
        """A code of an earlier run was accepted at this agent time."""
        self._earlier, self._earlier_at = step, at

    def was_missed(self, at: int) -> None:
        """A guess of an earlier run was wrong at this agent time."""
        self._wrong.append(at)

    def check(self, secret: bytes | bytearray, given: str, wall_ms: int, now: int) -> int:
        """The step of the code, which is used with this. Raises `WrongCode`: used before, or too many wrong ones in
        five minutes; `MissedCode`: not the code.
        """
        while self._wrong and now - self._wrong[0] >= GUESSES_MS:
            self._wrong.popleft()
        if len(self._wrong) >= GUESSES:
            raise WrongCode("Too many wrong codes. Wait five minutes.")
        counter = wall_ms // 1000 // STEP_S
        for step in range(counter - DRIFT, counter + DRIFT + 1):
            if step >= 0 and hmac.compare_digest(code(secret, step).encode(), given.encode()):
                before = now - self._earlier_at < USED_MS and step <= self._earlier
                if before or step <= self._last:
                    raise WrongCode("This code was used already. Wait for the next one.")
                self._last = step
                return step
        self._wrong.append(now)
        raise MissedCode("The code does not fit. Nothing was done.")


def uri(secret: bytes | bytearray, label: str) -> str:
    """The text of the QR code that an authenticator reads."""
    from base64 import b32encode
    from urllib.parse import quote

    return f"otpauth://totp/Fluxdesk:{quote(label)}?secret={b32encode(secret).decode().rstrip('=')}&issuer=Fluxdesk"
