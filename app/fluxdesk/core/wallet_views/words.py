"""The words that the views are made of: addresses, amounts, names of chains and of states."""

from typing import Annotated, Literal

from msgspec import Meta

Account = Annotated[str, Meta(pattern=r"^(0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$", max_length=44)]
"""An EVM or a Solana address."""
Asset = Annotated[str, Meta(pattern=r"^(native|0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44})$", max_length=44)]
"""`native` or the address of a contract or mint."""
Amount = Annotated[str, Meta(pattern=r"^(0|[1-9][0-9]{0,77})$", max_length=78)]
SendId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,80}$", max_length=80)]
Base64 = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]+={0,2}$", min_length=4, max_length=48_000)]
ChainName = Annotated[str, Meta(pattern=r"^(eip155|solana):[A-Za-z0-9]{1,32}$", max_length=40)]
Method = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]+$", min_length=1, max_length=64)]

Url = Annotated[str, Meta(min_length=8, max_length=2_000)]
Priority = Literal[0, 1, 2]
"""0 fast, 1 normal, 2 slow."""
AllowanceKind = Literal["erc20", "nft", "operator", "permit2", "delegate"]
"""`nft`: one ERC-721 token; `operator`: all of a collection (ERC-721, ERC-1155); `permit2`: through Uniswap's Permit2;
`delegate`: of a Solana token account, which is then `asset`."""

HistoryState = Literal["included", "final", "failed", "withdrawn"]
MoveKind = Literal["transfer", "fee", "change"]
Standard = Literal["erc20", "erc721", "erc1155", "spl", "token2022", "unknown"]
Family = Literal["evm", "solana"]
EndpointState = Literal["unasked", "good", "slow", "behind", "failing", "other_chain", "contradicts"]
SendState = Literal["queued", "sending", "paid", "failed", "cancelled", "refused", "superseded"]
