"""Token accounts and mints of SPL Token and Token-2022, read from their bytes, and the instructions that pay with them.

Layouts: spl-token `state.rs` (Mint 82 bytes, Account 165 bytes) and Token-2022's extensions (account type at 165, then
type u16, length u16, value). Instructions: `TransferChecked` (12) and the associated token account's
`CreateIdempotent` (1).
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from solders.instruction import Instruction
    from solders.pubkey import Pubkey

TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
ASSOCIATED = "ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL"
_SYSTEM = "11111111111111111111111111111111"
_MINT_SIZE, ACCOUNT_SIZE = 82, 165
_TRANSFER_FEE, _NON_TRANSFERABLE, _HOOK, _PAUSABLE = 1, 9, 14, 26
_ACCOUNT_EXTENSION_BYTES = {_TRANSFER_FEE: 12, _NON_TRANSFERABLE: 4, _HOOK: 5, _PAUSABLE: 4}
"""What a mint's extension adds to each of its accounts, header included."""
_IMMUTABLE_OWNER_BYTES = 4


class Mint(NamedTuple):
    """A token. `program` is the one that owns it; `extensions` are the numbers of Token-2022."""

    address: str
    program: str
    decimals: int
    supply: int
    extensions: frozenset[int]
    hooked: bool

    @property
    def account_size(self) -> int:
        """Bytes of an associated token account of this mint."""
        if self.program == TOKEN:
            return ACCOUNT_SIZE
        added = sum(_ACCOUNT_EXTENSION_BYTES.get(e, 0) for e in self.extensions)
        return ACCOUNT_SIZE + 1 + _IMMUTABLE_OWNER_BYTES + added

    @property
    def obstacle(self) -> str:
        """Why it cannot be paid with here; empty when it can."""
        if _NON_TRANSFERABLE in self.extensions:
            return "This token cannot be transferred."
        if self.hooked:
            return "This token runs a program of its issuer at each transfer, which Fluxdesk does not do."
        return ""


class Held(NamedTuple):
    """One token account. `delegate` may take up to `delegated`; empty for nobody."""

    address: str
    mint: str
    program: str
    amount: int
    frozen: bool
    delegate: str = ""
    delegated: int = 0


def read_mint(address: str, program: str, data: bytes) -> Mint | None:
    """None when the bytes are no initialised mint of a token program."""
    if program not in (TOKEN, TOKEN_2022) or len(data) < _MINT_SIZE or not data[45]:
        return None
    if len(data) > _MINT_SIZE and (len(data) <= ACCOUNT_SIZE or data[ACCOUNT_SIZE] != 1):
        return None
    extensions, hooked, at = set(), False, ACCOUNT_SIZE + 1
    while at + 4 <= len(data) and (kind := int.from_bytes(data[at : at + 2], "little")):
        size = int.from_bytes(data[at + 2 : at + 4], "little")
        extensions.add(kind)
        hooked |= kind == _HOOK and any(data[at + 36 : at + 68])
        at += 4 + size
    supply = int.from_bytes(data[36:44], "little")
    return Mint(address, program, data[44], supply, frozenset(extensions), hooked)


def read_account(address: str, program: str, data: bytes) -> Held | None:
    """None when the bytes are no initialised token account."""
    from solders.pubkey import Pubkey

    if len(data) < ACCOUNT_SIZE or not data[108] or (len(data) > ACCOUNT_SIZE and data[ACCOUNT_SIZE] != 2):
        return None
    amount = int.from_bytes(data[64:72], "little")
    has_delegate = int.from_bytes(data[72:76], "little") == 1
    delegate = str(Pubkey.from_bytes(data[76:108])) if has_delegate else ""
    delegated = int.from_bytes(data[121:129], "little") if has_delegate else 0
    return Held(address, str(Pubkey.from_bytes(data[:32])), program, amount, data[108] == 2, delegate, delegated)


def associated(owner: "Pubkey", mint: Mint) -> "Pubkey":
    """The token account that belongs to an owner by derivation."""
    from solders.pubkey import Pubkey

    seeds = [bytes(owner), bytes(Pubkey.from_string(mint.program)), bytes(Pubkey.from_string(mint.address))]
    return Pubkey.find_program_address(seeds, Pubkey.from_string(ASSOCIATED))[0]


def create_account(payer: "Pubkey", owner: "Pubkey", mint: Mint) -> "Instruction":
    """Makes the associated token account unless it is there already."""
    from solders.instruction import AccountMeta, Instruction
    from solders.pubkey import Pubkey

    accounts = [
        AccountMeta(payer, True, True),
        AccountMeta(associated(owner, mint), False, True),
        AccountMeta(owner, False, False),
        AccountMeta(Pubkey.from_string(mint.address), False, False),
        AccountMeta(Pubkey.from_string(_SYSTEM), False, False),
        AccountMeta(Pubkey.from_string(mint.program), False, False),
    ]
    return Instruction(Pubkey.from_string(ASSOCIATED), bytes([1]), accounts)


def revoke(owner: "Pubkey", account: "Pubkey", program: str) -> "Instruction":
    """Nobody but its owner may take from a token account any more (`Revoke`, 5)."""
    from solders.instruction import AccountMeta, Instruction
    from solders.pubkey import Pubkey

    accounts = [AccountMeta(account, False, True), AccountMeta(owner, True, False)]
    return Instruction(Pubkey.from_string(program), bytes([5]), accounts)


def transfer_checked(owner: "Pubkey", recipient: "Pubkey", mint: Mint, amount: int) -> "Instruction":
    """From the owner's associated token account to the recipient's; the program checks mint and decimals."""
    from solders.instruction import AccountMeta, Instruction
    from solders.pubkey import Pubkey

    accounts = [
        AccountMeta(associated(owner, mint), False, True),
        AccountMeta(Pubkey.from_string(mint.address), False, False),
        AccountMeta(associated(recipient, mint), False, True),
        AccountMeta(owner, True, False),
    ]
    data = bytes([12]) + amount.to_bytes(8, "little") + bytes([mint.decimals])
    return Instruction(Pubkey.from_string(mint.program), data, accounts)
