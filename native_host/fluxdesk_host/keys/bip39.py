"""BIP-39: words from entropy, entropy from words, and the seed they stand for. What is wrong with words is located.

https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki . New wallets get 12 or 24 words; 15, 18 and 21 are read
as well. Errors name places, never words: those are in attributes that are for the screen and must not be logged.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from unicodedata import normalize

from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keys.wordlist import near, positions, words

COUNTS = (12, 15, 18, 21, 24)
ROUNDS = 2048
LONGEST = 4096
"""Characters of words or passphrase that are read."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A word that may be wrong: its place, from 1, and what may have been meant. Secret: for the screen only."""

    place: int
    instead: tuple[str, ...] = field(repr=False)
    swapped: bool = False
    """Whether exchanging this word with the next one makes the checksum fit."""


class MnemonicError(ValueError):
    """These are not the words of a wallet. The text names places only; `suspects` is for the screen."""

    def __init__(self, text: str, suspects: tuple[Suspect, ...] = ()) -> None:
        super().__init__(text)
        self.suspects = suspects


class WordCountWrong(MnemonicError):
    """Not 12, 15, 18, 21 or 24 words."""


class WordsUnknown(MnemonicError):
    """Some words are not in the list; `suspects` has their places and near words."""


class ChecksumWrong(MnemonicError):
    """Every word is in the list and yet they do not belong together; `suspects` has single changes that would fit."""


Phrase = str | Sequence[str] | Secret


def _text(phrase: Phrase) -> str:
    if isinstance(phrase, Secret):
        try:
            text = bytes(phrase.view()).decode()
        except UnicodeDecodeError:
            raise MnemonicError("The words are not text.") from None
    else:
        text = phrase if isinstance(phrase, str) else " ".join(phrase)
    if len(text) > LONGEST:
        raise MnemonicError(f"The words are longer than {LONGEST} characters.")
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise MnemonicError("The words or the passphrase hold half a character.")
    return normalize("NFKD", text)


def split(phrase: Phrase) -> list[str]:
    """The words in small letters, whatever space stands between them. Raises `MnemonicError` beyond `LONGEST`."""
    return _text(phrase).lower().split()


def new_mnemonic(count: int = 12) -> Secret:
    """Fresh words (UTF-8, one space between) from the operating system's generator.

    Raises:
        ValueError: `count` is neither 12 nor 24.
    """
    if count not in (12, 24):
        raise ValueError("a new wallet has 12 or 24 words")
    with Secret.random(count * 4 // 3) as entropy:
        return entropy_to_mnemonic(entropy)


def entropy_to_mnemonic(entropy: Secret) -> Secret:
    """The words (UTF-8, one space between) of 16, 20, 24, 28 or 32 bytes.

    Raises:
        ValueError: another number of bytes.
    """
    size = len(entropy)
    if size not in (16, 20, 24, 28, 32):
        raise ValueError(f"entropy has 16, 20, 24, 28 or 32 bytes, not {size}")
    bits = (int.from_bytes(entropy.view(), "big") << size // 4) | _check(entropy, size)
    count, table = size * 3 // 4, words()
    text = " ".join(table[bits >> 11 * (count - 1 - i) & 2047] for i in range(count))
    return Secret(text.encode())


def _check(entropy: Secret, size: int) -> int:
    """The first bit of the SHA-256 for every 32 bits of entropy."""
    return sha256(entropy.view()).digest()[0] >> 8 - size // 4


def mnemonic_to_entropy(phrase: Phrase) -> Secret:
    """The entropy of words that belong together.

    Raises:
        WordCountWrong, WordsUnknown, ChecksumWrong: as their names say, with places and suggestions.
    """
    written = split(phrase)
    table = positions()
    if strange := [i for i, word in enumerate(written, 1) if word not in table]:
        suspects = tuple(Suspect(i, near(written[i - 1])) for i in strange)
        if len(strange) * 2 > len(written) >= COUNTS[0]:
            raise WordsUnknown(
                f"{len(strange)} of {len(written)} words are not in the English word list, the only one that is read "
                "here. For words of another language, import the private keys that their wallet exports.",
                suspects,
            )
        places = ", ".join(map(str, strange))
        one = len(strange) == 1
        raise WordsUnknown(
            f"{'Word' if one else 'Words'} {places} {'is' if one else 'are'} not in the word list.", suspects
        )
    if len(written) not in COUNTS:
        raise WordCountWrong(f"A wallet has 12, 15, 18, 21 or 24 words; these are {len(written)}.")
    numbers = [table[word] for word in written]
    if (entropy := _entropy(numbers)) is None:
        raise ChecksumWrong(
            "Every word is in the list, but they do not belong together: one is another word, or two changed places.",
            _suspects(numbers),
        )
    return entropy


def check_mnemonic(phrase: Phrase) -> None:
    """Raises what `mnemonic_to_entropy` raises, and keeps nothing."""
    mnemonic_to_entropy(phrase).close()


def _entropy(numbers: list[int]) -> Secret | None:
    """The entropy, or None where the checksum does not fit."""
    bits = 0
    for number in numbers:
        bits = bits << 11 | number
    size = len(numbers) * 4 // 3
    entropy = Secret.taking((bits >> size // 4).to_bytes(size, "big"))
    if _check(entropy, size) == bits & (1 << size // 4) - 1:
        return entropy
    entropy.close()
    return None


def _suspects(numbers: list[int]) -> tuple[Suspect, ...]:
    """Every single change to a near word, or exchange of neighbours, after which the checksum fits."""
    table, places = words(), positions()
    found = []
    for i, number in enumerate(numbers):
        fitting = []
        for word in near(table[number], most=len(table)):
            other = places[word]
            if other != number and _fits([*numbers[:i], other, *numbers[i + 1 :]]):
                fitting.append(word)
        rest = numbers[i + 2 :]
        swapped = (
            i + 1 < len(numbers) and numbers[i + 1] != number and _fits([*numbers[:i], numbers[i + 1], number, *rest])
        )
        if fitting or swapped:
            found.append(Suspect(i + 1, tuple(fitting), swapped))
    return tuple(found)


def _fits(numbers: list[int]) -> bool:
    entropy = _entropy(numbers)
    if entropy is None:
        return False
    entropy.close()
    return True


def mnemonic_to_seed(phrase: Phrase, passphrase: str | Secret = "") -> Secret:
    """The 64-byte seed: PBKDF2-HMAC-SHA512, 2,048 rounds. Any words are taken as BIP-39 has it; check them before.

    Raises:
        MnemonicError: longer than `LONGEST` characters, or not text.
    """
    from cryptography.hazmat.primitives.hashes import SHA512
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    salt = b"mnemonic" + _text(passphrase).encode()
    with Secret(" ".join(_text(phrase).split()).encode()) as password:
        kdf = PBKDF2HMAC(algorithm=SHA512(), length=64, salt=salt, iterations=ROUNDS)
        return Secret.filled(64, lambda out: kdf.derive_into(password.view(), out))
