"""Text to value: dates, whole numbers, amounts and yes or no, as they stand in real registers.

Each ``parse_`` function takes what a cell holds (text, number, date or nothing) and returns the value, ``None``
for a blank, or raises :class:`ValueError` with a Chinese reason for the clerk.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from reportkit.form import plain
from reportkit.ids import fault_of

FIRST_YEAR, LAST_YEAR = 1949, 2199
"""Years outside are a slip of the pen: no register of a Chinese town holds them."""

MOST_DECIMALS = 6
"""More decimals than this in an amount are a slip; sums of fewer stay exact in decimal's 28 digits."""

_EXCEL_EPOCH = date(1899, 12, 30)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMOUNT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
"""Plain digits; an exponent is what a spreadsheet makes of a very small number."""
_UNITS = {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_COUNTED = re.compile(r"(\d[\d,]*(?:\.\d*)?)([百千万亿])")
"""An amount in ten thousands: its register is in yuan."""
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")


ERRORS = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#FIELD!",
        "#BLOCKED!",
        "#CONNECT!",
        "#GETTING_DATA",
        "#UNKNOWN!",
        "#BUSY!",
    ]
)
"""A spreadsheet's error values, as it shows them and writes them to CSV."""

_EXACT = 1e15
"""A spreadsheet keeps 15 digits of a number: the last ones of a longer one are lost."""

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+(?:1[1-9]|[2-9]\d)")
_BREAK = re.compile(r"\s*(?:_x000[dDaA]_|[\r\n\v\f\x85\u2028\u2029])\s*")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_BETWEEN_WIDE = re.compile(f"(?<=[{_WIDE}])\n+|\n+(?=[{_WIDE}])")


@dataclass(frozen=True)
class Broken:
    """What stands in a cell that holds no value of its own. It reads as what the clerk sees there."""

    shown: str
    code: str
    why: str

    def __str__(self) -> str:
        return self.shown


class CellFault(ValueError):
    """A fault of a cell that has a code of its own, whatever its column holds."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code = code


def error_value(shown: str) -> Broken:
    """Return the mark of a cell with an error value."""
    return Broken(shown, "ROW-ERROR-VALUE", f"是错误值{shown}")


def uncomputed(formula: str) -> Broken:
    """Return the mark of a formula without a value: the program that wrote it did not compute it."""
    return Broken(f"={formula}" if formula else "公式", "ROW-FORMULA", "是没有计算结果的公式")


def merged_value(value: object, row: int) -> Broken:
    """Return the mark of a part of a merged cell, whose value stands in the row where it begins."""
    shown = clean_text(value) or ""
    return Broken(shown, "ROW-MERGED", f"是合并单元格的一部分，值只在第{row}行")


def check_cell(value: object) -> None:
    """Raise :class:`CellFault` for a cell that holds no value of its own: an error, a formula, a merged part."""
    if isinstance(value, Broken):
        raise CellFault(value.code, value.why)
    if isinstance(value, str) and value.startswith("#") and value.strip().upper() in ERRORS:
        raise CellFault("ROW-ERROR-VALUE", f"是错误值{value.strip()}")


def check_digits(value: object) -> None:
    """Raise :class:`CellFault` for a long number that a spreadsheet has cut to 15 digits."""
    cut = isinstance(value, float) and not math.isnan(value) and abs(value) >= _EXACT
    if cut or (isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip())):
        raise CellFault("ROW-DIGITS", "是按数字存入的长号码，只留下前15位，后几位已经丢失")


def one_line(text: str) -> str:
    r"""Return a text in one line: a break beside Chinese falls away, another becomes a space.

    >>> one_line("青石\r\n镇"), one_line("Annual\nreport")
    ('青石镇', 'Annual report')
    """
    if text.isprintable() and "_x000" not in text:
        return text
    return _BETWEEN_WIDE.sub("", _BREAK.sub("\n", text.strip())).replace("\n", " ")


def parse_text(value: object) -> str | None:
    """Read a text of one line: a name, a number, a title."""
    check_digits(value)
    text = clean_text(value)
    return None if text is None else one_line(text) or None


def parse_id(value: object) -> str | None:
    """Read the id of a town in the register that gives it. It names files, so not every word will do."""
    text = parse_text(value)
    why = None if text is None else fault_of(text)
    if why is None:
        return text
    if why == "shape":
        raise CellFault("ROW-TOWN", "须以小写字母开头，只用小写字母、数字和连字符，2至63个字符")
    whose = "输出文件夹" if why == "reserved" else "Windows系统"
    raise CellFault("ROW-TOWN", f"是{whose}保留的名称，请换一个，如{text}-town")


def folded_text(value: object) -> str | None:
    """Return a cell's text without surrounding space and in half width; ``None`` for a blank.

    A whole number that a spreadsheet keeps as a float loses its ``.0``.
    """
    if value is None:
        return None
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return f"{value:.15g}"  # what a spreadsheet shows
    if isinstance(value, Decimal):
        return plain(value) if value.is_finite() else None
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return text or None


def clean_text(value: object) -> str | None:
    """Return a cell's text without surrounding space, its width kept; ``None`` for a blank."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    return folded_text(value)


def parse_date(value: object) -> date | None:
    """Read a date: a date, ISO text, 2021/3/5, 2021.3.5, 2021年3月5日, 20210305 or a spreadsheet's number."""
    if isinstance(value, datetime):
        value = value.date() if value == value else None  # NaT does not equal itself  # noqa: PLR0124
    if isinstance(value, date):
        return _plausible(value)
    text = folded_text(value)
    if text is None:
        return None
    text = _TIME.sub("", text)
    if found := (_DATE.fullmatch(text) or _COMPACT.fullmatch(text)):
        try:
            return _plausible(date(*map(int, found.groups())))
        except ValueError:
            raise ValueError("没有这一天") from None
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _plausible(_EXCEL_EPOCH + timedelta(days=int(float(text))))
    raise ValueError("不是日期，请写成2021-03-05")


def _plausible(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"年份不在{FIRST_YEAR}至{LAST_YEAR}之间")
    return day


def parse_amount(value: object) -> Decimal | None:
    """Read an amount that is not negative: digits, thousands separators, full width, a trailing 元."""
    text = folded_text(value)
    if text is None:
        return None
    text = text.removesuffix("元").strip().removeprefix("¥").replace(" ", "")
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", text):
        text = text.replace(",", "")
    if counted := _COUNTED.fullmatch(text):
        yuan = Decimal(counted[1].replace(",", "")) * _UNITS[counted[2]]
        raise ValueError(f"按元填写，如 {plain(yuan)}")
    if not _AMOUNT.fullmatch(text):
        raise ValueError("不是金额，请写成12.35")
    amount = Decimal(text)
    if abs(amount) >= Decimal(10) ** 15:
        raise ValueError("不是金额，请写成12.35")
    if -int(amount.as_tuple().exponent) > MOST_DECIMALS:
        raise ValueError(f"小数超过{MOST_DECIMALS}位")
    if amount < 0:
        raise ValueError("金额不能是负数")
    return Decimal(plain(amount))


def parse_signed(value: object) -> int | None:
    """Read a whole number with or without a sign."""
    text = folded_text(value)
    if text is None:
        return None
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.0+)?", text):
        raise ValueError("不是整数")
    return int(text.split(".")[0])


def parse_count(value: object) -> int | None:
    """Read a whole number that is not negative."""
    number = parse_signed(value)
    if number is not None and number < 0:
        raise ValueError("不能是负数")
    return number


def parse_year_cell(value: object) -> int | None:
    """Read a year, with or without 年."""
    text = folded_text(value)
    if text is None:
        return None
    if not re.fullmatch(r"\d{4}\s*年?", text) or not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise ValueError("不是年份，请写成2021")
    return int(text[:4])


_YES = {"true", "1", "是", "yes", "y", "√", "有", "公开", "已公开"}
_NO = {"false", "0", "否", "no", "n", "×", "x", "无", "不公开", "未公开"}


def parse_bool(value: object) -> bool | None:
    """Read yes or no: 是 or 否, true or false, 1 or 0."""
    text = folded_text(value)
    if text is None:
        return None
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError("请写“是”或“否”")
