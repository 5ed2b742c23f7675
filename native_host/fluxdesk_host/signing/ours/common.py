"""What readings of our contracts share. A place in a contract is an asset of its own where bytes name no token."""

from fluxdesk_host.signing.evm.call import Call, is_grave
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.text import checksummed


def ours(call: Call) -> str:
    """Say that the code is ours; the words name it."""
    call.warn("our-contract", name=call.scene.known(call.to))
    if call.value:
        call.warn("value-with-call")
    return f"through {call.scene.known(call.to)} at {checksummed(call.to)}"


def place_of(call: Call, *place: object) -> str:
    """The asset that a contract of ours keeps under a place, where the bytes do not name its token."""
    call.warn("token-by-place", name=call.scene.known(call.to))
    return f"held:{call.to}:{':'.join(str(part) for part in place)}"


def gives(call: Call, asset: str, amount: int, bound: str = "exact", **more: object) -> None:
    """Something leaves the account for the contract."""
    call.effect(EffectKind.TOKEN_OUT, asset=asset, amount=amount, bound=bound, source=call.sender, to=call.to, **more)


def gets(call: Call, asset: str, amount: int, to: str, bound: str = "least") -> str:
    """Something comes back to `to`; the words say who, where it is not the account."""
    if amount == 0 and bound == "least":
        call.warn("no-minimum")
    if is_grave(to):
        call.warn("burns")
    call.effect(EffectKind.TOKEN_IN, asset=asset, amount=amount, bound=bound, to=to)
    if call.mine(to):
        return ""
    call.warn("result-to-other", to=to)
    return f", for {checksummed(to)}"


def units(amount: int) -> str:
    """An amount whose decimals the bytes do not say."""
    return f"{amount:,} base units"


def listed(amounts: tuple[int, ...]) -> str:
    """An amount of each asset of a pool, which has eight at most: a call that names more reverts."""
    return ", ".join(f"{amount:,}" for amount in amounts[:8]) + " base units of its assets"
