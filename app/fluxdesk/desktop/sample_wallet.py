"""An invented wallet for the pictures of the Wallet screen: accounts, balances, fees, one payment, what is in flight.

Nothing here is real: no key, no chain and no agent stands behind it, and nothing of it is shown in a running program.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

from fluxdesk.core import wallet_views as w
from fluxdesk.core.views import SendsFrame
from fluxdesk.desktop.agent_facts import Account, AgentState, Alike, Contact, HeldWallet, RecipientState
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.sample import NOW_S
from fluxdesk_host.agent.owner import Condition
from fluxdesk_host.keys.base58 import b58encode

SOLANA, ETHEREUM, BASE = "solana:mainnet", "eip155:1", "eip155:8453"
PAYLOAD = "AQABAgME"


def solana_key(name: str) -> str:
    """An address nobody has the key of."""
    return b58encode(hashlib.sha256(name.encode()).digest())


def evm_key(name: str) -> str:
    """An address nobody has the key of."""
    return "0x" + hashlib.sha256(name.encode()).hexdigest()[:40]


USDC, KELPO, NAMELESS = solana_key("usdc"), solana_key("kelpo"), solana_key("nameless")
TOKEN = evm_key("token")
SHOP = solana_key("shop")
ACCOUNTS = (
    Account(f"solana:{solana_key('main')}", "Main, Solana", "solana", "w1", "m/44'/501'/0'/0'", True),
    Account(f"evm:{evm_key('main')}", "Main, EVM", "evm", "w1", "m/44'/60'/0'/0/0", True),
    Account(f"solana:{solana_key('cold')}", "Cold storage", "solana", "", "", False),
)
CONTACTS = (Contact(f"solana:{SHOP}", "Harbour Exchange", "Deposits"),)
STATE = AgentState(phase="up", condition=Condition(True, False, False, "whole", "whole", False, 0))


def _endpoint(shown: str, state: w.EndpointState = "good", head: int = 0, reason: str = "") -> w.EndpointView:
    return w.EndpointView(shown=shown, state=state, latency_ms=38 if head else None, head=head or None, reason=reason)


def chains() -> list[w.ChainView]:
    """Three that are served; Base does not answer."""
    return [
        w.ChainView(id=SOLANA, family="solana", name="Solana", symbol="SOL", decimals=9, test=False, added=False,
                    endpoints=[_endpoint("rpc.example.org", head=351_904_377)]),
        w.ChainView(id=ETHEREUM, family="evm", name="Ethereum", symbol="ETH", decimals=18, test=False, added=False,
                    endpoints=[_endpoint("eth.example.org", head=24_118_402), _endpoint("second.example.org", "behind",
                                                                                       24_118_377)]),
        w.ChainView(id=BASE, family="evm", name="Base", symbol="ETH", decimals=18, test=False, added=False,
                    endpoints=[_endpoint("base.example.org", "failing", reason="no answer in 8 s")]),
    ]  # fmt: skip


def _token(
    asset: str, standard: str, amount: str, decimals: int | None, symbol: str = "", name: str = "", frozen: bool = False
) -> w.TokenBalanceView:
    held = [w.TokenAccountView(address=solana_key(asset), amount_base=amount, frozen=frozen)]
    return w.TokenBalanceView(
        asset=asset, standard=standard, amount_base=amount, decimals=decimals, symbol=symbol, name=name,  # type: ignore[arg-type]
        accounts=[] if standard == "erc20" else held,
    )  # fmt: skip


def send(
    place: int, state: w.SendState, amount: str, included: bool = False, more: Mapping[str, object] = {}
) -> w.SendView:
    """One payment of the list."""
    fields: dict[str, object] = {
        "id": f"sample-{place}", "chain": SOLANA, "account": ACCOUNTS[0].address, "asset": "native",
        "recipient": SHOP, "amount_base": amount, "state": state, "included": included, "reason": "",
        "txs": [solana_key(f"tx{place}") * 2], "nonce": None, "block": 351_904_301 if included else None,
        "fee_base": "5000" if state == "paid" else None, "asked_wall_ns": (NOW_S - 40 * place) * 10**9,
        "included_wall_ns": None, "ended_wall_ns": None,
    }  # fmt: skip
    return w.SendView(**(fields | dict(more)))  # type: ignore[arg-type]


def sends() -> list[w.SendView]:
    """In each of the states that a payment has."""
    evm: dict[str, object] = {
        "chain": ETHEREUM, "account": ACCOUNTS[1].address, "recipient": evm_key("friend"), "nonce": 41,
        "txs": ["0x" + hashlib.sha256(b"evm").hexdigest()], "can": ["cancel", "speed_up"],
    }  # fmt: skip
    waits = "Waits for its signature in the approval window."
    failed = "The token account of the recipient is frozen by its issuer."
    return [
        send(1, "sending", "250000000000000000", more=evm),
        send(2, "sending", "1500000000", included=True),
        send(3, "queued", "75000000", more={"txs": [], "reason": waits, "can": ["cancel"]}),
        send(4, "paid", "12000000000", more={"block": 351_903_118}),
        send(5, "failed", "25000000", more={"asset": USDC, "reason": failed, "fee_base": "5000"}),
    ]


def sends_frame() -> SendsFrame:
    """As the node tells of them."""
    return SendsFrame(seq=1, items=sends())


class SampleWalletNode:
    """Answers as the node's wallet side would. `failing`: nobody does; `empty`: no chain has an endpoint."""

    def __init__(self, failing: bool = False, empty: bool = False) -> None:
        self._failing, self._empty = failing, empty

    async def chains(self) -> w.ChainsView:
        """See `WalletClient.chains`."""
        if self._failing:
            raise NodeTrouble("The node does not answer. Nothing was sent; ask again when it runs.")
        return w.ChainsView(items=[] if self._empty else chains())

    async def balances(self, chain: str, accounts: Sequence[str], tokens: Sequence[str] = ()) -> w.BalancesView:
        """See `WalletClient.balances`."""
        view = next(c for c in chains() if c.id == chain)
        items = [self._balance(chain, account) for account in accounts]
        return w.BalancesView(chain=chain, symbol=view.symbol, decimals=view.decimals, items=items)

    def _balance(self, chain: str, account: str) -> w.BalanceView:
        if chain == BASE:
            problem = "Base: no endpoint gave a usable answer (base.example.org: no answer in 8 s)."
            return w.BalanceView(account=account, native_base=None, tokens=[], problem=problem)
        if chain == ETHEREUM:
            tokens = [_token(TOKEN, "erc20", "1206000000", 6, "USDC", "USD Coin")]
            return w.BalanceView(account=account, native_base="1206034117700288514", tokens=tokens, block=24_118_402)
        if account == ACCOUNTS[2].address:
            return w.BalanceView(account=account, native_base="500000000000", tokens=[])
        held = [
            _token(USDC, "spl", "12480000000", 6, "USDC", "USD Coin"),
            _token(KELPO, "token2022", "38400000000000", 6, "KELPO", "Kelp Emperor"),
            _token(NAMELESS, "spl", "7", None, frozen=True),
        ]
        return w.BalanceView(account=account, native_base="118421000000", tokens=held)

    async def fees(self, chain: str) -> w.FeesView:
        """See `WalletClient.fees`."""
        view = next(c for c in chains() if c.id == chain)
        speeds: tuple[tuple[Literal["slow", "normal", "fast"], int], ...] = (
            ("slow", 0), ("normal", 12_000), ("fast", 90_000),
        )  # fmt: skip
        items = [
            w.FeeView(
                speed=speed, most_per_unit=str(price), tip_per_unit=None, transfer_base=str(5_000 + price // 2_000)
            )
            for speed, price in speeds
        ]
        return w.FeesView(chain=chain, symbol=view.symbol, decimals=view.decimals, base_per_unit=None, items=items)

    async def transfer(self, chain: str, asked: w.TransferAsked) -> w.TransferView:
        """See `WalletClient.transfer`."""
        rent = "0" if asked.asset == "native" else "2039280"
        cost = w.CostView(total_base=str(5_006 + int(rent)), fee_base="5000", priority_base="6", rent_base=rent,
                          data_base="0")  # fmt: skip
        return w.TransferView(
            chain=chain, kind="solana_tx", account=asked.account, payload_b64=PAYLOAD, fields=None, cost=cost,
            nonce=None, expires=351_904_520,
        )  # fmt: skip

    async def simulate(self, chain: str, account: str, payload_b64: str) -> w.SimulationView:
        """See `WalletClient.simulate`."""
        moved = [(account, KELPO, "-1250000000000"), (SHOP, KELPO, "1250000000000"), (account, "native", "-2044286")]
        changes = [w.ChangeView(account=who, asset=asset, change_base=base) for who, asset, base in moved]
        return w.SimulationView(
            chain=chain, done=True, ok=True, reason="", changes=changes, approvals=[], owners=[], fee_base="5006",
            units=6_200, block=351_904_377,
        )  # fmt: skip

    async def sends(self, *, limit: int = 50) -> w.SendsView:
        """See `WalletClient.sends`."""
        return w.SendsView(items=sends())


class SampleAgentLink:
    """Answers as an unlocked agent would, as far as the pictures need it."""

    state = STATE

    async def accounts(self) -> list[Account]:
        """See `AgentLink.accounts`."""
        return list(ACCOUNTS)

    async def wallets(self) -> list[HeldWallet]:
        """See `AgentLink.wallets`."""
        return [HeldWallet("w1", "Main", True, 12)]

    async def contacts(self) -> list[Contact]:
        """See `AgentLink.contacts`."""
        return list(CONTACTS)

    async def check_recipient(
        self, account: str, sender: str | None = None, chain: str | None = None
    ) -> RecipientState:
        """See `AgentLink.check_recipient`."""
        if account == f"solana:{SHOP}":
            return RecipientState(account, "contact", "Harbour Exchange", known_for_ms=41 * 86_400_000)
        return RecipientState(account, "new", alike=(Alike(f"solana:{SHOP}", "Harbour Exchange", "contact"),))
