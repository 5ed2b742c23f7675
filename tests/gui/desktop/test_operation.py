"""Background work of a screen that goes before it ends: nobody hears of it, and nothing breaks."""

import asyncio

import pytest

from fluxdesk.desktop.operation import run as begin
from fluxdesk.desktop.qt import QObject, exists
from windows import Run, settle


@pytest.mark.parametrize("fails", [False, True])
def test_who_asked_may_be_gone_when_the_answer_comes(run: Run, fails: bool) -> None:
    async def whole() -> None:
        gate = asyncio.Event()

        async def work() -> int:
            await gate.wait()
            if fails:
                raise OSError("too late")
            return 1

        parent = QObject()
        heard: list[object] = []
        operation = begin(parent, work(), heard.append, heard.append)
        task = operation._task
        assert task is not None
        parent.deleteLater()
        await settle(until=lambda: not exists(operation))
        gate.set()
        await asyncio.wait([task])
        assert task.exception() is None
        assert heard == []

    run(whole())
