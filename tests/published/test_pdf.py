"""PDFs that the tests draw: heads and feet, bold that is faked, blanks, scans with a few letters."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from reportkit.errors import ReadError
from reportkit.form import CellValue, load_edition
from reportkit.published import PublishedReport, read_bytes
from reportkit.registers.scan import scan
from tests.published import box_font
from tests.published import rendering as r
from tests.published.drawn import FIGURES, PITCH, WIDTH, Text, draw, pages_of
from tests.published.judging import certain, wrong
from tests.published.strategies import balanced

EDITION = load_edition("2021")
TITLE = "云河镇人民政府2023年政府信息公开工作年度报告"


def _values(seed: int = 1) -> dict[str, CellValue]:
    rng = random.Random(seed)
    drawn: dict[str, CellValue] = {a: rng.choice([0, 3, 12, 55]) for a in EDITION.addresses}
    return balanced(EDITION, drawn)


def _read(data: bytes) -> PublishedReport:
    (read,) = read_bytes(data, "年报.pdf")
    return read


HEADS = {
    "title in the head": (TITLE, ""),
    "title and number": (f"{TITLE}  第{{page}}页", "第{page}页 共9页"),
    "title in the foot": ("", f"{TITLE} {{page}}/9"),
    "section's name": ("三、收到和处理政府信息公开申请情况", "— {page} —"),
}


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("lines", [12, 25])
def test_heads_and_feet_of_pages_are_no_text(head: str, lines: int) -> None:
    values = _values()
    above, below = HEADS[head]
    printed = r.printed("2021", values)
    read = _read(draw(pages_of(printed, head=above, foot=below, lines=lines)))
    plain = _read(draw(pages_of(printed, lines=lines)))
    assert not wrong(read, values)
    assert certain(read) == certain(plain) == values.keys()
    assert dict(read.report.sections) == dict(plain.report.sections)
    assert (read.report.town.name, read.report.year) == ("云河镇人民政府", 2023)


def test_a_title_that_stands_in_the_head_alone_names_the_report() -> None:
    printed = r.printed("2021", _values())
    pages = pages_of(printed, head=TITLE, lines=25)
    pages[0] = [text for n, text in enumerate(pages[0]) if n == 0 or text[2] != TITLE]
    read = _read(draw(pages))
    assert (read.report.town.name, read.report.year) == ("云河镇人民政府", 2023)


def test_fake_bold_is_folded() -> None:
    values = _values()
    data = draw(pages_of(r.printed("2021", values)), twice=0.3)
    read = _read(data)
    assert certain(read) == values.keys()
    assert not wrong(read, values)


def test_blank_cells_of_columns_without_borders_are_where_the_column_says() -> None:
    values = _values(2)
    gone = [a for a in values if a.startswith("t3.granted") and "total" not in a][1:4]
    values |= dict.fromkeys(gone)
    read = _read(draw(pages_of(r.printed("2021", values))))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


def test_labels_written_over_figures_hide_them_and_make_no_blanks() -> None:
    values = _values(4)
    read = _read(draw(pages_of(r.printed("2021", values), figures=320)))
    assert not wrong(read, values)
    assert "t3.other.fee_overdue.natural_person" not in certain(read)


@pytest.mark.parametrize("shift", [9.0, 20.0])
def test_a_row_off_its_columns_gives_its_label_to_no_other_row(shift: float) -> None:
    """Its own label stands around it, and the figures of the next row are not for it."""
    values = _values(5)
    pages = pages_of(r.printed("2021", values))
    moved = "1.属于国家秘密"
    for page in pages:
        at = next((y for _, y, text in page if text == moved), None)
        page[:] = [(x + shift if y == at and x >= FIGURES else x, y, text) for x, y, text in page]
    read = _read(draw(pages))
    assert not wrong(read, values)


def _broken(pages: list[list[Text]], style: str, every: int) -> list[list[Text]]:
    """Break each so many-th number of more than one digit over two lines of its cell."""
    shifts = {"below": (0.0, -7.0), "above": (7.0, 0.0), "around": (3.5, -3.5)}[style]
    made: list[list[Text]] = []
    nth = 0
    for page in pages:
        made.append([])
        for x, y, text in page:
            long = len(text) > 1 and text.isdigit()
            nth += long
            parts = (text[:1], text[1:]) if long and nth % every == 0 else (text,)
            made[-1] += [(x, y + shift, part) for shift, part in zip(shifts, parts, strict=False)]
            if len(parts) == 1:
                made[-1][-1] = (x, y, text)
    return made


@pytest.mark.parametrize("style", ["below", "above", "around"])
@pytest.mark.parametrize("every", [1, 3, 40])
def test_figures_broken_into_two_lines_are_never_half(style: str, every: int) -> None:
    values = _values(6)
    read = _read(draw(_broken(pages_of(r.printed("2021", values)), style, every)))
    assert not wrong(read, values)
    if every > 1 and style == "around":
        assert certain(read) == values.keys()
    if every == 40:
        assert len(values.keys() - certain(read)) <= 10


def test_columns_without_borders_in_another_order_are_not_the_forms() -> None:
    values = _values(3)
    printed = r.printed("2021", values)
    one, two = "商业企业", "科研机构"
    swapped = printed.with_cells(
        lambda s: (
            r.Slot(two if s.text == one else one, None, s.colspan, s.rowspan)
            if s.text in (one, two)
            else s
        )
    )
    read = _read(draw(pages_of(swapped)))
    assert not [a for a in certain(read) if a.startswith("t3.") and "total" not in a]


@pytest.mark.parametrize("begin", [620, 700, 790])
def test_columns_outside_the_page_are_said_and_their_figures_unread(begin: int) -> None:
    values = _values()
    read = _read(draw(pages_of(r.printed("2021", values), figures=begin)))
    shown = int((WIDTH - begin) // PITCH)
    assert not wrong(read, values)
    columns = ["natural_person", "enterprise", "research_institute", "social_organisation"]
    seen = {a for c in columns[:shown] for a in values if a.endswith(f".{c}")}
    assert certain(read) & {a for a in values if a.startswith("t3")} >= seen
    assert not any(a.endswith(".total") for a in certain(read) if a.startswith("t3"))
    said = [(p.message, p.cells) for p in read.problems]
    assert ("表格右侧在页面之外，看不到的格未读", ()) in said
    outside = {a for message, cells in said if "页面之外" in message for a in cells}
    assert "t3.received.total" in outside


@pytest.mark.parametrize("font", ["STSong-Light", "SimSun", "Unknown"])
def test_figures_of_one_digit_in_a_font_that_is_not_in_the_file_are_no_blanks(font: str) -> None:
    """Whatever fonts the machine has: some draw no digits, and then there is nothing of them."""
    values = _values(3)
    data = draw(pages_of(r.printed("2021", values))).replace(b"STSong-Light", font.encode())
    read = _read(data)
    assert certain(read) == values.keys()
    assert not wrong(read, values)


def test_the_box_that_stands_for_glyphs_is_built_by_its_program(tmp_path: Path) -> None:
    built = tmp_path / "box.ttf"
    box_font.build(built)
    assert built.read_bytes() == box_font.SHIPPED.read_bytes()


@pytest.mark.parametrize("letters", ["", "云河镇", "第{page}页"])
def test_a_scan_with_a_few_letters_is_said_to_be_one(letters: str) -> None:
    pages = [[(30.0, 24.0, letters.format(page=n))] if letters else [] for n in (1, 2, 3)]
    with pytest.raises(ReadError, match="扫描图片"):
        read_bytes(draw(pages), "云河镇2023年政府信息公开工作年度报告.pdf")


def test_personal_numbers_in_a_pdf_are_found_before_it_is_handed_out(tmp_path: Path) -> None:
    (tmp_path / "信.pdf").write_bytes(draw([[(30, 800, "一")], [(30, 800, "电话13800138000")]]))
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    hits = scan([tmp_path])
    assert [(hit.path.name, hit.place, hit.kind) for hit in hits] == [
        ("信.pdf", "第2页", "手机号"),
        ("坏.pdf", "", "无法读取（ValueError）"),
    ]


@pytest.mark.parametrize("half", [0xD842, 0xDFB7])
def test_half_a_rare_character_is_no_character(half: int) -> None:
    printed = r.printed("2021", _values())
    pages = pages_of(printed)
    x, y, text = pages[0][0]
    pages[0][0] = (x, y, f"{text[:3]}{chr(half)}{text[3:]}")
    assert _read(draw(pages)).report == _read(draw(pages_of(printed))).report


@pytest.mark.parametrize("title", ["feff0041", "feff0041d842", "feffdc340041"])
def test_a_damaged_title_is_none(title: str) -> None:
    pages = draw(pages_of(r.printed("2021", _values())))
    more = f"\n99 0 obj\n<</Title<{title}>>>\nendobj\ntrailer\n<</Root 1 0 R/Info 99 0 R/Size 100>>\nstartxref\n0\n%%EOF"
    assert _read(pages + more.encode()).report == _read(pages).report
