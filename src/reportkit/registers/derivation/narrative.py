"""The prose of a report: placeholders, comparison phrases and the built-in preface and section one.

A placeholder is ``{fact}``, ``{cell.address}`` (with or without the word ``cell.``) or either with
``.change``, or ``{fee_sentence}``; any other brace is literal text. There is no code and no filter. Unknown prints 未统计.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from reportkit.form import CellValue, Edition, plain, total
from reportkit.form.facts import FACTS

if TYPE_CHECKING:
    from reportkit.registers.derivation.derive import Numbers

UNKNOWN = "未统计"

NOT_FILLED = "（本节未填写）"
"""What sections five and six print where the register has no text."""

FEE_SENTENCE = "fee_sentence"
"""The placeholder of :func:`fee_sentence`."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_.]+)\}")


def number_in_prose(value: CellValue) -> str:
    """Write a value as prose has it: plain digits, or 未统计."""
    if value is None:
        return UNKNOWN
    return plain(value)


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
    if rounded == 100 and exact != 100:
        rounded = Decimal("99.9") if exact < 100 else Decimal("100.1")
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
    difference = number_in_prose(abs(Decimal(now) - Decimal(before)))
    phrase = f"比上年{'增加' if more else '减少'}{difference}{unit}"
    share = percentage(now - before, before) if now >= 0 and before > 0 else None
    if share is None:  # of nothing, or of a balance below nothing, there is no share
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
        if match[1] == FEE_SENTENCE:
            return fee_sentence(now)
        code = match[1].removeprefix("cell.")
        base = code.removesuffix(".change")
        if base not in FACTS and base not in now.edition.cells:
            return match[0]
        value = _value(base, now)
        if base == code:
            return number_in_prose(value)
        return change_phrase(value, _value(base, before), _unit(base, now.edition))

    return _PLACEHOLDER.sub(filled, text)


def preface(year: int, edition: Edition) -> str:
    """Return the built-in preface: legal basis and period."""
    document = re.search(r"国办\S+号", edition.issued_by)
    format_notice = f"和政府信息公开工作年度报告格式（{document[0]}）" if document else ""
    return (
        f"本报告根据《中华人民共和国政府信息公开条例》{format_notice}的要求编制。"
        f"报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    )


@dataclass(frozen=True, slots=True)
class _Wording:
    """How built-in prose words one fact."""

    fact: str
    nothing: str
    some: str
    """With ``{}`` for the number."""
    unknown: str
    still_nothing: str = "，与上年持平"
    """What is added where last year there was nothing either."""

    def said(self, now: Numbers, before: Numbers | None) -> str:
        """Word the fact: nothing, a number with its change on last year, or unknown."""
        value, last = _value(self.fact, now), _value(self.fact, before)
        if value is None:
            return f"{self.unknown}{UNKNOWN}"
        unit = FACTS[self.fact].unit
        if not value:
            if last is None:
                return self.nothing
            return (
                f"{self.nothing}（上年为{number_in_prose(last)}{unit}）"
                if last
                else self.nothing + self.still_nothing
            )
        phrase = self.some.format(number_in_prose(value))
        return phrase if last is None else f"{phrase}，{change_phrase(value, last, unit)}"


_DISCLOSED = _Wording(
    "disclosed_items",
    "全年未主动公开政府信息",
    "全年主动公开政府信息{}条",
    "全年主动公开政府信息的条数",
)
_HOTLINE = _Wording(
    "hotline_replies",
    "未回复12345热线工单",
    "回复12345热线工单{}件",
    "回复12345热线工单的件数",
)
_APPLICATIONS = _Wording(
    "applications_received",
    "全年未收到政府信息公开申请",
    "全年收到政府信息公开申请{}件",
    "全年收到政府信息公开申请的件数",
)
_DOCUMENTS = _Wording(
    "normative_documents_made",
    "全年未制发行政规范性文件",
    "全年制发行政规范性文件{}件",
    "全年制发行政规范性文件的件数",
)
_TRAININGS = _Wording(
    "trainings",
    "全年未组织政务公开培训",
    "全年组织政务公开培训{}次",
    "全年组织政务公开培训的次数",
)
_OPEN_DAYS = _Wording(
    "open_days",
    "未举办政府开放日活动",
    "举办政府开放日活动{}次",
    "举办政府开放日活动的次数",
)
_RECONSIDERATIONS = _Wording(
    "reconsiderations",
    "未发生因政府信息公开工作引起的行政复议",
    "因政府信息公开工作被申请行政复议{}件",
    "因政府信息公开工作被申请行政复议的件数",
    still_nothing="",
)
_LITIGATIONS = _Wording(
    "litigations",
    "未发生因政府信息公开工作引起的行政诉讼",
    "因政府信息公开工作被提起行政诉讼{}件",
    "因政府信息公开工作被提起行政诉讼的件数",
    still_nothing="",
)


def general_situation(now: Numbers, before: Numbers | None) -> str:
    """Return the built-in section one, over facts alone: the five parts of the format notice.

    Source of the parts: 国办公开办函〔2021〕30号.
    """

    def said(*wordings: _Wording) -> str:
        return "；".join(wording.said(now, before) for wording in wordings)

    trainings = said(_TRAININGS)
    if _value("trainings", now) and (people := _value("training_participants", now)):
        trainings += f"，参加培训{number_in_prose(people)}人次"
    parts = (
        ("主动公开情况", said(_DISCLOSED, _HOTLINE)),
        ("依申请公开情况", f"{said(_APPLICATIONS)}{_by_channel(now)}；{_fee(now)}"),
        ("政府信息管理情况", said(_DOCUMENTS)),
        ("政府信息公开平台建设情况", _platforms(now)),
        ("监督保障情况", f"{trainings}；{said(_OPEN_DAYS, _RECONSIDERATIONS, _LITIGATIONS)}"),
    )
    return "\n\n".join(
        f"（{numeral}）{title}。{text}。"
        for numeral, (title, text) in zip("一二三四五", parts, strict=True)
    )


_CHANNELS = {
    "applications_in_person": "当面",
    "applications_by_mail": "信函",
    "applications_online": "网络",
    "applications_by_fax": "传真",
}


def _by_channel(now: Numbers) -> str:
    """Say how the applications came in; nothing where none did, or where nobody counted by channel."""
    whole = _value("applications_received", now)
    parts = {name: _value(code, now) for code, name in _CHANNELS.items()}
    known = total(parts.values())
    if not whole or not known or known > whole:
        return ""
    used = [f"{name}提交{number_in_prose(value)}件" for name, value in parts.items() if value]
    if known < whole:
        used.append(f"其他渠道或者未登记渠道{number_in_prose(whole - known)}件")
    return f"；按渠道分，{'、'.join(used)}"


def _platforms(now: Numbers) -> str:
    names = {"portal_items": "政府网站", "wechat_items": "微信公众号", "weibo_items": "微博"}
    items = {name: _value(code, now) for code, name in names.items()}
    used = [f"{name}{number_in_prose(value)}条" for name, value in items.items() if value]
    if used:
        apart = "，同一信息在几个平台发布的分别计数" if len(used) > 1 else ""
        return f"各平台发布数为：{'，'.join(used)}{apart}"
    if all(value is None for value in items.values()):
        return f"各公开平台的发布数{UNKNOWN}"
    unused = "、".join(name for name, value in items.items() if value is not None)
    return f"全年未通过{unused}发布政府信息"


def fee_sentence(now: Numbers) -> str:
    """Return the sentence on handling fees that section six is to have, none said as plainly as some."""
    fee = _value("fee_collected_yuan", now)
    if fee is None:
        return f"本年度收取信息处理费的金额{UNKNOWN}。"
    return (
        f"本年度收取信息处理费{number_in_prose(fee)}元。"
        if fee
        else "本年度未收取信息处理费，收取金额为0元。"
    )


def _fee(now: Numbers) -> str:
    fee = _value("fee_collected_yuan", now)
    if fee is None:
        return f"收取信息处理费的金额{UNKNOWN}"
    return f"收取信息处理费{number_in_prose(fee)}元" if fee else "未收取信息处理费"


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
