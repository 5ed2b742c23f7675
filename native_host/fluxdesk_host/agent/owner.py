"""What is said on the owner's channel, and nowhere else: the agent's inherited socket pair. JSON, told apart by `op`.

Secrets travel as base64 and are decoded into buffers that can be wiped. `n` numbers a command; its reply repeats it.
"""

from typing import Annotated, Any, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta

from fluxdesk_host.agent.policy import Policy
from fluxdesk_host.protocol.messages import AccountId, Chain, Id, Number, Origin, Sign
from fluxdesk_host.signing.reading import Reading

Family = Literal["evm", "solana"]
Label = Annotated[str, Meta(min_length=1, max_length=64)]
Note = Annotated[str, Meta(max_length=200)]
SchemeName = Literal["evm", "evm_ledger_live", "solana", "solana_bare"]
Code = Annotated[str, Meta(pattern=r"^[0-9]{6}$(?!\n)")]
OWN_ORIGIN: Final = "node:desktop"
"""Under which the owner's own window asks, on this channel alone."""
RAW_SHOWN: Final = 65_536
"""Bytes of a request that are sent to be looked at."""


class Command(
    msgspec.Struct, tag_field="op", frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """The base of all commands."""

    n: Number = 0


class CreateWallet(Command, frozen=True, tag="create_wallet"):
    """A new wallet; the first one makes the keystore, the later ones need it unlocked. Replies with its words, once."""

    passphrase: bytearray
    words: Literal[12, 24] = 12
    label: Label = "Wallet 1"


class Restore(Command, frozen=True, tag="restore"):
    """A wallet from its words, as `CreateWallet`."""

    passphrase: bytearray
    mnemonic: bytearray
    extra: bytearray = msgspec.field(default_factory=bytearray)
    """The BIP-39 passphrase, where there is one."""
    label: Label = "Wallet 1"


class CreateEmpty(Command, frozen=True, tag="create_empty"):
    """A keystore without a wallet, for accounts that are only watched."""

    passphrase: bytearray


class ImportKey(Command, frozen=True, tag="import_key"):
    """A raw private key of 32 bytes."""

    family: Family
    key: bytearray
    label: Label = "Imported"


class ImportFile(Command, frozen=True, tag="import_file"):
    """A key as other programs write it: EVM hex, a Solana keypair file or base58, an EVM key file with its password."""

    format: Literal["evm", "solana", "keystore_v3"]
    text: bytearray
    password: bytearray = msgspec.field(default_factory=bytearray)
    label: Label = "Imported"


class Watch(Command, frozen=True, tag="watch"):
    """An account to look at, without a key."""

    account: AccountId
    label: Label = "Watched"


class AddAccount(Command, frozen=True, tag="add_account"):
    """The next account of a wallet."""

    wallet: Id
    family: Family
    label: Label = "Account"


class ListWallets(Command, frozen=True, tag="list_wallets"):
    """The wallets of words: id, label, whether the back-up was tried."""


class RenameWallet(Command, frozen=True, tag="rename_wallet"):
    """Another label."""

    wallet: Id
    label: Label


class RenameAccount(Command, frozen=True, tag="rename_account"):
    """Another label."""

    account: AccountId
    label: Label


class Unwatch(Command, frozen=True, tag="unwatch"):
    """A watched account goes from the list."""

    account: AccountId


class BackedUp(Command, frozen=True, tag="backed_up"):
    """The user was asked for words of the wallet and knew them."""

    wallet: Id


class Discover(Command, frozen=True, tag="discover"):
    """The next addresses of a wallet on one scheme of paths, for the desktop to look them up. Nothing is changed."""

    wallet: Id
    scheme: SchemeName
    first: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    count: Annotated[int, Meta(ge=1, le=100)] = 20


class AddDiscovered(Command, frozen=True, tag="add_discovered"):
    """Accounts that were found in use. One that is there already is passed over."""

    wallet: Id
    scheme: SchemeName
    indexes: Annotated[list[Annotated[int, Meta(ge=0, lt=2**31)]], Meta(min_length=1, max_length=1000)]


class ListContacts(Command, frozen=True, tag="list_contacts"):
    """The address book."""


class AddContact(Command, frozen=True, tag="add_contact"):
    """An address with a name. Replies with what is known of the address, look-alikes among it."""

    account: AccountId
    label: Label
    note: Note = ""


class ChangeContact(Command, frozen=True, tag="change_contact"):
    """Another name or note; the address stays."""

    account: AccountId
    label: Label
    note: Note = ""


class RemoveContact(Command, frozen=True, tag="remove_contact"):
    """Out of the book."""

    account: AccountId


class CheckRecipient(Command, frozen=True, tag="check_recipient"):
    """What is known of an address before anything is sent to it; `first` counts for this sender and chain."""

    account: AccountId
    sender: AccountId | None = None
    chain: Chain | None = None


class KnownBadState(Command, frozen=True, tag="known_bad"):
    """The known-bad list as it is on disk now: its date, source and length."""


class DeviceState(Command, frozen=True, tag="device_state"):
    """Whether this device remembers the keystore, and whether there is a secret store to do it with."""


class Unlock(Command, frozen=True, tag="unlock"):
    """Opens the keystore."""

    passphrase: bytearray


class UnlockRemembered(Command, frozen=True, tag="unlock_remembered"):
    """Opens the keystore with what this device remembers. Only for an agent that was started with the key ring."""


class CheckPassphrase(Command, frozen=True, tag="check_passphrase"):
    """Whether this is the passphrase; nothing else happens."""

    passphrase: bytearray


class Remember(Command, frozen=True, tag="remember"):
    """From now on this device opens the keystore without its passphrase; what leaves still needs it."""

    passphrase: bytearray


class ForgetDevice(Command, frozen=True, tag="forget_device"):
    """It does not any more."""


class Lock(Command, frozen=True, tag="lock"):
    """Forgets every key, now."""


class ListAccounts(Command, frozen=True, tag="list_accounts"):
    """All accounts with their labels."""


class Approve(Command, frozen=True, tag="approve"):
    """Signs the request of this id if its bytes have this sha256. `accounts`: what a site that connects is given, in
    this order; empty: the selected one.
    """

    id: Id
    digest: Annotated[str, Meta(min_length=64, max_length=64)]
    code: Code | None = None
    accounts: Annotated[tuple[AccountId, ...], Meta(max_length=20)] = ()


class Reject(Command, frozen=True, tag="reject"):
    """Refuses a request."""

    id: Id


class Ask(Command, frozen=True, tag="ask"):
    """The owner's own request to sign. It waits for an approval as any other does; its answer is an `Answered`."""

    request: Sign


class SetPolicy(Command, frozen=True, tag="set_policy"):
    """What it tightens holds at once, what it loosens after the delay."""

    policy: Policy


class GetPolicy(Command, frozen=True, tag="get_policy"):
    """The policies in force, what is held, and whether the stop is on."""


class Stop(Command, frozen=True, tag="stop"):
    """Emergency stop."""


class Resume(Command, frozen=True, tag="resume"):
    """Ends the stop after the delay."""


class Release(Command, frozen=True, tag="release"):
    """Ends the hold of an allowance."""

    allowance: str


class PriceOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One price as the node gave it: millionths of the currency for one whole unit, and how old it is."""

    chain: Chain
    asset: str
    micro: Annotated[int, Meta(ge=0)]
    decimals: Annotated[int, Meta(ge=0, le=36)]
    age_s: Annotated[int, Meta(ge=0)]


class SetPrices(Command, frozen=True, tag="set_prices"):
    """Prices for the fiat limits."""

    prices: list[PriceOf]


class Select(Command, frozen=True, tag="select"):
    """The user looks at another account or chain; whatever waited dies."""

    account: AccountId | None = None
    chain: Chain | None = None


class Export(Command, frozen=True, tag="export"):
    """The private key of one account, after the passphrase and the second factor."""

    account: AccountId
    passphrase: bytearray
    code: Code | None = None
    format: Literal["text", "file"] = "text"
    """`text`: hex or base58. `file`: an EVM key file under `password`, a Solana keypair file."""
    password: bytearray = msgspec.field(default_factory=bytearray)


class Reveal(Command, frozen=True, tag="reveal"):
    """The words of a wallet, likewise."""

    wallet: Id
    passphrase: bytearray
    code: Code | None = None


class ChangePassphrase(Command, frozen=True, tag="change_passphrase"):
    """Seals the keystore anew."""

    old: bytearray
    new: bytearray


class TotpBegin(Command, frozen=True, tag="totp_begin"):
    """A new secret for the second factor; it counts from `TotpConfirm` on."""


class TotpConfirm(Command, frozen=True, tag="totp_confirm"):
    """Shows that the authenticator has it."""

    code: Code


class TotpOff(Command, frozen=True, tag="totp_off"):
    """No second factor any more."""

    passphrase: bytearray
    code: Code


class AuditVerify(Command, frozen=True, tag="audit_verify"):
    """Reads the audit log from end to end."""


class AuditExport(Command, frozen=True, tag="audit_export"):
    """Records after a number, as they are in the file."""

    after: Number = 0
    most: Annotated[int, Meta(ge=1, le=1000)] = 500


class AuditSetAside(Command, frozen=True, tag="audit_set_aside"):
    """Keeps a damaged log under another name and begins a new one; everything asks for a day."""


class PairAnswer(Command, frozen=True, tag="pair_answer"):
    """The owner compared the codes of a pairing."""

    session: Number
    yes: bool


class ForgetBrowser(Command, frozen=True, tag="forget_browser"):
    """A paired browser is a stranger again."""

    key: str


class Connections(Command, frozen=True, tag="connections"):
    """The browsers that were paired and what each site was given."""


class DisconnectSite(Command, frozen=True, tag="disconnect_site"):
    """Takes back all that a site was given; what it waits for dies."""

    origin: Origin


class AdmitNode(Command, frozen=True, tag="admit_node"):
    """The process that is the node; no other one may ask as `node:…` without the owner."""

    process: Annotated[int, Meta(ge=1)]


class Touch(Command, frozen=True, tag="touch"):
    """The owner is there: the idle lock counts from now."""


ToOwnerSide: TypeAlias = (
    CreateWallet | Restore | CreateEmpty | ImportKey | ImportFile | Watch | AddAccount | Unlock
    | UnlockRemembered | Remember | ForgetDevice | Lock | ListAccounts | Approve | Ask
    | Reject
    | SetPolicy | GetPolicy | Stop | Resume | Release | SetPrices | Select | Export | Reveal | ChangePassphrase
    | TotpBegin | TotpConfirm | TotpOff | AuditVerify | AuditExport | AuditSetAside | PairAnswer | ForgetBrowser
    | Connections | DisconnectSite | AdmitNode | Touch | ListWallets | RenameWallet | RenameAccount | Unwatch | BackedUp
    | Discover | AddDiscovered | ListContacts | AddContact | ChangeContact | RemoveContact | CheckRecipient
    | KnownBadState | DeviceState | CheckPassphrase
)  # fmt: skip


class Reply(msgspec.Struct, tag_field="op", frozen=True, omit_defaults=True):
    """The base of all replies and reports."""


class Ok(Reply, frozen=True, tag="ok"):
    """The command was done."""

    n: int
    body: Any = None


class Failed(Reply, frozen=True, tag="error"):
    """The command was not done; `reason` says what was kept."""

    n: int
    code: str
    reason: str


class Waits(Reply, frozen=True, tag="pending"):
    """A request waits: what an approval must name, what it would do, why it is asked, until when."""

    id: str
    digest: str
    origin: str
    account: str
    chain: str
    kind: str
    reading: Reading | None
    reasons: tuple[str, ...]
    second_factor: bool
    expires_in_ms: int
    raw: bytes = b""
    """The bytes the digest is of, the first `RAW_SHOWN` of them;"""
    raw_length: int = 0
    proven: bool = False
    """Whether the connection has shown that it may speak for the origin; a program that merely says so has not."""


class Gone(Reply, frozen=True, tag="gone"):
    """A request does not wait any more."""

    id: str
    why: str


class Answered(Reply, frozen=True, tag="answered"):
    """What became of an `Ask`: its signature, or `code` (one of `protocol.errors.REFUSALS`) and why there is none."""

    id: str
    result: str = ""
    code: str = ""
    reason: str = ""


class Condition(Reply, frozen=True, tag="state"):
    """How the agent stands."""

    keystore: bool
    locked: bool
    stopped: bool
    audit: Literal["whole", "damaged"]
    policy: Literal["whole", "damaged", "unknown"]
    second_factor: bool
    waiting: int
    earlier_keystore: bool = False
    """An earlier generation of the keystore was put back: what was given back or set since is as it was then."""


class Progress(Reply, frozen=True, tag="progress"):
    """How far a command is that takes long; `n` is the command's."""

    n: int
    done: int
    whole: int


class Codes(Reply, frozen=True, tag="compare"):
    """A browser pairs: the owner is to compare these digits."""

    session: int
    code: str
    browser: str


FromAgentSide: TypeAlias = Ok | Failed | Waits | Gone | Answered | Condition | Codes | Progress

decode = msgspec.json.Decoder(ToOwnerSide).decode
decode_reply = msgspec.json.Decoder(FromAgentSide).decode
encode = msgspec.json.Encoder().encode
