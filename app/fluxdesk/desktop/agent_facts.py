"""What the agent says, as the desktop holds it: accounts, sites, recipients, policy, the agent's state. No calls."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from fluxdesk.desktop.i18n import tr
from fluxdesk_host.agent import owner
from fluxdesk_host.agent.policy import Policy

_C = "Agent"
Phase = Literal["off", "starting", "up", "stopped"]
Family = Literal["evm", "solana"]


class Account(msgspec.Struct, frozen=True):
    """One account. `wallet` is empty for imported and watched ones, `signs` False for the watched."""

    id: str
    label: str
    family: Family
    wallet: str
    path: str
    signs: bool

    @property
    def address(self) -> str:
        """The address as chains write it; EVM ones with their checksum, which guards against a mistyped letter."""
        return written(self.id)


class SiteGrant(msgspec.Struct, frozen=True):
    """What a site was given on one family of chains."""

    accounts: list[str]
    chain: str


class HeldWallet(msgspec.Struct, frozen=True):
    """One wallet of words. `tried`: the user typed words of it, so the back-up exists; `words`: how many there are."""

    id: str
    label: str
    tried: bool
    words: int


class Contact(msgspec.Struct, frozen=True):
    """One entry of the address book. `account` is `evm:0x…` in lower case or `solana:…`."""

    account: str
    label: str
    note: str = ""

    @property
    def family(self) -> str:
        """`evm` or `solana`."""
        return self.account.partition(":")[0]

    @property
    def address(self) -> str:
        """As chains write it, EVM ones with their checksum."""
        return written(self.account)


class Alike(msgspec.Struct, frozen=True, array_like=True):
    """A known address that another one resembles. `label` is empty for those that were only sent to."""

    account: str
    label: str
    kind: Literal["contact", "own", "sent"]
    since: int = 0

    @property
    def address(self) -> str:
        """As chains write it."""
        return written(self.account)


class BadEntry(msgspec.Struct, frozen=True):
    """What the known-bad list says of an address."""

    account: str
    why: str = ""


class RecipientState(msgspec.Struct, frozen=True):
    """What the agent knows of an address, before anything is sent to it.

    Attributes:
        kind: `contact`, `own`, `sent` (signed for before, on any chain) or `new`.
        label: The contact's or the own account's.
        alike: Known addresses that it resembles without being one of them.
        bad: Its entry of the known-bad list, and `bad_date` the date of that list.
        known_for_ms: Since when this sender signs for it on this chain; None: never, or not asked.
    """

    account: str
    kind: Literal["contact", "own", "sent", "new"]
    label: str = ""
    alike: tuple[Alike, ...] = ()
    bad: BadEntry | None = None
    bad_date: str = ""
    known_for_ms: int | None = None


class KnownBadList(msgspec.Struct, frozen=True):
    """The known-bad list: date and source as it states them. `date` is empty where there is none."""

    date: str
    source: str
    count: int
    problem: str


class Found(msgspec.Struct, frozen=True):
    """One address that discovery is to look up."""

    index: int
    path: str
    account: str


class Device(msgspec.Struct, frozen=True):
    """Whether this device remembers the keystore. `store`: whether a secret store answers; None: not asked for."""

    remembered: bool
    key_ring: bool
    store: bool | None


class Connections(msgspec.Struct, frozen=True):
    """Paired browsers (key in hex -> name) and the sites with their grants by family."""

    browsers: dict[str, str]
    sites: dict[str, dict[str, SiteGrant]]


class ReplacedPolicy(msgspec.Struct, frozen=True):
    """A policy that goes on binding until what was loosened may count."""

    policy: Policy
    binds_for_ms: int


class PolicyState(msgspec.Struct, frozen=True):
    """The policies in force."""

    current: Policy
    replaced: list[ReplacedPolicy]
    held: list[str]
    stopped: bool
    resumes_in_ms: int | None
    state: str


class Audit(msgspec.Struct, frozen=True):
    """What reading the audit log from end to end found. `torn`: bytes of an unfinished record at its end."""

    records: int
    problems: list[str]
    torn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentState:
    """One moment of the agent.

    Attributes:
        phase: `off` where there is none (a recording), `starting`, `up`, `stopped` when it ended by itself.
        condition: What it last said of itself; None unless `up`.
        reason: Why it stopped, in words.
        retry_in_s: Seconds until it is started again; None when nobody will.
    """

    phase: Phase = "off"
    condition: owner.Condition | None = None
    reason: str = ""
    retry_in_s: float | None = None

    @property
    def unlocked(self) -> bool:
        """Whether it holds keys now."""
        return self.condition is not None and not self.condition.locked

    @property
    def has_wallet(self) -> bool:
        """Whether there is a keystore; False as well while nothing is known."""
        return self.condition is not None and self.condition.keystore

    @property
    def words(self) -> str:
        """For the status bar."""
        if self.condition is None:
            return {
                "off": "",
                "starting": tr(_C, "Agent starting"),
                "up": tr(_C, "Agent starting"),
                "stopped": tr(_C, "Agent stopped"),
            }[self.phase]
        if not self.condition.keystore:
            return tr(_C, "No wallet")
        if self.condition.locked:
            return tr(_C, "Agent locked")
        return tr(_C, "Emergency stop") if self.condition.stopped else tr(_C, "Agent unlocked")

    @property
    def warns(self) -> bool:
        """Whether the words ask for attention."""
        found = self.condition
        return self.phase == "stopped" or (found is not None and (found.stopped or found.audit == "damaged"))


@dataclass(frozen=True, slots=True)
class Request:
    """A request that waits, with the moment (monotonic, s) it runs out."""

    waits: owner.Waits
    expires: float

    @property
    def true(self) -> bool:
        """Whether the bytes shown are the ones an approval names, as far as all of them were sent."""
        whole = len(self.waits.raw) == self.waits.raw_length
        return not whole or hashlib.sha256(self.waits.raw).hexdigest() == self.waits.digest


def written(account: str) -> str:
    """The address of an account name as chains write it; EVM ones with their checksum."""
    from fluxdesk_host.keys.addresses import parse_evm_address, to_checksum

    plain = account.partition(":")[2]
    return to_checksum(parse_evm_address(plain)) if account.startswith("evm:") else plain


def grants_of(sites: Mapping[str, Mapping[str, SiteGrant]]) -> list[tuple[str, str, SiteGrant]]:
    """(origin, family, grant) of every grant, by origin."""
    return [(o, family, grant) for o, families in sorted(sites.items()) for family, grant in sorted(families.items())]
