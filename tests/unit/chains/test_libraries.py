"""web3 comes without what it does to the whole process."""

import subprocess
import sys

CODE = """
import sys
before = sys.getrecursionlimit()
from fluxdesk.chains.evm.libraries import load
assert "web3" not in sys.modules
load()
assert "py_ecc" in sys.modules and sys.getrecursionlimit() == before
"""


def test_the_recursion_limit_of_the_process_stays_what_it_was() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
