"""`fluxdesk quote`: a pool's state as JSON on standard input, what a trade would give as JSON on standard output.

A list of states is answered with a list. No chain, no node and no network is asked. Fields: docs/contracts-quote.md.
"""

import re
import sys
from typing import TYPE_CHECKING, Any, Literal, cast

from fluxdesk.cli.attach import fail

if TYPE_CHECKING:
    from fluxdesk.core.curves.pools import Liquidity, PoolState

MOST_BYTES = 16 << 20
_FIELDS = {
    "kind", "balances", "weights", "amplification", "fee", "rates", "off_peg", "direction", "amount", "from", "to",
    "groups", "averages", "volatility", "supply", "index",
}  # fmt: skip
_ARROW = re.compile(r"([0-7])\s*->\s*([0-7])")
_DECIMAL = re.compile(r"([0-9]{1,30})(?:\.([0-9]{1,60}))?(?:[eE]([+-]?[0-9]{1,2}))?")
_MOST_DIGITS = 100
_LIQUIDITY: tuple["Liquidity", ...] = (
    "add_exact_in", "add_exact_shares", "remove_exact_shares", "remove_exact_out",
)  # fmt: skip
_EXACT: dict[str, Literal["in", "out"]] = {
    "in": "in", "exact_in": "in", "given_in": "in", "out": "out", "exact_out": "out", "given_out": "out",
}  # fmt: skip


class BadState(ValueError):
    """A state that is not understood; the message says which field and why."""


def run(json: bool) -> int:
    """0: every state was quoted, 1: some cannot be and say why, 2: the input is not such a state."""
    import msgspec

    if sys.stdin.isatty():
        print("Waiting for a pool's state as JSON; Ctrl+D ends it. Fields: docs/contracts-quote.md.", file=sys.stderr)
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if not data.strip():
        return fail("quote", "There was nothing on standard input. Give one pool state as JSON, or a list of them.")
    if len(data) > MOST_BYTES:
        return fail("quote", "The input is over 16 MiB. Nothing was quoted.")
    try:
        given = msgspec.json.Decoder(float_hook=str).decode(data)  # a fraction keeps its digits
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        said = f"The input is not JSON: {error}. Nothing was quoted."
        return fail("quote", f"{said} Give one pool state, or a list of them.")
    many = isinstance(given, list)
    try:
        answers = [_answered(state, place) for place, state in enumerate(given if many else [given])]
    except BadState as wrong:
        return fail("quote", f"{wrong} Nothing was quoted.")
    if json:
        sys.stdout.buffer.write(msgspec.json.encode(answers if many else answers[0]) + b"\n")
    else:
        for answer in answers:
            print(_sentence(answer))
    return 1 if any("error" in a for a in answers) else 0


def _answered(state: object, place: int) -> dict[str, Any]:
    """The answer; what is wrong with a state is said with its place in the list, counted from 0."""
    try:
        return _answer(state)
    except BadState as wrong:
        raise BadState(f"State {place}: {wrong}") from None


def _answer(state: object) -> dict[str, Any]:
    from fluxdesk.core.curves.integers import CurveError
    from fluxdesk.core.curves.pools import quote

    if not isinstance(state, dict):
        raise BadState("It is no JSON object.")
    unknown = sorted(set(state) - _FIELDS)
    if unknown:
        said = ", ".join(f"{field:.40}" for field in unknown[:8])
        raise BadState(f"It has fields that are not known: {said}. There are: {', '.join(sorted(_FIELDS))}.")
    pool = _pool(state)
    kind = _liquidity(state)
    if kind is not None:
        return _liquidity_answer(pool, state, kind)
    index_in, index_out, exact = _direction(state)
    try:
        found = quote(pool, index_in, index_out, _integer(state.get("amount"), "amount"), exact)
    except CurveError as no:
        return {"kind": pool.kind, "error": type(no).__name__, "reason": str(no)}
    return {
        "kind": pool.kind,
        "from": index_in,
        "to": index_out,
        "exact": exact,
        "amount_in": str(found.amount_in),
        "amount_out": str(found.amount_out),
        "fee": str(found.fee),
        "fee_in": "amount_in" if found.fee_in else "amount_out",
        "impact": str(found.impact),
    }


def _liquidity(state: dict[str, object]) -> "Liquidity | None":
    said = state.get("direction")
    return next((kind for kind in _LIQUIDITY if kind == said), None)


def _liquidity_answer(pool: "PoolState", state: dict[str, object], kind: "Liquidity") -> dict[str, Any]:
    """Liquidity in the asset `index`: `amount` is of it, or of shares where the direction says so."""
    from fluxdesk.core.curves.integers import CurveError
    from fluxdesk.core.curves.pools import quote_liquidity

    index = _integer(state.get("index", 0), "index")
    try:
        found = quote_liquidity(pool, index, _integer(state.get("amount"), "amount"), kind)
    except CurveError as no:
        return {"kind": pool.kind, "error": type(no).__name__, "reason": str(no)}
    return {
        "kind": pool.kind,
        "direction": kind,
        "index": index,
        "amount": str(found.amount),
        "shares": str(found.shares),
        "fee": str(found.fee),
    }


def _sentence(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{answer['kind']}: {answer['error']}: {answer['reason']}."
    if "shares" in answer:
        verb = "adds" if answer["direction"].startswith("add") else "takes"
        return (
            f"{answer['kind']}: {answer['shares']} shares for what {verb} {answer['amount']} of asset "
            f"{answer['index']}; the fee in it is {answer['fee']}."
        )
    return (
        f"{answer['kind']}: {answer['amount_in']} of asset {answer['from']} for {answer['amount_out']} of asset "
        f"{answer['to']}; the fee in it is {answer['fee']}, taken from the {answer['fee_in'].replace('_', ' ')}."
    )


def _pool(state: dict[str, object]) -> "PoolState":
    from fluxdesk.core.curves.pools import PoolState
    from fluxdesk.core.curves.weighted import UNIT

    kind = state.get("kind")
    if kind not in ("weighted", "stable", "hybrid"):
        raise BadState("`kind` is `weighted`, `stable` or `hybrid`.")
    balances = _integers(state, "balances")
    count = len(balances)
    weights = () if kind == "stable" else tuple(_scaled(w, UNIT, "weights") for w in _list(state, "weights"))
    weighted = kind == "weighted"
    return PoolState(
        kind,
        balances,
        _scaled(state.get("fee", 0), UNIT, "fee"),
        weights,
        amplification=0 if weighted else _amplification(state.get("amplification")),
        rates=() if weighted else _integers(state, "rates") if "rates" in state else (UNIT,) * count,
        off_peg=0 if weighted else _scaled(state.get("off_peg", 0), UNIT, "off_peg"),
        groups=_integers(state, "groups") if kind == "hybrid" else (),
        averages=_integers(state, "averages") if "averages" in state else balances,
        volatility=_integer(state.get("volatility", 0), "volatility"),
        supply=_integer(state.get("supply", 0), "supply"),
    )


def _integers(state: dict[str, object], field: str) -> tuple[int, ...]:
    return tuple(_integer(value, field) for value in _list(state, field))


def _direction(state: dict[str, object]) -> tuple[int, int, Literal["in", "out"]]:
    """`exact_in` or `exact_out` with `from` and `to` (0 and 1 when left out), or `[from, to]` or `"from->to"`, which
    are exact in.
    """
    index_in, index_out = _integer(state.get("from", 0), "from"), _integer(state.get("to", 1), "to")
    said = state.get("direction", "exact_in")
    if isinstance(said, list) and len(said) == 2:
        return _integer(said[0], "direction"), _integer(said[1], "direction"), "in"
    if isinstance(said, str):
        exact = _EXACT.get(said.lower().replace("-", "_").replace(" ", "_"))
        if exact is not None:
            return index_in, index_out, exact
        arrow = _ARROW.fullmatch(said.strip())
        if arrow is not None:
            return int(arrow[1]), int(arrow[2]), "in"
    raise BadState("`direction` is `exact_in` or `exact_out` (with `from` and `to`), `[from, to]` or `0->1`.")


def _list(state: dict[str, object], field: str) -> list[object]:
    found = state.get(field)
    if not isinstance(found, list):
        raise BadState(f"`{field}` is a list, one for each asset.")
    return cast("list[object]", found)


def _integer(value: object, field: str, form: str = "takes whole numbers in base units") -> int:
    """A whole number: a JSON integer, or a string of digits where a reader's integers are too short."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**_MOST_DIGITS:
        return value
    if isinstance(value, str) and re.fullmatch(rf"-?[0-9]{{1,{_MOST_DIGITS}}}", value):
        return int(value)
    if value is None:
        raise BadState(f"`{field}` is missing; it {form}.")
    raise BadState(f"`{field}` {form}, of {_MOST_DIGITS} digits at most, not {_short(value)}.")


def _scaled(value: object, unit: int, field: str) -> int:
    """An integer in units of 1 / `unit`, or a number with a decimal point or exponent, read exactly: 0.003, 5e-05."""
    found = _DECIMAL.fullmatch(value) if isinstance(value, str) else None
    kept = len(str(unit)) - 1
    if found is None or (found[2] is None and found[3] is None):
        return _integer(value, field, f"takes a number such as 1.5 or 0.05, or a whole one in units of 10^-{kept}")
    digits = found[2] or ""
    power = int(found[3] or 0) - len(digits)
    whole, rest = divmod(int(found[1] + digits) * unit * 10 ** max(power, 0), 10 ** max(-power, 0))
    if rest:
        raise BadState(f"`{field}` of {found[0]} has more than {kept} digits after its point.")
    return int(whole)


def _amplification(value: object) -> int:
    """A whole number, or one with two digits after its point, in hundredths."""
    from fluxdesk.core.curves.stable import AMP_UNIT

    if isinstance(value, str) and re.search("[.eE]", value):
        return _scaled(value, AMP_UNIT, "amplification")
    return _integer(value, "amplification", "takes a number such as 200 or 1.5") * AMP_UNIT


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) < 40 else text[:37] + "..."
