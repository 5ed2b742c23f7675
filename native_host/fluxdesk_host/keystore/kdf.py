"""Argon2id from passphrase to key, and how much work it is made to be on this machine.

RFC 9106. Never below 64 MiB and three passes; calibrated towards three quarters of a second of processor time. One
lane: OpenSSL runs lanes one after the other, so more of them would help only who has more cores than the user.
"""

import os
import time
from collections.abc import Callable
from unicodedata import normalize

import msgspec

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.errors import KeystoreNoMemory, PassphraseEmpty

LEAST_MEMORY_KIB = 64 * 1024
LEAST_PASSES = 3
MOST_MEMORY_KIB = 1024 * 1024
MOST_PASSES = 32
MOST_LANES = 16
"""The most a header may ask for: beyond it the file is made to exhaust the machine. Twice what is ever written; all of
it together takes half a minute on a slow machine.
"""
CALIBRATED_MEMORY_KIB = 512 * 1024
"""The most that calibration chooses, and never more than a quarter of the machine's memory."""
TARGET_SECONDS = 0.75
KEY_BYTES = 32
SALT_BYTES = 32


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The work of one derivation: memory in KiB, passes over it, lanes."""

    memory_kib: int = LEAST_MEMORY_KIB
    passes: int = LEAST_PASSES
    lanes: int = 1

    @property
    def weak(self) -> bool:
        """Below what Fluxdesk ever writes."""
        return self.memory_kib < LEAST_MEMORY_KIB or self.passes < LEAST_PASSES or self.lanes < 1

    @property
    def excessive(self) -> bool:
        """Above what Fluxdesk ever runs."""
        return self.memory_kib > MOST_MEMORY_KIB or self.passes > MOST_PASSES or self.lanes > MOST_LANES


def passphrase_bytes(passphrase: str | Secret) -> Secret:
    """The UTF-8 of a passphrase in form NFKC, so that it is the same from every keyboard.

    Raises:
        PassphraseEmpty: there is none.
    """
    data = Secret(normalize("NFKC", passphrase).encode()) if isinstance(passphrase, str) else Secret(passphrase.view())
    if len(data) == 0:
        raise PassphraseEmpty
    return data


def derive(passphrase: str | Secret, salt: bytes, cost: Cost) -> Secret:
    """The key of a passphrase (text, or its UTF-8 as a secret). Blocks for up to seconds.

    Raises:
        PassphraseEmpty: there is none.
        KeystoreNoMemory: the machine has not this much memory, or cannot give it. Told before it is asked for: a system
            that promises more than it has ends the process at the moment of use.
    """
    if cost.memory_kib > _machine_kib():
        raise KeystoreNoMemory(cost.memory_kib // 1024)
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    with passphrase_bytes(passphrase) as data:
        kdf = Argon2id(
            salt=salt, length=KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        )
        try:
            return Secret.filled(KEY_BYTES, lambda out: kdf.derive_into(data.view(), out))  # type: ignore[arg-type]
        except MemoryError:
            raise KeystoreNoMemory(cost.memory_kib // 1024) from None


def seconds(cost: Cost) -> float:
    """Processor time of one derivation: a machine that is busy just now must not get a weaker keystore for it."""
    start = time.thread_time()
    derive("calibration", bytes(SALT_BYTES), cost).close()
    return time.thread_time() - start


def calibrated(measure: Callable[[Cost], float] = seconds, machine_kib: int | None = None) -> Cost:
    """The cost that takes about `TARGET_SECONDS` here: memory first, then passes. Runs for about a second."""
    most = min(CALIBRATED_MEMORY_KIB, (machine_kib or _machine_kib()) // 4)
    least = Cost()
    factor = TARGET_SECONDS / max(measure(least), 1e-3)
    memory = max(LEAST_MEMORY_KIB, min(most, int(LEAST_MEMORY_KIB * factor)) // 1024 * 1024)
    passes = int(LEAST_PASSES * factor * LEAST_MEMORY_KIB / memory)
    return Cost(memory, max(LEAST_PASSES, min(passes, MOST_PASSES)))


def _machine_kib() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024
