"""SPL Token, and what Token-2022 shares with it.

Source: the SPL Token program's `TokenInstruction` (tag of one byte), also used by Token-2022 up to tag 24. The
unchecked forms name no mint: which token moves follows from the account, which is not in the bytes.
"""

from dataclasses import replace

from fluxdesk_host.signing.draft import UNLIMITED_SPL
from fluxdesk_host.signing.reading import EffectKind
from fluxdesk_host.signing.registry import SolanaProgram
from fluxdesk_host.signing.solana import described, token_2022
from fluxdesk_host.signing.solana.instruction import Data, Instruction
from fluxdesk_host.signing.text import units

TOKEN = "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"
TOKEN_2022 = "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"
ROLES = {
    0: "mint authority", 1: "freeze authority", 2: "ownership", 3: "close authority", 4: "transfer-fee authority",
    5: "fee-withdraw authority", 6: "mint-close authority", 7: "interest authority", 8: "permanent delegate",
    9: "confidential-transfer authority", 10: "transfer-hook authority", 11: "confidential-fee authority",
    12: "metadata-pointer authority", 13: "group-pointer authority", 14: "member-pointer authority",
    15: "scaled-amount authority", 16: "pause authority", 17: "burn authority",
}  # fmt: skip


_LAST_OF_TOKEN = 3
"""The last role that SPL Token itself knows."""
_BATCH = 255


def moved(ix: Instruction, source: int, to: int, authority: int, amount: int, mint: int | None, decimals: int) -> str:
    """Tokens that move; shared with Token-2022."""
    ix.warn("token-transfer")
    asset, what = _asset(ix, source, mint, amount, decimals)
    if ix.account is not None and ix.known(authority) != ix.account:
        ix.warn("transfer-of-others", source=ix.at(authority))
    owner = ix.wallets.get(ix.at(to))
    wallet = owner[0] if owner and " " not in owner[0] else None
    ix.effect(EffectKind.TOKEN_OUT, asset=asset, amount=amount, source=ix.known(source), to=ix.known(to), owner=wallet)
    for_whom = f", which belongs to {owner[0]}," if owner else ""
    return f"sends {what} to token account {ix.at(to)}{for_whom} from {ix.at(source)}"


def hooked(ix: Instruction, phrase: str) -> str:
    """A Token-2022 transfer with accounts beyond its own and those of signers: they are for a program of the token."""
    more = sum(not account.signer for account in ix.accounts[4:])
    if more and ix.program == TOKEN_2022:
        ix.warn("transfer-hook", count=more)
    return phrase


def _asset(ix: Instruction, holder: int, mint: int | None, amount: int, decimals: int) -> tuple[str, str]:
    """The asset of an effect, and the amount in words."""
    if mint is None:
        ix.warn("mint-not-named")
        return f"spl-account:{ix.at(holder)}", f"{amount:,} base units of the token in {ix.at(holder)}"
    return f"spl:{ix.at(mint)}", f"{units(amount, decimals)} of token {ix.at(mint)}"


def _approved(ix: Instruction, delegate: int, amount: int, mint: int | None, decimals: int) -> str:
    asset, what = _asset(ix, 0, mint, amount, decimals)
    unlimited = amount >= UNLIMITED_SPL
    who = ix.at(delegate)
    ix.warn("approval-unlimited" if unlimited else "approval", spender=who)
    ix.effect(
        EffectKind.APPROVAL,
        asset=asset,
        amount=amount,
        bound="most",
        source=ix.known(0),
        spender=ix.known(delegate),
        unlimited=unlimited,
    )
    return f"lets {who} take {f'all that is in {ix.at(0)}, without asking again' if unlimited else f'up to {what}'}"


def _authority(ix: Instruction, role: int, to: str | None) -> str | None:
    what = ROLES.get(role)
    if what is None or (role > _LAST_OF_TOKEN and ix.program == TOKEN):
        return None
    target = ix.at(0)
    ix.at(1)
    ix.wallets.pop(target, None)
    if to is None:
        ix.warn("authority-removed", role=what, target=target)
    else:
        ix.warn("authority", role=what, target=target, to=to)
    ix.effect(EffectKind.OWNERSHIP, asset=f"account:{target}", source=ix.known(0), to=to)
    return f"hands the {what} of {target} to {to}" if to else f"gives up the {what} of {target}"


def _closed(ix: Instruction) -> str:
    to = ix.at(1)
    ix.closed(0, 1)
    return f"closes token account {ix.at(0)}; its SOL goes to {to}"


def _read(ix: Instruction) -> str | None:
    if ix.program == TOKEN_2022 and len(ix.data) >= 8 and (phrase := described.read(ix)) is not None:
        return phrase
    d = Data(ix.data)
    tag = d.number(1)
    if tag == _BATCH:
        return _batch(ix, d)
    if tag >= 25:
        both = tag in (token_2022.EXCESS, token_2022.UNWRAP)
        return token_2022.read(ix, d, tag) if both or ix.program == TOKEN_2022 else None
    if tag in (3, 4, 7, 8):
        amount = d.number(8)
        d.end()
        if tag == 3:
            return moved(ix, 0, 1, 2, amount, None, 0)
        if tag == 4:
            ix.at(2)
            return _approved(ix, 1, amount, None, 0)
        return _minted(ix, tag == 7, amount, f"{amount:,} base units")
    if tag in (12, 13, 14, 15):
        amount, decimals = d.number(8), d.number(1)
        d.end()
        if tag == 12:
            return hooked(ix, moved(ix, 0, 2, 3, amount, 1, decimals))
        if tag == 13:
            ix.at(3)
            return _approved(ix, 2, amount, 1, decimals)
        return _minted(ix, tag == 14, amount, units(amount, decimals))
    if tag == 5:
        d.end()
        ix.warn("revoke")
        ix.effect(EffectKind.REVOKE, asset=f"spl-account:{ix.at(0)}", source=ix.known(0))
        return f"takes back who may take what is in {ix.at(0)}"
    if tag == 6:
        role = d.number(1)
        to = d.key() if d.option() else None
        d.end()
        return _authority(ix, role, to)
    if tag == 9:
        d.end()
        ix.at(2)
        return _closed(ix)
    if tag in (10, 11):
        d.end()
        ix.warn("freezes")
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{ix.at(0)}", source=ix.known(0))
        return f"{'freezes' if tag == 10 else 'releases'} token account {ix.at(0)}"
    return _setup(ix, d, tag)


def _batch(ix: Instruction, d: Data) -> str | None:
    """Several instructions in one: how many accounts and bytes each takes, and its bytes. None unless all are known."""
    at = 0
    phrases: list[str] = []
    while d.at < len(d.raw):
        accounts, size = d.number(1), d.number(1)
        data = d.take(size)
        if not data or data[0] == _BATCH or at + accounts > len(ix.accounts):
            return None
        inner = replace(ix, accounts=ix.accounts[at : at + accounts], data=data, place=f"{ix.place}.{len(phrases)}")
        at += accounts
        phrase = _read(inner)
        if phrase is None:
            return None
        phrases.append(phrase)
    if at != len(ix.accounts) or not phrases:
        return None
    if len(phrases) > 1:
        ix.warn("bundle", count=len(phrases))
    more = f"; and {len(phrases) - 3} more" if len(phrases) > 3 else ""
    return "; ".join(phrases[:3]) + more


def _minted(ix: Instruction, mints: bool, amount: int, shown: str) -> str:
    """MintTo names [mint, account], Burn [account, mint]."""
    mint, holder = (0, 1) if mints else (1, 0)
    ix.at(2)
    ix.warn("token-mint" if mints else "token-burn")
    ix.effect(
        EffectKind.MINT if mints else EffectKind.BURN,
        asset=f"spl:{ix.at(mint)}",
        amount=amount,
        to=ix.known(holder) if mints else None,
        source=None if mints else ix.known(holder),
    )
    verb, side = ("creates", "for") if mints else ("destroys", "in")
    return f"{verb} {shown} of token {ix.at(mint)} {side} {ix.at(holder)}"


def _setup(ix: Instruction, d: Data, tag: int) -> str | None:
    """Initialisations and questions; they take nothing from anybody."""
    target = ix.at(0)
    if tag in (0, 20):
        decimals, authority = d.number(1), d.key()
        freeze = d.key() if d.option() else None
        d.end()
        ix.warn("token-setup")
        ix.effect(EffectKind.ACCOUNT, asset=f"spl:{target}", to=authority)
        return f"makes {target} a token of {decimals} decimals that {authority} may mint" + (
            f" and {freeze} may freeze" if freeze else ""
        )
    if tag in (1, 16, 18):
        owner = ix.at(2) if tag == 1 else d.key()
        mint = ix.at(1)
        d.end()
        ix.warn("token-account-created", owner=owner)
        ix.effect(EffectKind.ACCOUNT, asset=f"spl:{mint}", to=target, source=owner)
        ix.wallets[target] = (owner, mint)
        return f"makes {target} a token account of {owner} for token {mint}"
    if tag in (2, 19):
        needed = d.number(1)
        d.end()
        ix.warn("token-setup")
        ix.effect(EffectKind.ACCOUNT, asset=f"account:{target}")
        return f"makes {target} an account that {needed} signers control"
    if tag == 24:
        try:
            d.take(len(ix.data) - 1).decode()
        except UnicodeDecodeError:
            return None
        return f"asks for an amount of token {target}"
    words = {17: "brings the balance of {} up to date", 22: "fixes the owner of {}"}
    if tag in words:
        d.end()
        return words[tag].format(target)
    if tag == 23:
        d.number(8)
        d.end()
        return f"asks for an amount of token {target}"
    if tag == 21 and (len(ix.data) - 1) % 2 == 0:
        return f"asks for the size of accounts of token {target}"
    return None


PROGRAMS = (SolanaProgram(TOKEN, "Token", _read), SolanaProgram(TOKEN_2022, "Token-2022", _read))
