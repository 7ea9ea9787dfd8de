"""What the clerk's page works with, without a browser: dropping, faults, sections, files, letters."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from reportkit.app import VISIT, making, prose
from reportkit.app.drafts import drafts
from reportkit.app.server import sweep
from reportkit.app.visit import ReportChoice, Visit
from reportkit.errors import ReadError
from reportkit.export.formats import names
from reportkit.form import CellValue
from reportkit.registers.schema import REGISTERS
from tests.app.conftest import PERSON, changed, other_town
from tests.published.rendering import page, printed


@pytest.fixture
def visit(base: Path) -> Iterator[Visit]:
    made = Visit(base)
    yield made
    made.close()
    assert not made.folder.exists()


def last_year_page(values: Mapping[str, CellValue]) -> bytes:
    """Return a published page of the town's year before, as a portal has it."""
    made = replace(
        printed("2021", values),
        name="示例县清禾镇",
        year=2024,
        prose={
            "s1": "本年度按要求开展工作。",
            "s5": "公开内容不够丰富。",
            "s6": "2024年没有收取信息处理费。",
        },
    )
    return page(made).encode()


def test_the_folder_is_this_users_alone_and_goes(base: Path) -> None:
    visit = Visit(base)
    assert stat.S_IMODE(visit.folder.stat().st_mode) == 0o700
    visit.drop({"../../逃出去.csv": b"\xef\xbb\xbfa,b\n1,2\n"})
    assert sorted(p.name for p in base.iterdir()) == [visit.folder.name]
    visit.close()
    assert list(base.iterdir()) == []


def test_a_folder_whose_process_was_killed_is_swept(base: Path) -> None:
    mine = Visit(base)
    other = base / f"{VISIT}{2**22 + 1}-abc"  # beyond every process id of Linux
    other.mkdir()
    sweep(base)
    assert [folder.name for folder in base.iterdir()] == [mine.folder.name]
    mine.close()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("程序.exe", "既不是台账"),
        ("台账.et", "另存为.xlsx"),
        ("年报.doc", "另存为.docx"),
        ("...", "不是可以收的文件名"),
        (".hidden.xlsx", "不是可以收的文件名"),
    ],
)
def test_what_cannot_be_taken_is_told_and_left_out(visit: Visit, name: str, said: str) -> None:
    (told,) = visit.drop({name: b"x"})
    assert said in told
    assert (
        not list((visit.folder / "registers").glob("*"))
        if (visit.folder / "registers").exists()
        else True
    )


def test_a_damaged_workbook_is_a_fault_and_no_report(visit: Visit) -> None:
    visit.drop({"台账.xlsx": b"no workbook"})
    assert visit.wrong == 1
    assert visit.choices == []


def test_faults_say_where_and_what_to_do_and_the_copy_is_marked(
    visit: Visit, faulty: bytes, filled: bytes
) -> None:
    visit.drop({"台账.xlsx": faulty})
    (fault,) = [each for each in visit.faults if each.level == "error"]
    assert (fault.sheet, fault.row, fault.heading) == ("依申请公开台账", 2, "办理结果")
    assert fault.value == "予以公示"
    assert fault.how
    book = openpyxl.load_workbook(io.BytesIO(visit.marked_copy()))
    assert "依申请公开台账" in book.sheetnames
    shown = [str(c.value) for s in book for row in s.iter_rows() for c in row if c.value]
    assert not any(word in text for word in PERSON.values() for text in shown)

    (told,) = visit.drop({"台账.xlsx": filled})  # the mended one
    assert "替换了同名文件" in told
    assert visit.wrong == 0
    assert visit.choices == [ReportChoice("qinghe", 2025, "清禾镇")]


def test_no_personal_column_is_kept_where_the_registers_are_read(
    visit: Visit, faulty: bytes
) -> None:
    assert {c.heading for c in REGISTERS["applications"].columns if c.personal} & PERSON.keys()
    visit.drop({"台账.xlsx": faulty})
    held = b"".join(path.read_bytes() for path in visit.folder.glob("store-*"))
    assert held
    assert not any(word.encode() in held for word in PERSON.values())


def test_sections_are_written_into_the_clerks_own_workbook(visit: Visit, filled: bytes) -> None:
    visit.drop({"台账.xlsx": filled})
    texts = prose.written(visit, "qinghe", 2025)
    assert texts["s5"].startswith("公开栏更新不及时")
    prose.write(visit, "qinghe", 2025, texts)
    assert prose.books(visit)[0].read_bytes() == filled  # accepted as it stands: nothing is touched
    prose.write(visit, "qinghe", 2025, {"s5": "已经按月检查。", "s6": ""})
    assert prose.written(visit, "qinghe", 2025) == {"s5": "已经按月检查。", "s6": ""}
    assert making.unfilled(visit, "qinghe", 2025) == ["s6"]
    prose.write(visit, "qinghe", 2025, {"s5": "已经按月检查。", "s6": "没有其他事项。"})
    assert prose.written(visit, "qinghe", 2025)["s6"] == "没有其他事项。"
    assert visit.wrong == 0
    assert visit.view("qinghe", 2025).report.sections["s5"] == "已经按月检查。"


def test_a_text_in_a_file_of_its_own_is_not_written_over(visit: Visit, filled: bytes) -> None:
    def without(book: object) -> None:
        sheet = book["文字部分"]  # type: ignore[index]
        sheet.delete_rows(2, 9)

    bare = changed(filled, without)
    table = "年度,部分,顺序,内容\n2025,s5,1,原来的话。\n".encode("utf-8-sig")
    visit.drop({"台账.xlsx": bare, "文字部分.csv": table})
    with pytest.raises(ReadError, match="文字部分"):
        prose.write(visit, "qinghe", 2025, {"s5": "别的话。", "s6": ""})


def test_last_years_published_report_is_what_this_years_is_held_against(
    visit: Visit, filled: bytes
) -> None:
    visit.drop({"台账.xlsx": filled})
    now = visit.view("qinghe", 2025).report.cells
    assert (now["t3.carried_in.total"], now["t3.carried_forward.total"]) == (0, 1)
    alone = making.open_points(visit, "qinghe", 2025)
    visit.drop({"2024年报.html": last_year_page(dict(now))})
    assert ("qinghe", 2024) in visit.published
    assert prose.last_year(visit, "qinghe", 2025)["s5"] == "公开内容不够丰富。"
    assert visit.view("qinghe", 2025).previous is not None
    assert (visit.folder / "previous" / "qinghe-2024.json").is_file()
    points = making.open_points(visit, "qinghe", 2025)
    new = [message for _, _, message, _ in points if message not in {m for _, _, m, _ in alone}]
    assert any("上年结转" in message for message in new), new


def test_drafts_say_what_the_figures_show_and_nothing_else(visit: Visit, filled: bytes) -> None:
    def without(book: object) -> None:
        sheet = book["文字部分"]  # type: ignore[index]
        sheet.delete_rows(2, 9)

    visit.drop({"台账.xlsx": changed(filled, without)})
    none = "本年度未收取信息处理费，收取金额为0元。没有其他需要报告的事项。"
    assert prose.proposed(visit, "qinghe", 2025) == {"s6": none}  # nothing is late, nothing lost
    report = visit.view("qinghe", 2025).report
    limits = replace(visit.source.load("qinghe", 2025).timeliness, overdue=2)  # type: ignore[union-attr, type-var]
    told = report.with_(facts={**report.facts, "trainings": 0, "disclosed_items": 3})
    unknown = {**told.facts}
    del unknown["fee_collected_yuan"]
    assert "s6" not in drafts(told.with_(facts=unknown), limits)
    assert drafts(told, limits) == {
        "s5": "存在的主要问题：本年答复的申请中有2件超过法定期限；本年没有组织政务公开培训。\n\n"
        "改进措施：建立申请台账的到期提醒，保证在法定期限内答复；制定下一年度培训计划并组织实施。",
        "s6": none,
    }
    prose.write(visit, "qinghe", 2025, drafts(told, limits))
    assert prose.written(visit, "qinghe", 2025) == drafts(told, limits)
    assert visit.wrong == 0


def test_formats_offered_are_those_of_the_registry() -> None:
    assert list(making.offered()) == [name for name in names() if name != "json"]


def test_each_town_gets_its_letter(visit: Visit, filled: bytes) -> None:
    other = other_town(filled, "baishi", "白石镇")
    visit.drop({"清禾/台账.xlsx": filled, "白石/台账.xlsx": other})
    assert {choice.town for choice in visit.choices} == {"qinghe", "baishi"}
    assert [choice.name for choice in visit.choices] == ["白石镇", "清禾镇"]
    archive = zipfile.ZipFile(io.BytesIO(making.letters(visit, 2025)))
    assert sorted(archive.namelist()) == [
        "校验结果.xlsx",
        "退回修改通知/清禾镇（qinghe）.docx",
        "退回修改通知/白石镇（baishi）.docx",
    ]
    letter = docx.Document(io.BytesIO(archive.read("退回修改通知/白石镇（baishi）.docx")))
    assert "白石镇" in letter.paragraphs[0].text


@pytest.mark.kernel
def test_a_county_drops_its_folder_and_gets_the_roll_up(visit: Visit, filled: bytes) -> None:
    other = other_town(filled, "baishi", "白石镇")
    read: list[str] = []
    visit.say = read.append
    visit.drop({"全县/清禾/台账.xlsx": filled, "全县/白石/台账.xlsx": other})
    assert read == ["正在读取第1个文件，共2个……", "正在读取第2个文件，共2个……"]
    archive = zipfile.ZipFile(io.BytesIO(making.county(visit, 2025, ["docx"])))
    whole, *towns = (
        json.loads(archive.read(f"2025/{name}.json")) for name in ("county", "qinghe", "baishi")
    )
    for address in ("t3.received.total", "t3.granted.total", "t3.carried_forward.total"):
        assert whole["cells"][address] == sum(town["cells"][address] for town in towns) > 0
    assert {"index.html", "2025/county.html", "2025/county.docx", "2025/baishi.docx"} <= {
        *archive.namelist()
    }
    assert "白石镇" in archive.read("2025/county.html").decode()
