"""Child of test_journal_survives_kill: appends without end and prints each batch's numbers once they are returned."""

import sys
import time
from pathlib import Path

from fluxdesk.core.events import Raw, Shape
from fluxdesk.launches.journal import SqliteJournal


def main() -> None:
    journal = SqliteJournal(Path(sys.argv[1]), max_mb=64)
    counter = int(sys.argv[2])
    while True:
        batch = [
            Raw(
                f"logs {n % 2}",
                "solana",
                Shape.SOLANA_LOGS,
                n,
                time.time_ns(),
                time.monotonic_ns(),
                b'{"n":%d}' % n * 9,
            )
            for n in range(counter, counter + 7)
        ]
        numbers = journal.append(batch)
        sys.stdout.write(f"{numbers.start} {counter}\n")
        sys.stdout.flush()
        counter += 7


main()
