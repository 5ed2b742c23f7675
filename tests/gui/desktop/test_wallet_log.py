"""The Log page with a real agent: what it lists, finds, checks and writes."""

import json
import os
from pathlib import Path

from agent_process import transfer
from fluxdesk.desktop.agent_link import AgentLink
from fluxdesk.desktop.screens.wallet import log as page_module
from fluxdesk.desktop.screens.wallet.log import Log
from fluxdesk.desktop.screens.wallet.log_file import LogFile
from fluxdesk_host.agent import audit_file
from fluxdesk_host.agent.audit import AuditLog, Entry, entries
from fluxdesk_host.agent.clocks import Stamp
from gui.desktop.agent_desk import Program, linked
from windows import Run, settle

FRIEND = "0x" + "c3" * 20


def shown(link: AgentLink) -> Log:
    made = Log()
    made.resize(1000, 700)
    made.set_link(link)
    made.show()
    made.refresh()
    return made


def test_what_happened_is_listed_newest_first_found_and_filtered(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        async with linked(tmp_path) as link:
            program = Program()
            link.admit_node(os.getpid())
            await settle()
            request = transfer(to=FRIEND)
            answer = await program.ask(request)
            await settle(until=lambda: bool(link.waiting))
            await link.approve(next(iter(link.waiting.values())))
            await answer
            await link.rename_account("evm:0x9858effd232b4033e47d90003d41ec34ecaeda94", "Main")
            made = shown(link)
            await settle(until=lambda: bool(made.model.rows))
            numbers = [e.n for e in made.model.rows]
            assert numbers == sorted(numbers, reverse=True)
            assert [e.event for e in reversed(made.model.rows)] == [e.event for e in entries(tmp_path / "audit.log")]
            made.groups.choose(2)
            made.groups.chosen.emit(2)
            await settle(until=lambda: [e.event for e in made.model.rows] == ["signed"])
            made.groups.choose(0)
            made.search.setText(FRIEND.upper())
            await settle(until=lambda: [e.event for e in made.model.rows] == ["signed"])
            made.search.setText("nothing of the kind")
            await settle(until=lambda: not made.model.rows)
            assert "0 shown" in made.count.words
            made.search.setText(str(request["id"]))
            await settle(until=lambda: [e.event for e in made.model.rows] == ["signed", "asked"])
            made.grid.selectRow(0)
            assert f"id: {request['id']}" in made.record.words
            assert '"amount":1' in made.record.words
            program.close()
            made.forget()
            assert not made.model.rows
            assert not made.record.words
            made.deleteLater()

    run(whole())


def test_it_is_checked_with_progress_and_written_into_a_private_file(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        audit_file_reported, audit_file.REPORTED = audit_file.REPORTED, 1
        try:
            async with linked(tmp_path / "agent") as link:
                made = shown(link)
                said: list[str] = []
                made.said.connect(said.append)
                made.failed.connect(said.append)
                made.button.click()
                await settle(until=lambda: "Whole:" in made.verdict.words)
                target = tmp_path / "out.jsonl"
                made.write_to(target)
                await settle(until=lambda: bool(said))
                lines = [json.loads(line) for line in target.read_text().splitlines()]
                assert [line["n"] for line in lines] == list(range(1, len(lines) + 1))
                assert target.stat().st_mode & 0o777 == 0o600
                made.write_to(tmp_path / "no folder" / "out")
                await settle(until=lambda: len(said) == 2)
                assert "was not written" in said[1]
                made.deleteLater()
        finally:
            audit_file.REPORTED = audit_file_reported

    run(whole())


def test_a_long_log_is_read_a_page_at_a_time_and_its_check_says_how_far_it_is(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        (tmp_path / "agent").mkdir(mode=0o700)
        written = AuditLog(tmp_path / "agent" / "audit.log", lambda: Stamp(1, "boot", 1, 1_800_000_000_000))
        written.open(lambda _: None)
        for n in range(25_000):
            written.append(Entry(event="asked", id=f"r-{n}", origin="https://shop.example"))
        await written.close()
        async with linked(tmp_path / "agent") as link:
            told: list[float] = []
            link.progressed.connect(lambda done, of: told.append(done / of))
            made = shown(link)
            await settle(until=lambda: len(made.model.rows) == page_module.A_PAGE)
            made.grid.bottom_reached.emit()
            await settle(until=lambda: len(made.model.rows) == 2 * page_module.A_PAGE)
            numbers = [e.n for e in made.model.rows]
            assert numbers == list(range(numbers[0], numbers[0] - 400, -1))
            made.search.setText("r-7")
            await settle(until=lambda: bool(made.model.rows) and made.model.rows[-1].id.startswith("r-7"))
            made.button.click()
            assert made.meter.isVisible()
            await settle(until=lambda: "Whole: 25,0" in made.verdict.words)
            assert len(told) >= 2
            assert told == sorted(told)
            assert 0 < told[0] < told[-1] <= 1
            made.deleteLater()

    run(whole())


def test_what_is_written_meanwhile_is_seen_and_another_log_is_read_anew(run: Run, tmp_path: Path) -> None:
    async def whole() -> None:
        path = tmp_path / "audit.log"
        log = AuditLog(path, lambda: Stamp(1, "boot", 1, 1))
        log.open(lambda _: None)
        await log.append(Entry(event="one"))
        reader = LogFile(path)
        assert [e.event for e in reader.page(None, 10).entries] == ["one"]
        await log.append(Entry(event="two"))
        assert [e.event for e in reader.page(None, 10).entries] == ["two", "one"]
        assert reader.page(2, 10).entries[0].event == "one"
        await log.close()
        path.rename(tmp_path / "old.log")
        (tmp_path / "audit.head").rename(tmp_path / "old.head")
        other = AuditLog(path, lambda: Stamp(1, "boot", 1, 1))
        other.open(lambda _: None)
        await other.append(Entry(event="new"))
        await other.close()
        assert [e.event for e in reader.page(None, 10).entries] == ["new"]
        data = bytearray(path.read_bytes())
        data[8 + 36] = 0xFF
        path.write_bytes(data)
        page = reader.page(None, 10)
        assert page.unreadable
        assert page.entries == ()

    run(whole())
