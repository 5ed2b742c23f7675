"""Signers for tests, with keys in the clear: stand-ins for the agent, which alone holds real ones."""

import msgspec

from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.sending.ports import SignerAway, SignRefused, SignRequest

ANVIL_KEYS = (
    "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
    "0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
    "0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a",
    "0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
)
"""The private keys that anvil prints at each start."""


class _TestSigner:
    """Signs whatever it is asked for.

    Attributes:
        asked: Every request, in order.
        refuses: Says no while it is true.
        away: Is not there while it is true.
    """

    def __init__(self) -> None:
        self.asked: list[SignRequest] = []
        self.refuses = False
        self.away = False

    async def sign(self, request: SignRequest) -> bytes:
        """The answer of `raw`."""
        self.asked.append(request)
        if self.away:
            raise SignerAway
        if self.refuses:
            raise SignRefused("No, said the test.")
        return self.raw(request.account, request.payload)

    def raw(self, account: str, payload: bytes) -> bytes:
        """What an agent would answer."""
        raise NotImplementedError


class EvmTestSigner(_TestSigner):
    """Answers with raw transactions."""

    def __init__(self, *keys: str):
        super().__init__()
        load()
        from eth_account import Account

        self._accounts = {account.address.lower(): account for account in map(Account.from_key, keys or ANVIL_KEYS)}

    def raw(self, account: str, payload: bytes) -> bytes:
        """The payload signed."""
        from web3 import Web3

        fields = {
            ("data" if k == "input" else k): v for k, v in msgspec.json.decode(payload, type=dict[str, str]).items()
        }
        if "to" in fields:
            fields["to"] = Web3.to_checksum_address(fields["to"])
        if fields["type"] == "0x0":
            del fields["type"]
        return bytes(self._accounts[account].sign_transaction(fields).raw_transaction)


class SolanaTestSigner(_TestSigner):
    """Answers with signatures."""

    def __init__(self, *seeds: bytes):
        from solders.keypair import Keypair

        super().__init__()
        self._keys = {str(key.pubkey()): key for key in map(Keypair.from_seed, seeds)}

    def raw(self, account: str, payload: bytes) -> bytes:
        """The signature, 64 bytes."""
        return bytes(self._keys[account].sign_message(payload))
