"""Starts Fluxdesk for a browser that found it stopped: the one command that the launcher carries, and no other."""

import json
import os
import subprocess

from fluxdesk_host.protocol.errors import ProtocolError

NOT_PASSED_ON = ("FLUXDESK_", "CHROME_", "PYTHON")


def start() -> None:
    """Starts `$FLUXDESK_START` (a JSON list of words) apart from the browser. Raises `ProtocolError`
    (`start_failed`).
    """
    try:
        command = json.loads(os.environ.get("FLUXDESK_START", ""))
    except ValueError:
        command = None
    if not isinstance(command, list) or not command or not all(isinstance(word, str) for word in command):
        raise ProtocolError("start_failed", "The launcher does not say how Fluxdesk is started. Start it yourself.")
    keep = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    if runtime := os.environ.get("FLUXDESK_RUNTIME"):
        keep["FLUXDESK_RUNTIME"] = runtime
    try:
        # the words are the launcher's, written by Fluxdesk itself, and no shell reads them
        subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=keep,
            cwd=os.path.expanduser("~"),
        )
    except OSError as error:
        raise ProtocolError("start_failed", f"It did not start ({error.strerror}). Start Fluxdesk yourself.") from error
