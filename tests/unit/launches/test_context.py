"""The pools that a decoder remembers: bounded, the least used forgotten first, each told to the store once."""

from collections import ChainMap

from fluxdesk.launches.context import PoolInfo, Pools


def pools(*names: str, most: int = 3) -> Pools:
    return Pools([(name, PoolInfo(f"{name} a", f"{name} b")) for name in names], most)


def test_the_pool_that_was_asked_for_longest_ago_is_forgotten_first() -> None:
    known = pools("p", "q", "r")
    assert known.get("p") == PoolInfo("p a", "p b")
    known["s"] = PoolInfo("s a", "s b")
    assert list(known) == ["r", "p", "s"]
    assert known.get("q") is None


def test_looking_from_elsewhere_keeps_nothing_alive() -> None:
    known = pools("p", "q", "r")
    layer: ChainMap[str, PoolInfo] = ChainMap({}, known)
    assert layer.get("p") == PoolInfo("p a", "p b")
    known["s"] = PoolInfo("s a", "s b")
    assert "p" not in known


def test_what_was_learnt_is_handed_over_once_and_again_when_more_is_known() -> None:
    known = pools("p", "q")
    assert [name for name, _ in known.take_learnt()] == ["p", "q"]
    assert known.take_learnt() == []
    known["p"] = PoolInfo("p a", "p b", decimals_a=6)
    known.setdefault("q", PoolInfo("other", "other"))
    assert known.take_learnt() == [("p", PoolInfo("p a", "p b", decimals_a=6))]


def test_a_pool_that_was_forgotten_before_it_was_handed_over_takes_no_room() -> None:
    known = pools(*"pqrstuvw")
    assert [name for name, _ in known.take_learnt()] == ["u", "v", "w"]
    assert len(known) == 3
