"""Types of the Solidity ABI and values of them, for Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from fluxdesk_host.signing.abi import parse_type

_LEAVES = st.one_of(
    st.sampled_from(["address", "bool", "bytes", "string"]),
    st.integers(1, 32).map(lambda n: f"uint{8 * n}"),
    st.integers(1, 32).map(lambda n: f"int{8 * n}"),
    st.integers(1, 32).map(lambda n: f"bytes{n}"),
)
TYPES = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(lambda t: f"{t}[]"),
        st.tuples(inner, st.integers(1, 3)).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.lists(inner, min_size=1, max_size=4).map(lambda ts: f"({','.join(ts)})"),
    ),
    max_leaves=6,
)


def values(kind: str) -> st.SearchStrategy[Any]:
    """Values of a type, in the plain types that `decode` gives."""
    t = parse_type(kind)
    if t.kind == "address":
        return st.binary(min_size=20, max_size=20).map(lambda b: "0x" + b.hex())
    if t.kind == "bool":
        return st.booleans()
    if t.kind == "uint":
        return st.integers(0, 2**t.size - 1)
    if t.kind == "int":
        return st.integers(-(2 ** (t.size - 1)), 2 ** (t.size - 1) - 1)
    if t.kind == "fixed":
        return st.binary(min_size=t.size, max_size=t.size)
    if t.kind == "bytes":
        return st.binary(max_size=70)
    if t.kind == "string":
        return st.text(max_size=20)
    if t.kind == "tuple":
        return st.tuples(*(values(f.text) for f in t.inner))
    few, most = (t.count, t.count) if t.count else (0, 3)
    return st.lists(values(t.inner[0].text), min_size=few, max_size=most).map(tuple)
