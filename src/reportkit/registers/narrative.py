"""The prose of a report: placeholders, comparison phrases and the built-in preface and section one.

A placeholder is ``{fact}``, ``{cell.address}`` (with or without the word ``cell.``) or either with
``.change``; any other brace is literal text. There is no code and no filter. Unknown prints 未统计.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from reportkit.form import CellValue, Edition, plain
from reportkit.form.facts import FACTS
from reportkit.registers.derive import Numbers

UNKNOWN = "未统计"

NOT_FILLED = "（本节未填写）"
"""What sections five and six print where the register has no text."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]+)\}")


def number(value: CellValue) -> str:
    """Write a value as prose has it: plain digits, or 未统计."""
    if value is None:
        return UNKNOWN
    return plain(value) if isinstance(value, Decimal) else str(value)


def percentage(part: CellValue, whole: CellValue) -> str | None:
    """Write a share with one decimal, ``None`` where it is unknown or of nothing.

    Never 0% or 100% unless it is exactly so: readers take those two as statements.

    >>> percentage(1, 3000), percentage(2999, 3000), percentage(1, 8)
    ('0.1%', '99.9%', '12.5%')
    """
    if part is None or not whole:
        return None
    exact = abs(Decimal(part) / Decimal(whole)) * 100
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if not rounded and exact:
        rounded = Decimal("0.1")
    if rounded == 100 and exact < 100:
        rounded = Decimal("99.9")
    return f"{plain(rounded)}%"


def change_phrase(now: CellValue, before: CellValue, unit: str) -> str:
    """Say how a figure changed on last year, in words.

    >>> change_phrase(9, 8, "件"), change_phrase(8, 8, "件"), change_phrase(3, 0, "件")
    ('比上年增加1件，增长12.5%', '与上年持平', '比上年增加3件')
    >>> change_phrase(0, 4, "件"), change_phrase(0, 0, "件"), change_phrase(3, None, "件")
    ('比上年减少4件，下降100%', '与上年持平', '上年数未统计')
    """
    if now is None:
        return f"本年数{UNKNOWN}"
    if before is None:
        return f"上年数{UNKNOWN}"
    if now == before:
        return "与上年持平"
    more = now > before
    difference = number(abs(Decimal(now) - Decimal(before)))
    phrase = f"比上年{'增加' if more else '减少'}{difference}{unit}"
    share = percentage(now - before, before)
    if share is None:
        return phrase
    return f"{phrase}，{'增长' if more else '下降'}{share}"


def _unit(code: str, edition: Edition) -> str:
    return FACTS[code].unit if code in FACTS else edition.cell(code).column.unit


def _value(code: str, numbers: Numbers | None) -> CellValue:
    if numbers is None:
        return None
    return numbers.facts.get(code) if code in FACTS else numbers.cells.get(code)


def fill(text: str, now: Numbers, before: Numbers | None) -> str:
    """Return a text with its placeholders filled; a brace that is none stays as it is."""

    def filled(match: re.Match[str]) -> str:
        code = match[1].removeprefix("cell.")
        base = code.removesuffix(".change")
        if base not in FACTS and base not in now.edition.cells:
            return match[0]
        value = _value(base, now)
        if base == code:
            return number(value)
        return change_phrase(value, _value(base, before), _unit(base, now.edition))

    return _PLACEHOLDER.sub(filled, text)


def preface(year: int, edition: Edition) -> str:
    """Return the built-in preface: legal basis and period."""
    document = re.search(r"国办\S+号", edition.issued_by)
    format_notice = f"和政府信息公开工作年度报告格式（{document[0]}）" if document else ""
    return (
        f"本报告根据《中华人民共和国政府信息公开条例》{format_notice}的要求编制。"
        f"报告所列数据的统计期限为{year}年1月1日至{year}年12月31日。"
    )


def _count(code: str, now: Numbers, before: Numbers | None, nothing: str, some: str) -> str:
    """Word one fact: for nothing, for a known number with its change, and for unknown."""
    value = _value(code, now)
    if value is None:
        return f"{FACTS[code].label}{UNKNOWN}"
    last = _value(code, before)
    if not value:
        return nothing if not last else f"{nothing}（上年为{number(last)}{FACTS[code].unit}）"
    phrase = some.format(number(value))
    return phrase if last is None else f"{phrase}，{change_phrase(value, last, FACTS[code].unit)}"


def general_situation(now: Numbers, before: Numbers | None) -> str:
    """Return the built-in section one, over facts alone: the five parts of the format notice.

    Source of the parts: 国办公开办函〔2021〕30号.
    """

    def said(code: str, nothing: str, some: str) -> str:
        return _count(code, now, before, nothing, some)

    channels = "，".join(
        f"{name}{number(value)}条"
        for code, name in (
            ("portal_items", "政府网站"),
            ("wechat_items", "微信公众号"),
            ("weibo_items", "微博"),
        )
        if (value := _value(code, now))
    )
    parts = (
        (
            "主动公开",
            said("disclosed_items", "全年未主动公开政府信息", "全年主动公开政府信息{}条")
            + "；"
            + said("hotline_replies", "未办理12345热线工单", "回复12345热线工单{}件"),
        ),
        (
            "依申请公开",
            said(
                "applications_received",
                "全年未收到政府信息公开申请",
                "全年收到政府信息公开申请{}件",
            )
            + "；"
            + _fee(now),
        ),
        (
            "政府信息管理",
            said(
                "normative_documents_made",
                "全年未制发行政规范性文件",
                "全年制发行政规范性文件{}件",
            ),
        ),
        (
            "政府信息公开平台建设",
            (channels and f"各平台发布数为：{channels}，同一信息在几个平台发布的分别计数")
            or "公开平台的发布数未分项统计",
        ),
        (
            "监督保障",
            said("trainings", "全年未组织政务公开培训", "全年组织政务公开培训{}次")
            + "；"
            + said("open_days", "未举办政府开放日", "举办政府开放日{}次")
            + "；"
            + said(
                "reconsiderations",
                "未发生因政府信息公开引起的行政复议",
                "涉及政府信息公开行政复议{}件",
            )
            + "；"
            + said(
                "litigations", "未发生因政府信息公开引起的行政诉讼", "涉及政府信息公开行政诉讼{}件"
            ),
        ),
    )
    numerals = "一二三四五"
    return "\n\n".join(
        f"（{numerals[place]}）{title}。{text}。" for place, (title, text) in enumerate(parts)
    )


def _fee(now: Numbers) -> str:
    fee = _value("fee_collected_yuan", now)
    if fee is None:
        return f"信息处理费{UNKNOWN}"
    return f"收取信息处理费{number(fee)}元" if fee else "未收取信息处理费"


def section_texts(
    rows: Mapping[str, str], year: int, now: Numbers, before: Numbers | None
) -> dict[str, str]:
    """Return the prose of every narrative section.

    ``rows`` holds the register's text by section; where it has none, the built-in text stands for ``s0`` and
    ``s1``, and :data:`NOT_FILLED` for the others.
    """
    texts: dict[str, str] = {}
    for section in now.edition.sections:
        if section.kind != "narrative":
            continue
        if section.code in rows:
            texts[section.code] = fill(rows[section.code], now, before)
        elif section.code == "s0":
            texts[section.code] = preface(year, now.edition)
        elif section.code == "s1":
            texts[section.code] = general_situation(now, before)
        else:
            texts[section.code] = NOT_FILLED
    return texts
