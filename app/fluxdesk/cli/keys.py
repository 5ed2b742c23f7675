"""`fluxdesk keys`: what can be asked about the key code without a keystore. Opens none."""

import sys
from pathlib import Path

from fluxdesk.cli.attach import fail


def selftest(file: Path) -> int:
    """Check the key code against the cases of a file: 0 all passed, 1 some failed, 2 the file is unreadable."""
    from fluxdesk_host.keys.selftest import run

    return run(file)


def audit_verify(file: Path) -> int:
    """Read an audit log from end to end: 0 it is whole, 1 it is not and what is wrong is said, 2 it cannot be read."""
    from fluxdesk_host.agent.audit_file import verify

    try:
        verdict = verify(file)
    except OSError as error:
        return fail("keys audit verify", f"{file} cannot be read: {error.strerror or error}.")
    for problem in verdict.problems:
        print(problem.sentence)
    if verdict.torn:
        print(f"{verdict.torn} bytes at the end are an unfinished record; nothing left on it.")
    if verdict.problems:
        print(f"{verdict.records} records from the beginning are whole. The file was not changed.")
        return 1
    print(f"{verdict.records} records, each in its place. Whether the wallet sealed them is told when it is unlocked.")
    return 0


def audit_export(file: Path) -> int:
    """Print an audit log as lines of JSON: 0, or 2 when it cannot be read."""
    from fluxdesk_host.agent.audit import export

    try:
        for line in export(file):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail("keys audit export", f"{file} cannot be read: {error.strerror or error}.")
    return 0
