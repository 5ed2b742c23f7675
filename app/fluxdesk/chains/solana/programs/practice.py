"""Where the practice programs may be called: on a chain of this machine, never on a cluster people own things on.

Nobody can deploy to their ids, but a program at such an id on a real cluster would be somebody's trap, and a
transaction to a missing program costs its fee. So the clients ask first, and refuse.
"""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fluxdesk.chains.solana.programs import launchpad
from fluxdesk.core.chains import TABLE

if TYPE_CHECKING:
    from solders.pubkey import Pubkey

REAL = {chain.genesis: chain.name for chain in TABLE if chain.genesis}
"""Genesis hashes of the clusters that are not practice."""
_HERE = ("127.0.0.1", "::1", "localhost")


class NotPractice(Exception):
    """The cluster is not one to practise on; nothing was built or sent. The sentence is for the user."""


def launchpad_program(genesis: str, rpc_url: str | None) -> "Pubkey":
    """The practice launchpad's id, for a chain that may be practised on.

    Args:
        genesis: What the chain answered to `getGenesisHash`.
        rpc_url: Where it was asked; None for a chain inside this process (LiteSVM).

    Raises:
        NotPractice: A real cluster, or a chain that is not on this machine.
    """
    from solders.pubkey import Pubkey

    if genesis in REAL:
        raise NotPractice(f"The practice launchpad is not called on {REAL[genesis]}. Nothing was sent.")
    if rpc_url is not None and urlsplit(rpc_url).hostname not in _HERE:
        raise NotPractice("The practice launchpad is called on this machine only. Nothing was sent.")
    return Pubkey.from_string(launchpad.ADDRESS)
