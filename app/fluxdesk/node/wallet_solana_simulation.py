"""What a Solana message would do, tried out by `simulateTransaction`: accounts before and after."""

import base64
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from fluxdesk.chains.rpc.errors import ChainError, NotUnderstood, Refused
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.refusals import classified, why
from fluxdesk.chains.solana.tokens import TOKEN, TOKEN_2022, read_account
from fluxdesk.core import wallet_views as w

if TYPE_CHECKING:
    from solders.message import Message, MessageV0

T = TypeVar("T", bound=msgspec.Struct)
_TRANSFERABLE = frozenset({TOKEN, TOKEN_2022})
UNLIMITED = 1 << 63
_LOOKED_AT_MOST = 60


class _Account(msgspec.Struct, frozen=True):
    lamports: int
    owner: str
    data: tuple[str, str] = ("", "base64")


class _Accounts(msgspec.Struct, frozen=True):
    value: list[_Account | None]


class _Value(msgspec.Struct, rename="camel", frozen=True):
    err: msgspec.Raw = msgspec.Raw(b"null")
    logs: list[str] | None = None
    accounts: list[_Account | None] | None = None
    units_consumed: int | None = None


class _Context(msgspec.Struct, frozen=True):
    slot: int = 0


class _Simulated(msgspec.Struct, frozen=True):
    value: _Value
    context: _Context = _Context()


class _Fee(msgspec.Struct, frozen=True):
    value: int | None = None


class TokenState(NamedTuple):
    """What a token account says of itself (spl-token `state.rs`)."""

    mint: str
    owner: str
    amount: int
    delegate: str
    delegated: int


async def simulate(
    client: SolanaClient, account: str, payload: bytes, message: "Message | MessageV0"
) -> w.SimulationView:
    """Never raises for the chain: what could not be done is said in the answer."""
    try:
        return await _simulate(client, account, payload, message)
    except Refused as refused:
        return _undone(client, str(classified(refused)))
    except ChainError as error:
        return _undone(client, str(error))


async def _simulate(
    client: SolanaClient, account: str, payload: bytes, message: "Message | MessageV0"
) -> w.SimulationView:
    signatures = message.header.num_required_signatures
    keys = _writable(message)[:_LOOKED_AT_MOST]
    raw = bytes([signatures]) + bytes(64 * signatures) + payload
    options = {"encoding": "base64", "commitment": "confirmed"}
    before = _decoded(await client.rpc.call("getMultipleAccounts", [keys, options]), _Accounts).value
    asked = options | {
        "sigVerify": False, "replaceRecentBlockhash": True, "accounts": {"encoding": "base64", "addresses": keys},
    }  # fmt: skip
    sent = base64.b64encode(raw).decode()
    said = _decoded(await client.rpc.call("simulateTransaction", [sent, asked]), _Simulated)
    ok = bytes(said.value.err) == b"null"
    after = said.value.accounts
    view = w.SimulationView(
        chain=client.chain.id, done=True, ok=ok, reason="" if ok else _why(said.value), changes=[], approvals=[],
        owners=[], fee_base=await _fee(client, payload), units=said.value.units_consumed,
        block=said.context.slot or None,
    )  # fmt: skip
    if not ok:
        return view
    if after is None or len(after) != len(keys) or len(before) != len(keys):
        view.changes = view.approvals = view.owners = None
        view.reason = "The endpoint does not say what accounts would hold; only whether it goes through is known."
        return view
    _compare(view, account, keys, before, after)
    return view


def _writable(message: "Message | MessageV0") -> list[str]:
    """Those that the message names itself; what a lookup table adds is not looked at."""
    keys, header = [str(key) for key in message.account_keys], message.header
    signed = header.num_required_signatures
    first = keys[: signed - header.num_readonly_signed_accounts]
    return first + keys[signed : len(keys) - header.num_readonly_unsigned_accounts]


def _compare(
    view: w.SimulationView, account: str, keys: list[str], before: list[_Account | None], after: list[_Account | None]
) -> None:
    changes: dict[tuple[str, str], int] = {}
    approvals, owners = [], []
    for key, old, new in zip(keys, before, after, strict=True):
        was, now = _token(key, old), _token(key, new)
        gained = (new.lamports if new else 0) - (old.lamports if old else 0)
        if was is None and now is None and gained:
            changes[key, "native"] = changes.get((key, "native"), 0) + gained
        for state, sign in ((was, -1), (now, 1)):
            if state is not None:
                at = state.owner, state.mint
                changes[at] = changes.get(at, 0) + sign * state.amount
        if now is not None and now.delegate and (was is None or (was.delegate, was.delegated) != now[3:]):
            approvals.append(
                w.ApprovalView(
                    owner=now.owner, asset=now.mint, spender=now.delegate, amount_base=str(now.delegated),
                    unlimited=now.delegated >= UNLIMITED,
                )
            )  # fmt: skip
        if was is not None and now is not None and was.owner != now.owner:
            owners.append((key, now.owner))
        elif old is not None and new is not None and old.owner != new.owner and was is None:
            owners.append((key, new.owner))
    ordered = sorted(changes.items(), key=lambda item: item[0][0] != account)
    view.changes = [w.ChangeView(account=a, asset=asset, change_base=str(n)) for (a, asset), n in ordered if n]
    view.approvals, view.owners = approvals, owners


def _token(address: str, account: _Account | None) -> TokenState | None:
    from solders.pubkey import Pubkey

    if account is None or account.owner not in _TRANSFERABLE:
        return None
    data = _bytes(account)
    held = read_account(address, account.owner, data)
    if held is None:
        return None
    owner = str(Pubkey.from_bytes(data[32:64]))
    return TokenState(held.mint, owner, held.amount, held.delegate, held.delegated)


def _bytes(account: _Account) -> bytes:
    try:
        return base64.b64decode(account.data[0], validate=True)
    except ValueError:
        raise NotUnderstood("an account") from None


async def _fee(client: SolanaClient, payload: bytes) -> str | None:
    """Lamports; None when the endpoint does not say, as for a blockhash that is gone."""
    asked = [base64.b64encode(payload).decode(), {"commitment": "confirmed"}]
    try:
        found = _decoded(await client.rpc.call("getFeeForMessage", asked), _Fee).value
    except ChainError:
        return None
    return None if found is None else str(found)


def _why(value: _Value) -> str:
    said = f"{bytes(value.err).decode('utf-8', 'replace')} {' '.join(value.logs or [])}"
    explained = str(Refused(0, "", why(said)))
    last = next((log for log in reversed(value.logs or []) if log.startswith("Program log:")), "")
    quoted = "".join(c for c in last.removeprefix("Program log:").strip()[:120] if c.isprintable())
    return f"{explained} The program says: “{quoted}”." if quoted else explained


def _undone(client: SolanaClient, reason: str) -> w.SimulationView:
    return w.SimulationView(
        chain=client.chain.id, done=False, ok=None, reason=reason, changes=None, approvals=None, owners=None,
        fee_base=None, units=None, block=None,
    )  # fmt: skip


def _decoded(raw: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        raise NotUnderstood("a simulation") from None
