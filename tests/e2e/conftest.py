"""One paired browser for every test that does not break it."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))

from browsers import desk, paired

__all__ = ["desk", "paired"]
