"""The build step stands beside the application, not in it: its folder is put where its modules can be imported."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "packaging"))
