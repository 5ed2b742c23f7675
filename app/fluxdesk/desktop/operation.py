"""Background work of the desktop: the one way to wait for something without stopping the event loop.

An operation runs a coroutine on the Qt loop, or a blocking function on a thread, and reports success, failure and
progress on the GUI thread. Leaving a screen cancels what it started.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from fluxdesk.desktop.qt import QObject, Signal, exists

if TYPE_CHECKING:
    import asyncio


class Operation(QObject):
    """One piece of background work.

    Signals:
        succeeded: Carries the result.
        failed: Carries the exception, for the screen to put into words.
        progressed: Whatever the work reports through `report`.
        finished: After any end, also after a cancel.
    """

    succeeded = Signal(object)
    failed = Signal(object)
    progressed = Signal(object)
    finished = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[Any] | None = None

    def start(self, work: Awaitable[Any]) -> "Operation":
        """Runs a coroutine on the current event loop."""
        import asyncio  # after the first paint: the loop is what needs it

        self._task = asyncio.ensure_future(self._run(work))
        if asyncio.iscoroutine(work):
            # Cancelled before its first step it would never be awaited; closing a finished one does nothing.
            self._task.add_done_callback(lambda _: work.close())
        return self

    def report(self, progress: object) -> None:
        """Called by the work, on the event loop."""
        self.progressed.emit(progress)

    def cancel(self) -> None:
        """Asks the work to stop; neither success nor failure is reported."""
        if self._task is not None:
            self._task.cancel()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._task is not None and not self._task.done()

    async def _run(self, work: Awaitable[Any]) -> None:
        import asyncio

        try:
            result = await work
        except asyncio.CancelledError:
            if exists(self):
                self.finished.emit()
            raise
        except (OSError, ValueError, RuntimeError, LookupError, TimeoutError) as error:
            if exists(self):  # who asked may be gone, and with it whoever would hear of it
                self.failed.emit(error)
        else:
            if exists(self):
                self.succeeded.emit(result)
        if exists(self):
            self.finished.emit()


def run(
    parent: QObject,
    work: Awaitable[Any],
    success: Callable[[Any], None] | None = None,
    failure: Callable[[BaseException], None] | None = None,
) -> Operation:
    """Starts a coroutine as an operation that belongs to `parent` and goes when it ends."""
    operation = Operation(parent)
    if success is not None:
        operation.succeeded.connect(success)
    if failure is not None:
        operation.failed.connect(failure)
    operation.finished.connect(operation.deleteLater)
    return operation.start(work)
