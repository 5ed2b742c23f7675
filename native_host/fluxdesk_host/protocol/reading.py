"""What the extension may ask of the node: a closed list of reads, and nothing that changes a thing. Standard library
only.

The one exception is the broadcast of bytes that are signed already: they can do nothing that was not approved.
"""

import re
from urllib.parse import quote, urlencode

EVM_METHODS = frozenset({
    "eth_blobBaseFee", "eth_blockNumber", "eth_call", "eth_chainId", "eth_createAccessList", "eth_estimateGas",
    "eth_feeHistory", "eth_gasPrice", "eth_getBalance", "eth_getBlockByHash", "eth_getBlockByNumber",
    "eth_getBlockReceipts", "eth_getBlockTransactionCountByHash", "eth_getBlockTransactionCountByNumber", "eth_getCode",
    "eth_getLogs", "eth_getProof", "eth_getStorageAt", "eth_getTransactionByBlockHashAndIndex",
    "eth_getTransactionByBlockNumberAndIndex", "eth_getTransactionByHash", "eth_getTransactionCount",
    "eth_getTransactionReceipt", "eth_maxPriorityFeePerGas", "eth_sendRawTransaction", "eth_simulateV1", "eth_syncing",
    "net_version", "web3_clientVersion",
})  # fmt: skip
SOLANA_METHODS = frozenset({
    "getAccountInfo", "getBalance", "getBlockHeight", "getEpochInfo", "getFeeForMessage", "getLatestBlockhash",
    "getMinimumBalanceForRentExemption", "getMultipleAccounts", "getRecentPrioritizationFees", "getSignatureStatuses",
    "getSlot", "getTokenAccountBalance", "getTokenAccountsByOwner", "getTransaction", "isBlockhashValid",
    "sendTransaction", "simulateTransaction",
})  # fmt: skip
METHODS = {"eip155": EVM_METHODS, "solana": SOLANA_METHODS}
"""By the namespace of the chain (CAIP-2)."""

_CHAIN = re.compile(r"(eip155|solana):[A-Za-z0-9]{1,32}", re.ASCII)
_MINT = re.compile(r"[A-Za-z0-9@:]{1,96}", re.ASCII)
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{40}|[1-9A-HJ-NP-Za-km-z]{32,44}", re.ASCII)
_MOST_ACCOUNTS = 20


class NotAllowed(Exception):
    """The node is not asked this on behalf of an extension."""


def request(what: object, given: object) -> tuple[str, str, object]:
    """HTTP method, path with query, and JSON body (None: no body) of a read.

    Raises:
        NotAllowed: `what` is not on the list, or `given` is not what it takes.
    """
    values = given if isinstance(given, dict) else {}
    if what == "status" and not values:
        return "GET", "/v1/status", None
    if what == "launches" and values.keys() <= {"limit"} and _is_count(values.get("limit", 20)):
        return "GET", "/v1/launches?" + urlencode({"limit": values.get("limit", 20)}), None
    if what == "search" and values.keys() == {"q"} and isinstance(values["q"], str) and 0 < len(values["q"]) <= 100:
        return "GET", "/v1/search?" + urlencode({"q": values["q"], "limit": 10}), None
    if what == "token" and values.keys() == {"mint"} and _fits(_MINT, values["mint"]):
        return "GET", "/v1/tokens/" + quote(values["mint"], safe=""), None
    if what == "chains" and not values:
        return "GET", "/v1/chains", None
    if what == "balances" and values.keys() == {"chain", "accounts"}:
        return "GET", _balances(values["chain"], values["accounts"]), None
    if what == "rpc" and values.keys() == {"chain", "method", "params"}:
        return _rpc(values["chain"], values["method"], values["params"])
    raise NotAllowed("The bridge carries no such question to the node.")


def _balances(chain: object, accounts: object) -> str:
    if not isinstance(accounts, list) or not 1 <= len(accounts) <= _MOST_ACCOUNTS:
        raise NotAllowed(f"Balances are asked of 1 to {_MOST_ACCOUNTS} accounts.")
    if not all(_fits(_ADDRESS, one) for one in accounts):
        raise NotAllowed("An account is an EVM or a Solana address.")
    return _of_chain(chain, "balances") + "?" + urlencode({"account": accounts}, doseq=True)


def _of_chain(chain: object, what: str) -> str:
    if not (isinstance(chain, str) and _fits(_CHAIN, chain)):
        raise NotAllowed("The chain is not named as CAIP-2 has it.")
    return f"/v1/chains/{quote(chain, safe='')}/{what}"


def _rpc(chain: object, method: object, params: object) -> tuple[str, str, object]:
    where = _of_chain(chain, "rpc")
    if not isinstance(method, str) or method not in METHODS[str(chain).partition(":")[0]]:
        raise NotAllowed("The method is not on the list of reads.")
    if not isinstance(params, list):
        raise NotAllowed("The parameters are no list.")
    return "POST", where, {"method": method, "params": params}


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100


def _fits(pattern: re.Pattern[str], text: object) -> bool:
    return isinstance(text, str) and pattern.fullmatch(text) is not None
