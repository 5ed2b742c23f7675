"""What the keystore holds, over versions of Fluxdesk: files of every one are kept here and open for ever."""

import shutil
from pathlib import Path

import msgspec
import pytest

from agent_process import EVM, PASSPHRASE, make_keystore
from fluxdesk_host.agent import vault as vault_module
from fluxdesk_host.agent.vault import BookFull, Contact, ContentsNewer, Derived, NoSuchAccount, Vault
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.store import Keystore

FIXTURES = Path(__file__).parents[3] / "fixtures" / "keystore"
SHOP = "evm:0x8ba1f109551bd432803012645ac136ddd64dba72"
SOLANA = "solana:HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk"
ALL = {EVM, SOLANA, "evm:0x6fac4d18c912343bf86fa7049364dd4e424ab9c0", "evm:0x2c7536e3605d9c16a7a3d7b1898e529396a65c23"}


def opened(path: Path) -> Vault:
    return Vault.open(path, bytearray(PASSPHRASE.encode()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    make_keystore(tmp_path)
    return tmp_path / "keystore.fdk"


@pytest.mark.parametrize("version", [1, 2])
def test_what_an_earlier_version_kept_opens_and_is_all_there(version: int, tmp_path: Path) -> None:
    shutil.copy(FIXTURES / f"contents-{version}.fdk", tmp_path / "keystore.fdk")
    vault = opened(tmp_path / "keystore.fdk")
    signing = {a.id for a in vault.accounts.values() if a.signs}
    assert signing >= ALL
    assert vault.accounts["evm:0x" + "ab" * 20].label == "Treasury"
    assert vault.contents.grants["https://shop.example"]["evm"].accounts == [EVM]
    assert vault.contents.totp == bytes(range(20))
    assert vault.contents.settled
    assert vault.contents.contacts == ({} if version == 1 else {SHOP: Contact("Shop", "monthly")})
    assert vault.contents.wallets[0].tried == (version > 1)
    assert len(signing) == len(ALL) + (version > 1)
    vault.set_contact("evm:0x" + "cd" * 20, Contact("New"))
    vault.close()
    again = opened(tmp_path / "keystore.fdk")
    assert "evm:0x" + "cd" * 20 in again.contents.contacts
    assert again.contents.version == vault_module.VERSION
    again.close()


def test_every_version_up_to_now_is_among_the_files() -> None:
    there = {int(f.stem.rpartition("-")[2]) for f in FIXTURES.glob("contents-*.fdk")}
    assert there == set(range(1, vault_module.VERSION + 1))


def test_what_a_later_version_kept_is_not_opened_and_not_changed(path: Path) -> None:
    with Keystore.open(path, PASSPHRASE) as store:
        held = msgspec.json.decode(bytes(store.payload.view()))
        with Secret(bytearray(msgspec.json.encode(held | {"version": 3, "more": [1]}))) as payload:
            store.save(payload)
    before = path.read_bytes()
    with pytest.raises(ContentsNewer, match="version 3"):
        opened(path)
    assert path.read_bytes() == before


def test_a_change_that_could_not_be_saved_is_not_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    vault = opened(path)
    wallet = vault.contents.wallets[0].id
    vault.watch("evm:0x" + "ab" * 20, "Treasury")
    before = msgspec.json.encode(vault.contents)
    accounts = dict(vault.accounts)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for change in (
        lambda: vault.set_contact(SHOP, Contact("Shop")),
        lambda: vault.rename(EVM, "Other"),
        lambda: vault.rename("evm:0x" + "ab" * 20, "Other"),
        lambda: vault.rename_wallet(wallet, "Other"),
        lambda: vault.set_tried(wallet),
        lambda: vault.unwatch("evm:0x" + "ab" * 20),
        lambda: vault.add_derived(wallet, [Derived("evm", 7, "Seven")]),
        lambda: vault.add_account(wallet, "evm", "Next"),
    ):
        with pytest.raises(vault_module.KeystoreError):
            change()
        assert msgspec.json.encode(vault.contents) == before
        assert vault.accounts == accounts
    vault.close()


def test_accounts_found_far_out_do_not_move_the_next_one_onto_them(path: Path) -> None:
    vault = opened(path)
    wallet = vault.contents.wallets[0].id
    vault.add_derived(
        wallet, [Derived("evm", 5, "Five"), Derived("evm", 0, "again"), Derived("evm", 9, "L", "ledger_live")]
    )
    vault.add_account(wallet, "evm", "Next")
    paths = sorted(a.path for a in vault.accounts.values() if a.family == "evm")
    assert paths == ["m/44'/60'/0'/0/0", "m/44'/60'/0'/0/5", "m/44'/60'/0'/0/6", "m/44'/60'/9'/0/0"]
    names = vault.addresses(wallet, [Derived("evm", 5, ""), Derived("evm", 9, "", "ledger_live")])
    assert set(names) <= set(vault.accounts)
    vault.close()


def test_the_book_is_bounded_and_only_watched_accounts_can_be_let_go(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault_module, "MOST_CONTACTS", 2)
    vault = opened(path)
    vault.set_contact(SHOP, Contact("1"))
    vault.set_contact(SOLANA, Contact("2"))
    with pytest.raises(BookFull):
        vault.set_contact("evm:0x" + "cd" * 20, Contact("3"))
    assert len(vault.contents.contacts) == 2
    with pytest.raises(NoSuchAccount):
        vault.unwatch(EVM)
    assert EVM in vault.accounts
    vault.close()
