"""The kernel reads the invoke stack exactly as Python does, whatever the lines say."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fluxdesk.chains.solana.logs import DEEPEST, read_logs, read_logs_python
from fluxdesk.native import kernel
from needs import require

A, B, C = "A" * 43, "B" * 44, "C" * 32
PROGRAMS = (A, B)
program = st.sampled_from([A, B, C])
depth = st.integers(0, 5)
payload = st.binary(max_size=60).map(lambda b: b64encode(b).decode()) | st.text("AQgw=+/ é", max_size=12)
line = st.one_of(
    st.builds("Program {} invoke [{}]".format, program, depth),
    st.builds("Program {} success".format, program),
    st.builds("Program {} failed: custom program error".format, program),
    st.builds("Program {} consumed {} of 200000 compute units".format, program, depth),
    st.builds("Program data: {}".format, payload),
    st.builds("Program data:{}{}".format, st.text(max_size=2), payload),
    st.builds("Program log: Instruction: {}".format, st.text(max_size=12)),
    st.builds("Program log: {}".format, st.text(max_size=30)),
    st.builds("Program return: {} AA==".format, program),
    st.builds("Program log: x\nProgram {} invoke [1]".format, program),
    st.sampled_from(
        ["Log truncated", "Program ", "Program", "", "Program data:", "Program success", "Program  success"]
    ),
    st.sampled_from(
        ["Program invoke [1]", "Program x invoke [1] ]", f"Program {A} invoke [01]", f"Program {A} invoke [1"]
    ),
    st.text(max_size=20),
)


@st.composite
def run(draw: st.DrawFn, level: int = 1) -> list[str]:
    """A call that logs as the runtime does."""
    name = draw(program)
    lines = [f"Program {name} invoke [{level}]"]
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.integers(0, 3 if level < 4 else 2))
        if kind == 3:
            lines += draw(run(level + 1))
        else:
            lines.append(["Program log: Instruction: Buy", "Program log: text", "Program data: " + draw(payload)][kind])
    return [*lines, f"Program {name} consumed 5 of 10 compute units", f"Program {name} success"]


@pytest.fixture(autouse=True, scope="module")
def _needs_the_kernel() -> None:
    require("the C kernel", kernel(), "python -m fluxdesk.native.build")


@given(st.lists(line, max_size=40))
def test_any_lines_read_alike(lines: list[str]) -> None:
    assert read_logs(lines, PROGRAMS) == read_logs_python(lines, PROGRAMS)


@given(st.lists(run(), max_size=4), st.integers(0, 200), line)
def test_a_run_read_alike_whole_and_with_a_strange_line_in_it(runs: list[list[str]], at: int, strange: str) -> None:
    lines = [text for one in runs for text in one]
    whole = read_logs_python(lines, PROGRAMS)
    assert read_logs(lines, PROGRAMS) == whole
    assert not (whole.broken or whole.truncated)
    assert all(frame.closed for frame in whole.frames)
    lines.insert(at, strange)
    assert read_logs(lines, PROGRAMS) == read_logs_python(lines, PROGRAMS)


@pytest.mark.parametrize("separator", ["\ufffd", "\t", "", "é"])
def test_a_data_line_needs_the_space_that_the_runtime_writes(separator: str) -> None:
    lines = [f"Program {A} invoke [1]", f"Program data:{separator}AAAA", "Program data: BBBB", f"Program {A} success"]
    assert read_logs(lines, PROGRAMS) == read_logs_python(lines, PROGRAMS)
    assert [len(p) for p in read_logs(lines, PROGRAMS).frames[0].payloads] == [3]


@pytest.mark.parametrize("levels", [DEEPEST, DEEPEST + 1])
def test_a_stack_deeper_than_any_runtime_allows_is_broken(levels: int) -> None:
    lines = [f"Program {A} invoke [{n}]" for n in range(1, levels + 1)]
    assert read_logs(lines, PROGRAMS) == read_logs_python(lines, PROGRAMS)
    assert read_logs(lines, PROGRAMS).broken == (levels > DEEPEST)


def test_a_lone_surrogate_is_read_by_the_fallback() -> None:
    lines = [f"Program {A} invoke [1]", "Program log: \ud800", f"Program {A} success"]
    assert read_logs(lines, PROGRAMS) == read_logs_python(lines, PROGRAMS)


def test_reading_a_million_lines_keeps_no_object() -> None:
    import gc
    import sys

    lines = [f"Program {A} invoke [1]", "Program log: Instruction: Buy", "Program data: AAAA", f"Program {A} success"]
    read_logs(lines * 10, PROGRAMS)
    gc.collect()
    blocks, nones = sys.getallocatedblocks(), sys.getrefcount(None)
    for _ in range(2_500):
        read_logs(lines * 100, PROGRAMS)
        read_logs(["Program data: ??"], PROGRAMS)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 500
    assert abs(sys.getrefcount(None) - nones) < 500
