"""Every refusal that crosses a link: its word, the number a dApp sees, and what it means. Standard library only.

Numbers below zero are JSON-RPC 2.0 and EIP-1474; 4001 to 4902 are EIP-1193 and EIP-3085, 5700 to
5760 EIP-5792.
"""


class Refusal:
    """One row: `number` goes to the page, `meaning` to documentation and to whoever reads a log.

    A plain class: `typing` and `dataclasses` would cost the bridge a third of its start.
    """

    __slots__ = ("meaning", "number")

    def __init__(self, number: int, meaning: str) -> None:
        self.number = number
        self.meaning = meaning


REFUSALS: dict[str, Refusal] = {
    # what the agent says
    "user_rejected": Refusal(4001, "The user said no, or let the request run out."),
    "unauthorized": Refusal(4100, "The site has not been given this account or method."),
    "locked": Refusal(4100, "The agent is locked; it is unlocked in the Fluxdesk window."),
    "policy": Refusal(4001, "The user's policy forbids it."),
    "unsupported": Refusal(4200, "The method is not offered."),
    "unknown_chain": Refusal(4902, "The chain is not in the user's list."),
    "already_waiting": Refusal(-32002, "The same request waits for the user already."),
    "malformed": Refusal(-32602, "The request is not understood."),
    "failed": Refusal(-32603, "Fluxdesk itself failed."),
    "not_paired": Refusal(4900, "This browser has not been paired with Fluxdesk."),
    "pairing_failed": Refusal(4900, "The pairing was refused, ran out, or its code did not fit."),
    # what the bridge says
    "wrong_caller": Refusal(4900, "Something other than the Fluxdesk extension started the bridge."),
    "version_mismatch": Refusal(4900, "Extension and Fluxdesk are of versions that do not understand each other."),
    "app_not_running": Refusal(4900, "No agent answers: Fluxdesk is not running."),
    "node_not_running": Refusal(4900, "No node answers: nothing can be read from a chain or the feed."),
    "node_failed": Refusal(-32603, "The node answered with an error."),
    "node_lacks": Refusal(4200, "The node of this version does not offer it."),
    "unsafe_runtime": Refusal(4900, "The runtime folder is not this user's alone."),
    "start_failed": Refusal(4900, "Fluxdesk could not be started."),
    "not_allowed": Refusal(4200, "The bridge carries no such request."),
    "too_large": Refusal(-32602, "The message is over the limit of one mebibyte."),
    "busy": Refusal(-32005, "Too many requests are on their way."),
    "closed": Refusal(4900, "The link to Fluxdesk ended."),
    # what the extension says
    "host_missing": Refusal(4900, "The browser finds no Fluxdesk to start."),
    "key_changed": Refusal(4900, "Fluxdesk shows another key than the one this browser was paired with."),
    "too_many": Refusal(-32005, "The site asks too often."),
    "not_atomic": Refusal(5760, "The calls cannot be made in one transaction; allow them one after the other."),
    "batch_feature": Refusal(5700, "The batch asks for a capability that Fluxdesk does not have."),
    "batch_chain": Refusal(5710, "The batch names a chain that Fluxdesk cannot use for it."),
    "batch_known": Refusal(5720, "This site has sent a batch of this id before."),
    "batch_unknown": Refusal(5730, "This site has sent no batch of this id."),
    "batch_too_large": Refusal(5740, "The batch has more calls than are shown to the user one by one."),
}


class ProtocolError(Exception):
    """A peer broke the protocol, or said no. `code` is a key of `REFUSALS`; `reason` is a sentence for the user."""

    def __init__(self, code: str, reason: str = "") -> None:
        self.code = code
        self.reason = reason or REFUSALS[code].meaning
        super().__init__(f"{code}: {self.reason}")
