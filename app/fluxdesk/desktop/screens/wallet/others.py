"""Pages of the wallet that may not be part of this build: shown where their module is there."""

from importlib import import_module
from importlib.util import find_spec

from fluxdesk.desktop.qt import QWidget


def page_of(module: str, name: str) -> QWidget | None:
    """The page of a module beside this one; None where there is no such module."""
    whole = f"{__package__}.{module}"
    if find_spec(whole) is None:
        return None
    made = getattr(import_module(whole), name)()
    assert isinstance(made, QWidget)
    return made
