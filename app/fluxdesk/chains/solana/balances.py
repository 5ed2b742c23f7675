"""What an account holds on Solana: lamports, and every token account of SPL Token and Token-2022."""

from typing import NamedTuple

from fluxdesk.chains.solana.client import SolanaClient
from fluxdesk.chains.solana.tokens import TOKEN, TOKEN_2022, Held, Mint, read_account, read_mint

_ACCOUNTS_AT_ONCE = 100


class Holdings(NamedTuple):
    """Base units. `tokens`: every token account, empty ones too; `mints` has the decimals of each."""

    lamports: int
    tokens: list[Held]
    mints: dict[str, Mint]

    def of(self, mint: str) -> int:
        """Base units over all accounts of a mint."""
        return sum(held.amount for held in self.tokens if held.mint == mint)


async def holdings(client: SolanaClient, account: str) -> Holdings:
    """Everything at confirmed commitment; the questions are not one moment. Raises `ChainError`."""
    from solana.rpc.models import TokenAccountOpts
    from solders.pubkey import Pubkey

    owner = Pubkey.from_string(account)
    lamports = await client.value("a balance", client.api.get_balance(owner))
    tokens = []
    for program in (TOKEN, TOKEN_2022):
        options = TokenAccountOpts(program_id=Pubkey.from_string(program))
        for found in await client.value("token accounts", client.api.get_token_accounts_by_owner(owner, options)):
            if (held := read_account(str(found.pubkey), program, bytes(found.account.data))) is not None:
                tokens.append(held)
    return Holdings(lamports, tokens, await mints(client, sorted({held.mint for held in tokens})))


async def mints(client: SolanaClient, addresses: list[str]) -> dict[str, Mint]:
    """Those of the addresses that are mints."""
    from solders.pubkey import Pubkey

    found: dict[str, Mint] = {}
    for start in range(0, len(addresses), _ACCOUNTS_AT_ONCE):
        part = addresses[start : start + _ACCOUNTS_AT_ONCE]
        answers = await client.accounts([Pubkey.from_string(a) for a in part])
        for address, account in zip(part, answers, strict=True):
            if account is not None and (mint := read_mint(address, str(account.owner), bytes(account.data))):
                found[address] = mint
    return found
