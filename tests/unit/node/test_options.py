"""What a node is started with, and which practice session a seed means."""

from pathlib import Path

import pytest

from fluxdesk.node.options import BadOptions, NodeOptions, session_seed


def test_an_empty_folder_gets_the_seed_itself_and_every_later_session_another() -> None:
    assert session_seed(7, 0) == 7
    later = [session_seed(7, seq) for seq in (1, 2, 1_000)]
    assert len({7, *later}) == 4
    assert later == [session_seed(7, seq) for seq in (1, 2, 1_000)], "the same past, the same session"
    assert all(0 <= seed < 1 << 31 for seed in later)


@pytest.mark.parametrize("name", ["x" * 300, "/proc/1/fdinfo/" + "y" * 300])
def test_a_name_that_no_file_can_have_is_said_in_one_line(name: str) -> None:
    for options in (NodeOptions("replay", recordings=[Path(name)]), NodeOptions(data=Path(name))):
        with pytest.raises(BadOptions, match="cannot be used") as said:
            options.check()
        assert len(str(said.value)) < 300
