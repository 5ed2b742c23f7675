"""What tests of the wallet share: a live node over local chains, and a test signer in place of the agent."""

import base64
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import msgspec
from solders.keypair import Keypair

from fluxdesk.client.wallet import WalletClient
from fluxdesk.core import wallet_views as w
from fluxdesk.core.paths import Profile
from integration.nodes import RunningNode, running
from integration.signers import EvmTestSigner
from waiting import eventually

ENDED = ("paid", "failed", "cancelled", "refused", "superseded")


@contextlib.contextmanager
def live_node(endpoints: Sequence[str], added: Sequence[str] = ()) -> Iterator[RunningNode]:
    """A live node that follows no launches and has these wallet endpoints."""
    with tempfile.TemporaryDirectory(prefix="fd-w-") as folder:
        profile = Profile.of("live", Path(folder) / "data")
        profile.folder.mkdir(mode=0o700)
        settings = {
            "solana_rpc": [], "chain_rpc": list(endpoints), "chains_added": list(added), "rpc_per_second": 1_000,
        }  # fmt: skip
        profile.settings.write_bytes(msgspec.json.encode(settings))
        with running(profile) as node:
            yield node


def evm_broadcast(view: w.TransferView, number: str, **more: object) -> w.BroadcastAsked:
    """What the wallet sends once the agent has signed."""
    payload = base64.b64decode(view.payload_b64)
    raw = EvmTestSigner().raw(view.account.lower(), payload)
    values = {"id": number, "account": view.account, "payload_b64": view.payload_b64}
    return msgspec.convert(values | {"signed_b64": base64.b64encode(raw).decode()} | more, w.BroadcastAsked)


def solana_broadcast(view: w.TransferView, key: Keypair, number: str) -> w.BroadcastAsked:
    """What the wallet sends once the agent has signed."""
    signature = bytes(key.sign_message(base64.b64decode(view.payload_b64)))
    return w.BroadcastAsked(
        id=number, account=view.account, payload_b64=view.payload_b64, signed_b64=base64.b64encode(signature).decode()
    )


async def ends(client: WalletClient, number: str) -> w.SendView:
    """The send once it has come to its end."""
    found: list[w.SendView] = []

    async def over() -> w.SendView | None:
        found[:] = [send for send in (await client.sends()).items if send.id == number]
        return found[0] if found and found[0].state in ENDED else None

    ended = await eventually(over, said=lambda: found)
    assert ended is not None
    return ended


@contextlib.asynccontextmanager
async def client_of(node: RunningNode) -> AsyncIterator[WalletClient]:
    """A client for the length of a block."""
    client = WalletClient(node.socket)
    try:
        yield client
    finally:
        await client.close()
