"""What tests of the agent share: readings and requests to decide on, and clocks that a test turns."""

from collections.abc import Sequence

from fluxdesk_host.agent.audit import Spend
from fluxdesk_host.agent.limits import spends_of
from fluxdesk_host.agent.policy import Allowance, Amounts, Asked
from fluxdesk_host.protocol import messages
from fluxdesk_host.signing.reading import Called, Effect, EffectKind, Fee, Reading

ACCOUNT = "evm:0x" + "a1" * 20
ORIGIN = "node:dca"
CHAIN = "eip155:1"
SHOP = "0x" + "b2" * 20
OTHER = "0x" + "c3" * 20
TOKEN = "token:0x" + "d4" * 20


class TurnedClocks:
    """Clocks for a test: nothing moves but by `pass_`, `sleep`, `set_wall` and `reboot`."""

    def __init__(self) -> None:
        self.boot = "boot-1"
        self.up, self.awake, self.time = 1_000_000, 900_000, 1_800_000_000_000

    def boottime(self) -> int:
        return self.up

    def monotonic(self) -> int:
        return self.awake

    def wall(self) -> int:
        return self.time

    def pass_(self, ms: int) -> None:
        self.up, self.awake, self.time = self.up + ms, self.awake + ms, self.time + ms

    def sleep(self, ms: int) -> None:
        self.up, self.time = self.up + ms, self.time + ms

    def set_wall(self, ms: int) -> None:
        self.time = ms

    def reboot(self, off_ms: int) -> None:
        self.boot += "x"
        self.up, self.awake, self.time = 5_000, 5_000, self.time + off_ms


class Asker:
    """A peer that keeps what it is told."""

    number = 1

    def __init__(self, proven: bool = True) -> None:
        self.told: list[messages.FromAgent] = []
        self._proven = proven

    def proves(self, origin: str) -> bool:
        return self._proven

    def answer(self, message: messages.FromAgent) -> None:
        self.told.append(message)

    def owe(self) -> None:
        pass

    def paid(self) -> None:
        pass

    @property
    def last(self) -> messages.FromAgent:
        return self.told[-1]


def sends(*moves: tuple[str, int | None, str], danger: int = 1, fee: int = 0, complete: bool = True) -> Reading:
    """A reading that sends (asset, amount, recipient) each."""
    effects = tuple(
        Effect(
            kind=EffectKind.NATIVE_OUT if asset == "native" else EffectKind.TOKEN_OUT, asset=asset, amount=amount, to=to
        )
        for asset, amount, to in moves
    )
    return reading(effects, danger=danger, fee=fee, complete=complete)


def reading(
    effects: Sequence[Effect], danger: int = 1, fee: int = 0, complete: bool = True, calls: tuple[Called, ...] = ()
) -> Reading:
    return Reading(
        source="evm_transaction",
        sentence="Sends.",
        danger=danger,
        complete=complete,
        reasons=(),
        effects=tuple(effects),
        calls=calls,
        fee=Fee(most=fee),
    )


def asked(read: Reading, origin: str = ORIGIN, proven: bool = True, spends: tuple[Spend, ...] | None = None) -> Asked:
    return Asked(ACCOUNT, origin, CHAIN, "evm_tx", read, spends_of(read, ACCOUNT) if spends is None else spends, proven)


def allowance(assets: dict[str, Amounts] | None = None, **more: object) -> Allowance:
    fields: dict[str, object] = {
        "name": "dca",
        "account": ACCOUNT,
        "origin": ORIGIN,
        "chain": CHAIN,
        "kinds": ("evm_tx",),
        "methods": ("native_out", "token_out"),
        "assets": assets or {"native": Amounts(per_transaction=100, per_day=1000)},
        "recipients": (SHOP,),
    }
    return Allowance(**(fields | more))  # type: ignore[arg-type]
