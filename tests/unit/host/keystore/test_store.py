"""The keystore file: what it opens, what it refuses, and what is kept when something goes wrong."""

import os
import stat
from pathlib import Path

import msgspec
import pytest

from fluxdesk_host.keys.secret import Secret, SecretWiped
from fluxdesk_host.keystore import files, sealed
from fluxdesk_host.keystore.errors import (
    KeystoreChanged,
    KeystoreDamaged,
    KeystoreError,
    KeystoreExists,
    KeystoreMissing,
    KeystoreNewer,
    KeystoreNoMemory,
    KeystoreTooOld,
    KeystoreTooWeak,
    KeystoreTruncated,
    PassphraseEmpty,
    WrongPassphrase,
)
from fluxdesk_host.keystore.kdf import LEAST_MEMORY_KIB, LEAST_PASSES, Cost, calibrated
from fluxdesk_host.keystore.store import Keystore

FIXTURES = Path(__file__).parents[3] / "fixtures" / "keystore"
LEAST = Cost()
PASSPHRASE = "correct horse battery staple"
PAYLOAD = b"what the agent keeps"


@pytest.fixture
def store(tmp_path: Path) -> Keystore:
    return Keystore.create(tmp_path / "wallets" / "keys", PASSPHRASE, Secret(PAYLOAD), LEAST)


def content(path: Path, passphrase: str = PASSPHRASE) -> bytes:
    with Keystore.open(path, passphrase) as opened:
        return bytes(opened.payload.view())


def test_a_file_of_version_1_opens_for_ever() -> None:
    assert content(FIXTURES / "version-1.keys", "Grüße aus 2026") == b'{"fixture":"version 1"}'


def test_what_was_saved_is_there_and_the_generation_before_it_too(store: Keystore) -> None:
    store.save(Secret(b"second"))
    store.save(Secret(b"third"))
    assert content(store.path) == b"third"
    assert content(files.previous_of(store.path)) == b"second"


def test_only_the_owner_may_read_it(store: Keystore) -> None:
    store.save(Secret(b"second"))
    for path in (store.path, files.previous_of(store.path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_no_other_file_is_left_behind(store: Keystore) -> None:
    store.save(Secret(b"second"))
    assert sorted(p.name for p in store.path.parent.iterdir()) == ["keys", "keys.previous"]


def test_a_wrong_passphrase_is_told_from_damage(store: Keystore) -> None:
    with pytest.raises(WrongPassphrase, match="whole and was not changed"):
        Keystore.open(store.path, "correct horse battery stapler")


def test_the_same_passphrase_from_another_keyboard_opens(tmp_path: Path) -> None:
    Keystore.create(tmp_path / "keys", "Gr\u00fc\u00dfe", Secret(PAYLOAD), LEAST)
    assert content(tmp_path / "keys", "Gru\u0308\u00dfe") == PAYLOAD


def test_every_flipped_bit_of_the_frame_and_some_of_the_rest_are_named_damage(store: Keystore) -> None:
    data = store.path.read_bytes()
    places = [*range(32), *range(32, len(data), 97), len(data) - 1]
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        store.path.write_bytes(changed)
        with pytest.raises(KeystoreDamaged):
            Keystore.open(store.path, PASSPHRASE)
        assert store.path.read_bytes() == changed


def test_a_file_cut_anywhere_is_named_truncated(store: Keystore) -> None:
    data = store.path.read_bytes()
    for length in [*range(16), *range(16, len(data), 61), len(data) - 1]:
        with pytest.raises(KeystoreTruncated, match=r"It was not changed.*\.previous"):
            sealed.take_apart(data[:length], store.path)


def test_a_changed_header_with_a_made_up_checksum_does_not_open(store: Keystore) -> None:
    from hashlib import sha256

    data = store.path.read_bytes()
    changed = data[:-32].replace(b'"passes":3', b'"passes":4')
    store.path.write_bytes(changed + sha256(changed).digest())
    with pytest.raises(WrongPassphrase):
        Keystore.open(store.path, PASSPHRASE)
    key = store.key()
    with pytest.raises(
        KeystoreDamaged, match="changed after it was written"
    ):  # the right key: the header is authenticated
        Keystore.open_with_key(store.path, key)


def test_a_changed_body_with_a_made_up_checksum_is_damage(store: Keystore) -> None:
    from hashlib import sha256

    changed = bytearray(store.path.read_bytes()[:-32])
    changed[-100] ^= 1
    store.path.write_bytes(changed + sha256(changed).digest())
    with pytest.raises(KeystoreDamaged, match="changed after it was written"):
        Keystore.open(store.path, PASSPHRASE)


@pytest.mark.parametrize(("version", "error"), [(2, KeystoreNewer), (0, KeystoreTooOld), (65535, KeystoreNewer)])
def test_another_version_is_named(store: Keystore, version: int, error: type[KeystoreError]) -> None:
    from hashlib import sha256

    data = store.path.read_bytes()
    other = data[:8] + version.to_bytes(2, "big") + b"whatever that version holds"
    store.path.write_bytes(other + sha256(other).digest())
    with pytest.raises(error, match=f"version {version}"):
        Keystore.open(store.path, PASSPHRASE)


@pytest.mark.parametrize(
    "cost",
    [Cost(8, 3, 1), Cost(LEAST_MEMORY_KIB - 1, 3, 1), Cost(LEAST_MEMORY_KIB, 2, 1), Cost(LEAST_MEMORY_KIB, 3, 0)],
)
def test_a_weaker_derivation_is_refused_before_the_passphrase_is_used(tmp_path: Path, cost: Cost) -> None:
    with Secret(bytes(32)) as key:
        (tmp_path / "keys").write_bytes(sealed.seal(key, bytes(32), cost, Secret(PAYLOAD)))
    with pytest.raises(KeystoreTooWeak):
        Keystore.open(tmp_path / "keys", PASSPHRASE)


@pytest.mark.parametrize("cost", [Cost(2**20 + 1, 3, 1), Cost(2**31, 3, 1), Cost(2**16, 33, 1), Cost(2**16, 3, 17)])
def test_a_derivation_made_to_exhaust_the_machine_is_refused(
    tmp_path: Path, cost: Cost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxdesk_host.keystore.store.derive", lambda *_: pytest.fail("derived"))
    with Secret(bytes(32)) as key:
        (tmp_path / "keys").write_bytes(sealed.seal(key, bytes(32), cost, Secret(PAYLOAD)))
    with pytest.raises(KeystoreDamaged, match="more work"):
        Keystore.open(tmp_path / "keys", PASSPHRASE)


def test_a_machine_with_less_memory_than_a_file_needs_says_so_and_does_not_try(
    store: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fluxdesk_host.keystore.kdf._machine_kib", lambda: LEAST_MEMORY_KIB - 1)
    with pytest.raises(KeystoreNoMemory, match="needs 64 MiB of free memory"):
        Keystore.open(store.path, PASSPHRASE)


def test_calibration_never_chooses_what_opening_refuses() -> None:
    for speed in (1e-9, 1e-3, 0.1, 30.0):
        for machine_kib in (2**17, 2**22, 2**30):
            cost = calibrated(lambda cost, s=speed: s, machine_kib)  # type: ignore[misc]
            assert not cost.weak and not cost.excessive, (speed, machine_kib, cost)


def test_what_is_no_keystore_is_said(tmp_path: Path) -> None:
    with pytest.raises(KeystoreMissing, match="restore one from its words"):
        Keystore.open(tmp_path / "keys", PASSPHRASE)
    (tmp_path / "keys").write_bytes(b"-----BEGIN OPENSSH PRIVATE KEY-----")
    with pytest.raises(KeystoreDamaged, match="does not begin as"):
        Keystore.open(tmp_path / "keys", PASSPHRASE)
    with pytest.raises(KeystoreError, match="could not be read"):
        Keystore.open(tmp_path, PASSPHRASE)


def test_creating_over_a_keystore_or_its_previous_generation_is_refused(store: Keystore) -> None:
    store.save(Secret(b"second"))
    with pytest.raises(KeystoreExists):
        Keystore.create(store.path, "other", Secret(b"x"), LEAST)
    store.path.unlink()
    with pytest.raises(KeystoreExists, match="previous"):
        Keystore.create(store.path, "other", Secret(b"x"), LEAST)


def test_an_empty_passphrase_is_refused(tmp_path: Path, store: Keystore) -> None:
    with pytest.raises(PassphraseEmpty):
        Keystore.create(tmp_path / "keys", "", Secret(PAYLOAD), LEAST)
    assert not (tmp_path / "keys").exists()
    with pytest.raises(PassphraseEmpty):
        store.change_passphrase(PASSPHRASE, "", LEAST)
    assert content(store.path) == PAYLOAD


def test_after_a_change_of_passphrase_neither_generation_opens_with_the_old_one(store: Keystore) -> None:
    store.save(Secret(b"second"))
    salt = store.salt
    store.change_passphrase(PASSPHRASE, "another one", LEAST)
    assert store.salt != salt
    for path in (files.previous_of(store.path), store.path):  # in this order: opening the file would finish the change
        assert content(path, "another one") == b"second"
        with pytest.raises(WrongPassphrase):
            Keystore.open(path, PASSPHRASE)
    store.save(Secret(b"third"))
    assert content(store.path, "another one") == b"third"


def test_a_change_of_passphrase_needs_the_old_one(store: Keystore) -> None:
    before = store.path.read_bytes()
    with pytest.raises(WrongPassphrase):
        store.change_passphrase("guess", "another one", LEAST)
    assert store.path.read_bytes() == before
    assert store.is_passphrase(PASSPHRASE)
    assert not store.is_passphrase("guess")


def test_a_change_of_passphrase_that_was_cut_off_is_finished_at_the_next_opening(
    store: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(Secret(b"second"))
    monkeypatch.setattr(Keystore, "_finish_change", lambda self: None)
    store.change_passphrase(PASSPHRASE, "another one", LEAST)
    previous = files.previous_of(store.path)
    assert content(previous) == b"second"  # still under the old one
    monkeypatch.undo()
    assert content(store.path, "another one") == b"second"
    with pytest.raises(WrongPassphrase):
        Keystore.open(previous, PASSPHRASE)


def test_an_older_backup_put_back_does_not_cost_the_generation_beside_it(store: Keystore) -> None:
    backup = store.path.read_bytes()
    store.change_passphrase(PASSPHRASE, "another one", LEAST)
    store.save(Secret(b"newest"))
    store.save(Secret(b"newest"))
    store.path.write_bytes(backup)
    assert content(store.path) == PAYLOAD
    assert content(files.previous_of(store.path), "another one") == b"newest"


def test_the_previous_generation_is_put_back_for_a_damaged_file_which_is_kept(store: Keystore) -> None:
    store.save(Secret(b"second"))
    with pytest.raises(KeystoreExists):  # a whole file is not put aside
        Keystore.open_previous(store.path, PASSPHRASE)
    for number, rubbish in enumerate((b"FDKEYS\r\n rubbish", b"", b"cut"), 1):
        store.path.write_bytes(rubbish)
        with pytest.raises(WrongPassphrase):
            Keystore.open_previous(store.path, "guess")
        assert store.path.read_bytes() == rubbish
        with Keystore.open_previous(store.path, PASSPHRASE) as opened:
            assert bytes(opened.payload.view()) == PAYLOAD
            assert opened.path == store.path
        aside = store.path.with_name("keys.damaged" if number == 1 else f"keys.damaged-{number}")
        assert aside.read_bytes() == rubbish
    store.path.unlink()
    with Keystore.open_previous(store.path, PASSPHRASE) as opened:
        opened.save(Secret(b"third"))
    assert content(store.path) == b"third"


def test_a_change_by_another_program_is_not_overwritten(store: Keystore) -> None:
    with Keystore.open(store.path, PASSPHRASE) as other:
        other.save(Secret(b"theirs"))
    with pytest.raises(KeystoreChanged):
        store.save(Secret(b"ours"))
    assert content(store.path) == b"theirs"
    assert bytes(store.payload.view()) == PAYLOAD


def test_the_length_of_the_payload_does_not_show(tmp_path: Path) -> None:
    with Secret(bytes(32)) as key:
        sizes = {len(sealed.seal(key, bytes(32), LEAST, Secret(bytes(n)))) for n in (0, 1, 500, 1020)}
    assert len(sizes) == 1


def test_two_files_of_one_payload_share_no_key_and_no_bytes_of_the_body(store: Keystore) -> None:
    first = sealed.take_apart(store.path.read_bytes(), store.path)
    store.save(Secret(PAYLOAD))
    second = sealed.take_apart(store.path.read_bytes(), store.path)
    assert first.header.salt == second.header.salt
    assert first.header.file_salt != second.header.file_salt
    assert first.header.nonce != second.header.nonce
    assert first.body != second.body


def test_the_file_holds_nothing_of_payload_or_passphrase(store: Keystore) -> None:
    data = store.path.read_bytes()
    assert PAYLOAD not in data
    assert PASSPHRASE.encode() not in data


def test_closing_wipes_key_and_payload(store: Keystore) -> None:
    payload = store.payload
    store.close()
    with pytest.raises(SecretWiped):
        payload.view()
    with pytest.raises(SecretWiped):
        store.key()


def test_a_link_to_the_keystore_stays_a_link(store: Keystore, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(store.path)
    with Keystore.open(link, PASSPHRASE) as opened:
        opened.save(Secret(b"second"))
    assert link.is_symlink()
    assert content(store.path) == b"second"


def test_calibration_never_goes_below_the_least() -> None:
    assert calibrated(lambda cost: 30.0, 2**30) == LEAST
    assert calibrated(lambda cost: 0.01, 100 * 1024).memory_kib == LEAST_MEMORY_KIB  # a machine of 100 MiB


@pytest.mark.parametrize("speed", [0.02, 0.1, 0.2, 0.4])
def test_calibration_aims_at_half_a_second_to_a_second(speed: float) -> None:
    def takes(cost: Cost) -> float:
        return speed * cost.memory_kib / LEAST_MEMORY_KIB * cost.passes / LEAST_PASSES

    cost = calibrated(takes, 2**26)
    assert 0.5 <= takes(cost) <= 1.0
    assert cost.memory_kib <= 512 * 1024


def test_the_header_says_only_what_it_must() -> None:
    data = (FIXTURES / "version-1.keys").read_bytes()
    header = msgspec.json.decode(data[14 : 14 + int.from_bytes(data[10:14], "big")])
    assert set(header) == {"kdf", "cost", "salt", "cipher", "file_salt", "nonce", "check", "body", "replaces"}


def test_a_pipe_in_the_place_of_the_file_does_not_hold_us_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "keys")
    with pytest.raises(KeystoreError):
        Keystore.open(tmp_path / "keys", PASSPHRASE)
