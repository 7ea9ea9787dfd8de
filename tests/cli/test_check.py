"""``reportkit check``: what it reads, prints, writes, and its exit code."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from reportkit.checks.several import check_reports
from reportkit.cli.main import main
from reportkit.form import Cells, CellValue, load_edition
from reportkit.manifest import Entry, Manifest
from reportkit.report import Town, TownReport
from reportkit.review.checking import check_paths, find_report_files

SECTIONS = {
    "s0": "本报告所列数据的统计期限为{year}年1月1日至{year}年12月31日。",
    "s1": "主动公开。全年未收到政府信息公开申请。政府信息管理。平台建设。开展工作考核、社会评议，没有责任追究。",
    "s5": "更新不够及时，将安排专人负责。",
    "s6": "没有其他需要报告的事项。",
}


def report(town: str = "yunxi", year: int = 2022, **cells: CellValue) -> TownReport:
    form = load_edition("2021")
    values = {
        **dict.fromkeys(form.addresses, 0),
        **{address.replace("__", "."): value for address, value in cells.items()},
    }
    return TownReport(
        town=Town(id=town, name=f"{town}镇", county="示例县", kind="town"),
        year=year,
        edition="2021",
        cells=Cells(form, values),
        sections={code: text.format(year=year) for code, text in SECTIONS.items()},
    )


def put(folder: Path, each: TownReport) -> Path:
    path = folder / str(each.year) / f"{each.town.id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(each.to_json(), encoding="utf-8")
    return path


@pytest.fixture
def output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an output folder with a clean report; the current folder is its parent."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "输出"
    put(folder, report())
    (folder / "manifest.json").write_text("{}", encoding="utf-8")
    (folder / "index.html").write_text("<p>", encoding="utf-8")
    (folder / "2022" / "yunxi.html").write_text("<p>", encoding="utf-8")
    return folder


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any]]:
    code = main(["check", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_clean_folder(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, body = listed(capsys, str(output))
    assert code == 0
    assert body == [
        {"file": str(output / "2022" / "yunxi.json"), "town": "yunxi", "year": 2022, "findings": []}
    ]


def test_an_error_is_exit_one_and_has_its_cells(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = put(output, report("qingshi", t4__reconsideration__total=2))
    code, body = listed(capsys, str(path))
    assert code == 1
    (finding,) = body[0]["findings"]
    assert (finding["code"], finding["level"]) == ("T4-TOTAL", "error")
    assert (finding["left"], finding["right"]) == (0, 2)
    assert "t4.reconsideration.total" in finding["cells"]


def test_last_year_is_found_among_the_files(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = report(year=2021, t3__carried_forward__natural_person=1)
    put(output, before.with_(sections={}))
    _, body = listed(capsys, str(output))
    codes = {entry["year"]: {f["code"] for f in entry["findings"]} for entry in body}
    assert "Y-CARRY" in codes[2022]


def test_two_files_of_one_town_and_year(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = put(output.parent / "另存", report(t2__penalties__decisions=3))
    code, body = listed(capsys, str(output), str(copy))
    assert code == 0
    assert [f["code"] for entry in body for f in entry["findings"]] == ["TWICE"]
    _, body = listed(capsys, str(output), str(output / "2022" / "yunxi.json"))
    assert len(body) == 1  # the same file named twice is read once


def test_unreadable_paths_are_findings_and_the_others_go_on(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (output / "2022" / "坏.json").write_text("{", encoding="utf-8")
    code, body = listed(capsys, str(output), "missing.json")
    assert code == 1
    by_name = {Path(entry["file"]).name: entry for entry in body}
    assert by_name["yunxi.json"]["findings"] == []
    for name in ("坏.json", "missing.json"):
        (finding,) = by_name[name]["findings"]
        assert (finding["code"], finding["level"]) == ("FILE-UNREADABLE", "error")
        assert by_name[name]["town"] is None


def test_nothing_read_is_exit_two(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = output.parent / "空"
    empty.mkdir()
    code, body = listed(capsys, str(empty))
    assert code == 2
    assert body[0]["findings"][0]["code"] == "FILE-UNREADABLE"


def test_a_published_text_is_read(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = output.parent / "云溪镇.txt"
    path.write_text(
        "示例县云溪镇2022年政府信息公开工作年度报告\n一、总体情况\n"
        "2022年主动公开信息12条，其中政策5条，其他4条。\n",
        encoding="utf-8",
    )
    _, body = listed(capsys, str(path))
    assert body[0]["year"] == 2022
    assert "C-PARTS" in {f["code"] for f in body[0]["findings"]}


def test_the_table_and_the_findings_are_printed(
    output: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(output, report("qingshi", t4__reconsideration__total=2))
    assert main(["check", str(output)]) == 1
    printed = capsys.readouterr().out
    assert "qingshi镇" in printed
    assert "错误 T4-TOTAL 表四“行政复议”行不平" in printed
    assert "依据" in printed


def test_a_review_is_kept_and_lapses(
    output: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(output, report("qingshi", t4__reconsideration__total=2))
    monkeypatch.setattr("sys.stdin", io.StringIO("x\na\n张三\n卷宗已核\n"))
    assert main(["check", str(output), "--review"]) == 0
    capsys.readouterr()
    code, body = listed(capsys, str(output))
    assert code == 0  # an accepted error is none
    (finding,) = next(entry for entry in body if entry["town"] == "qingshi")["findings"]
    assert finding["decision"]["who"] == "张三"
    assert finding["decision"]["reason"] == "卷宗已核"
    put(output, report("qingshi", t4__reconsideration__total=3))
    code, body = listed(capsys, str(output))
    assert code == 1
    (finding,) = next(entry for entry in body if entry["town"] == "qingshi")["findings"]
    assert "decision" not in finding


def test_review_and_json_do_not_go_together(output: Path) -> None:
    assert main(["check", str(output), "--review", "--json"]) == 2


def test_letters_and_workbook_go_to_the_internal_folder(output: Path) -> None:
    put(output, report("qingshi", t4__reconsideration__total=2))
    assert main(["check", str(output), "--letter", "--workbook"]) == 1
    internal = output.parent / "output-internal" / "2022"
    assert sorted(p.relative_to(internal).as_posix() for p in internal.rglob("*.*")) == [
        "checks.xlsx",
        "letters/qingshi.docx",
    ]


def test_the_lock_of_an_open_file_is_no_report(output: Path) -> None:
    before = check_paths([output], output / "reviews")
    (output / "~$年报.docx").write_bytes(b"\x06lock")
    (output / ".old").mkdir()
    (output / ".old" / "a.txt").write_text("某镇2021年政府信息公开工作年度报告", "utf-8")
    assert check_paths([output], output / "reviews") == before


PARAMS = """
towns:
  - {id: yunxi, name: 云溪镇, county: 示例县, province: 示例省, kind: town, issuer: ""}
  - {id: qingshi, name: 青石镇, county: 示例县, province: 示例省, kind: town, issuer: ""}
  - {id: nanyuan, name: 南源街道, county: 示例县, province: 示例省, kind: subdistrict, issuer: ""}
"""


@pytest.fixture
def listed_bodies(output: Path) -> Path:
    """Return the output folder of a project with three bodies, one of which has a report."""
    params = output.parent / "params"
    params.mkdir()
    (params / "towns.yaml").write_text(PARAMS, "utf-8")
    return output


def letters(output: Path) -> list[str]:
    internal = output.parent / "output-internal" / "2022" / "letters"
    return sorted(path.name for path in internal.glob("*"))


def test_a_body_without_a_report_is_sent_a_reminder(listed_bodies: Path) -> None:
    """As the board says: who has a report is not reminded, nor one whose report was made and refused."""
    refused = Entry(town="qingshi", name="青石镇", county="示例县", year=2022, status="refused")
    made = Manifest().with_entries([refused])
    (listed_bodies / "manifest.json").write_text(made.to_json(), "utf-8")
    assert main(["check", str(listed_bodies), "--letter"]) == 0
    assert letters(listed_bodies) == ["nanyuan-reminder.docx"]


def test_letters_are_no_reports_when_the_folder_is_checked_again(listed_bodies: Path) -> None:
    internal = listed_bodies.rename(listed_bodies.parent / "output-internal")
    put(internal, report("qingshi", t4__reconsideration__total=2))
    assert main(["check", str(internal), "--letter"]) == 1
    assert letters(internal) == ["nanyuan-reminder.docx", "qingshi.docx"]
    files, _ = find_report_files([internal])
    assert [file.name for file in files] == ["qingshi.json", "yunxi.json"]


def test_a_single_file_tells_nothing_of_the_other_bodies(listed_bodies: Path) -> None:
    assert main(["check", str(listed_bodies / "2022" / "yunxi.json"), "--letter"]) == 0
    assert letters(listed_bodies) == []


def test_the_years_folder_knows_the_manifest_above_it(listed_bodies: Path) -> None:
    assert main(["check", str(listed_bodies / "2022"), "--letter"]) == 0
    assert letters(listed_bodies) == ["nanyuan-reminder.docx", "qingshi-reminder.docx"]


def test_a_folder_is_walked_without_what_is_no_report(output: Path) -> None:
    (output / "2022" / ".part-x.json").write_text("", encoding="utf-8")
    (output / "2022" / "yunxi.ipynb").write_text("", encoding="utf-8")
    (output / "2022" / "另一镇.docx").write_bytes(b"PK")
    files, faults = find_report_files([output])
    assert [file.name for file in files] == ["yunxi.json", "另一镇.docx"]
    assert faults == []


def test_findings_in_a_file_are_computed_afresh(output: Path) -> None:
    (finding, *_), *_ = check_reports([report(t4__reconsideration__total=2)], copied=False)
    path = put(output, report("qingshi").with_(findings=(finding,)))
    (entry,) = check_paths([path], output / "reviews")
    assert entry.findings == ()
