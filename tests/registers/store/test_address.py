"""A store's address: what is accepted, and that no password of it is ever repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb_engine
import pytest

from reportkit.errors import SourceError
from reportkit.registers.quiet import NO_BAR, in_memory
from reportkit.registers.store.address import parse_address
from reportkit.sources.source import open_source


@pytest.mark.parametrize(
    "uri",
    [
        "postgresql://clerk:geheim@host/db",
        "postgresql:///db?password=geheim",
        "postgresql://clerk:geheim@host:notaport/db",
        "postgres://clerk:geheim@host/db",
        "mysql://clerk:geheim@host/db",
        "duckdb://clerk:geheim@host/x.duckdb",
    ],
)
def test_a_password_is_refused_and_not_repeated(uri: str) -> None:
    for use in (parse_address, open_source):
        with pytest.raises(SourceError) as caught:
            use(uri)
        assert "geheim" not in str(caught.value)


def test_the_message_names_the_two_ways_to_give_one() -> None:
    with pytest.raises(SourceError, match=r"PGPASSFILE.*PGPASSWORD"):
        parse_address("postgresql://clerk:geheim@host/db")


def test_a_file_s_address_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse_address("duckdb:///台账.duckdb").uri == f"duckdb:///{tmp_path}/台账.duckdb"
    with pytest.raises(SourceError, match="no such file"):
        open_source("duckdb:///没有.duckdb")
    (tmp_path / "broken.duckdb").write_bytes(b"no database at all" * 1000)
    with pytest.raises(SourceError, match="cannot be opened"):
        open_source("duckdb:///broken.duckdb")


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be opened"):
        open_source(f"postgresql://clerk@/db?host={tmp_path}")


def test_duckdb_is_told_to_draw_no_bar_before_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    execute = duckdb_engine.CursorWrapper.execute

    def noted(cursor: duckdb_engine.CursorWrapper, statement: str, *more: Any) -> None:
        said.append(statement)
        execute(cursor, statement, *more)

    monkeypatch.setattr(duckdb_engine.CursorWrapper, "execute", noted)
    parse_address(f"duckdb:///{tmp_path}/store.duckdb").write().close()
    assert said[0] == NO_BAR
    assert len(said) > 1
    with in_memory() as connection:
        told = connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    assert told == (False,)
