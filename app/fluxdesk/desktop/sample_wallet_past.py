"""An invented past of the invented wallet: what it paid and was paid, who may take from it, and one request that waits.

Nothing here is real, and nothing of it is shown in a running program.
"""

import hashlib
import json
import time
from typing import TYPE_CHECKING, cast

from fluxdesk.core import wallet_views as w
from fluxdesk.core.settings import Value
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.sample import NOW_S
from fluxdesk.desktop.sample_wallet import (
    ACCOUNTS,
    BASE,
    ETHEREUM,
    KELPO,
    SHOP,
    TOKEN,
    USDC,
    SampleWalletNode,
    chains,
    evm_key,
    solana_key,
)

if TYPE_CHECKING:
    from pathlib import Path

    from fluxdesk.desktop.approval.window import ApprovalWindow
    from fluxdesk_host.agent.owner import Waits

ORIGIN = "https://app.brinqswap.example"
SPENDER = evm_key("spender")
_NFT = evm_key("collection")
_ASSETS = [
    w.AssetView(asset=USDC, symbol="USDC", name="USD Coin", decimals=6, standard="spl"),
    w.AssetView(asset=KELPO, symbol="KELPO", name="Kelp Emperor", decimals=6, standard="token2022"),
]
_EVM_ASSETS = [
    w.AssetView(asset=TOKEN, symbol="USDC", name="USD Coin", decimals=6, standard="erc20"),
    w.AssetView(asset=_NFT, symbol="REEF", name="Reef Club", decimals=0, standard="erc721"),
]


CHAIN_SETTINGS: dict[str, Value] = {
    "chain_rpc": (
        f"{ETHEREUM} https://eth.example.org", f"{ETHEREUM} https://second.example.org",
        f"{BASE} https://base.example.org", "eip155:100 https://gnosis.example.org",
    ),
    "chains_added": ("100 Gnosis xDAI",),
}  # fmt: skip


class PastWalletNode(SampleWalletNode):
    """Answers what the history, the allowances and the chains ask."""

    async def chain(self, chain: str) -> w.ChainView:
        """See `WalletClient.chain`."""
        return next(c for c in chains() if c.id == chain)

    async def history(self, chain: str, account: str, *, cursor: str | None = None, limit: int = 20) -> w.HistoryView:
        """See `WalletClient.history`."""
        self._answers()
        items = [] if self._empty else _past(account)
        covers = "Since block 341,002,118, where this node began to read. Coin sent on by contracts is not in it."
        more = None if self._empty else "next"
        return w.HistoryView(chain=chain, account=account, items=items, next_cursor=more, covers=covers, assets=_ASSETS)

    async def allowances(self, chain: str, account: str) -> w.AllowancesView:
        """See `WalletClient.allowances`."""
        self._answers()
        return w.AllowancesView(
            chain=chain, account=account, items=[] if self._empty else _allowances(account),
            covers="Given from block 23,718,402 to block 24,118,402, as it stands now.", assets=_EVM_ASSETS,
        )  # fmt: skip

    async def chains(self) -> w.ChainsView:
        """See `WalletClient.chains`: the accounts are known also where nothing else is."""
        found = chains()
        for chain in found:
            for endpoint in chain.endpoints:
                endpoint.shown = f"https://{endpoint.shown}"
        return w.ChainsView(items=found)

    def _answers(self) -> None:
        if self._failing:
            raise NodeTrouble("Solana: no endpoint gave a usable answer (rpc.example.org: no answer in 8 s).")


def _past(account: str) -> list[w.HistoryItem]:
    def item(place: int, moves: list[w.MoveView], state: str = "final", fee: str | None = "5000") -> w.HistoryItem:
        return w.HistoryItem(
            tx=solana_key(f"past{place}") + solana_key(f"past-{place}"), block=351_904_301 - 9_417 * place,
            time_s=NOW_S - 61 - 3_767 * place, ok=state != "failed", fee_base=fee, moves=moves, state=state,  # type: ignore[arg-type]
            block_hash=solana_key(f"block{place}"), clock="chain",
            changes=[w.ChangeView(account=account, asset=m.asset, change_base=m.change_base) for m in moves],
        )  # fmt: skip

    def move(asset: str, base: int, other: str | None = None, kind: str = "transfer") -> w.MoveView:
        return w.MoveView(kind=kind, asset=asset, change_base=str(base), other=other)  # type: ignore[arg-type]

    cold, stranger = ACCOUNTS[2].address, solana_key("stranger")
    return [
        item(0, [move("native", -1_500_000_000, SHOP)], "included"),
        item(1, [move(KELPO, 38_400_000_000_000, None, "change"), move("native", -512_000_000, None, "change")]),
        item(2, [move(USDC, 12_480_000_000, SHOP)], fee=None),
        item(3, [move("native", -2_000_000_000, stranger)], "withdrawn"),
        item(4, [], "failed"),
        item(5, [move(USDC, -25_000_000, stranger)]),
        item(6, [move("native", 500_000_000_000, cold)], fee=None),
        item(7, [move(solana_key("nameless"), 7, stranger)], fee=None),
        item(8, [move("native", -500_000_000_000, cold)]),
    ]


def _allowances(account: str) -> list[w.AllowanceView]:
    def one(
        asset: str, spender: str, amount: int | None, kind: str, held: int | None, place: int, through: str = ""
    ) -> w.AllowanceView:
        return w.AllowanceView(
            owner=account, asset=asset, spender=spender, amount_base=None if amount is None else str(amount),
            unlimited=amount is None or amount >= 1 << 255, kind=kind, through=through,  # type: ignore[arg-type]
            held_base=None if held is None else str(held), tx="0x" + hashlib.sha256(bytes([place])).hexdigest(),
            block=24_100_000 - 9_000 * place, time_s=NOW_S - 86_400 * (place + 1),
            expires_s=NOW_S + 9 * 86_400 if through else None,
        )  # fmt: skip

    permit2, router = "0x000000000022d473030f116ddee9f6b43ac78ba3", "0x7a250d5630b4cf539739df2c5dacb4c659f2488d"
    return [
        one(TOKEN, SPENDER, (1 << 256) - 1, "erc20", 1_206_000_000, 2),
        one(TOKEN, permit2, (1 << 256) - 1, "erc20", 1_206_000_000, 41),
        one(TOKEN, router, 250_000_000, "permit2", 1_206_000_000, 3, permit2),
        one(_NFT, evm_key("market"), None, "operator", 3, 17),
    ]


def _permit() -> dict[str, object]:
    fields = [("owner", "address"), ("spender", "address"), ("value", "uint256"), ("nonce", "uint256"),
              ("deadline", "uint256")]  # fmt: skip
    domain = [("name", "string"), ("version", "string"), ("chainId", "uint256"), ("verifyingContract", "address")]
    return {
        "types": {
            "EIP712Domain": [{"name": n, "type": t} for n, t in domain],
            "Permit": [{"name": n, "type": t} for n, t in fields],
        },
        "primaryType": "Permit",
        "domain": {"name": "USD Coin", "version": "2", "chainId": 1, "verifyingContract": TOKEN},
        "message": {
            "owner": ACCOUNTS[1].address, "spender": SPENDER, "value": str((1 << 256) - 1), "nonce": 7,
            "deadline": NOW_S + 30 * 86_400,
        },
    }  # fmt: skip


def waits() -> "Waits":
    """A website asks for an unlimited permit."""
    import msgspec

    from fluxdesk_host.agent.owner import Waits
    from fluxdesk_host.signing import Reason, read_typed_data

    document = _permit()
    account = ACCOUNTS[1]
    reading = read_typed_data(document, ORIGIN, account=account.address.lower(), chain=1)
    new = Reason("first-contact", 3, f"This account has never signed anything for {SPENDER} before.")
    reading = msgspec.structs.replace(reading, reasons=(*reading.reasons, new))
    asked = {"op": "sign", "id": "sample-1", "origin": ORIGIN, "account": account.id, "chain": ETHEREUM,
             "kind": "evm_typed", "payload": document}  # fmt: skip
    raw = json.dumps(asked).encode()
    return Waits(
        "sample-1", hashlib.sha256(raw).hexdigest(), ORIGIN, account.id, ETHEREUM, "evm_typed", reading,
        ("No allowance names this site.",), False, 112_000, raw, len(raw),
    )  # fmt: skip


def approval(folder: "Path") -> "ApprovalWindow":
    """The approval window with that request in it; no agent stands behind it."""
    from fluxdesk.desktop.agent_facts import Request
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.approval.window import ApprovalWindow
    from fluxdesk.desktop.wallet_node import WalletNode

    link = AgentLink(folder, "live", folder / "agent.out")
    made = ApprovalWindow(link, "live")
    link.setParent(made)
    made.set_accounts({a.id: a for a in ACCOUNTS})
    made.set_node(cast("WalletNode", PastWalletNode()))
    request = Request(waits(), time.monotonic() + 112)
    link.waiting[request.waits.id] = request
    link.asked.emit(request)
    return made
