"""Who may take what from an EVM account: found in approval logs, and asked of the contracts as it stands now.

A log is only where to look; what holds is what the contract answers. Permit2 keeps its own allowances, which token
contracts know nothing of: it is asked for them. Says how far back was looked.
"""

from typing import NamedTuple

from fluxdesk.chains.evm.allowances import PERMIT2
from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.metadata import TokenWords, answered, token_words
from fluxdesk.core import wallet_views as w
from fluxdesk.node.wallet_evm_logs import WINDOW, Found, Window, block_times, topic_of
from fluxdesk.node.wallet_evm_simulation import APPROVAL, APPROVAL_FOR_ALL, UNLIMITED

PERMIT2_APPROVAL = "0xda9fa7c1b00402c17d0161b249b1ab8bbec047c5a52207b9c112deffd817036b"
PERMIT2_PERMIT = "0xc6a377bfc4eb120024a8ac08eef205be16b817020812c73223e81d1bdb9708ec"
"""Keccak-256 of `Approval(address,address,address,uint160,uint48)` and
`Permit(address,address,address,uint160,uint48,uint48)`; owner, token and spender are indexed."""
_BACK, _WINDOWS_MOST = 400_000, 40
_MOST = 200
_PERMIT2_UNLIMITED = (1 << 160) - 1
_ALLOWANCE, _APPROVED_FOR_ALL, _GET_APPROVED = "0xdd62ed3e", "0xe985e9c5", "0x081812fc"
_PERMIT2_ALLOWANCE, _BALANCE_OF = "0x927da105", "0x70a08231"
_ZERO = "0x" + "00" * 20


class Given(NamedTuple):
    """What a log says was given; `token_id` of one token of a collection."""

    kind: w.AllowanceKind
    asset: str
    spender: str
    token_id: int | None = None


async def allowances(client: EvmClient, account: str) -> w.AllowancesView:
    """Those that hold now, of all that were given in the blocks looked at. Raises `ChainError`."""
    head = (await client.head()).number
    given, lowest = await _given(client, account, head)
    chosen = sorted(given, key=lambda g: (g.asset, g.kind, g.spender))[:_MOST]
    answers = await client.batch([("eth_call", [_question(account, g), "latest"]) for g in chosen])
    holding = [(g, now) for g, answer in zip(chosen, answers, strict=True) if (now := _now(g, answered(answer)))]
    assets = sorted({g.asset for g, _ in holding})
    held = await client.batch(
        [("eth_call", [{"to": a, "data": _BALANCE_OF + topic_of(account)[2:]}, "latest"]) for a in assets]
    )
    balances = {asset: _number(answered(answer)) for asset, answer in zip(assets, held, strict=True)}
    times = await block_times(client, [given[g].height for g, _ in holding])
    words = await token_words(client, assets)
    items = [_view(account, g, now, given[g], balances[g.asset], times) for g, now in holding]
    since = "the first block" if lowest <= 0 else f"block {lowest:,}"
    more = "" if len(given) <= _MOST else f" Only {_MOST} of {len(given)} were asked."
    collections = {g.asset for g, _ in holding if g.kind in ("nft", "operator")}
    return w.AllowancesView(
        chain=client.chain.id, account=account, items=items,
        covers=f"Given from {since} to block {head:,}, Permit2 included, as it stands now.{more}",
        assets=[asset_view(asset, words[asset], asset in collections) for asset in assets],
    )  # fmt: skip


async def _given(client: EvmClient, account: str, head: int) -> tuple[dict[Given, Found], int]:
    """(what was given -> its newest log, the lowest block looked at)."""
    topic = topic_of(account)
    filters = [[[APPROVAL, APPROVAL_FOR_ALL, PERMIT2_APPROVAL, PERMIT2_PERMIT], topic]]
    window, last, lowest = Window(max(WINDOW, head + 1)), head, max(0, head - _BACK)
    given: dict[Given, Found] = {}
    for _ in range(_WINDOWS_MOST):
        last, logs = await window.logs(client, last, filters)
        for log in logs:
            read = _read(log, topic)
            if read is not None and (read not in given or given[read].place < log.place):
                given[read] = log
        last -= 1
        if last < lowest:
            break
    return given, last + 1


def _read(log: Found, owner: str) -> Given | None:
    """What a log says; an endpoint decides what it sends, so the owner is looked at again."""
    topics, asset = [topic.lower() for topic in log.topics], log.address.lower()
    if len(topics) < 3 or topics[1] != owner:
        return None
    if asset == PERMIT2 and topics[0] in (PERMIT2_APPROVAL, PERMIT2_PERMIT) and len(topics) == 4:
        return Given("permit2", _address(topics[2]), _address(topics[3]))
    if topics[0] == APPROVAL and len(topics) == 3:
        return Given("erc20", asset, _address(topics[2]))
    if topics[0] == APPROVAL and len(topics) == 4:
        return Given("nft", asset, _address(topics[2]), int(topics[3], 16))
    return Given("operator", asset, _address(topics[2])) if topics[0] == APPROVAL_FOR_ALL else None


def _question(account: str, given: Given) -> dict[str, str]:
    owner, asset, spender = topic_of(account)[2:], topic_of(given.asset)[2:], topic_of(given.spender)[2:]
    if given.kind == "permit2":
        return {"to": PERMIT2, "data": _PERMIT2_ALLOWANCE + owner + asset + spender}
    if given.kind == "nft":
        return {"to": given.asset, "data": f"{_GET_APPROVED}{given.token_id or 0:064x}"}
    selector = _ALLOWANCE if given.kind == "erc20" else _APPROVED_FOR_ALL
    return {"to": given.asset, "data": selector + owner + spender}


def _now(given: Given, answer: bytes) -> tuple[int, int | None] | None:
    """(amount, when it ends, Unix seconds); None where nothing may be taken, or the contract does not say."""
    if given.kind == "permit2":
        amount, ends = int.from_bytes(answer[:32], "big"), int.from_bytes(answer[32:64], "big")
        return (amount, ends) if len(answer) == 96 and 0 < amount <= _PERMIT2_UNLIMITED and ends < 1 << 48 else None
    if len(answer) != 32:
        return None
    if given.kind == "nft":
        stands = given.spender != _ZERO and answer.hex()[24:] == given.spender[2:]
        return (1, None) if stands else None
    amount = int.from_bytes(answer, "big")
    return (amount, None) if amount else None


def _view(
    account: str, given: Given, now: tuple[int, int | None], log: Found, held: int | None, times: dict[int, int]
) -> w.AllowanceView:
    amount, ends = now
    whole = given.kind == "operator"
    most = _PERMIT2_UNLIMITED if given.kind == "permit2" else UNLIMITED
    return w.AllowanceView(
        owner=account, asset=given.asset, spender=given.spender, amount_base=None if whole else str(amount),
        unlimited=whole or amount >= most, kind=given.kind, expires_s=ends,
        token_id=None if given.token_id is None else str(given.token_id),
        through=PERMIT2 if given.kind == "permit2" else "", held_base=None if held is None else str(held),
        tx=log.transaction_hash, block=log.height, time_s=times.get(log.height),
    )  # fmt: skip


def asset_view(asset: str, words: TokenWords, collection: bool = False) -> w.AssetView:
    """A token's own words. Whether a collection is an ERC-721 or an ERC-1155 was not asked."""
    standard: w.Standard = "unknown" if collection else "erc20"
    return w.AssetView(asset=asset, symbol=words.symbol, name=words.name, decimals=words.decimals, standard=standard)


def _address(topic: str) -> str:
    return "0x" + topic[-40:]


def _number(answer: bytes) -> int | None:
    return int.from_bytes(answer, "big") if len(answer) == 32 else None
