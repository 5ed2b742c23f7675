"""`kill -9` at any moment: every number that was printed is there afterwards, with its bytes; none is used twice."""

import random
import subprocess
import sys
from pathlib import Path

from fluxdesk.launches.journal import SqliteJournal

CHILD = Path(__file__).parent / "programs" / "journal_appender.py"
ROUNDS = 12


def test_every_printed_number_is_there_after_kill(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    chance = random.Random(20)
    printed: dict[int, int] = {}
    counter = 0
    for _ in range(ROUNDS):
        lines = chance.randrange(1, 400)
        with subprocess.Popen(
            [sys.executable, str(CHILD), str(path), str(counter)], stdout=subprocess.PIPE, text=True
        ) as child:
            assert child.stdout is not None
            said = [child.stdout.readline() for _ in range(lines)]
            child.kill()
            said += child.stdout.read().splitlines()
        for line in said:
            first, number = map(int, line.split())
            for i in range(7):
                assert printed.setdefault(first + i, number + i) == number + i
            counter = max(counter, number + 7)
        counter += 1000
    journal = SqliteJournal(path)
    stored = {seq: raw.payload for seq, raw in journal.read()}
    journal.close()
    assert len(printed) > ROUNDS * 7
    for seq, number in printed.items():
        assert stored[seq] == b'{"n":%d}' % number * 9
