"""Which recogniser reads what. A registry is not changed: `plus` makes a larger one.

How to add a recogniser: docs/signing.md. A recogniser is a pure function that gets values already decoded strictly,
adds effects and reasons to the draft, and answers with a phrase that continues "This …".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fluxdesk_host.signing.abi import AbiType, parse_type, split_types

if TYPE_CHECKING:
    from fluxdesk_host.signing.evm.call import Call
    from fluxdesk_host.signing.reading import Argument
    from fluxdesk_host.signing.solana.instruction import Instruction
    from fluxdesk_host.signing.typed.document import Document


@dataclass(frozen=True, slots=True)
class EvmMethod:
    """A contract function by its signature with argument names: `transfer(address to,uint256 amount)`.

    Inner types of tuples stand without names. `contracts` holds (chain id, lower-case address) where the reading is
    true for these contracts only; they come before methods without it.
    """

    signature: str
    read: "Callable[[Call, tuple[Any, ...]], str]"
    contracts: frozenset[tuple[int, str]] | None = None
    names: tuple[str, ...] = field(init=False)
    types: tuple[AbiType, ...] = field(init=False)
    canonical: str = field(init=False)
    selector: bytes = field(init=False)

    def __post_init__(self) -> None:
        name, _, rest = self.signature.partition("(")
        pairs = [text.rpartition(" ") for text in split_types(rest[:-1])]
        types = tuple(parse_type(kind) for kind, _, _ in pairs)
        canonical = f"{name}({','.join(t.text for t in types)})"
        object.__setattr__(self, "names", tuple(argument for _, _, argument in pairs))
        object.__setattr__(self, "types", types)
        object.__setattr__(self, "canonical", canonical)
        object.__setattr__(self, "selector", selector_of(canonical))


def selector_of(canonical: str) -> bytes:
    """First four bytes of Keccak-256 of a signature without argument names."""
    from Crypto.Hash import keccak

    return keccak.new(digest_bits=256, data=canonical.encode()).digest()[:4]


@dataclass(frozen=True, slots=True)
class TypedKind:
    """A kind of typed data: its primary type, and the exact fields of every struct it is made of, as `encodeType`
    writes.

    `types` None: `read` looks at the fields itself and answers None for what it does not recognise.
    """

    primary: str
    types: Mapping[str, tuple[tuple[str, str], ...]] | None
    read: "Callable[[Document], str | None]"


@dataclass(frozen=True, slots=True)
class SolanaProgram:
    """A program by its address. `read` answers with a phrase, or None for an instruction it does not know exactly."""

    address: str
    name: str
    read: "Callable[[Instruction], str | None]"


@dataclass(frozen=True, slots=True)
class EvmContract:
    """A contract whose calldata begin with no selector, at one address on every chain. `read` answers with a phrase, a
    name for the call and its arguments, or None for what it does not know.
    """

    address: str
    read: "Callable[[Call], tuple[str, str, tuple[Argument, ...]] | None]"


@dataclass(frozen=True, slots=True)
class KnownContract:
    """An address that our list names. `chain` None: the same contract stands there on every chain."""

    chain: int | None
    address: str
    name: str
    role: str


class Registry:
    """The recognisers in force."""

    __slots__ = (
        "_bare", "_contracts", "_methods", "_programs", "_typed", "bare", "contracts", "methods", "programs", "typed",
    )  # fmt: skip

    def __init__(
        self,
        methods: Iterable[EvmMethod] = (),
        typed: Iterable[TypedKind] = (),
        programs: Iterable[SolanaProgram] = (),
        contracts: Iterable[KnownContract] = (),
        bare: Iterable[EvmContract] = (),
    ) -> None:
        self.methods, self.typed, self.bare = tuple(methods), tuple(typed), tuple(bare)
        self.programs, self.contracts = tuple(programs), tuple(contracts)
        self._methods: dict[bytes, list[EvmMethod]] = {}
        for method in sorted(self.methods, key=lambda m: m.contracts is None):
            self._methods.setdefault(method.selector, []).append(method)
        self._typed: dict[str, list[TypedKind]] = {}
        for kind in self.typed:
            self._typed.setdefault(kind.primary, []).append(kind)
        self._bare = {c.address: c for c in self.bare}
        self._programs = {p.address: p for p in self.programs}
        self._contracts = {(c.chain, c.address): c for c in self.contracts}

    def plus(
        self,
        methods: Iterable[EvmMethod] = (),
        typed: Iterable[TypedKind] = (),
        programs: Iterable[SolanaProgram] = (),
        contracts: Iterable[KnownContract] = (),
        bare: Iterable[EvmContract] = (),
    ) -> "Registry":
        """A registry with these added; of two programs or contracts at one address the new one counts."""
        return Registry(
            (*self.methods, *methods),
            (*self.typed, *typed),
            (*self.programs, *programs),
            (*self.contracts, *contracts),
            (*self.bare, *bare),
        )

    def methods_of(self, chain: int | None, target: str, selector: bytes) -> list[EvmMethod]:
        """Methods that may read a call, those for this very contract first."""
        found = self._methods.get(selector, [])
        return [m for m in found if m.contracts is None or (chain is not None and (chain, target) in m.contracts)]

    def without_selector(self, target: str) -> EvmContract | None:
        """The contract at an address, where its calldata begin with no selector."""
        return self._bare.get(target)

    def typed_of(self, primary: str) -> list[TypedKind]:
        """Kinds of typed data with this primary type, then those that look at the fields themselves."""
        return [*self._typed.get(primary, ()), *self._typed.get("", ())]

    def program(self, address: str) -> SolanaProgram | None:
        """The program at an address."""
        return self._programs.get(address)

    def contract(self, chain: int | None, address: str | None) -> KnownContract | None:
        """What our list says about an address; only what stands on every chain where the chain is not known."""
        if address is None:
            return None
        return self._contracts.get((chain, address)) or self._contracts.get((None, address))

    def one_of(self, chain: int | None, role: str) -> str | None:
        """The address that our list gives a role on a chain; None where it names none."""
        return next((c.address for c in self.contracts if c.role == role and c.chain == chain), None)
