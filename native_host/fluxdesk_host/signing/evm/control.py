"""Who controls a contract: ownership, roles, upgrades, and the owners, modules and guards of a Safe.

Sources: OpenZeppelin Ownable, Ownable2Step, AccessControl, UUPSUpgradeable, TransparentUpgradeableProxy,
ProxyAdmin; Safe's OwnerManager, ModuleManager, GuardManager; EIP-2535 diamondCut.
"""

from collections.abc import Callable
from typing import Any

from fluxdesk_host.signing.evm.bundles import acts_through, inner_calls
from fluxdesk_host.signing.evm.call import Call
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import EvmMethod
from fluxdesk_host.signing.text import checksummed

_Read = Callable[[Call, tuple[Any, ...]], str]


def _change(code: str, words: str, who: int | None = 0, of: int | None = None) -> _Read:
    """A reader for a change of control; `words` may name `{target}`, argument number `of` or the called contract, and
    `{to}`, argument number `who`.
    """

    def read(call: Call, values: tuple[Any, ...]) -> str:
        to = values[who] if who is not None else None
        target = call.to if of is None else values[of]
        call.warn(code, target=target, to=to or "")
        call.effect(EffectKind.OWNERSHIP, asset=f"contract:{target}", to=to)
        return words.format(target=checksummed(target), to=checksummed(to or ""))

    return read


def _upgrade_and_call(call: Call, values: tuple[Any, ...]) -> str:
    """The new code runs at once with the contract's own rights."""
    proxy, to, data = (call.to, *values) if len(values) == 2 else values
    call.warn("upgrade", target=proxy)
    call.effect(EffectKind.OWNERSHIP, asset=f"contract:{proxy}", to=to)
    if data:
        call.warn("delegatecall", by=proxy)
        call.draft.unread(call.place, "calldata for the new code", data)
    return f"replaces the code of {checksummed(proxy)} by that of {checksummed(to)}"


def _upgrade(call: Call, values: tuple[Any, ...]) -> str:
    return _upgrade_and_call(call, (*values, b""))


def _diamond(call: Call, values: tuple[Any, ...]) -> str:
    cuts, init, data = values
    call.warn("upgrade", target=call.to)
    for facet, _, _ in cuts:
        call.effect(EffectKind.OWNERSHIP, asset=f"contract:{call.to}", to=facet)
    if int(init, 16):
        call.warn("delegatecall", by=call.to)
        call.draft.unread(call.place, "calldata for the new code", data)
    return f"replaces parts of the code of {checksummed(call.to)}"


def _scheduled(call: Call, values: tuple[Any, ...]) -> str:
    """TimelockController.execute: the timelock makes the call."""
    target, value, data = values[:3]
    acts_through(call)
    return f"has {checksummed(call.to)} carry out: {inner_calls(call, [(call.to, target, value, data)])}"


_OWNER = _change("ownership", "hands the ownership of {target} to {to}")
_SAFE = _change("safe-owners", "changes who may sign for the Safe {target}", None)

METHODS = (
    EvmMethod("transferOwnership(address newOwner)", _OWNER),
    EvmMethod("setOwner(address newOwner)", _OWNER),
    EvmMethod("acceptOwnership()", _change("ownership", "takes over the ownership of {target}", None)),
    EvmMethod("renounceOwnership()", _change("ownership", "gives up the ownership of {target} for good", None)),
    EvmMethod("changeAdmin(address newAdmin)", _change("ownership", "hands the administration of {target} to {to}")),
    EvmMethod(
        "changeProxyAdmin(address proxy,address newAdmin)",
        _change("ownership", "hands the administration of {target} to {to}", 1, 0),
    ),
    EvmMethod("grantRole(bytes32 role,address account)", _change("ownership", "gives {to} a role at {target}", 1)),
    EvmMethod(
        "revokeRole(bytes32 role,address account)", _change("ownership", "takes a role at {target} from {to}", 1)
    ),
    EvmMethod("renounceRole(bytes32 role,address account)", _change("ownership", "gives up a role at {target}", 1)),
    EvmMethod("upgradeTo(address newImplementation)", _upgrade),
    EvmMethod("upgradeToAndCall(address newImplementation,bytes data)", _upgrade_and_call),
    EvmMethod(
        "upgrade(address proxy,address implementation)",
        _change("upgrade", "replaces the code of {target} by that of {to}", 1, 0),
    ),
    EvmMethod("upgradeAndCall(address proxy,address implementation,bytes data)", _upgrade_and_call),
    EvmMethod("diamondCut((address,uint8,bytes4[])[] cuts,address init,bytes data)", _diamond),
    EvmMethod("execute(address target,uint256 value,bytes payload,bytes32 predecessor,bytes32 salt)", _scheduled),
    EvmMethod(
        "addOwnerWithThreshold(address owner,uint256 threshold)",
        _change("safe-owners", "lets {to} sign for the Safe {target}"),
    ),
    EvmMethod(
        "removeOwner(address prevOwner,address owner,uint256 threshold)",
        _change("safe-owners", "removes {to} from the owners of the Safe {target}", 1),
    ),
    EvmMethod(
        "swapOwner(address prevOwner,address oldOwner,address newOwner)",
        _change("safe-owners", "puts {to} in the place of an owner of the Safe {target}", 2),
    ),
    EvmMethod("changeThreshold(uint256 threshold)", _SAFE),
    EvmMethod("enableModule(address module)", _change("safe-module", "lets {to} act for the Safe {target}")),
    EvmMethod(
        "disableModule(address prevModule,address module)",
        _change("safe-module", "takes a module from the Safe {target}", 1),
    ),
    EvmMethod("setGuard(address guard)", _change("safe-module", "makes {to} the guard of the Safe {target}")),
    EvmMethod("setFallbackHandler(address handler)", _change("safe-module", "lets {to} answer for the Safe {target}")),
)
