"""An unsigned EVM transaction: exactly the fields that the agent signs, and the proof that it signed those.

Type 2 (EIP-1559) or legacy with EIP-155; no access list. Nothing here reaches a network.
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from fluxdesk.chains.evm.fees import Fees
from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.sending.ports import SignedOtherwise

TRANSFER = bytes.fromhex("a9059cbb")
"""`transfer(address,uint256)` (ERC-20)."""
PLAIN_GAS = 21_000
"""What a transfer to an account without code costs (EIP-2028 left it as it was)."""
_U256 = 1 << 256


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Addresses are lower-case hex with 0x. `to` None would deploy."""

    number: int
    nonce: int
    to: str | None
    value: int
    data: bytes
    gas: int
    fees: Fees

    def fields(self) -> dict[str, str]:
        """JSON-RPC names and hex quantities, as `eth_signTransaction` takes them."""
        fees = (
            {"type": "0x0", "gasPrice": hex(self.fees.most)}
            if self.fees.tip is None
            else {"type": "0x2", "maxFeePerGas": hex(self.fees.most), "maxPriorityFeePerGas": hex(self.fees.tip)}
        )
        return fees | {
            "chainId": hex(self.number),
            "nonce": hex(self.nonce),
            "gas": hex(self.gas),
            **({} if self.to is None else {"to": self.to}),
            "value": hex(self.value),
            "input": "0x" + self.data.hex(),
        }

    def encode(self) -> bytes:
        """`fields` as JSON."""
        return msgspec.json.encode(self.fields())

    @staticmethod
    def decode(payload: bytes) -> "Unsigned":
        """What `encode` gave."""
        said = msgspec.json.decode(payload, type=dict[str, str])
        tip = int(said["maxPriorityFeePerGas"], 16) if said["type"] == "0x2" else None
        return Unsigned(
            int(said["chainId"], 16),
            int(said["nonce"], 16),
            said.get("to"),
            int(said["value"], 16),
            bytes.fromhex(said["input"][2:]),
            int(said["gas"], 16),
            Fees(int(said["gasPrice" if tip is None else "maxFeePerGas"], 16), tip),
        )

    def unsigned_rlp(self) -> bytes:
        """The serialisation without a signature: what is hashed to be signed, and what a rollup prices."""
        import rlp  # type: ignore[import-untyped]

        to = b"" if self.to is None else bytes.fromhex(self.to[2:])
        if self.fees.tip is None:
            return bytes(
                rlp.encode([self.nonce, self.fees.most, self.gas, to, self.value, self.data, self.number, 0, 0])
            )
        return b"\x02" + bytes(rlp.encode(self._typed(to)))

    def _typed(self, to: bytes) -> list[Any]:
        return [
            self.number, self.nonce, self.fees.tip, self.fees.most, self.gas, to, self.value, self.data, [],
        ]  # fmt: skip


def transfer_call(recipient: str, amount: int) -> bytes:
    """Calldata of an ERC-20 transfer."""
    assert 0 <= amount < _U256
    return TRANSFER + bytes(12) + bytes.fromhex(recipient[2:]) + amount.to_bytes(32, "big")


def accept(unsigned: Unsigned, account: str, raw: bytes) -> str:
    """The transaction's hash, once it is sure that `raw` is these fields signed by this account.

    Raises `SignedOtherwise`.
    """
    load()
    import rlp
    from eth_account import Account
    from eth_keys.exceptions import BadSignature
    from eth_utils.exceptions import ValidationError
    from web3 import Web3

    legacy = unsigned.fees.tip is None
    if not legacy and raw[:1] != b"\x02":
        raise SignedOtherwise("The signer answered with a transaction of another type.")
    try:
        fields = rlp.decode(raw if legacy else raw[1:], strict=True)
        wanted = rlp.decode(unsigned.unsigned_rlp()[0 if legacy else 1 :])
        kept = 6 if legacy else 9
        if len(fields) != kept + 3 or list(fields[:kept]) != list(wanted[:kept]):
            raise SignedOtherwise("The signer answered with a transaction other than the one it was asked to sign.")
        if legacy and int.from_bytes(fields[6], "big") not in (35 + 2 * unsigned.number, 36 + 2 * unsigned.number):
            raise SignedOtherwise("The signature holds for another chain.")
        sender = str(Account.recover_transaction(raw)).lower()
    except (rlp.RLPException, BadSignature, ValidationError, ValueError, TypeError) as error:
        raise SignedOtherwise(f"The signer's answer is no transaction ({type(error).__name__}).") from None
    if sender != account.lower():
        raise SignedOtherwise("The transaction was signed by another account.")
    return Web3.keccak(raw).to_0x_hex()
