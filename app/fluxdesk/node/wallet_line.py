"""One chain in use: its port, its rail, and the family's answers. Errors of the chain become the gateway's."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from fluxdesk.chains.rpc.errors import ChainError, Refused
from fluxdesk.chains.rpc.port import ChainRpc, Health
from fluxdesk.chains.sending.ports import NATIVE, Draft, NotNow, Payment, Rail, SignedOtherwise, Unpayable
from fluxdesk.core import wallet_views as w
from fluxdesk.core.chains import Chain, Family
from fluxdesk.core.paths import Profile
from fluxdesk.core.settings import Settings
from fluxdesk.gateway.wallet_desk import ChainAway, NotPossible
from fluxdesk.node.wallet_chains import Place

if TYPE_CHECKING:
    from fluxdesk.chains.rpc.pool import EndpointPool

_NAMED_MOST = 40
HISTORY_FILE = "history.sqlite"
_BEST_FIRST: tuple[w.EndpointState, ...] = (
    "good", "slow", "behind", "contradicts", "failing", "other_chain", "unasked",
)  # fmt: skip


class CheckedRpc(ChainRpc, Protocol):
    """A port whose endpoints can be asked how they are."""

    async def check(self) -> list[Health]:
        """Asks each of them for its chain and its head."""
        ...


class Signed:
    """A transaction as it is broadcast, and what it says of itself."""

    __slots__ = ("amount", "asset", "draft", "raw", "recipient", "tx")

    def __init__(self, draft: Draft, raw: bytes, tx: str, asset: str, recipient: str, amount: int):
        self.draft, self.raw, self.tx = draft, raw, tx
        self.asset, self.recipient, self.amount = asset, recipient, amount


class Line(ABC):
    """One chain. Coroutines raise `ChainAway`, `NotPossible`, `BadRequest`."""

    note = ""
    """What a user should know of a practice chain."""

    def __init__(self, rpc: CheckedRpc, rail: Rail, practice: str = "") -> None:
        self.rpc, self.rail, self.practice = rpc, rail, practice
        self.used = False

    @property
    def chain(self) -> Chain:
        """Which."""
        return self.rpc.chain

    async def close(self) -> None:
        """Lets the connections go."""
        await self.rpc.close()

    async def check(self) -> None:
        """Asks each endpoint for its chain and its head."""
        await self.rpc.check()

    def state(self) -> w.EndpointState:
        """As the best endpoint stands."""
        return min((e.state for e in self.endpoints()), key=_BEST_FIRST.index, default="unasked")

    def endpoints(self) -> list[w.EndpointView]:
        """Every endpoint without what may be a key."""
        return [
            w.EndpointView(
                shown=h.shown, state=h.state.value, latency_ms=h.latency_ms or None, head=h.head or None,
                reason=h.reason,
            )
            for h in self.rpc.health()
        ]  # fmt: skip

    async def balance(self, account: str, tokens: Sequence[str]) -> w.BalanceView:
        """What an account holds; unknown, with the reason, while the chain is away."""
        self.used = True
        try:
            return await self._balance(account, tokens)
        except ChainError as error:
            return w.BalanceView(account=account, native_base=None, tokens=[], problem=str(error))

    async def fund(self, account: str) -> None:
        """Fills an account of a practice chain."""
        raise NotPossible(f"{self.chain.name} is no practice chain: nobody gives its coins away here.")

    @abstractmethod
    def check_addresses(self, accounts: Sequence[str], tokens: Sequence[str]) -> None:
        """Raises `BadRequest` for an address of another family."""

    def account(self, address: str) -> str:
        """The form under which the queue keeps an address."""
        return address.lower() if self.chain.family is Family.EVM else address

    @abstractmethod
    def payments(self, asked: w.OrderAsked) -> list[Payment]:
        """An order's items as the queue keeps them. Raises `BadRequest`, `NotPossible`."""

    @abstractmethod
    async def fees(self) -> w.FeesView:
        """What to offer for each speed."""

    @abstractmethod
    def view(self, draft: Draft, account: str) -> w.TransferView:
        """An unsigned transaction and its cost."""

    @abstractmethod
    async def read(self, asked: w.BroadcastAsked) -> Signed:
        """Signed bytes, once they are sure to be what they are said to be. Raises `NotPossible`, `BadRequest`."""

    @abstractmethod
    async def simulate(self, asked: w.SimulationAsked) -> w.SimulationView:
        """What unsigned bytes would do."""

    @abstractmethod
    async def history(self, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """Transactions of an account."""

    async def allowances(self, account: str) -> w.AllowancesView:
        """What others may take."""
        raise NotPossible(f"Allowances of {self.chain.name} are not read.")

    async def nonces(self, account: str, taken: frozenset[int]) -> w.NoncesView:
        """Durable nonce accounts; `taken`: numbers of those in use."""
        raise NotPossible("Durable nonce accounts exist on Solana only.")

    async def tables(self, tables: Sequence[str]) -> w.TablesView:
        """Lookup tables, read."""
        raise NotPossible("Lookup tables exist on Solana only.")

    @abstractmethod
    async def transaction(self, tx: str) -> w.TxView:
        """A transaction with its bytes. Raises `NoSuchThing`, `BadRequest`."""

    @abstractmethod
    async def _balance(self, account: str, tokens: Sequence[str]) -> w.BalanceView: ...


def named(view: w.SimulationView) -> list[str]:
    """Every token that a simulation names."""
    assets = {change.asset for change in view.changes or []} | {approval.asset for approval in view.approvals or []}
    return sorted(assets - {NATIVE})[:_NAMED_MOST]


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Errors of the chain in the gateway's words."""
    try:
        yield
    except (Refused, NotNow, Unpayable, SignedOtherwise) as error:
        raise NotPossible(str(error)) from error
    except ChainError as error:
        raise ChainAway(str(error)) from error


def open_line(place: Place, settings: Settings, profile: Profile) -> Line:
    """A line over the user's endpoints or a practice chain. Contacts no one."""
    if place.chain.family is Family.EVM:
        from fluxdesk.chains.evm.client import EvmClient
        from fluxdesk.chains.evm.rail import EvmRail
        from fluxdesk.node.wallet_evm import EvmLine

        if place.practice:
            from fluxdesk.node.wallet_anvil import AnvilRpc, PracticeEvmLine

            return PracticeEvmLine(AnvilRpc(place.chain, profile), profile.folder / HISTORY_FILE)
        pool = _pool(place, settings)
        evm = EvmClient(pool)
        limit = settings.integer("evm_fee_limit_gwei") * 10**9
        return EvmLine(evm, EvmRail(evm, limit), pool, profile.folder / HISTORY_FILE)
    from fluxdesk.chains.solana.client import SolanaClient
    from fluxdesk.chains.solana.rail import SolanaRail
    from fluxdesk.node.wallet_solana import SolanaLine

    if place.practice:
        from fluxdesk.node.wallet_litesvm import LiteSvmRpc, PracticeSolanaLine

        return PracticeSolanaLine(LiteSvmRpc(place.chain))
    pool = _pool(place, settings)
    solana = SolanaClient(pool)
    rail = SolanaRail(solana, settings.integer("solana_price_limit"), settings.lines("solana_tables"))
    return SolanaLine(solana, rail, pool)


def _pool(place: Place, settings: Settings) -> "EndpointPool":
    from fluxdesk.chains.rpc.pool import EndpointPool

    return EndpointPool(place.chain, place.endpoints, settings.integer("rpc_per_second"))
