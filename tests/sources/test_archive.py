"""A folder of published reports as a source."""

from __future__ import annotations

import html
from datetime import date
from pathlib import Path

import pytest

from reportkit.errors import SourceError, UnknownTown, UnknownYear
from reportkit.form import load_edition
from reportkit.report import Town
from reportkit.sources.archive import Archive, open_archive
from reportkit.sources.source import open_source

SHILI = Town(id="shili", name="示例镇", county="示例县", kind="town", province="示例省")


def page(name: str, year: int, value: int) -> str:
    """Return a page that prints a form in which every figure is the same."""
    edition = load_edition("2021" if year > 2020 else "2019")
    parts = [f"<h1>{name}{year}年政府信息公开工作年度报告</h1>"]
    for section in edition.sections:
        if section.title:
            parts.append(f"<h2>{section.title}</h2>")
        if section.table == "t2":
            for block in edition.tables["t2"].blocks:
                heads = "".join(f"<td>{html.escape(c.label)}</td>" for c in block.columns)
                parts.append(f"<table><tr><td>{block.heading}</td></tr>")
                parts.append(f"<tr><td>信息内容</td>{heads}</tr>")
                for row in block.rows:
                    figures = f"<td>{value}</td>" * len(block.columns)
                    parts.append(f"<tr><td>{row.label}</td>{figures}</tr>")
                parts.append("</table>")
        elif section.kind == "narrative" and section.code != "s0":
            parts.append(f"<p>本节说明{year}年的情况。</p>")
    return f"<!doctype html><meta charset=utf-8><title>年报</title>{''.join(parts)}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "子目录").mkdir()
    (tmp_path / "二〇二二.html").write_text(page("示例县示例镇", 2022, 3), "utf-8")
    (tmp_path / "子目录" / "2023.html").write_text(page("示例县示例镇", 2023, 4), "utf-8")
    (tmp_path / "again.html").write_text(page("示例县示例镇", 2022, 5), "utf-8")
    (tmp_path / "other.html").write_text(page("无名乡", 2023, 1), "utf-8")
    (tmp_path / "empty.html").write_bytes(b"")
    return tmp_path


def test_towns_of_the_params_keep_their_ids_and_others_get_one_of_their_name(folder: Path) -> None:
    archive = open_archive("published:x", folder, {"shili": SHILI})
    assert archive.years("shili") == (2022, 2023)
    (other,) = set(archive.towns) - {"shili"}
    assert archive.towns[other].name == "无名乡"
    assert set(open_archive("published:x", folder, {}).towns) >= {other}


def test_a_town_of_the_params_that_published_nothing_is_known_and_has_no_year(folder: Path) -> None:
    """A county's sum must not be taken for whole because a body is not in the folder."""
    late = SHILI.model_copy(update={"id": "late", "name": "迟报镇"})
    archive = open_archive("published:x", folder, {"shili": SHILI, "late": late})
    assert archive.towns["late"] == late
    assert archive.years("late") == ()
    with pytest.raises(UnknownYear, match="late"):
        archive.load("late", 2023)


def test_a_report_knows_last_year_and_what_nobody_prints_is_unknown(folder: Path) -> None:
    dossier = open_archive("published:x", folder, {"shili": SHILI}).load(
        "shili", 2023, None, date(2024, 1, 20)
    )
    assert dossier.report.cells["t2.normative_documents.made"] == 4
    assert dossier.report.cells["t3.received.total"] is None
    assert dossier.report.published_on == date(2024, 1, 20)
    assert dossier.previous is not None
    # Of two files of one year the first by name counts, and the other is a problem.
    assert dossier.previous.cells["t2.normative_documents.made"] == 5
    assert [report.year for report in dossier.history] == [2022, 2023]
    assert dossier.monthly is None
    assert dossier.timeliness is None


def test_what_was_passed_over_is_said(folder: Path) -> None:
    problems = open_archive("published:x", folder, {"shili": SHILI}).problems
    assert any("empty.html" in problem for problem in problems)
    assert any("二〇二二.html" in problem and "again.html" in problem for problem in problems)


def test_a_slice_holds_one_town_and_gives_the_same(folder: Path) -> None:
    archive = open_archive("published:x", folder, {"shili": SHILI})
    apart = Archive.from_slice(archive.pack("shili"))
    assert apart is not None
    assert list(apart.towns) == ["shili"]
    assert apart.load("shili", 2023) == archive.load("shili", 2023)
    assert apart.digest("shili", 2023) == archive.digest("shili", 2023)
    assert Archive.from_slice(b"something else") is None


def test_what_is_not_there_is_named_with_what_is(folder: Path, tmp_path: Path) -> None:
    archive = open_archive("published:x", folder, {"shili": SHILI})
    with pytest.raises(UnknownTown, match="did you mean 'shili'"):
        archive.years("shil")
    with pytest.raises(UnknownYear, match="2022, 2023"):
        archive.load("shili", 2019)
    (tmp_path / "leer").mkdir()
    with pytest.raises(SourceError, match="no published report"):
        open_source(f"published:{tmp_path / 'leer'}")
    with pytest.raises(SourceError, match="did you mean 'leer'"):
        open_source(f"published:{tmp_path / 'leet'}")
