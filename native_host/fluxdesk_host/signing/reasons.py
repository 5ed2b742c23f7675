"""Every reason for a danger level: its code, its level, its words. docs/signing.md prints this table.

A recogniser names a code; the words stand here once, so that they can be translated and a policy can rely on codes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fluxdesk_host.signing.reading import Danger

_N, _P, _B, _C, _H, _A = Danger

_TABLE: dict[str, tuple[Danger, str]] = {
    # whole requests
    "malformed": (_A, "It does not have the form it claims: {what}."),
    "unsigned-field": (_H, "The request holds {what}, which is not part of what is signed."),
    "chain-mismatch": (_A, "It is for chain {stated}, not for chain {wanted}."),
    "chain-missing": (_H, "It names no chain, so that it holds on every chain."),
    "account-mismatch": (_A, "It is for account {stated}, not for {wanted}."),
    "not-our-signature": (_A, "Account {wanted} is not among those who have to sign."),
    "high-fee": (_H, "The fee can reach {amount}; it goes to the network and does not come back."),
    "data-fee": (_P, "The network takes a fee for the data on top, which the bytes do not bound."),
    "other-signers": (_C, "Others sign as well ({count}): {who}."),
    "too-many": (_H, "It holds more parts than are read here ({what}); the rest is unread."),
    "nested-deep": (_H, "Calls are nested deeper than is read here."),
    # what could not be read
    "unknown-call": (_H, "Nothing is known about this call of {target}; it can do all that the contract may do."),
    "unread-arguments": (
        _H,
        "The call says it is {name}, but its arguments do not have that form; nothing of it is believed.",
    ),
    "trailing-bytes": (_H, "More bytes ({count}) follow the arguments of {name}; the contract may read them."),
    "unknown-command": (_H, "Command {what} of the router is not known here."),
    "unknown-program": (_H, "Nothing is known about program {target}; it can do all that its accounts let it do."),
    "unread-instruction": (_H, "The instruction of {target} is not known here or does not have its form."),
    "unresolved-accounts": (
        _H,
        "Some accounts ({count}) stand in lookup tables that were not resolved; what it touches is not fully known.",
    ),
    "tables-from-node": (
        _B,
        "Accounts from lookup tables ({count}) are as the node resolved them; the signed bytes hold their places only.",
    ),
    "blob": (_H, "It carries blobs, which are not read here."),
    # moving things
    "native-transfer": (_P, "Moves the amount of the native coin that it names."),
    "token-transfer": (_P, "Moves the amount of tokens that it names."),
    "nft-transfer": (_B, "Moves an NFT."),
    "transfer-of-others": (_C, "Moves what belongs to {source}, not to the signing account."),
    "own-contract": (_H, "Sends tokens to their own contract, where they are usually lost."),
    "burns": (_H, "Sends to an address nobody holds; it cannot be brought back."),
    "token-burn": (_C, "Destroys tokens."),
    "token-mint": (_C, "Creates tokens."),
    "value-with-call": (_B, "Sends the native coin along with the call."),
    "closes-account": (_B, "Closes an account; what it holds in the native coin goes to {to}."),
    "closes-to-other": (_H, "Closes an account; what it holds goes to {to}, not to the signing account."),
    "lamports-to-other": (_H, "SOL of a token account goes to {to}, not to the signing account."),
    "mint-not-named": (_B, "The bytes do not say which token it is, only which account holds it."),
    "transfer-hook": (_C, "The token runs a program of its own with the transfer, which gets more accounts ({count})."),
    "confidential-amount": (_H, "The amount is encrypted and cannot be read here."),
    "shown-amount": (_C, "Amounts of the token are shown as others than they are from then on."),
    "transfer-fee": (_C, "The token keeps a fee of {amount} base units."),
    # approvals
    "approval": (_B, "{spender} may take this amount at any time until it is used up or taken back."),
    "spender-unlisted": (_B, "{spender} is not in the list of known contracts."),
    "calls-spender": (_H, "{spender} is called at once, with data that are not read."),
    "approval-unlimited": (_H, "{spender} may take all of it, now and later, until it is taken back."),
    "approval-token-or-nft": (
        _B,
        "The number is an amount, or the number of one NFT where the contract is a collection.",
    ),
    "approval-all-nfts": (_H, "{spender} may take every NFT of this collection, now and later."),
    "approval-by-other": (_C, "The approval is given by {by}, not by the signing account."),
    "revoke": (_N, "Takes back a permission."),
    "permit-submitted": (_B, "Submits a permission that {owner} has signed."),
    "never-expires": (_H, "It does not expire."),
    # calls
    "bundle": (_B, "Several calls in one ({count}); each is listed."),
    "acts-through": (_C, "The calls are made by {by}, not by the signing account."),
    "acts-through-unknown": (
        _H,
        "The calls are left to {by}, which is not in the list of known contracts and need not make those it is given.",
    ),
    "acts-as-account": (
        _C,
        "Runs the code that the account itself has been given; what that code does is not known here.",
    ),
    "delegatecall": (_A, "Runs foreign code with all rights of {by}."),
    "router-known": (_B, "Trades through {name}."),
    "router-unknown": (
        _C,
        "Trades through a contract that is not in the list of known routers; it need not do what its name says.",
    ),
    "no-minimum": (_H, "Accepts any amount in return, even nothing."),
    "result-to-other": (_H, "What is bought goes to {to}, not to the signing account."),
    "keeps-in-router": (_B, "What is bought stays with the router until a later command."),
    "left-in-router": (_H, "Of {what} something may stay with the router {by}, where anyone can take it."),
    "may-fail": (_B, "Parts of it may fail while the rest goes on."),
    "wraps": (_P, "Exchanges the native coin with its wrapped token, one to one."),
    "wraps-unknown": (_C, "Looks like wrapping of the native coin, but the contract is not in the list."),
    # Fluxdesk's own contracts
    "our-contract": (
        _B,
        "Calls {name}: the code there is Fluxdesk's. Who owns it and what others made in it is not in the bytes.",
    ),
    "token-by-place": (_C, "The bytes name a place at {name}, not the token; which token it is, that contract says."),
    "owes": (_C, "The account owes what is made, with a fee that grows, and can lose what it put behind it."),
    "other-chain": (
        _C,
        "It arrives on another chain (CCIP lane {lane}), if that lane carries it; nothing brings it back.",
    ),
    "migrates": (_C, "It moves to {to}; that this came after the present contract, the contract has to check."),
    "claims-into": (_B, "What is claimed goes into the token account {to}; whose it is, the bytes may not say."),
    "claim-for": (
        _H,
        "Whoever holds the signature can have the claim paid to {to}; that {target} is a distribution, no list says.",
    ),
    "attests": (_H, "A verifier's word: with enough of them {to} is paid. The chain cannot see whether it is true."),
    "creates-ours": (_C, "Creates {name} from code that came with Fluxdesk; its arguments decide who owns it."),
    # control
    "creates-contract": (_C, "Creates a contract from code that is not read here."),
    "delegates-account": (_A, "The account would run the code of {to} from then on, with all rights."),
    "every-chain": (_A, "It holds on every chain."),
    "delegation-removed": (_P, "The account stops running foreign code."),
    "delegation-signed": (
        _C,
        "Carries a delegation that was signed before; whose account it changes is not checked here.",
    ),
    "ownership": (_A, "Changes who controls {target}."),
    "upgrade": (_A, "Replaces the code of {target}."),
    "safe-owners": (_A, "Changes who may sign for the Safe {target}, or how many must."),
    "safe-module": (_A, "Lets {to} act for the Safe {target} without its owners, or changes what guards it."),
    "safe-call": (_H, "Carries out a transaction of {target}, if that is a Safe; the list does not name it."),
    # typed data
    "typed-unknown": (
        _H,
        "Nothing is known about typed data of the kind {name}; whoever holds the signature may be able to use it.",
    ),
    "typed-domain": (_H, "The data do not bind {what}; the signature may count elsewhere."),
    "permit": (_C, "No transaction and no fee: whoever holds the signature can let {spender} take this amount."),
    "permit-unlimited": (
        _A,
        "No transaction and no fee: whoever holds the signature can let {spender} take all of it.",
    ),
    "permit-spender": (_H, "{spender}, which may take it, is not in the list of known contracts."),
    "permit-nft": (_H, "No transaction and no fee: whoever holds the signature can let {spender} take this NFT."),
    "credit": (_H, "{to} may borrow this amount, and the account owes it."),
    "credit-unlimited": (_A, "{to} may borrow any amount, and the account owes it."),
    "delegates-rights": (_A, "{to} may act with the rights of the account."),
    "permit-takes": (_C, "No transaction and no fee: {spender} can take this amount with the signature, at once."),
    "not-permit2": (_A, "It has the form of Permit2, but {target} is not the Permit2 contract."),
    "wrong-types": (_H, "It is called {name}, but its fields are not those of {name}."),
    "order": (_H, "An offer: whoever holds the signature can take what is offered for what is asked."),
    "order-for-nothing": (_A, "Gives away what is offered and asks nothing for the signing account."),
    "order-criteria": (_H, "Any item that fits can be taken, not one that is named."),
    "order-elsewhere": (_H, "It has the form of an offer at {name}, but {target} is not in the list as that."),
    "order-extension": (_A, "Another contract decides the price; its rules are not in the bytes."),
    "order-balance": (_H, "It uses balances that are kept elsewhere than in the account."),
    "order-hidden": (_A, "Offers of which the bytes hold a hash only; how many and at what price cannot be known."),
    "order-tree": (_A, "Many offers in one signature; each of them counts."),
    "safe-transaction": (_H, "Confirms a transaction of the Safe {target}; it runs when enough owners have."),
    "safe-message": (_H, "Confirms a message for the Safe {target}, whose content is not in the bytes."),
    "meta-transaction": (_H, "Lets others carry out the call inside in the name of the account."),
    "authorised-transfer": (_C, "No transaction and no fee: whoever holds the signature can carry out this transfer."),
    "votes": (_B, "Hands the votes of the account's tokens to {to}."),
    # messages
    "sign-in": (_P, "Signs in at {domain}."),
    "sign-in-domain": (_A, "The message signs in at {domain}, but {origin} asks for it."),
    "sign-in-uri": (_H, "The message names {uri}, which does not belong to {domain}."),
    "sign-in-scheme": (_H, "The message names the scheme {scheme}, but {origin} asks for it."),
    "sign-in-account": (_A, "The message signs in as {stated}, not as {wanted}."),
    "sign-in-chain": (_C, "The message names chain {stated}, not {wanted}."),
    "sign-in-no-expiry": (_B, "The sign-in names no time at which it ends."),
    "sign-in-nonce": (
        _H,
        "The number used once is not at least eight letters and digits; an old signature may be used again.",
    ),
    "sign-in-over": (_C, "The time of the sign-in is over; a site that checks it refuses it."),
    "sign-in-early": (_C, "The sign-in counts only from a later time on."),
    "sign-in-resources": (_B, "The sign-in names resources ({count}); they are listed."),
    "sign-in-form": (_H, "It looks like a sign-in message but does not have the form of one."),
    "no-origin": (_C, "It is not known who asks, so that the message cannot be compared with it."),
    "text-message": (_B, "A readable text. A site may treat the signature as consent to it."),
    "blind-hash": (
        _A,
        "32 bytes that look like the hash of a transaction or an order; what they stand for cannot be known.",
    ),
    "short-bytes": (_A, "32 characters of text, as long as the hash of a transaction."),
    "blind-hex": (_A, "The text is the hexadecimal form of 32 bytes; what they stand for cannot be known."),
    "hex-text": (_H, "The text is a long hexadecimal number; what it stands for cannot be known."),
    "binary-message": (_H, "The message is not text; what it stands for cannot be known."),
    "empty-message": (_C, "The message is empty."),
    "hidden-characters": (_H, "The text holds characters that hide or turn other characters; they are shown as boxes."),
    "mixed-word": (
        _H,
        "The word “{word}” mixes letters of several alphabets; it may imitate another.",
    ),
    "padded-text": (_H, "The text holds a long run of blanks or empty lines; what follows may go unseen."),
    "long-message": (_C, "The text is longer than what is shown."),
    "mixed-letters": (
        _H,
        "The name {domain} uses letters outside the Latin alphabet or their coded form; it may imitate another.",
    ),
    "is-a-transaction": (
        _A,
        "The bytes are a transaction. A signature of this message is a signature of the transaction.",
    ),
    "maybe-a-transaction": (_A, "The bytes may be a transaction of a version that is not known here."),
    "foreign-form": (
        _A,
        "The message has the form of {what} of Ethereum. A site that asks for it as a message is after something else.",
    ),
    # Solana
    "durable-nonce": (_H, "It does not expire: it can be sent at any time until the nonce account {target} moves on."),
    "nonce-account": (_C, "Changes a nonce account."),
    "authority": (_A, "Hands the {role} of {target} to {to}."),
    "authority-removed": (_H, "Gives up the {role} of {target} for good."),
    "assigns-account": (_A, "Hands the account {target} to program {to}, which can then do anything with it."),
    "account-created": (_P, "Creates an account and pays its rent."),
    "more-than-rent": (_C, "{amount} more than its rent asks for go to the new account."),
    "token-account-created": (_P, "Creates a token account for {owner} and pays its rent."),
    "stake": (_B, "Changes stake."),
    "stake-withdraw": (_C, "Withdraws from a stake account."),
    "stake-locked": (_H, "What is staked stays locked for as long as {to} wants."),
    "withdrawer-other": (_A, "What {target} holds is for {to} to withdraw, not for the signing account."),
    "freezes": (_C, "Freezes or releases an account, or stops and restarts a token."),
    "token-setup": (_C, "Sets up a token or changes its rules."),
    "token-delegate-all": (_A, "{to} may move or destroy everyone's tokens of this mint."),
    "memo": (_N, "Writes a text into the ledger."),
    "table-change": (_B, "Changes a lookup table."),
    "compute-budget": (_N, "Bounds what the transaction may use and pays for priority."),
    "compute-twice": (_H, "The same limit is set twice; the network refuses that."),
    "program-data": (_C, "Writes or extends the code of a program."),
    "verifies-signature": (_C, "Lets the network check a signature that the bytes carry."),
}

REASONS: Final[Mapping[str, tuple[Danger, str]]] = MappingProxyType(_TABLE)
"""Code to danger level and words; `{…}` are values that the bytes state."""
