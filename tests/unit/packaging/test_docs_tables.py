"""The generated parts of docs/ say what the tables of the program say."""

import docs_tables
import pytest

from fluxdesk.core.refusals import EXPLAINED, Reason
from fluxdesk.core.settings import TABLE


@pytest.mark.parametrize("page", list(docs_tables.pages()), ids=lambda page: page.name)
def test_the_committed_page_is_current(page: docs_tables.Path) -> None:
    assert page.read_text(encoding="utf-8") == docs_tables.pages()[page], "run make docs"


def test_every_setting_is_documented() -> None:
    page = docs_tables.settings_page()
    assert all(f"| `{s.key}` |" in page and s.help in page for s in TABLE)


def test_every_reason_is_explained() -> None:
    assert set(EXPLAINED) == set(Reason)
    assert all(f"| `{reason}` |" in docs_tables.reasons() for reason in Reason)


def test_a_block_that_is_not_closed_is_an_error() -> None:
    with pytest.raises(ValueError, match="reasons"):
        docs_tables.filled(docs_tables.START.format("reasons"))


def test_text_around_a_block_stays() -> None:
    page = f"before\n{docs_tables.START.format('reasons')}\nstale words\n{docs_tables.END}\nafter\n"
    new = docs_tables.filled(page)
    assert new.startswith("before\n")
    assert new.endswith("\nafter\n")
    assert "stale words" not in new
    assert docs_tables.filled(new) == new
