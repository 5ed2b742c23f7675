"""The console script: starts the desktop or hands over to the commands, and is the last stop of every error.

Imports nothing heavy: the desktop's first paint and `--version` are not to wait for the command-line parser.
"""

import errno
import os
import sys
from typing import NoReturn

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main() -> NoReturn:
    """Run `sys.argv` and exit: 0 done, 1 failed, 2 wrong input, 70 a defect of Fluxdesk, 130 interrupted."""
    os.umask(0o077)  # what Fluxdesk writes is its user's alone, also in folders made on the way
    _open_streams()
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        _silence_stdout()
        code = 0
    except OSError as error:
        code = _no_room(error) if error.errno in _NO_ROOM else _defect(error)
    except Exception as error:  # noqa: BLE001 - one of the two top-level handlers
        code = _defect(error)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """The exit code of one command line. Without arguments the desktop starts."""
    if not arguments:
        from fluxdesk.cli.desktop import run as desktop

        return desktop()
    if arguments in (["--version"], ["-V"]):
        from fluxdesk import __version__

        print(f"fluxdesk {__version__}")
        return 0
    import typer

    from fluxdesk.cli.commands import app

    try:
        # not standalone: what a command returns is the exit code
        code = app(arguments, prog_name="fluxdesk", standalone_mode=False)
    except typer.TyperException as wrong:
        getattr(wrong, "show")()  # noqa: B009 - every one that is raised has it, only the base class does not say so
        return wrong.exit_code
    except typer.Abort:
        return 130
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):  # typer's answer to it would be exit code 1
            raise stop.__context__ from None
        raise
    return code if isinstance(code, int) else 0


def _defect(error: Exception) -> int:
    """Say that Fluxdesk itself failed, with the traceback, secrets taken out."""
    import traceback

    from fluxdesk.core.redaction import redact

    print(redact("".join(traceback.format_exception(error))), file=sys.stderr, end="")
    print("fluxdesk: a defect of Fluxdesk. Recorded data is kept. Please report the lines above.", file=sys.stderr)
    return 70


def _no_room(error: OSError) -> int:
    """Say that a disk is full, or what the output went to."""
    _silence_stdout()  # what it still holds would be tried again at the exit
    what = f"{error.filename} could not be written" if error.filename else "The output could not be written"
    sentence = f"fluxdesk: {what}: {error.strerror}. What was kept before is kept. Make room, then run it again."
    try:
        print(sentence, file=sys.stderr)
    except OSError:  # nobody can be told but by the exit code
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    return 1


def _open_streams() -> None:
    """A standard stream that was closed reads as empty and swallows what is written.

    Without it the next file that is opened, or a socket, has the stream's number, and gets what others write to that.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - open as long as the process
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False, errors="backslashreplace")  # noqa: SIM115


def _silence_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
