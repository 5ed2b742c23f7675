"""What is signed, as rows: nothing is drawn over an address."""

from fluxdesk.desktop.approval.signed_rows import SignedRows
from fluxdesk.desktop.approval.words import Row
from fluxdesk.desktop.widgets.basics import Label
from windows import Run, settle

ADDRESS = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"


def test_a_long_note_ends_beside_the_address_and_not_on_it(run: Run) -> None:
    async def whole() -> None:
        rows = SignedRows()
        rows.setFixedWidth(584)
        rows.show_rows([Row("Account", ADDRESS, mono=True)], lambda _: "your account " + "x" * 23 + "…")
        rows.show()
        await settle()
        (value,) = [x for x in rows.findChildren(Label) if x.accessibleName() == f"Account: {ADDRESS}"]
        (note,) = [x for x in rows.findChildren(Label) if x.words.startswith("your account")]
        assert value.geometry().right() < note.geometry().left()
        assert value.width() >= value.fontMetrics().horizontalAdvance(ADDRESS)
        rows.close()

    run(whole())
