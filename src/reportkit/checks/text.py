"""The prose itself: sections, their required parts, and the year that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import quoted, sentences
from reportkit.finding import Place
from reportkit.form import EDITIONS, Edition, Section, load_edition
from reportkit.report import TownReport

_FORMAT = "政府信息公开条例第五十条；国办公开办函〔2021〕30号"


def _form(report: TownReport) -> Edition:
    return load_edition(report.edition or EDITIONS[-1])


def _title(section: Section) -> str:
    return f"“{section.title}”" if section.title else "引言"


NOT_FILLED = "（本节未填写）"
"""What reports from registers print where the register has no text (registers/narrative.py)."""


def _filled(text: str) -> bool:
    """Say whether a section was written: what the registers print for an empty one is no text."""
    return text.strip() not in ("", NOT_FILLED)


@rule(
    "X-SECTION",
    "warning",
    statement="报告的各个部分齐全，顺序与格式一致。",
    basis=_FORMAT,
    example="没有“六、其他需要报告的事项”，或把第五部分写在第一部分之前。",
)
def sections(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that every titled part of prose is there, in the form's order."""
    form = _form(report)
    wanted = [s for s in form.sections if s.kind == "narrative" and s.title]
    if not report.sections:
        yield Hit(message="报告没有文字部分。请按格式补写各部分。")
        return
    for section in wanted:
        text = report.sections.get(section.code)
        # An empty section five is a rule of its own.
        if text is None or (not _filled(text) and section.code != "s5"):
            yield Hit(
                message=f"缺少{_title(section)}部分。请按格式补写。",
                place=Place(section=section.code),
            )
    order = [s.code for s in form.sections]
    given = [code for code in report.sections if code in order]
    if given != sorted(given, key=order.index):
        titles = {s.code: _title(s) for s in form.sections}
        yield Hit(
            message=f"各部分的顺序与格式不一致：{'、'.join(titles[code] for code in given)}。请按格式调整。"
        )


_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("主动公开", re.compile("主动公开|主動公開|主动发布")),
    ("依申请公开", re.compile("依申请|依申請|公开申请|公開申請")),
    (
        "政府信息管理",
        re.compile("信息管理|資訊管理|規範性文件|规范性文件|信息资源|信息審查|信息审核|保密审查"),
    ),
    ("政府信息公开平台建设", re.compile("平台|平臺|政务新媒体|公众号|门户网站|政府网站")),
    ("监督保障", re.compile("监督|監督|保障|考核|培训")),
)


@rule(
    "X-PARTS",
    "warning",
    statement="总体情况写齐五个方面：主动公开、依申请公开、政府信息管理、平台建设、监督保障。",
    basis="国办公开办函〔2021〕30号",
    example="总体情况里没有一句写到政府信息管理。",
)
def parts(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check section one for its five parts, from the edition of 2021 on."""
    text = report.sections.get("s1", "")
    if not text.strip() or (report.edition or EDITIONS[-1]) < "2021":
        return
    missing = [name for name, words in _PARTS if not words.search(text)]
    if missing:
        yield Hit(
            message=f"“总体情况”没有写到{'、'.join(missing)}。请按五个方面补写，没有的也要说明。",
            place=Place(section="s1"),
        )


_NOTHING = re.compile(
    r"[（(]?(?:本年度?|我镇|我乡|我街道|目前|本单位)?(?:无|無|暂无|暫無|没有|沒有|略|/|—+|-+|不存在)?(?:主要)?"
    r"(?:存在)?(?:的)?(?:问题|問題)?(?:及改进情况)?[）)。.！\s]*"
)


@rule(
    "X-EMPTY",
    "warning",
    statement="第五部分写明存在的主要问题及改进情况，不能空着或只写“无”。",
    basis="政府信息公开条例第五十条第一款第（四）项",
    example="第五部分只有一个“无”字。",
)
def empty(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that section five says something."""
    text = report.sections.get("s5")
    if text is not None and (not _filled(text) or _NOTHING.fullmatch(text.strip())):
        shown = f"只写了“{quoted(text)}”" if text.strip() else "是空的"
        yield Hit(
            message=f"“五、存在的主要问题及改进情况”{shown}。请写明存在的问题和改进措施。",
            place=Place(section="s5"),
        )


_TITLES = re.compile(r"《[^》]*》|[（(][^（）()]*(?:修订|修正|修訂|试行|版)[^（）()]*[）)]")
_YEAR = re.compile(r"(?<![\d.])(20\d\d)\s*年")
_PERIOD = re.compile(
    r"统计期限|统计时间|統計期限|期限为|期限自|期间为|1\s*月\s*1\s*日\s*(?:起|至|到|—|-)"
)
_COMPARES = re.compile(
    r"同比|环比|相比|比较|较|較|比上|比20|与20|與20|增长|增長|下降|减少|減少|增加|持平|翻|"
    r"上年|去年|上一年|往年|历年|结转|結轉|跨年|以来|以來|累计|累計"
)
_HISTORY = re.compile(
    r"修订|修訂|修正|施行|实施|實施|印发|印發|出台|成立|设立|建成|建立|开通|開通|荣获|获评|评为|年起|自20|五年|规划|换届|遗留"
)


@rule(
    "X-YEAR",
    "warning",
    statement="文字写的是本报告年度；上一年只在比较时出现。",
    basis="国办公开办函〔2021〕30号（年度报告内容为上一年度工作情况）",
    example="2023年度报告里写“2022年制定规范性文件0件”。",
)
def stale_year(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for years left over from an older report."""
    if report.year is None:
        return
    for sentence in sentences(report):
        text = _TITLES.sub(lambda match: " " * len(match[0]), sentence.text)
        years = {int(match) for match in _YEAR.findall(text)}
        period = _PERIOD.search(text) is not None
        if not years or (report.year in years and not period):
            continue
        if period:
            wrong = {year for year in years if year != report.year}
            if _COMPARES.search(text) and report.year in years:
                continue
        elif _COMPARES.search(text) or _HISTORY.search(text):
            continue
        else:
            wrong = {year for year in years if year < report.year}
        if wrong:
            named = "、".join(f"{year} 年" for year in sorted(wrong))
            yield Hit(
                message=(
                    f"这是 {report.year} 年度报告，句中却写{named}：“{quoted(sentence.text)}”。"
                    "请核对年份和这一句的内容，是否沿用了往年的报告。"
                ),
                left=min(wrong),
                right=report.year,
                place=sentence.place(),
            )


RULES: tuple[Rule, ...] = (sections, parts, empty, stale_year)
