"""The store's tables: the revisions lead to what the schema says, with the data that was there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import reportkit.registers.store
from reportkit.errors import StoreError
from reportkit.registers.schema import REGISTERS
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.migrate import HEAD, migrate, revision
from reportkit.registers.store.privacy import read_internal
from reportkit.registers.store.schema import METADATA, PERSONAL, internal_view
from reportkit.sources.source import open_source
from tests.registers.store.samples import (
    APPLICATIONS,
    load,
    records,
    rows,
    write_county,
    write_csv,
)


def _scripts() -> ScriptDirectory:
    folder = Path(reportkit.registers.store.__file__).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    return ScriptDirectory.from_config(config)


def test_the_last_revision_is_the_one_that_is_read_and_written() -> None:
    assert _scripts().get_current_head() == HEAD


def _shape(connection: Connection) -> dict[str, Any]:
    """Return all that a database tells of its tables: columns, keys, checks, indexes and views."""
    columns = connection.execute(
        text(
            "SELECT table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale "
            "FROM information_schema.columns WHERE table_schema = current_schema() "
            "AND table_name <> 'alembic_version'"
        )
    )
    if connection.dialect.name == "postgresql":
        rest = [
            """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace
            AND conrelid::regclass::text <> 'alembic_version'""",
            """SELECT tablename, indexname, indexdef FROM pg_indexes
            WHERE schemaname = current_schema() AND tablename <> 'alembic_version'""",
        ]
    else:
        rest = [
            """SELECT table_name, constraint_type, constraint_text FROM duckdb_constraints()
            WHERE table_name <> 'alembic_version'""",
            "SELECT table_name, index_name, sql FROM duckdb_indexes()",
        ]
    found = {"columns": sorted(map(tuple, columns), key=repr)}
    for number, query in enumerate(rest):
        found[str(number)] = sorted((tuple(r) for r in connection.execute(text(query))), key=repr)
    return found


def _made_from_schema(connection: Connection) -> dict[str, Any]:
    METADATA.create_all(connection)
    for name in PERSONAL:
        view = internal_view(REGISTERS[name])
        connection.execute(text(f"CREATE VIEW {name}_internal AS {view}"))
    return _shape(connection)


def test_the_revisions_make_what_the_schema_says(
    uri: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    duckdb = uri.startswith("duckdb")
    other = (
        f"duckdb:///{tmp_path}/other.duckdb"
        if duckdb
        else request.getfixturevalue("server").create()
    )
    with parse_address(uri).write() as migrated, parse_address(other).write() as made:
        migrate(migrated)
        assert _shape(migrated) == _made_from_schema(made)


def test_a_store_of_revision_1_comes_up_with_its_data(uri: str, tmp_path: Path) -> None:
    address = parse_address(uri)
    with address.write() as connection:
        migrate(connection, "0001")
        connection.execute(text("INSERT INTO files VALUES (1, 'xishan.csv', 'x', false)"))
        connection.execute(
            text(
                "INSERT INTO towns (town, name, kind, file_id) "
                "VALUES ('xishan', '西山镇', 'town', 1)"
            )
        )
        connection.commit()
    with pytest.raises(StoreError, match="0001"):
        open_source(uri)
    load(uri, write_county(tmp_path / "data"))
    with address.read() as connection:
        assert revision(connection) == HEAD
    assert {r[0] for r in rows(uri, "towns")} == {"xishan", "shili-zhen", "qinghe"}


def test_a_store_of_revision_2_comes_up_whole_and_counts_as_before(
    uri: str, tmp_path: Path
) -> None:
    address = parse_address(uri)
    with address.write() as connection:
        migrate(connection, "0002")
        for statement in (
            "INSERT INTO files VALUES (1, 'applications.csv', 'x', false)",
            "INSERT INTO brought VALUES (1, 'applications', 'shili-zhen')",
            (
                "INSERT INTO applications (town, application_no, received_on, applicant_type, file_id, row_no) "
                "VALUES ('shili-zhen', '2021-001', '2021-03-01', 'enterprise', 1, 2)"
            ),
            "INSERT INTO applications_personal VALUES ('shili-zhen', '2021-001', '欧阳测试', NULL, NULL, 1)",
            (
                "INSERT INTO disputes (town, case_no, route, filed_on, file_id, row_no) "
                "VALUES ('shili-zhen', '1号', 'reconsideration', '2021-05-06', 1, 2)"
            ),
        ):
            connection.execute(text(statement))
        connection.commit()
    county = write_county(tmp_path / "data")
    (county / "applications.csv").unlink()
    load(uri, county)
    [found] = read_internal(address, "applications", "shili-zhen")
    assert (found["applicant_name"], found["supplement_due_on"]) == ("欧阳测试", None)
    report = open_source(uri).load("shili-zhen", 2021).report
    assert report.cells["t3.received.enterprise"] == 1
    [dispute] = records(uri, "disputes")
    assert (dispute["role"], dispute["aside"]) == (None, None)
    # What was read once is read again, as nobody knows by which names: whole this time.
    again = write_csv(tmp_path / "applications.csv", APPLICATIONS[:2])
    assert load(uri, again)["applications.csv"].status == "replaced"
    assert open_source(uri).load("shili-zhen", 2021).report.facts["applications_received"] == 2


def test_a_later_version_s_store_is_refused(uri: str, tmp_path: Path) -> None:
    county = write_county(tmp_path / "data")
    load(uri, county)
    with parse_address(uri).write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    for use in (lambda: open_source(uri), lambda: load(uri, county)):
        with pytest.raises(StoreError, match="newer reportkit"):
            use()


def test_the_database_itself_holds_order_and_pairs(uri: str, tmp_path: Path) -> None:
    load(uri, write_county(tmp_path / "data"))
    wrong = {
        "replied_on": "UPDATE applications SET replied_on = '2020-01-01', outcome = 'granted'",
        "outcome": "UPDATE applications SET outcome = NULL",
        "fee_yuan": "UPDATE applications SET fee_yuan = -1",
    }
    for statement in wrong.values():
        with (
            parse_address(uri).write() as connection,
            pytest.raises(Exception, match=r"(?i)check"),
        ):
            connection.execute(text(statement))
