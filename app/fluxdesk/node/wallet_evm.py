"""An EVM chain for the wallet: balances, fees, unsigned fields, and what signed bytes of a stranger are."""

import base64
import binascii
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from fluxdesk.chains.evm import allowances as revoking
from fluxdesk.chains.evm.balances import holdings
from fluxdesk.chains.evm.client import EvmClient
from fluxdesk.chains.evm.contracts.built import NotBuilt
from fluxdesk.chains.evm.contracts.built import load as load_contract
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, MOST_CODE, call_of
from fluxdesk.chains.evm.contracts.governance_deployment import DeployGovernorCall
from fluxdesk.chains.evm.contracts.plan import GOVERNOR
from fluxdesk.chains.evm.fees import Fees, Speed
from fluxdesk.chains.evm.libraries import load
from fluxdesk.chains.evm.metadata import token_words
from fluxdesk.chains.evm.rail import EvmRail
from fluxdesk.chains.evm.transactions import PLAIN_GAS, TRANSFER, Unsigned
from fluxdesk.chains.rpc.errors import ChainError
from fluxdesk.chains.sending.ports import CALL, NATIVE, Draft, Payment, PaymentId
from fluxdesk.core import wallet_views as w
from fluxdesk.gateway.desk import BadRequest
from fluxdesk.gateway.wallet_desk import NotPossible
from fluxdesk.node import wallet_evm_allowances, wallet_evm_past, wallet_evm_simulation
from fluxdesk.node.wallet_evm_history import EvmPast
from fluxdesk.node.wallet_line import CheckedRpc, Line, Signed, named, translated

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_ROLLUP_GAS = 1_000
"""Room for what Arbitrum counts for data in an estimate."""
_SPEEDS = (Speed.SLOW, Speed.NORMAL, Speed.FAST)


class EvmLine(Line):
    """One chain."""

    def __init__(self, client: EvmClient, rail: EvmRail, rpc: CheckedRpc, history: Path, practice: str = "") -> None:
        super().__init__(rpc, rail, practice)
        self.client, self._rail = client, rail
        self._past = EvmPast(client, history)

    async def close(self) -> None:
        """Stops reading and lets the connections go."""
        await self._past.close()
        await super().close()

    def check_addresses(self, accounts: Sequence[str], tokens: Sequence[str]) -> None:
        """Raises `BadRequest` for an address of another family."""
        for address in (*accounts, *tokens):
            if not _ADDRESS.fullmatch(address):
                raise BadRequest(f"{address!r:.60} is no EVM address.")

    def payments(self, asked: w.OrderAsked) -> list[Payment]:
        """Payments and revocations."""
        self.check_addresses([asked.account], [])
        if asked.durable:
            raise BadRequest("Durable nonces exist on Solana only; an EVM transaction waits for its signature anyway.")
        return [self._payment(asked, item) for item in asked.items]

    def _payment(self, asked: w.OrderAsked, item: w.Item) -> Payment:
        account = asked.account.lower()
        if isinstance(item, w.Pay):
            self.check_addresses([item.recipient], [] if item.asset == NATIVE else [item.asset])
            amount = int(item.amount_base)
            if amount >= 1 << 256:
                raise NotPossible("The amount does not fit 256 bits. Nothing was ordered.")
            return Payment(
                PaymentId(item.id), self.chain.id, account, item.asset, item.recipient, amount, asked.priority
            )
        if isinstance(item, w.Deploy):
            to = item.by or DEPLOYER
            return Payment(
                PaymentId(item.id), self.chain.id, account, CALL, to, 0, asked.priority, _deployment(item)
            )  # fmt: skip
        if not isinstance(item, w.Revoke):
            raise BadRequest("Durable nonce accounts exist on Solana only.")
        self.check_addresses([item.asset, item.spender], [])
        to, call = _revocation(item)
        return Payment(PaymentId(item.id), self.chain.id, account, CALL, to, 0, asked.priority, call)

    async def fees(self) -> w.FeesView:
        """Per gas, from the last blocks."""
        self.used = True
        with translated():
            history = await self.client.fee_history()
            items = []
            for speed in _SPEEDS:
                fees = await self._rail.fees(speed)
                items.append(
                    w.FeeView(
                        speed=speed.value, most_per_unit=str(fees.most),
                        tip_per_unit=None if fees.tip is None else str(fees.tip),
                        transfer_base=str(PLAIN_GAS * fees.most),
                        data_base=str(await self._rail.data_cost(_plain(self.chain.number, fees))),
                    )
                )  # fmt: skip
        base = None if history is None else str(history.next_base)
        return w.FeesView(
            chain=self.chain.id, symbol=self.chain.symbol, decimals=self.chain.decimals, base_per_unit=base, items=items
        )

    def view(self, draft: Draft, account: str) -> w.TransferView:
        """An unsigned transaction and its cost, part by part."""
        unsigned = Unsigned.decode(draft.payload)
        priority = unsigned.gas * (unsigned.fees.tip or 0)
        cost = w.CostView(
            total_base=str(draft.cost_most), fee_base=str(max(0, draft.cost_most - draft.cost_data - priority)),
            priority_base=str(min(priority, draft.cost_most - draft.cost_data)), rent_base="0",
            data_base=str(draft.cost_data),
        )  # fmt: skip
        return w.TransferView(
            chain=self.chain.id, kind="evm_tx", account=account, payload_b64=base64.b64encode(draft.payload).decode(),
            fields=unsigned.fields(), cost=cost, nonce=unsigned.nonce, expires=None, payments=list(draft.took),
        )  # fmt: skip

    async def read(self, asked: w.BroadcastAsked) -> Signed:
        """Signed bytes. Without a payload they may be of any type; with one they must be exactly it."""
        raw = unbase64(asked.signed_b64)
        signed = read_raw(raw, self.chain.number)
        if signed.account != asked.account.lower():
            raise NotPossible("The transaction was signed by another account than the one named. Nothing was sent.")
        if asked.payload_b64 is None:
            return signed.value
        payload = unbase64(asked.payload_b64)
        try:
            Unsigned.decode(payload)
        except (msgspec.MsgspecError, KeyError, ValueError):
            raise BadRequest("`payload_b64` holds no fields of an EVM transaction.") from None
        with translated():
            _, tx = self._rail.accept(payload, asked.account, raw)
        value = signed.value
        return Signed(value.draft, raw, tx, value.asset, value.recipient, value.amount)

    async def simulate(self, asked: w.SimulationAsked) -> w.SimulationView:
        """By `eth_simulateV1` where the endpoint has it."""
        self.used = True
        view = await wallet_evm_simulation.simulate(self.client, asked.account.lower(), unbase64(asked.payload_b64))
        tokens = named(view)
        try:
            words = await token_words(self.client, tokens)
        except ChainError:
            return view
        view.assets = [wallet_evm_allowances.asset_view(token, words[token]) for token in tokens]
        return view

    async def history(self, account: str, cursor: str | None, limit: int) -> w.HistoryView:
        """From the index, and below it from logs."""
        self.used = True
        with translated():
            return await self._past.page(account.lower(), cursor, limit)

    async def allowances(self, account: str) -> w.AllowancesView:
        """From approval logs, amounts asked of the contracts now."""
        self.used = True
        with translated():
            return await wallet_evm_allowances.allowances(self.client, account.lower())

    async def transaction(self, tx: str) -> w.TxView:
        """`eth_getTransactionByHash`, its bytes held to its hash."""
        self.used = True
        with translated():
            return await wallet_evm_past.transaction(self.client, tx)

    async def _balance(self, account: str, tokens: Sequence[str]) -> w.BalanceView:
        wanted = list(dict.fromkeys(token.lower() for token in tokens))
        held = await holdings(self.client, account.lower(), wanted)
        words = await token_words(self.client, wanted)
        return w.BalanceView(
            account=account,
            native_base=str(held.native),
            tokens=[
                w.TokenBalanceView(
                    asset=token, standard="erc20", decimals=words[token].decimals, symbol=words[token].symbol,
                    name=words[token].name,
                    amount_base=None if (amount := held.tokens[token]) is None else str(amount),
                )
                for token in wanted
            ],
            block=held.block,
        )  # fmt: skip


def _plain(number: int, fees: Fees) -> Unsigned:
    """A transfer of the coin as they usually are, to be priced."""
    gas = PLAIN_GAS * _ROLLUP_GAS
    return Unsigned(number, 1_000, "0x" + "ff" * 20, 10**18, b"", gas, fees)


def _deployment(item: w.Deploy) -> bytes:
    """The proxy's calldata, or those with which a deployment makes its governor. Raises `BadRequest`."""
    if item.by and (item.contract != GOVERNOR or item.arguments_hex != "0x"):
        raise BadRequest(f"Only a {GOVERNOR} comes by another contract, which knows its arguments.")
    try:
        code = load_contract(item.contract).code(bytes.fromhex(item.arguments_hex[2:]))
    except NotBuilt as error:
        raise BadRequest(str(error)) from None
    if item.by:
        return DeployGovernorCall(code).encode()
    if len(code) > MOST_CODE:
        raise BadRequest(f"{len(code):,} bytes of creation code are more than a chain takes.")
    return call_of(code)


def _revocation(item: w.Revoke) -> tuple[str, bytes]:
    """(contract, calldata). Raises `BadRequest`."""
    asset, spender = item.asset.lower(), item.spender.lower()
    if item.kind == "erc20":
        return asset, revoking.nothing_more(spender)
    if item.kind == "operator":
        return asset, revoking.no_operator(spender)
    if item.kind == "permit2":
        return revoking.PERMIT2, revoking.nothing_through_permit2(asset, spender)
    if item.kind == "nft" and item.token_id is not None and int(item.token_id) < 1 << 256:
        return asset, revoking.nobody_for(int(item.token_id))
    raise BadRequest(
        "An approval for one token of a collection is taken back with its `token_id`; delegates are Solana's."
    )


class Read:
    """A raw transaction: who signed it, and its value for the queue."""

    __slots__ = ("account", "value")

    def __init__(self, account: str, value: Signed):
        self.account, self.value = account, value


def read_raw(raw: bytes, number: int) -> Read:
    """A signed transaction of types 0 to 4 (EIP-155, 2930, 1559, 4844, 7702). Raises `NotPossible`."""
    load()
    from eth_account import Account
    from eth_account.typed_transactions.typed_transaction import TypedTransaction
    from hexbytes import HexBytes
    from web3 import Web3

    try:
        sender = str(Account.recover_transaction(raw)).lower()
        fields: dict[str, Any] = (
            dict(TypedTransaction.from_bytes(HexBytes(raw)).as_dict()) if raw[:1] < b"\x80" else _legacy(raw)
        )
    # eth-account and what it is built on raise whatever the bytes lead them to, from a dozen classes.
    except Exception as error:  # noqa: BLE001
        raise NotPossible(f"The bytes are no signed transaction ({type(error).__name__}). Nothing was sent.") from None
    kind = int(fields.get("type", 0))
    if int(fields.get("chainId", 0)) != number:
        raise NotPossible("The transaction was signed for another chain, or for none. Nothing was sent.")
    to = _text(fields.get("to"))
    data, value = _bytes(fields.get("data", b"")), int(fields.get("value", 0))
    most = int(fields["maxFeePerGas"] if kind >= 2 else fields["gasPrice"])
    gas, nonce = int(fields["gas"]), int(fields["nonce"])
    said = {"type": hex(kind), "chainId": hex(number), "nonce": hex(nonce), "gas": hex(gas), "value": hex(value)}
    said |= {"input": "0x" + data.hex(), **({"to": to} if to else {}), "gasPrice": hex(most)}
    if kind == 2:
        said |= {"maxFeePerGas": hex(most), "maxPriorityFeePerGas": hex(int(fields["maxPriorityFeePerGas"]))}
    draft = Draft(msgspec.json.encode(said), (PaymentId(""),), nonce=nonce, cost_most=gas * most)
    asset, recipient, amount = "call", to or "", value
    if to and not data:
        asset = NATIVE
    elif to and len(data) == 68 and data[:4] == TRANSFER and not any(data[4:16]) and not value:
        asset, recipient, amount = to, "0x" + data[16:36].hex(), int.from_bytes(data[36:], "big")
    return Read(sender, Signed(draft, raw, Web3.keccak(raw).to_0x_hex(), asset, recipient, amount))


def _legacy(raw: bytes) -> dict[str, Any]:
    import rlp  # type: ignore[import-untyped]

    nonce, price, gas, to, value, data, v, _, _ = rlp.decode(raw, strict=True)
    number = int.from_bytes(v, "big")
    return {
        "type": 0, "nonce": int.from_bytes(nonce, "big"), "gasPrice": int.from_bytes(price, "big"),
        "gas": int.from_bytes(gas, "big"), "to": to, "value": int.from_bytes(value, "big"), "data": data,
        "chainId": (number - 35) // 2 if number >= 35 else 0,
    }  # fmt: skip


def unbase64(text: str) -> bytes:
    """Raises `BadRequest`."""
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError:
        raise BadRequest("A field that should hold base64 does not.") from None


def _text(to: object) -> str:
    return "0x" + _bytes(to).hex() if to else ""


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        return bytes.fromhex(value.removeprefix("0x"))
    assert isinstance(value, (bytes, bytearray))
    return bytes(value)
