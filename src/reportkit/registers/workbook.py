"""The workbook that a town fills in: a sheet a register, made by walking the schema.

Excel or WPS alone is enough to fill it: every coded column has a drop-down, dates and numbers are checked
while they are typed, headings carry a comment, and the first sheet explains it all with an example row a register.
Column notes and examples are data: ``workbook.yaml`` beside this module.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import xlsxwriter
import yaml
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from reportkit.errors import ParameterError
from reportkit.files import whole_file
from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.registers.reading.values import FIRST_YEAR, LAST_YEAR, MOST_DECIMALS
from reportkit.registers.schema import REGISTERS, Column, Register, codes_of
from reportkit.report import Town

GUIDE, CODES = "说明", "代码"
"""The sheet that explains, and the hidden one that the drop-downs take their lists from."""

ROWS = 5000
"""How many rows of each sheet are prepared; rows below are read all the same."""

_MADE = datetime(2021, 1, 1, tzinfo=UTC).replace(tzinfo=None)
"""The creation time that the file states: the same template has the same bytes."""

_WIDTHS = {"date": 12, "year": 9, "count": 9, "days": 10, "amount": 14, "bool": 9}

_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "text": "文字",
        "date": "日期，如2021-03-05",
        "year": "年份，如2021",
        "count": "整数，不小于0",
        "days": "工作日天数，整数，不小于0",
        "amount": f"金额，单位元，不小于0，最多{MOST_DECIMALS}位小数",
        "code": "从下拉列表中选",
        "codes": "可多项，用顿号隔开",
        "bool": "是或否",
    }
)


@dataclass(frozen=True)
class Guide:
    """What the workbook says beside the schema: notes on columns, and an example row a register."""

    steps: tuple[str, ...]
    notes: Mapping[str, str]
    """Notes by ``register.column``."""
    examples: Mapping[str, Mapping[str, Any]]


@cache
def load_guide() -> Guide:
    """Load the notes and examples."""
    text = (files("reportkit.registers") / "workbook.yaml").read_text(encoding="utf-8")
    body = yaml.safe_load(text)
    return Guide(tuple(body["steps"]), body["notes"], body["examples"])


def choices(register: Register, column: Column) -> tuple[str, ...]:
    """Return what a column's drop-down offers; empty for a column without one."""
    if (register.name, column.name) == ("figures", "code"):
        cells = [a for e in reversed(EDITIONS) for a in load_edition(e).addresses]
        return tuple(dict.fromkeys([*FACTS, *cells]))
    if column.type == "code":
        return tuple(codes_of(register.name, column.name).values())
    return ("是", "否") if column.type == "bool" else ()


def column_note(register: Register, column: Column) -> str:
    """Return what a heading's comment says: what to write, whether it is needed, and what goes with it."""
    lines = [_KINDS[column.type] + "。"]
    if column.name == "town":
        optional = "" if register.name == "towns" else "或单位名称；全表只有一个单位时可不填"
        lines = [f"单位编号（小写字母、数字和连字符）{optional}。"]
    elif column.key or column.needed:
        lines.append("必填。")
    if column.codes and column.type == "codes":
        lines.append("可填：" + "、".join(column.codes.values()) + "。")
    lines.extend(_companions(register, column))
    if column.personal:
        lines.append("个人信息：只入库，不出现在任何报告中。")
    if note := load_guide().notes.get(f"{register.name}.{column.name}"):
        lines.append(note)
    return "".join(lines)


def _companions(register: Register, column: Column) -> Iterator[str]:
    """Say what a column's value has to do with other columns of its row."""
    for earlier, later in register.order:
        if column.name == later:
            yield f"不早于“{register.column(earlier).heading}”。"
    for pair in register.together:
        if column.name in pair:
            partner = next(name for name in pair if name != column.name)
            yield f"与“{register.column(partner).heading}”同时填或同时空。"
    for name, other in register.requires:
        if column.name == name:
            yield f"填了此列必须填“{register.column(other).heading}”。"


def write_template(path: Path, *, force: bool = False, town: Town | None = None) -> None:
    """Write the empty register workbook; with ``town`` its first sheet is filled in already.

    Raises :class:`~reportkit.errors.ParameterError` where something stands at ``path`` already, which may be
    a filled workbook, unless ``force``; or where the name is no xlsx file's.
    """
    if path.suffix.lower() != ".xlsx":
        raise ParameterError(_("{name}: the workbook is an .xlsx file; name it so", name=path.name))
    if path.exists() and not force:
        raise ParameterError(
            _("{name} is there already; name another file, or say --force", name=path.name)
        )
    with (
        whole_file(path) as part,
        xlsxwriter.Workbook(part, {"default_date_format": "yyyy-mm-dd"}) as book,
    ):
        book.set_properties({"title": "政府信息公开台账", "created": _MADE})
        styles = _Styles(book)
        guide = book.add_worksheet(GUIDE)
        sheets = {name: book.add_worksheet(r.heading) for name, r in REGISTERS.items()}
        lists = _write_codes(book.add_worksheet(CODES))
        if town is not None:
            _write_town(sheets["towns"], town)
        for name, sheet in sheets.items():
            _write_register(sheet, REGISTERS[name], styles, lists)
        _write_guide(guide, styles)
        guide.activate()


class _Styles:
    """The formats of the workbook."""

    def __init__(self, book: Workbook) -> None:
        def made(**properties: Any) -> Format:
            # Not every machine has the office's own Song face; this name falls back well everywhere.
            return book.add_format(
                {"font_name": "宋体", "font_size": 11, "valign": "top"} | properties
            )

        head = {
            "bold": True,
            "border": 1,
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
        }
        self.head = made(**head, bg_color="#EFEFEF")
        self.needed = made(**head, bg_color="#FBE9E7", font_color="#9C1C14")
        self.personal = made(**head, bg_color="#E8EAF2")
        self.title = made(bold=True, font_size=18)
        self.part = made(bold=True, font_size=13)
        self.plain = made(text_wrap=True)
        self.label = made(text_wrap=True, border=1, border_color="#BFBFBF")
        self.shown = made(text_wrap=True, border=1, border_color="#BFBFBF", num_format="@")
        self.cells: Mapping[str, Format] = {
            "text": made(num_format="@", text_wrap=True),
            "code": made(text_wrap=True),
            "codes": made(text_wrap=True),
            "bool": made(align="center"),
            "date": made(num_format="yyyy-mm-dd", align="center"),
            "year": made(num_format="0", align="center"),
            "count": made(num_format="0"),
            "days": made(num_format="0"),
            "amount": made(num_format="#,##0.00####"),
        }

    def heading(self, register: Register, column: Column) -> Format:
        """Return the format of a column's heading."""
        if column.personal:
            return self.personal
        may_be_blank = column.name == "town" and register.name != "towns"
        return self.needed if (column.needed or column.key) and not may_be_blank else self.head


def _listed() -> Iterator[tuple[Register, Column, tuple[str, ...]]]:
    for register in REGISTERS.values():
        for column in register.columns:
            if offered := choices(register, column):
                yield register, column, offered


def _write_codes(sheet: Worksheet) -> Mapping[tuple[str, str], str]:
    """Write the lists to the hidden sheet and return the range of each: a list in a rule may have 255 characters."""
    ranges = {}
    for place, (register, column, offered) in enumerate(_listed()):
        letter = xl_col_to_name(place)
        sheet.write_string(0, place, f"{register.name}.{column.name}")
        sheet.write_column(1, place, offered)
        ranges[register.name, column.name] = f"={CODES}!${letter}$2:${letter}${len(offered) + 1}"
    sheet.hide()
    return ranges


def _rule(column: Column, source: str | None) -> dict[str, Any] | None:
    """Return the rule for what may be typed into a column, ``None`` where anything may."""
    if source is not None:
        strict = column.type != "text"
        return {
            "validate": "list",
            "source": source,
            "error_type": "stop" if strict else "warning",
            "error_message": f"请从列表中选一项“{column.heading}”。",
        }
    between: dict[str, tuple[str, Any, Any, str]] = {
        "date": (
            "date",
            date(FIRST_YEAR, 1, 1),
            date(LAST_YEAR, 12, 31),
            "请填日期，如2021-03-05。",
        ),
        "year": ("integer", FIRST_YEAR, LAST_YEAR, "请填年份，如2021。"),
        "count": ("integer", 0, 10**9, "请填不小于0的整数。"),
        "days": ("integer", 0, 10**9, "请填不小于0的整数。"),
        "amount": ("decimal", 0, 10**14, "请填不小于0的金额，单位元。"),
    }
    if column.type not in between:
        return None
    kind, low, high, message = between[column.type]
    return {
        "validate": kind,
        "criteria": "between",
        "minimum": low,
        "maximum": high,
        "error_message": message,
    }


def _width(register: Register, column: Column) -> int:
    longest = max((len(choice) for choice in choices(register, column)), default=0)
    if register.name == "narratives" and column.name == "text":
        return 90
    usual = _WIDTHS.get(column.type, 24 if column.name in ("title", "requested", "topic") else 16)
    return max(min(max(usual, 2 * longest + 4), 40), min(2 * len(column.heading) + 2, 16))


def _write_register(
    sheet: Worksheet,
    register: Register,
    styles: _Styles,
    lists: Mapping[tuple[str, str], str],
) -> None:
    sheet.set_row(0, 36)
    for place, column in enumerate(register.columns):
        sheet.set_column(place, place, _width(register, column), styles.cells[column.type])
        sheet.write_string(0, place, column.heading, styles.heading(register, column))
        note = column_note(register, column)
        sheet.write_comment(
            0, place, note, {"author": "", "x_scale": 1.6, "y_scale": 0.6 + len(note) / 60}
        )
        rule = _rule(column, lists.get((register.name, column.name)))
        if rule is not None:
            title = {"error_title": column.heading[:32]}
            sheet.data_validation(1, place, ROWS, place, rule | title)
    sheet.freeze_panes(1, len(register.key) if len(register.key) < 3 else 2)
    sheet.autofilter(0, 0, ROWS, len(register.columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, 30, len(register.columns) - 1)


def _write_town(sheet: Worksheet, town: Town) -> None:
    """Write a town's row below the heading; what is not known of it stays blank."""
    values = {"town": town.id, "name": town.name, "county": town.county, "province": town.province}
    values["kind"] = codes_of("towns", "kind")[town.kind] if town.kind else None
    values |= {"issuer": town.issuer, "illustrative": "是" if town.illustrative else None}
    for place, column in enumerate(REGISTERS["towns"].columns):
        if value := values.get(column.name):
            sheet.write_string(1, place, value)


def _write_guide(sheet: Worksheet, styles: _Styles) -> None:
    guide = load_guide()
    sheet.hide_gridlines(2)
    for place, width in enumerate((24, 26, 52, 34)):
        sheet.set_column(place, place, width)
    sheet.set_row(0, 32)
    sheet.write_string(0, 0, "政府信息公开台账填写说明", styles.title)
    row = 2
    for number, step in enumerate(guide.steps, 1):
        sheet.merge_range(row, 0, row, 3, f"{number}. {step}", styles.plain)
        sheet.set_row(row, 17 * (1 + len(step) // 66))
        row += 1
    sheet.set_row(row + 1, 24)
    sheet.write_string(row + 1, 0, "表头颜色", styles.part)
    for place, (words, style) in enumerate(
        (("必填", styles.needed), ("选填", styles.head), ("个人信息", styles.personal))
    ):
        sheet.write_string(row + 2, place, words, style)
    row += 4
    for register in REGISTERS.values():
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, register.heading, styles.part)
        sheet.write_row(row + 1, 0, ("列", "示例", "怎么填"), styles.head)
        sheet.write_blank(row + 1, 3, None, styles.head)
        sheet.merge_range(row + 1, 2, row + 1, 3, "怎么填", styles.head)
        row += 2
        for column in register.columns:
            shown = guide.examples[register.name].get(column.name, "")
            note = column_note(register, column)
            sheet.write_string(row, 0, column.heading, styles.label)
            sheet.write_string(row, 1, str(shown), styles.shown)
            sheet.merge_range(row, 2, row, 3, note, styles.label)
            sheet.set_row(row, 16 * max(1 + len(note) // 40, 1 + len(str(shown)) // 12))
            row += 1
        row += 1
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
