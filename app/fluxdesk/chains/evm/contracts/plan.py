"""A plan of deployments: which contracts, in which order, with which constructor arguments. Pure data, no I/O.

A plan is JSON: a list of `{"name": ..., "contract": ..., "arguments": {...}}`. Arguments stand under the names that the
constructor gives them; a struct's are an object of their own. Whole numbers may be strings. `"$account"` is the account
that pays, `"$pools"` the address of the step called `pools` before it.

Of a `GovernanceDeployment` called `votes`, `"$votes.timelock"`, `.registry`, `.token` and `.governor` are the addresses
of what it makes, and `"$code.FluxdeskGovernor"` is the hash of the governor's code that it is given. The governor comes
by a step of its own, `{"name": ..., "contract": "FluxdeskGovernor", "by": "$votes"}`, whose arguments follow.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from fluxdesk.chains.evm.contracts.built import Built, NotBuilt, keccak256
from fluxdesk.chains.evm.contracts.codec import encode
from fluxdesk.chains.evm.contracts.deployer import DEPLOYER, MOST_CODE, NO_SALT, address_of, made_by

_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
ACCOUNT = "account"
GOVERNANCE, GOVERNOR = "GovernanceDeployment", "FluxdeskGovernor"
MADE = {"timelock": 1, "registry": 2, "token": 3, "governor": 4}
"""What a `GovernanceDeployment` makes as its nth."""
_THRESHOLD = slice(6 * 32, 7 * 32)
"""Of its arguments: the offset of the one struct, then its heads."""
MOST_STEPS = 64
MOST_TEXT = 1_000_000


class BadPlan(ValueError):
    """A plan cannot be followed; the message says where and why."""


class _Step(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    contract: str
    arguments: dict[str, Any] = {}
    by: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One contract with everything decided: `address` follows from code, arguments and salt, or from who makes it.

    `maker`: the contract that creates it: the proxy, or the `GovernanceDeployment` of a governor.
    """

    name: str
    built: Built
    arguments: bytes
    address: str
    maker: str = DEPLOYER

    @property
    def code(self) -> bytes:
        """Creation code and arguments."""
        return self.built.code(self.arguments)


def steps(text: bytes | str, account: str, load: Callable[[str], Built]) -> list[Step]:
    """The steps of a plan, all addresses known before anything is done.

    Raises:
        BadPlan: it is no plan, names what is not there, or gives a constructor what it does not take.
    """
    if len(text) > MOST_TEXT:
        raise BadPlan(f"a plan has at most {MOST_TEXT:,} bytes")
    try:
        asked = msgspec.json.decode(text, type=list[_Step])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadPlan(f"it is no list of steps ({error})") from None
    if not 0 < len(asked) <= MOST_STEPS:
        raise BadPlan(f"a plan has 1 to {MOST_STEPS} steps, not {len(asked)}")
    known = {ACCOUNT: account.lower()}
    out: list[Step] = []
    for step in asked:
        if not _NAME.fullmatch(step.name) or step.name in known:
            raise BadPlan(f"{step.name!r:.60} is no name for a step, or is taken")
        if step.contract == GOVERNANCE:
            known[f"code.{GOVERNOR}"] = "0x" + keccak256(_load(GOVERNOR, step.name, load).code()).hex()
        made = _governor(step, out, load) if step.contract == GOVERNOR else _step(step, known, load)
        if made.address in {earlier.address for earlier in out} | {known[ACCOUNT]}:
            raise BadPlan(f"{step.name} is the same deployment as an earlier step")
        known[step.name] = made.address
        if step.contract == GOVERNANCE:
            known |= {f"{step.name}.{child}": made_by(made.address, nonce) for child, nonce in MADE.items()}
        out.append(made)
    return out


def _load(contract: str, name: str, load: Callable[[str], Built]) -> Built:
    try:
        return load(contract)
    except NotBuilt as error:
        raise BadPlan(f"{name}: {error}") from None


def _governor(step: _Step, earlier: list[Step], load: Callable[[str], Built]) -> Step:
    """The governor of an earlier deployment: its token, its timelock and its threshold."""
    by = next((one for one in earlier if step.by == f"${one.name}" and one.built.name == GOVERNANCE), None)
    if by is None:
        raise BadPlan(f'{step.name}: a {GOVERNOR} comes by an earlier {GOVERNANCE} ("by": "$NAME")')
    if step.arguments:
        raise BadPlan(f"{step.name}: the arguments of a {GOVERNOR} follow from {by.name}")
    token, timelock = made_by(by.address, MADE["token"]), made_by(by.address, MADE["timelock"])
    threshold = int.from_bytes(by.arguments[_THRESHOLD], "big")
    arguments = encode(["address", "address", "uint256"], [token, timelock, threshold])
    return Step(
        step.name, _load(GOVERNOR, step.name, load), arguments, made_by(by.address, MADE["governor"]), by.address
    )  # fmt: skip


def _step(step: _Step, known: Mapping[str, str], load: Callable[[str], Built]) -> Step:
    if step.by:
        raise BadPlan(f"{step.name}: only a {GOVERNOR} comes by another step")
    built = _load(step.contract, step.name, load)
    inputs: list[dict[str, Any]] = next((e["inputs"] for e in built.abi if e["type"] == "constructor"), [])
    arguments = _encoded(inputs, step.arguments, known, step.name)
    code = built.code(arguments)
    if len(code) > MOST_CODE:
        raise BadPlan(f"{step.name}: {len(code):,} bytes of creation code are more than a chain takes")
    return Step(step.name, built, arguments, address_of(code, NO_SALT))


def _encoded(inputs: list[dict[str, Any]], given: Mapping[str, Any], known: Mapping[str, str], at: str) -> bytes:
    values = _members(inputs, given, known, at)
    if not inputs:
        return b""
    try:
        return encode([_kind(entry) for entry in inputs], values)
    except ValueError as error:
        raise BadPlan(f"{at}: {error}") from None


def _members(inputs: list[dict[str, Any]], given: Any, known: Mapping[str, str], at: str) -> list[Any]:
    names = [entry["name"] for entry in inputs]
    if not isinstance(given, dict) or set(given) != set(names):
        said = ", ".join(sorted(given)) if isinstance(given, dict) else repr(given)[:40]
        raise BadPlan(f"{at} takes ({', '.join(names)}), not ({said})")
    return [_value(entry, given[entry["name"]], known, f"{at}.{entry['name']}") for entry in inputs]


def _value(entry: dict[str, Any], value: Any, known: Mapping[str, str], at: str) -> Any:
    kind: str = entry["type"]
    if kind.endswith("]"):
        if not isinstance(value, list):
            raise BadPlan(f"{at} is a list")
        inner = {**entry, "type": kind.rpartition("[")[0]}
        return [_value(inner, each, known, f"{at}[{i}]") for i, each in enumerate(value)]
    if kind == "tuple":
        return _members(entry["components"], value, known, at)
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in known:
            raise BadPlan(f"{at}: no earlier step is called {value[1:]!r:.60}")
        value = known[value[1:]]
    return _leaf(kind, value, at)


def _leaf(kind: str, value: Any, at: str) -> Any:
    wrong = BadPlan(f"{at}: {value!r:.60} is no {kind}")
    if kind.startswith(("uint", "int")):
        if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"-?\d{1,78}", str(value)):
            raise wrong
        return int(value)
    if kind == "bool" and isinstance(value, bool):
        return value
    if kind == "string" and isinstance(value, str):
        return value
    if kind == "address" and isinstance(value, str) and _ADDRESS.fullmatch(value):
        return value.lower()
    if kind.startswith("bytes") and isinstance(value, str) and re.fullmatch(r"0x([0-9a-fA-F]{2})*", value):
        return bytes.fromhex(value[2:])
    raise wrong


def _kind(entry: dict[str, Any]) -> str:
    if not entry["type"].startswith("tuple"):
        return str(entry["type"])
    return f"({','.join(_kind(member) for member in entry['components'])}){entry['type'].removeprefix('tuple')}"
