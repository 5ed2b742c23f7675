"""`fluxdesk keys`: what can be asked about the key code without a keystore. Opens none."""

from pathlib import Path


def selftest(file: Path) -> int:
    """Check the key code against the cases of a file: 0 all passed, 1 some failed, 2 the file is unreadable."""
    from fluxdesk_host.keys.selftest import run

    return run(file)
