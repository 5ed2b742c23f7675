"""One instruction with its accounts, and how recognisers read its data: exactly, to the last byte.

A recogniser answers None for what it does not know exactly; the instruction is then shown as unknown with its bytes.
"""

from dataclasses import dataclass

from fluxdesk_host.signing.draft import Draft
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.solana.base58 import b58encode
from fluxdesk_host.signing.solana.message import Account


class BadData(ValueError):
    """Instruction data do not have the form their tag says."""


class Data:
    """Instruction data, read forward in little-endian."""

    __slots__ = ("at", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, size: int) -> bytes:
        """The next bytes. Raises `BadData`."""
        end = self.at + size
        if end > len(self.raw):
            raise BadData("too short")
        taken = self.raw[self.at : end]
        self.at = end
        return taken

    def number(self, size: int) -> int:
        """The next unsigned number of `size` bytes. Raises `BadData`."""
        return int.from_bytes(self.take(size), "little")

    def key(self) -> str:
        """The next address. Raises `BadData`."""
        return b58encode(self.take(32))

    def option(self, tag_size: int = 1) -> bool:
        """Whether an optional value follows. Raises `BadData`."""
        tag = self.number(tag_size)
        if tag > 1:
            raise BadData("an option is neither there nor not")
        return tag == 1

    def string(self) -> str:
        """Text after its length of eight bytes (bincode). Raises `BadData`."""
        try:
            return self.take(self.number(8)).decode()
        except UnicodeDecodeError:
            raise BadData("text is not UTF-8") from None

    def end(self) -> None:
        """Raises `BadData` unless every byte was read."""
        if self.at != len(self.raw):
            raise BadData("bytes are left over")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `wallets` maps token accounts that the same transaction creates to (owner, mint)."""

    draft: Draft
    program: str
    accounts: tuple[Account, ...]
    data: bytes
    place: str
    account: str | None
    wallets: dict[str, tuple[str, str]]

    def at(self, index: int) -> str:
        """Address of an account; `unknown …` for one of an unresolved table. Raises `BadData` where there is none."""
        if index >= len(self.accounts):
            raise BadData("accounts are missing")
        return self.accounts[index].shown

    def known(self, index: int) -> str | None:
        """Address of an account for an effect; None for one of an unresolved table. Raises `BadData`."""
        self.at(index)
        return self.accounts[index].address

    def mine(self, index: int) -> bool:
        """Whether an account is the signing one."""
        return self.account is not None and self.known(index) == self.account

    def closed(self, account: int, to: int) -> None:
        """An account that closes: all its lamports go to `to`, how many the bytes do not say. Raises `BadData`."""
        target = self.at(account)
        self.wallets.pop(target, None)
        if self.mine(to):
            self.warn("closes-account", to=self.at(to))
            self.effect(EffectKind.ACCOUNT, asset=f"account:{target}", source=self.known(account), to=self.known(to))
        else:
            self.warn("closes-to-other", to=self.at(to))
            self.effect(EffectKind.NATIVE_OUT, asset="native", source=self.known(account), to=self.known(to))

    def warn(self, code: str, **values: object) -> None:
        """Add a reason."""
        self.draft.warn(code, self.place, **values)

    def effect(self, kind: EffectKind, **fields: object) -> None:
        """Add an effect with this instruction's place."""
        self.draft.effect(kind, place=self.place, **fields)
