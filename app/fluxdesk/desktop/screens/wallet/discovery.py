"""Which accounts of a wallet were ever used: the agent derives addresses, the node is asked about them. No widgets.

BIP-44's gap limit: a scheme of paths is looked at until twenty addresses in a row were never used on any chain.
https://github.com/bitcoin/bips/blob/master/bip-0044.mediawiki . "Used" is a coin, a token, or a transaction sent (EVM:
the count of transactions; Solana: one entry of the history). An EVM account that only received, and that others emptied
by a permission, is not found.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from fluxdesk.core.wallet_views import ChainView
from fluxdesk.desktop.feed import NodeTrouble
from fluxdesk.desktop.i18n import tr

if TYPE_CHECKING:
    from fluxdesk.desktop.agent_facts import Family, Found
    from fluxdesk.desktop.agent_link import AgentLink
    from fluxdesk.desktop.wallet_node import WalletNode
    from fluxdesk_host.agent.owner import SchemeName

_C = "Wallet"
GAP: Final = 20
AT_ONCE: Final = 4
"""Questions to the node that are on their way together."""
SCHEMES: "Final[dict[Family, tuple[SchemeName, ...]]]" = {
    "solana": ("solana", "solana_bare"),
    "evm": ("evm", "evm_ledger_live"),
}


def path_words(scheme: "SchemeName") -> str:
    """The path of a scheme and whose it is."""
    return {
        "evm": tr(_C, "m/44'/60'/0'/0/n (Fluxdesk, MetaMask, Rabby)"),
        "evm_ledger_live": tr(_C, "m/44'/60'/n'/0/0 (Ledger Live)"),
        "solana": tr(_C, "m/44'/501'/n'/0' (Fluxdesk, Phantom, Solflare)"),
        "solana_bare": tr(_C, "m/44'/501'/n' (some other wallets)"),
    }[scheme]


@dataclass(slots=True)
class Outcome:
    """What looking at one scheme came to. `unasked`: chains that did not answer, so that use there is unknown."""

    scheme: "SchemeName"
    used: list[int] = field(default_factory=list)
    looked: int = 0
    unasked: dict[str, str] = field(default_factory=dict)


async def look_for(
    link: "AgentLink",
    node: "WalletNode",
    wallet: str,
    scheme: "SchemeName",
    chains: Sequence[ChainView],
    report: Callable[[Outcome], None],
) -> Outcome:
    """Looks at one scheme on the given chains, all of its family. Adds nothing. Raises `AgentRefused`, `AgentGone`."""
    outcome = Outcome(scheme)
    first = 0
    while first < (outcome.used[-1] + 1 if outcome.used else 0) + GAP:
        batch = await link.discover(wallet, scheme, first, GAP)
        used: set[str] = set()
        for chain in chains:
            try:
                used |= await _used(node, chain, [f for f in batch if f.account not in used])
            except NodeTrouble as trouble:
                outcome.unasked[chain.name] = str(trouble)
        outcome.used += [found.index for found in batch if found.account in used]
        first += GAP
        outcome.looked = first
        report(outcome)
    return outcome


async def _used(node: "WalletNode", chain: ChainView, batch: "Sequence[Found]") -> set[str]:
    """Account names of those that the chain knows. Raises `NodeTrouble`."""
    if not batch:
        return set()
    by_address = {found.account.partition(":")[2].lower(): found.account for found in batch}
    addresses = [found.account.partition(":")[2] for found in batch]
    answer = await node.balances(chain.id, addresses)
    used: set[str] = set()
    for item in answer.items:
        if item.problem or item.native_base is None:
            raise NodeTrouble(item.problem or tr(_C, "The balance could not be read."))
        if int(item.native_base) or any(int(token.amount_base or 0) for token in item.tokens):
            used.add(by_address[item.account.lower()])
    room = asyncio.Semaphore(AT_ONCE)

    async def sent(account: str) -> None:
        async with room:
            if await _sent(node, chain, account.partition(":")[2]):
                used.add(account)

    await asyncio.gather(*(sent(account) for account in by_address.values() if account not in used))
    return used


async def _sent(node: "WalletNode", chain: ChainView, address: str) -> bool:
    """Whether the account ever sent something. Raises `NodeTrouble`."""
    if chain.family == "solana":
        return bool((await node.history(chain.id, address, limit=1)).items)
    answer = await node.rpc(chain.id, "eth_getTransactionCount", [address, "latest"])
    if answer.error is not None:
        raise NodeTrouble(tr(_C, "{chain} does not say how often an account sent.", chain=chain.name))
    count = msgspec.json.decode(answer.result)
    if not isinstance(count, str):
        raise NodeTrouble(tr(_C, "{chain} does not say how often an account sent.", chain=chain.name))
    return int(count, 16) > 0
