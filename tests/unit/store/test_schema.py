"""The file is made, migrated on a copy with a backup kept, or left alone with a sentence that says why."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from fluxdesk.core.events import Kind, Row, Side
from fluxdesk.store.errors import MigrationFailed, StoreDamaged, StoreNewer
from fluxdesk.store.inserts import InsertRows
from fluxdesk.store.repository import Repository
from fluxdesk.store.schema import HEAD, MIGRATIONS, TABLES, alchemy, prepare, version_of
from fluxdesk.store.tables import Launch, Liquidity, Migration, PoolFact, Trade, table_of
from fluxdesk.store.writer import Store
from unit.store.desk import MINT, Desk, launch, trade

NEXT = '''"""A version after {head}, made by the test."""

from alembic import op

revision = "{revision}"
down_revision = "{head}"


def upgrade() -> None:
    """Adds a column, then {then}."""
    op.execute("ALTER TABLE tokens ADD COLUMN later TEXT")
    op.execute("{sql}")
'''


def later(folder: Path, sql: str) -> Path:
    """A copy of the migrations with one more."""
    copy = folder / "migrations"
    shutil.copytree(MIGRATIONS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(head=HEAD, revision="9999", then=sql, sql=sql)
    (copy / "versions" / "9999_later.py").write_text(text)
    return copy


def written(path: Path) -> None:
    desk = Desk(path)
    desk.see(trade(1), trade(2))
    desk.close()


def columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def test_the_migrations_make_exactly_the_models_tables(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    prepare(tmp_path / "store.sqlite")
    engine = alchemy(tmp_path / "store.sqlite")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as db:
        clustered = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%WITHOUT ROWID%'")]
    assert {"candles_1s", "candles_1m", "balances"} <= set(clustered)


def test_the_inserts_are_what_sqlalchemy_core_compiles_for_the_models(tmp_path: Path) -> None:
    from sqlalchemy import insert
    from sqlalchemy.dialects.sqlite import dialect

    prepare(tmp_path / "store.sqlite")
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as db:
        for model in (Trade, Launch, PoolFact, Liquidity, Migration):
            ours = InsertRows(db, str(model.__tablename__))
            core = str(insert(table_of(model)).compile(dialect=dialect(paramstyle="qmark")))
            assert ours.sql == core


def test_the_check_for_lost_tables_knows_all_of_them() -> None:
    assert {str(name) for name in SQLModel.metadata.tables} == TABLES


def test_head_is_the_newest_migration() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_a_file_of_this_version_is_opened_without_a_backup(tmp_path: Path) -> None:
    written(tmp_path / "store.sqlite")
    store = Store(tmp_path / "store.sqlite")
    assert store.backup is None
    assert store.checkpoint() == 2
    store.close()


def test_a_migration_keeps_the_file_it_began_from(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    written(path)
    backup = prepare(path, later(tmp_path, "UPDATE tokens SET later = 'x'"), "9999")
    assert backup == tmp_path / f"store.sqlite.{HEAD}.bak"
    assert version_of(path) == "9999"
    assert "later" in columns(path, "tokens")
    assert version_of(backup) == HEAD
    assert "later" not in columns(backup, "tokens")
    assert sorted(f.name for f in tmp_path.glob("store*")) == ["store.sqlite", backup.name]
    repository = Repository(backup)
    assert len(repository.trades("solana", MINT, 9).items) == 2
    repository.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    written(path)
    with pytest.raises(MigrationFailed, match=r"no such table: absent.*are unchanged") as caught:
        prepare(path, later(tmp_path, "DROP TABLE absent"), "9999")
    assert HEAD in str(caught.value)
    assert version_of(path) == HEAD
    assert "later" not in columns(path, "tokens")
    store = Store(path)
    assert store.checkpoint() == 2
    store.close()
    assert not (tmp_path / "store.sqlite.new").exists()


def test_a_migration_that_was_killed_leaves_nothing_that_the_next_one_reads(tmp_path: Path) -> None:
    path, killed = tmp_path / "store.sqlite", tmp_path / "killed.sqlite"
    written(path)
    desk = Desk(killed)
    desk.see(trade(5, trader="somebody else"))
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{killed}{end}", f"{path}.new{end}")
    desk.close()
    killed.unlink()
    prepare(path, later(tmp_path, "SELECT 1"), "9999")
    assert sorted(f.name for f in tmp_path.glob("store*")) == ["store.sqlite", f"store.sqlite.{HEAD}.bak"]
    repository = Repository(path)
    assert [t.trader for t in repository.trades("solana", MINT, 9).items] == ["w2", "w1"]
    repository.close()


def test_tables_that_another_program_reads_are_not_migrated_under_it(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    written(path)
    reader = Repository(path)
    assert reader.tokens() == 1
    with pytest.raises(MigrationFailed, match=r"another program has them open.*are unchanged"):
        prepare(path, later(tmp_path, "SELECT 1"), "9999")
    assert version_of(path) == HEAD
    assert reader.tokens() == 1
    reader.close()


def test_rows_still_in_the_write_ahead_log_are_migrated(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    desk = Desk(path)
    desk.see(trade(1))
    copy = tmp_path / "killed"
    copy.mkdir()
    for file in tmp_path.glob("store.sqlite*"):
        shutil.copy(file, copy)
    desk.close()
    prepare(copy / "store.sqlite", later(tmp_path, "SELECT 1"), "9999")
    repository = Repository(copy / "store.sqlite")
    assert len(repository.trades("solana", MINT, 9).items) == 1
    repository.close()


def test_tables_of_a_newer_version_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    written(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = '7777'")
        db.commit()
    before = path.read_bytes()
    with pytest.raises(StoreNewer, match="version 7777"):
        Store(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"no database" * 500, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreDamaged, match="Nothing was changed"):
        Store(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE notes (text)")
        db.commit()
    with pytest.raises(StoreDamaged, match="no such table"):
        Store(path)
    assert columns(path, "notes") == ["text"]


@pytest.mark.parametrize("version", ["0001", HEAD])
@pytest.mark.parametrize("table", ["checkpoint", "trades"])
def test_a_file_that_lost_its_tables_is_left_alone(tmp_path: Path, version: str, table: str) -> None:
    path = tmp_path / "store.sqlite"
    written(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE alembic_version SET version_num = ?", (version,))
        db.execute(f"DROP TABLE {table}")
        db.commit()
    for opened in (Store, Repository):
        with pytest.raises(StoreDamaged, match=f"no such table: {table}, which version {version} has"):
            opened(path)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["store.sqlite"]


def test_the_files_are_private(tmp_path: Path) -> None:
    written(tmp_path / "data" / "store.sqlite")
    for file in (tmp_path / "data").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_tables_of_the_first_version_hold_the_same_afterwards(tmp_path: Path) -> None:
    path, wanted = tmp_path / "store.sqlite", Desk(tmp_path / "wanted.sqlite")
    rows = [trade(1), trade(2, token_amount=2**200), trade(3, token_amount=2**63, trader="w1")]
    rows += [trade(4, trader="w1", side=Side.SELL, token_amount=2**64), launch(), Row(kind=Kind.REFUSED)]
    wanted.see(*rows)
    first = shutil.copytree(MIGRATIONS, tmp_path / "first", ignore=shutil.ignore_patterns("__pycache__", "0002*"))
    prepare(path, first, "0001")
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("ATTACH ? AS wanted", (str(wanted.path),))
        old.create_function("u256", 1, lambda n: n if n is None or isinstance(n, bytes) else n.to_bytes(32, "big"))
        old.create_function("i320", 1, lambda n: n if isinstance(n, bytes) else (n + (1 << 319)).to_bytes(40, "big"))
        wide = {"token_base": "u256", "quote_base": "u256", "supply": "u256", "net": "i320"}
        for (table,) in old.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if table != "alembic_version":
                named = [row[1] for row in old.execute(f"PRAGMA main.table_info({table})")]
                read = ", ".join(f"{wide[n]}({n})" if n in wide else n for n in named)
                old.execute(f"INSERT OR REPLACE INTO main.{table} SELECT {read} FROM wanted.{table}")
    assert prepare(path) is not None
    desk = Desk(path)
    assert desk.table("decode_counts") != wanted.table("decode_counts")
    tables = {name: rows for name, rows in desk.everything().items() if name != "decode_counts"}
    assert tables == {name: rows for name, rows in wanted.everything().items() if name != "decode_counts"}
    assert desk.repository.decode_counts() == wanted.repository.decode_counts()
    assert desk.repository._query("PRAGMA page_size") == [(8192,)]
    desk.close()
    wanted.close()
