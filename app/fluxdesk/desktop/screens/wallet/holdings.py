"""What accounts hold, as rows: the node's answers joined with accounts and chains. Pure; the unknown stays unknown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from fluxdesk.core.wallet_views import BalancesView, BalanceView, ChainView, EndpointView, TokenAccountView
from fluxdesk.desktop.i18n import tr
from fluxdesk.desktop.words import UNKNOWN, address_key, amount, remote, short_address

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Account

_C = "Wallet"
NATIVE = "native"
SYMBOL_LIMIT, NAME_LIMIT = 16, 40
STANDARDS = {"erc20": "ERC-20", "spl": "SPL", "token2022": "Token-2022"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One asset of one account on one chain.

    Attributes:
        symbol, name: For the chain's coin ours; for a token its own word, already made harmless; empty when unknown.
        amount_base: None while it is being read, and when it could not be.
        reading: Asked for, not answered yet.
        problem: Why something is unknown.
        asked_s: When the answer came, by this machine's clock.
    """

    account: "Account"
    chain: ChainView
    asset: str
    standard: str
    symbol: str
    name: str
    amount_base: str | None
    decimals: int | None
    reading: bool = False
    problem: str = ""
    block: int | None = None
    asked_s: float | None = None
    accounts: tuple[TokenAccountView, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from every other."""
        return self.account.id, self.chain.id, self.asset

    @property
    def native(self) -> bool:
        """Whether it is the chain's own coin."""
        return self.asset == NATIVE

    @property
    def amount(self) -> str:
        """Exact; in base units when nobody said how many decimals there are."""
        return tr(_C, "reading") if self.reading else amount(self.amount_base, self.decimals)

    @property
    def title(self) -> str:
        """Symbol, or that there is none."""
        return self.symbol or tr(_C, "Symbol unknown")

    @property
    def kind(self) -> str:
        """What it is, in a word or two."""
        return tr(_C, "coin of the chain") if self.native else STANDARDS.get(self.standard, remote(self.standard, 16))

    @property
    def empty(self) -> bool:
        """Known to be nothing."""
        return self.amount_base is not None and int(self.amount_base) == 0

    @property
    def frozen(self) -> bool:
        """Whether a token account of it cannot be moved."""
        return any(account.frozen for account in self.accounts)


def coin(account: "Account", chain: ChainView, **more: object) -> Holding:
    """The chain's own coin."""
    fields: dict[str, object] = {
        "account": account, "chain": chain, "asset": NATIVE, "standard": "", "symbol": chain.symbol,
        "name": chain.name, "amount_base": None, "decimals": chain.decimals,
    }  # fmt: skip
    return Holding(**(fields | more))  # type: ignore[arg-type]


def served(chains: Iterable[ChainView]) -> list[ChainView]:
    """The chains that somebody answers for."""
    return [chain for chain in chains if chain.practice or chain.endpoints]


def waiting(accounts: Sequence["Account"], chains: Sequence[ChainView]) -> list[Holding]:
    """What is going to be read: a row for each account and chain."""
    return [coin(account, chain, reading=True) for chain in chains for account in of_family(accounts, chain)]


def of_family(accounts: Iterable["Account"], chain: ChainView) -> list["Account"]:
    """Those that have an address on the chain."""
    return [account for account in accounts if account.family == chain.family]


def of_answer(accounts: Sequence["Account"], chain: ChainView, answer: BalancesView, now_s: float) -> list[Holding]:
    """An answer as rows, in the order of the accounts: the coin first, then tokens by their address."""
    by_address = {address_key(item.account): item for item in answer.items}
    rows = []
    for account in of_family(accounts, chain):
        item = by_address.get(address_key(account.address))
        if item is None:
            rows.append(coin(account, chain, problem=tr(_C, "The node left this account out of its answer.")))
            continue
        rows.append(
            coin(
                account,
                chain,
                amount_base=item.native_base,
                problem=remote(item.problem, 300),
                block=item.block,
                asked_s=now_s,
                symbol=remote(answer.symbol, SYMBOL_LIMIT),
                decimals=answer.decimals,
            )
        )
        rows += _tokens(account, chain, item, now_s)
    return rows


def joined(parts: Sequence[BalancesView]) -> BalancesView:
    """Answers about one chain as one: of an account that was asked about more than once, every token."""
    found: dict[str, BalanceView] = {}
    for part in parts:
        for item in part.items:
            before = found.get(item.account)
            if before is None:
                found[item.account] = item
                continue
            known = {token.asset for token in before.tokens}
            more = [token for token in item.tokens if token.asset not in known]
            found[item.account] = msgspec.structs.replace(
                before, tokens=[*before.tokens, *more], problem=before.problem or item.problem
            )
    return msgspec.structs.replace(parts[0], items=list(found.values()))


def of_failure(accounts: Sequence["Account"], chain: ChainView, why: str) -> list[Holding]:
    """A chain whose answer did not come."""
    return [coin(account, chain, problem=remote(why, 300)) for account in of_family(accounts, chain)]


def _tokens(account: "Account", chain: ChainView, item: BalanceView, now_s: float) -> list[Holding]:
    return [
        Holding(
            account=account, chain=chain, asset=token.asset, standard=token.standard,
            symbol=remote(token.symbol, SYMBOL_LIMIT), name=remote(token.name, NAME_LIMIT),
            amount_base=token.amount_base, decimals=token.decimals, problem=remote(item.problem, 300),
            block=item.block, asked_s=now_s, accounts=tuple(token.accounts),
        )
        for token in sorted(item.tokens, key=lambda token: token.asset)
    ]  # fmt: skip


def sentence(holding: Holding) -> str:
    """What a screen reader says of a row."""
    return tr(
        _C,
        "{title}, {kind}, {amount}, {account} on {chain}. {problem}",
        title=holding.title,
        kind=holding.kind,
        amount=holding.amount,
        account=remote(holding.account.label, 40),
        chain=remote(holding.chain.name, 40),
        problem=holding.problem,
    ).strip()


def chain_words(chain: ChainView) -> str:
    """A chain's name; on a practice chain with the program that stands for it."""
    name = remote(chain.name, 40)
    return f"{name} · {chain.practice}" if chain.practice else name


def endpoint_words(endpoint: EndpointView) -> str:
    """An endpoint, how it stands, and the head it says."""
    said = {
        "unasked": tr(_C, "not asked yet"),
        "good": tr(_C, "answers"),
        "slow": tr(_C, "slow"),
        "behind": tr(_C, "behind the others"),
        "failing": tr(_C, "does not answer"),
        "other_chain": tr(_C, "serves another chain"),
        "contradicts": tr(_C, "contradicts the others"),
    }[endpoint.state]
    parts = [remote(endpoint.shown, 60), said]
    if endpoint.head is not None:
        parts.append(tr(_C, "head {n}", n=f"{endpoint.head:,}"))
    if endpoint.latency_ms is not None:
        parts.append(tr(_C, "{n} ms", n=endpoint.latency_ms))
    if endpoint.reason:
        parts.append(remote(endpoint.reason, 200))
    return ", ".join(parts)


def asset_words(holding: Holding) -> str:
    """The asset by its address, cut for a list; the whole of it is in the panel."""
    return "" if holding.native else short_address(holding.asset, 6, 6) or UNKNOWN
