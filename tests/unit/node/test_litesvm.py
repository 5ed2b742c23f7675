"""The practice cluster holds to what a real one does: blockhashes run out, durable nonces do not."""

import base64

import msgspec
from solders.keypair import Keypair

from fluxdesk.chains.sending.ports import CALL, NATIVE, Attempt, Draft, Fate, Payment, PaymentId
from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.rail import MAKE_NONCE, SolanaRail
from fluxdesk.core.chains import TABLE
from fluxdesk.node.wallet_litesvm import LIFE, SLOT_S, LiteSvmRpc

LOCAL = next(c for c in TABLE if c.id == "solana:local")
SOL = 10**9


class Practice:
    """A cluster whose clock the test turns, and an account on it."""

    def __init__(self) -> None:
        self.now, self.key = 0.0, Keypair()
        self.rpc = LiteSvmRpc(LOCAL, lambda: self.now)
        self.rail = SolanaRail(SolanaClient(self.rpc))
        self.account = str(self.key.pubkey())
        self.rpc.fund(self.account)

    async def draft(self, durable: bool = False, call: bytes = b"") -> Draft:
        asset, amount = (CALL, 0) if call else (NATIVE, SOL)
        to = self.account if call else str(Keypair().pubkey())
        one = Payment(PaymentId("p"), LOCAL.id, self.account, asset, to, amount, 1, call, durable)
        return await self.rail.prepare([one], frozenset())

    def signed(self, draft: Draft) -> Attempt:
        raw, tx = self.rail.accept(draft.payload, self.account, bytes(self.key.sign_message(draft.payload)))
        return Attempt(1, draft.payload, raw, tx, draft.expires)

    async def fate(self, attempt: Attempt) -> Fate:
        return (await self.rail.look(self.account, [[attempt]]))[0].fate


async def test_a_blockhash_runs_out_and_a_durable_nonce_does_not() -> None:
    practice = Practice()
    assert await practice.rail.broadcast(practice.signed(await practice.draft(call=MAKE_NONCE)).raw) == ""
    late, durable = practice.signed(await practice.draft()), practice.signed(await practice.draft(durable=True))
    practice.now += SLOT_S * (LIFE + 20)
    assert await practice.rail.broadcast(late.raw) != "" and await practice.fate(late) is Fate.DEAD
    assert await practice.fate(durable) is Fate.WAITING
    assert await practice.rail.broadcast(durable.raw) == ""
    practice.now += 4.0
    assert await practice.fate(durable) is Fate.FINAL
    again = practice.signed(await practice.draft(durable=True))
    assert await practice.rail.broadcast(again.raw) == ""


async def test_what_landed_is_given_back_byte_for_byte() -> None:
    practice = Practice()
    attempt = practice.signed(await practice.draft())
    await practice.rail.broadcast(attempt.raw)
    found = msgspec.json.decode(await practice.rpc.call("getTransaction", [attempt.tx, {"encoding": "base64"}]))
    assert base64.b64decode(found["transaction"][0]) == attempt.raw
