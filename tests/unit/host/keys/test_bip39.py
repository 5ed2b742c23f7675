"""Words, entropy and seeds, against the published vectors; what is wrong with words is located."""

import json
from pathlib import Path

import pytest

from fluxdesk_host.keys import wordlist
from fluxdesk_host.keys.bip39 import (
    ChecksumWrong,
    MnemonicError,
    WordCountWrong,
    WordsUnknown,
    check_mnemonic,
    entropy_to_mnemonic,
    mnemonic_to_entropy,
    mnemonic_to_seed,
    new_mnemonic,
)
from fluxdesk_host.keys.secret import Secret

FILE = Path(__file__).parents[3] / "fixtures" / "keys" / "bip39.json"
*ENGLISH, JAPANESE = json.loads(FILE.read_text(encoding="utf-8"))
"""https://github.com/trezor/python-mnemonic/blob/master/vectors.json, https://github.com/bip32JP/bip32JP.github.io"""
WORDS = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.mark.parametrize("vector", ENGLISH, ids=lambda v: v["entropy"][:12])
def test_published_vectors(vector: dict[str, str]) -> None:
    words = entropy_to_mnemonic(Secret(bytes.fromhex(vector["entropy"])))
    assert bytes(words.view()).decode() == vector["mnemonic"]
    assert mnemonic_to_entropy(words).view().hex() == vector["entropy"]
    assert mnemonic_to_seed(words, "TREZOR").view().hex() == vector["seed"]


def test_words_and_passphrase_are_normalised_as_the_bip_says() -> None:
    assert mnemonic_to_seed(JAPANESE["mnemonic"], JAPANESE["passphrase"]).view().hex() == JAPANESE["seed"]


@pytest.mark.parametrize("count", [12, 24])
def test_new_words_are_fresh_and_belong_together(count: int) -> None:
    first, second = new_mnemonic(count), new_mnemonic(count)
    assert first != second
    assert len(bytes(first.view()).split()) == count
    check_mnemonic(first)


def test_capitals_and_odd_spaces_are_the_same_words() -> None:
    assert mnemonic_to_entropy(f"  {WORDS.upper().replace(' ', chr(9))}\n") == mnemonic_to_entropy(WORDS)


def test_a_misspelt_word_is_located_and_near_words_are_named() -> None:
    with pytest.raises(WordsUnknown, match=r"Word 5 is not in the word list") as caught:
        check_mnemonic(WORDS.replace("wave", "waev"))
    (suspect,) = caught.value.suspects
    assert suspect.place == 5
    assert suspect.instead[0] == "wave"


def test_a_wrong_word_of_the_list_is_among_the_suspects() -> None:
    with pytest.raises(ChecksumWrong) as caught:
        check_mnemonic(WORDS.replace("wave", "save"))
    assert any(s.place == 5 and "wave" in s.instead for s in caught.value.suspects)


def test_two_words_that_changed_places_are_found() -> None:
    words = WORDS.split()
    words[3], words[4] = words[4], words[3]
    with pytest.raises(ChecksumWrong) as caught:
        check_mnemonic(words)
    assert any(s.place == 4 and s.swapped for s in caught.value.suspects)


def test_a_missing_word_is_said() -> None:
    with pytest.raises(WordCountWrong, match="these are 11"):
        check_mnemonic(WORDS.split()[:-1])


def test_no_error_text_holds_a_word() -> None:
    for wrong in (WORDS.replace("wave", "waev"), WORDS.replace("wave", "save"), WORDS[:-7], "zebraa " * 12):
        with pytest.raises(MnemonicError) as caught:
            check_mnemonic(wrong)
        assert not set(str(caught.value).lower().replace(",", "").replace(".", "").split()) & set(wrong.split())
        assert all(word not in repr(caught.value.suspects) for word in ("wave", "waev", "zebra"))


def test_a_changed_word_list_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    changed = Path(wordlist.__file__).with_name("english.txt").read_bytes().replace(b"abandon", b"abondon")
    (tmp_path / "english.txt").write_bytes(changed)
    monkeypatch.setattr(wordlist, "__file__", str(tmp_path / "wordlist.py"))
    with pytest.raises(wordlist.WordListDamaged):
        wordlist.words.__wrapped__()
