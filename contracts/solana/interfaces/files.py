"""Which files are made from the interfaces, and their text."""

from pathlib import Path

from interfaces import claim, launchpad
from interfaces.client import client
from interfaces.header import header
from interfaces.idl import idl

SOLANA = Path(__file__).resolve().parents[1]
CLIENTS = SOLANA.parents[1] / "app" / "fluxdesk" / "chains" / "solana" / "programs"
PROGRAMS = {"claim": claim.PROGRAM, "launchpad": launchpad.PROGRAM}


def files() -> dict[Path, str]:
    """Every file by its path."""
    made = {}
    for name, program in PROGRAMS.items():
        made[SOLANA / name / "interface.h"] = header(program)
        made[SOLANA / "idl" / f"{program.name}.json"] = idl(program)
        made[CLIENTS / f"{name}.py"] = client(program)
    return made
