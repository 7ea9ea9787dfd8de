"""Marks in the prose that nobody meant: punctuation, placeholders, template variables, personal numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import Sentence, located, quoted
from reportkit.finding import Place
from reportkit.masking import find_personal
from reportkit.report import TownReport

_OPENING = {"《": "》", "“": "”", "（": "）", "【": "】"}
_CLOSING = {close: opening for opening, close in _OPENING.items()}
_MARK = re.compile(f"[{''.join(_OPENING) + ''.join(_CLOSING)}]")
_WIDE = str.maketrans("()", "（）")
_LIST_MARK = re.compile(r"(?:^|[\s。；，：、])(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z①-⑳])$")
_STRAY = re.compile(
    r"[，、；：,;]\s*[，、；：。,;》）】]"  # two marks in a row, or one before a closing bracket
    r"|。\s*[，、；：。,;》】]"
    r"|[《（【“]\s*[，、；：。》）】”]"  # nothing, or a mark, after an opening one
    r"|^[，、；：。》】”]"  # a mark at the start of a paragraph
)


def unbalanced(text: str) -> list[int]:
    """Return the places of brackets and quotation marks without a partner."""
    text = text.translate(_WIDE)
    waiting: list[tuple[str, int]] = []
    count = dict.fromkeys(_OPENING, 0)
    alone: list[int] = []
    for found in _MARK.finditer(text):
        mark, place = found[0], found.start()
        if mark in _OPENING:
            waiting.append((mark, place))
            count[mark] += 1
        elif count[_CLOSING[mark]]:
            while (top := waiting.pop())[0] != _CLOSING[mark]:
                alone.append(top[1])
                count[top[0]] -= 1
            count[top[0]] -= 1
        elif not (mark == "）" and _LIST_MARK.search(text[max(0, place - 5) : place])):
            alone.append(place)
    alone.extend(at for _, at in waiting)
    return sorted(alone)


def stray(text: str) -> list[int]:
    """Return the places of punctuation marks that cannot stand where they do."""
    places: list[int] = []
    start = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        places.extend(start + lead + match.start() for match in _STRAY.finditer(line.lstrip()))
        start += len(line) + 1
    return places


@rule(
    "X-PUNCT",
    "warning",
    statement="书名号、引号、括号成对，没有多余的标点。",
    basis="标点符号用法（GB/T 15834）",
    example="“在 2021 年开展政府开放日活动，》，于 11 月 10 日……”。",
)
def punctuation(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check the punctuation, one finding a sentence."""
    for section, text in report.sections.items():
        faults = {*unbalanced(text), *stray(text)}
        for sentence, begin, places in located(section, text, faults):
            at = places[0] - begin
            piece = sentence.text[max(0, at - 8) : at + 9]
            yield Hit(
                message=f"标点不成对或多余：“{quoted(piece)}”。请改正。",
                place=Place(section=section, sentence=quoted(sentence.text, at)),
            )


_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[Xx]{2,}(?![A-Za-z])|[×Ⅹ]{2,}|[ＸＸｘ]{2,}|某某|_{4,}|＿{2,}|□{2,}|"
    r"待填|待补充|待完善|此处填写|此处插入|请填写|请在此|TODO|TBD|Lorem"
)
_TEMPLATE = re.compile(
    r"\{\{[^{}\n]*\}\}|[$#]\{[^{}\n]*\}|\{[A-Za-z_][\w.]*\}|<%[^%\n]*%>|«[^»\n]*»|%\([A-Za-z_]+\)[sd]|"
    r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?)|(?<![A-Za-z])(?:None|null|NaN|nan|undefined)(?![A-Za-z])"
)


_OF_PLACEHOLDERS = (
    *("X", "x", "×", "Ⅹ", "Ｘ", "ｘ", "某某", "____", "＿＿", "□□", "待填", "待补充", "待完善"),
    *("此处填写", "此处插入", "请填写", "请在此", "TODO", "TBD", "Lorem"),
)
_OF_TEMPLATES = ("{", "<%", "«", "%(", "#", "None", "null", "NaN", "nan", "undefined")
"""One of these stands in whatever the pattern finds: looking for them takes a tenth of the time."""


def _each(
    report: TownReport, pattern: re.Pattern[str], needs: tuple[str, ...]
) -> Iterator[tuple[Sentence, str]]:
    """Yield each sentence in which a pattern is found, with what was found."""
    for section, text in report.sections.items():
        if not any(part in text for part in needs):
            continue
        found = [match.start() for match in pattern.finditer(text)]
        for sentence, _, _ in located(section, text, found):
            yield sentence, "、".join(dict.fromkeys(pattern.findall(sentence.text)))


@rule(
    "X-PLACEHOLDER",
    "warning",
    statement="没有留下 XX、某某、待填一类的占位文字。",
    basis="国办公开办函〔2021〕30号（内容准确）",
    example="“全年公开信息XX条”。",
)
def placeholder(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for text that stands for something to be filled in."""
    for sentence, found in _each(report, _PLACEHOLDER, _OF_PLACEHOLDERS):
        yield Hit(
            message=f"留有占位文字“{found}”：“{quoted(sentence.text)}”。请填上实际内容。",
            place=sentence.place(),
        )


@rule(
    "X-TEMPLATE",
    "warning",
    statement="没有未替换的模板变量和出错值。",
    basis="国办公开办函〔2021〕30号（内容准确）",
    example="“全年公开信息{disclosed_item}条”。",
)
def template(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for variables that a template did not fill."""
    for sentence, found in _each(report, _TEMPLATE, _OF_TEMPLATES):
        yield Hit(
            message=(
                f"留有模板变量“{found}”：“{quoted(sentence.text)}”。请核对变量名，或改成实际内容。"
            ),
            place=sentence.place(),
        )


_MASKED = re.compile("［(身份证号|银行卡号|手机号|车牌号)］")
_NUMBERLIKE = re.compile(r"\d(?:[ \u00a0-]?\d){9}|[A-Z][·• ]?[A-Z0-9]{5}|［")
"""What any of them has: a quick look that spares most texts the full search."""
_GRAVE = ("身份证号", "银行卡号")


@rule(
    "X-PERSONAL",
    "error",
    statement="公开的文字里没有个人的证件号码、银行卡号和手机号码。",
    basis="个人信息保护法；政府信息公开条例第十五条",
    example="第六部分写出了申请人的身份证号。",
)
def personal(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for personal numbers: an error for identity and card numbers, else a warning."""
    for section, text in report.sections.items():
        if not _NUMBERLIKE.search(text):
            continue
        kinds = [kind for kind, _ in find_personal(text)] + _MASKED.findall(text)
        for kind in sorted({kind for kind in kinds if kind in _MASKED.pattern}):
            yield Hit(
                level="error" if kind in _GRAVE else "warning",
                message=(
                    f"文字里有{kind} {kinds.count(kind)} 处（已遮盖）。公开前请删去；"
                    "联系方式请用单位电话。"
                ),
                place=Place(section=section),
            )


RULES: tuple[Rule, ...] = (punctuation, placeholder, template, personal)
