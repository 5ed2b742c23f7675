"""What the keystore holds, and the keys while it is unlocked. Blocks: derivation takes about a second.

Everything secret is in a `Secret` or a `bytearray` and is wiped by `close`. Nothing here decides; nothing here signs.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from fluxdesk_host.agent.limits import canonical
from fluxdesk_host.keys.secret import Secret
from fluxdesk_host.keystore.errors import KeystoreError
from fluxdesk_host.keystore.kdf import Cost
from fluxdesk_host.keystore.store import Keystore

Family = Literal["evm", "solana"]
FAMILIES: Final[tuple[Family, ...]] = ("evm", "solana")
SEAL_BYTES: Final = 32
VERSION: Final = 2
"""Of `Contents`."""
MOST_CONTACTS: Final = 5_000


Scheme = Literal["", "ledger_live", "bare"]
"""Which paths an account is on: ours, or those of other wallets that discovery looks at as well."""


class Derived(msgspec.Struct):
    """An account of a wallet: where its key is derived."""

    family: Family
    index: int
    label: str
    scheme: Scheme = ""


class Wallet(msgspec.Struct):
    """A wallet of words. `entropy` gives the words back, `extra` is the BIP-39 passphrase."""

    id: str
    label: str
    entropy: bytearray
    extra: bytearray
    accounts: list[Derived]
    tried: bool = False
    """Whether the user showed to have the words, by typing them."""


class Imported(msgspec.Struct):
    """One private key of its own."""

    family: Family
    key: bytearray
    label: str


class Grant(msgspec.Struct):
    """What a site was given."""

    accounts: list[str]
    chain: str


class Contact(msgspec.Struct, frozen=True):
    """One entry of the address book, kept under its account name (`evm:0x…` in lower case, `solana:…`)."""

    label: str
    note: str = ""


class Contents(msgspec.Struct):
    """The keystore's payload. `seal` authenticates audit log and policy; it signs nothing.

    Version 2 added the address book; one of version 1 is read as one whose book is empty.
    """

    version: int
    seal: bytearray
    wallets: list[Wallet] = []
    imported: list[Imported] = []
    watched: dict[str, str] = {}
    grants: dict[str, dict[Family, Grant]] = {}
    totp: bytearray | None = None
    settled: bool = False
    """A policy was set: log and policy have to be there from then on."""
    contacts: dict[str, Contact] = {}


class Account(msgspec.Struct, frozen=True):
    """One account as the owner sees it. `wallet` is empty for imported and watched ones."""

    id: str
    label: str
    family: Family
    wallet: str
    path: str
    signs: bool


class NoSuchAccount(Exception):
    """No wallet of this keystore has it, or it is only watched."""


class ContentsNewer(KeystoreError):
    """What the keystore holds was written by a later Fluxdesk, which may keep more in it than this one would save."""

    def __init__(self, version: int) -> None:
        super().__init__(
            f"What the keystore holds is of version {version}; this Fluxdesk reads up to {VERSION}. It was not "
            "changed. Install the version of Fluxdesk that wrote it, or a later one."
        )


class VaultBusy(KeystoreError):
    """Another change is being written, or the keystore was locked."""

    def __init__(self) -> None:
        super().__init__("The keystore is being written, or was locked meanwhile. Nothing was changed. Try again.")


class BookFull(KeystoreError):
    """More contacts than are kept."""

    def __init__(self) -> None:
        super().__init__(f"The address book holds {MOST_CONTACTS} entries at most. Nothing was changed.")


class AccountKey:
    """The private key of one account. On ed25519 the library's own key is kept: making it costs more than signing.

    That one is not ours to wipe; it goes when it is let go, and OpenSSL overwrites what it frees.
    """

    __slots__ = ("_ed25519", "private")

    def __init__(self, private: Secret) -> None:
        self.private = private
        self._ed25519: Any = None

    def sign_ed25519(self, message: bytes) -> bytes:
        """The 64 bytes of RFC 8032. Raises `SecretWiped`."""
        if self._ed25519 is None or self.private.closed:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

            self._ed25519 = Ed25519PrivateKey.from_private_bytes(self.private.view())
        signature: bytes = self._ed25519.sign(message)
        return signature

    def close(self) -> None:
        """Wipes it."""
        self.private.close()
        self._ed25519 = None


_DECODER: Final = msgspec.json.Decoder(Contents)
_ENCODER: Final = msgspec.json.Encoder()


def _contents(payload: memoryview) -> Contents:
    """What a keystore holds. Raises `ContentsNewer`."""
    found = _DECODER.decode(payload)
    if found.version > VERSION:
        raise ContentsNewer(found.version)
    found.version = VERSION
    return found


class Vault:
    """An unlocked keystore: its contents and a private key for every account that can sign."""

    def __init__(self, store: Keystore, contents: Contents) -> None:
        self._store = store
        self._busy = threading.Lock()
        self._closing = False
        self.contents = contents
        self._keys: dict[str, AccountKey] = {}
        self.accounts: dict[str, Account] = {}
        self._derive()

    @classmethod
    def create(cls, path: Path, passphrase: bytearray, wallet: Wallet | None, cost: Cost | None = None) -> "Vault":
        """A new keystore. Raises `KeystoreError`."""
        with Secret.random(SEAL_BYTES) as seal:
            contents = Contents(VERSION, bytearray(seal.view()), [wallet] if wallet else [])
        with _payload(contents) as payload, Secret(passphrase) as word:
            store = Keystore.create(path, word, payload, cost)
        return cls(store, contents)

    @classmethod
    def open(cls, path: Path, passphrase: bytearray) -> "Vault":
        """Unlocks. Raises `KeystoreError`."""
        with Secret(passphrase) as word:
            store = Keystore.open(path, word)
        try:
            return cls(store, _contents(store.payload.view()))
        except BaseException:
            store.close()
            raise

    @classmethod
    def open_remembered(cls, path: Path) -> "Vault":
        """Unlocks with what this device remembers. Asks the key ring; raises `KeystoreError`."""
        from fluxdesk_host.keystore.device import open_remembered

        store = open_remembered(path)
        try:
            return cls(store, _contents(store.payload.view()))
        except BaseException:
            store.close()
            raise

    def remember(self) -> None:
        """Lets this device open it. For another thread; raises `KeystoreError`."""
        from fluxdesk_host.keystore.device import remember

        with self._at_work():
            remember(self._store)

    @property
    def seal(self) -> bytes:
        """The key that audit log and policy are sealed with."""
        return bytes(self.contents.seal)

    @property
    def mark(self) -> str:
        """Of the generation of the keystore that is open; see `Keystore.mark`."""
        return self._store.mark

    def key(self, account: str) -> AccountKey:
        """The private key of an account; it stays the vault's. Raises `NoSuchAccount`."""
        found = self._keys.get(account)
        if found is None:
            raise NoSuchAccount("Fluxdesk has no key of this account.")
        return found

    def add_wallet(self, wallet: Wallet) -> None:
        """Raises `KeystoreError`, with nothing changed."""
        self.contents.wallets.append(wallet)
        self._save_or(self.contents.wallets.pop)

    def add_account(self, wallet: str, family: Family, label: str) -> None:
        """The next account of a wallet. Raises `NoSuchAccount` or `KeystoreError`."""
        found = self.wallet(wallet)
        index = max((a.index for a in found.accounts if a.family == family and not a.scheme), default=-1) + 1
        found.accounts.append(Derived(family, index, label))
        self._save_or(found.accounts.pop)

    def add_derived(self, wallet: str, derived: list[Derived]) -> None:
        """Accounts at certain places; those that are there are passed over. Raises `NoSuchAccount`, `KeystoreError`."""
        found = self.wallet(wallet)
        there = {(a.family, a.index, a.scheme) for a in found.accounts}
        new = [d for d in derived if (d.family, d.index, d.scheme) not in there]
        before = list(found.accounts)
        found.accounts.extend(new)
        if new:
            self._save_or(lambda: setattr(found, "accounts", before))

    def addresses(self, wallet: str, derived: list[Derived]) -> list[str]:
        """The account names at these places; nothing is kept. For another thread. Raises `NoSuchAccount`."""
        found = self.wallet(wallet)
        with self._at_work(), _seed_of(found) as seed:
            made = []
            for one in derived:
                with _derive_key(seed, one) as key:
                    made.append(_address(one.family, key))
            return made

    def rename(self, account: str, label: str) -> None:
        """Another label for an account. Raises `NoSuchAccount` or `KeystoreError`."""
        known = self.accounts.get(account)
        if known is None:
            raise NoSuchAccount("There is no such account.")
        derived = [d for w in self.contents.wallets for d in w.accounts if w.id == known.wallet]
        named: Derived | Imported | None = next(
            (d for d in derived if d.family == known.family and path_of(d) == known.path), None
        ) or next((i for i in self.contents.imported if _account_of(i) == account), None)
        if named is not None:
            before, named.label = named.label, label
            self._save_or(lambda: setattr(named, "label", before))
        else:
            was = self.contents.watched[account]
            self.contents.watched[account] = label
            self._save_or(lambda: self.contents.watched.update({account: was}))
        self.accounts[account] = msgspec.structs.replace(known, label=label)

    def rename_wallet(self, wallet: str, label: str) -> None:
        """Another label for a wallet. Raises `NoSuchAccount` or `KeystoreError`."""
        found = self.wallet(wallet)
        before, found.label = found.label, label
        self._save_or(lambda: setattr(found, "label", before))

    def set_tried(self, wallet: str) -> None:
        """The back-up of a wallet was tried. Raises `NoSuchAccount` or `KeystoreError`."""
        found = self.wallet(wallet)
        before, found.tried = found.tried, True
        self._save_or(lambda: setattr(found, "tried", before))

    def unwatch(self, account: str) -> None:
        """Lets go of an account that is only watched. Raises `NoSuchAccount` or `KeystoreError`."""
        label = self.contents.watched.pop(account, None)
        if label is None:
            raise NoSuchAccount("This account is not one that is only watched. Nothing was changed.")
        self._save_or(lambda: self.contents.watched.update({account: label}))
        if account not in self._keys:
            self.accounts.pop(account, None)

    def import_key(self, imported: Imported) -> None:
        """A key that is there already is not kept twice. Raises `KeyFormatError` or `KeystoreError`."""
        with Secret(imported.key) as key:
            if _address(imported.family, key) in self._keys:
                return
        self.contents.imported.append(imported)
        self._save_or(self.contents.imported.pop)

    def watch(self, account: str, label: str) -> None:
        """An account without a key. Raises `KeystoreError`."""
        self.contents.watched[account] = label
        self._save_or(lambda: self.contents.watched.pop(account))

    def set_contact(self, account: str, contact: Contact | None) -> None:
        """An entry of the address book; None takes it out. Raises `KeystoreError`, with nothing changed."""
        book = self.contents.contacts
        before = dict(book)
        if contact is None:
            book.pop(account, None)
        else:
            book[account] = contact
        if len(book) > MOST_CONTACTS:
            self.contents.contacts = before
            raise BookFull
        self._save_or(lambda: setattr(self.contents, "contacts", before))

    def grant(self, origin: str, family: Family, grant: Grant | None) -> None:
        """What a site has from now on; None: nothing. Raises `KeystoreError`."""
        before = {o: dict(g) for o, g in self.contents.grants.items()}
        if grant is None:
            self.contents.grants.get(origin, {}).pop(family, None)
        else:
            self.contents.grants.setdefault(origin, {})[family] = grant
        self._save_or(lambda: setattr(self.contents, "grants", before))

    def settle(self) -> None:
        """Notes that a policy was set. Raises `KeystoreError`."""
        if not self.contents.settled:
            self.contents.settled = True
            self._save_or(lambda: setattr(self.contents, "settled", False))

    def set_totp(self, secret: bytearray | None) -> None:
        """Raises `KeystoreError`."""
        before, self.contents.totp = self.contents.totp, secret
        self._save_or(lambda: setattr(self.contents, "totp", before))

    def wallet(self, identifier: str) -> Wallet:
        """Raises `NoSuchAccount`."""
        for wallet in self.contents.wallets:
            if wallet.id == identifier:
                return wallet
        raise NoSuchAccount("There is no wallet of this name.")

    def words(self, identifier: str) -> bytearray:
        """The words of a wallet, as text. Raises `NoSuchAccount`."""
        from fluxdesk_host.keys.bip39 import entropy_to_mnemonic

        with Secret(self.wallet(identifier).entropy) as entropy, entropy_to_mnemonic(entropy) as phrase:
            return bytearray(phrase.view())

    def is_passphrase(self, passphrase: bytearray) -> bool:
        """Asks again, before an export. For another thread; raises `SecretWiped` when it was closed meanwhile."""
        with self._at_work(), Secret(passphrase) as word:
            return self._store.is_passphrase(word)

    def change_passphrase(self, old: bytearray, new: bytearray) -> None:
        """For another thread. Raises `KeystoreError`, with nothing changed."""
        with self._at_work(), Secret(old) as was, Secret(new) as will:
            self._store.change_passphrase(was, will)

    def close(self) -> None:
        """Wipes every key at once, and everything the keystore held: that as soon as no thread is writing it."""
        for secret in self._keys.values():
            secret.close()
        self._keys.clear()
        self.accounts.clear()
        self._closing = True
        if self._busy.acquire(blocking=False):
            try:
                self._wipe()
            finally:
                self._busy.release()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """The keystore is not wiped under the hands of a thread that seals it: zeros would be written."""
        with self._busy:
            try:
                yield
            finally:
                if self._closing:
                    self._wipe()

    def _wipe(self) -> None:
        wipe(self.contents.seal)
        for wallet in self.contents.wallets:
            wipe(wallet.entropy)
            wipe(wallet.extra)
        for imported in self.contents.imported:
            wipe(imported.key)
        if self.contents.totp is not None:
            wipe(self.contents.totp)
        self._store.close()

    def _save_or(self, undo: Callable[[], object]) -> None:
        if self._closing or not self._busy.acquire(blocking=False):
            undo()
            raise VaultBusy
        try:
            with _payload(self.contents) as payload:
                self._store.save(payload)
        except BaseException:
            undo()
            raise
        finally:
            self._busy.release()
        self._derive()

    def _derive(self) -> None:
        """The keys of all accounts that have none yet."""
        for wallet in self.contents.wallets:
            missing = [d for d in wallet.accounts if not self._has(wallet, d)]
            if missing:
                self._derive_of(wallet, missing)
        for imported in self.contents.imported:
            with Secret(imported.key) as key:
                self._add(imported.family, Secret(key.view()), imported.label, "", "")
        for account, label in self.contents.watched.items():
            family: Family = "evm" if account.startswith("evm:") else "solana"
            self.accounts.setdefault(account, Account(account, label, family, "", "", signs=False))

    def _has(self, wallet: Wallet, derived: Derived) -> bool:
        path = path_of(derived)
        return any(
            a.wallet == wallet.id and a.path == path and a.family == derived.family for a in self.accounts.values()
        )

    def _derive_of(self, wallet: Wallet, missing: list[Derived]) -> None:
        with _seed_of(wallet) as seed:
            for derived in missing:
                self._add(derived.family, _derive_key(seed, derived), derived.label, wallet.id, path_of(derived))

    def _add(self, family: Family, key: Secret, label: str, wallet: str, path: str) -> None:
        account = _address(family, key)
        if account in self._keys:
            key.close()
            return
        self._keys[account] = AccountKey(key)
        self.accounts[account] = Account(account, label, family, wallet, path, signs=True)


def path_of(derived: Derived) -> str:
    """Where an account's key is."""
    from fluxdesk_host.keys import paths

    if derived.family == "evm":
        return (paths.ledger_live_evm_path if derived.scheme else paths.evm_path)(derived.index)
    return (paths.solana_bare_path if derived.scheme else paths.solana_path)(derived.index)


def _seed_of(wallet: Wallet) -> Secret:
    from fluxdesk_host.keys.bip39 import entropy_to_mnemonic, mnemonic_to_seed

    with Secret(wallet.entropy) as entropy, entropy_to_mnemonic(entropy) as phrase, Secret(wallet.extra) as extra:
        return mnemonic_to_seed(phrase, extra)


def _derive_key(seed: Secret, derived: Derived) -> Secret:
    from fluxdesk_host.keys.hd import derive_ed25519, derive_secp256k1

    return (derive_secp256k1 if derived.family == "evm" else derive_ed25519)(seed, path_of(derived))


def wallet_from(mnemonic: bytearray, extra: bytearray, label: str, tried: bool = False) -> Wallet:
    """A wallet of these words with its first account on each family. Raises `MnemonicError`.

    `tried`: they came from the user, who therefore has them.
    """
    from fluxdesk_host.keys.bip39 import mnemonic_to_entropy

    with Secret(mnemonic) as phrase, mnemonic_to_entropy(phrase) as entropy:
        kept = bytearray(entropy.view())
    first = [Derived(family, 0, f"{label}, {family}") for family in FAMILIES]
    return Wallet(os.urandom(8).hex(), label, kept, bytearray(extra), first, tried)


def new_words(count: Literal[12, 24]) -> bytearray:
    """Fresh words, as text."""
    from fluxdesk_host.keys.bip39 import new_mnemonic

    with new_mnemonic(count) as phrase:
        return bytearray(phrase.view())


def wipe(buffer: bytearray) -> None:
    """Overwrites with zeros."""
    buffer[:] = bytes(len(buffer))


def _address(family: Family, key: Secret) -> str:
    from fluxdesk_host.keys.addresses import evm_address, solana_address

    return "evm:" + canonical(evm_address(key)) if family == "evm" else "solana:" + solana_address(key)


def _account_of(imported: Imported) -> str:
    with Secret(imported.key) as key:
        return _address(imported.family, key)


def _payload(contents: Contents) -> Secret:
    buffer = bytearray()
    _ENCODER.encode_into(contents, buffer)
    payload = Secret(buffer)
    wipe(buffer)
    return payload
