"""The prose itself: sections, their required parts, and the year that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reportkit.checks.context import Context
from reportkit.checks.extent import reaches
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import quoted, sentences
from reportkit.errors import FormError
from reportkit.finding import Place
from reportkit.form import EDITIONS, Edition, FormSection, edition_for, load_edition
from reportkit.prose.fold import fold
from reportkit.report import TownReport

_FORMAT = "政府信息公开条例第五十条；国办公开办函〔2021〕30号"


def _form(report: TownReport) -> Edition:
    """Return the form that a report is on; where it has no table, the one due for its year."""
    if report.edition is None and report.year is not None:
        try:
            return edition_for(report.year)
        except FormError:
            pass
    return load_edition(report.edition or EDITIONS[-1])


def _title(section: FormSection) -> str:
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
    unread: list[str] = []
    if not report.sections:
        yield Hit(message="报告没有文字部分。请按格式补写各部分。")
        return
    for section in wanted:
        text = report.sections.get(section.code)
        # An empty section five is a rule of its own.
        if text is not None and (_filled(text) or section.code == "s5"):
            continue
        if text is None and not reaches(report, form, section.code):
            unread.append(_title(section))
            continue
        yield Hit(
            message=f"缺少{_title(section)}部分。请按格式补写。",
            place=Place(section=section.code),
        )
    if unread:
        yield Hit(
            level="info",
            message=f"文字在此之前就中断了，没有读到{'、'.join(unread)}，无法判断有没有。",
        )
    order = [s.code for s in form.sections]
    given = [code for code in report.sections if code in order]
    if given != sorted(given, key=order.index):
        titles = {s.code: _title(s) for s in form.sections}
        yield Hit(
            message=f"各部分的顺序与格式不一致：{'、'.join(titles[code] for code in given)}。请按格式调整。"
        )


_PARTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "主动公开": re.compile(
            r"主动[^,，。;；]{0,8}(?:公开|发布|公示|公布)|(?:公开|发布|公示|公布|更新|推送)[^,，。;；]{0,14}(?:信息|内容|公文|文件|动态|\d+条)|"
            r"信息公开[^,，。;；]{0,6}\d+条|公开(?:内容|目录|事项|范围|形式|渠道)|应公开|政务信息"
        ),
        "依申请公开": re.compile(
            r"依申请|申请公开|公开[^,，。;；]{0,8}申请|申请[^,，。;；]{0,8}公开|要求公开|信息申请|受理[^,，。;；]{0,6}申请"
        ),
        "政府信息管理": re.compile(
            r"信息(?:的)?(?:管理|资源|审查|审核|审批|发布制度|发布审|更新|维护|归档|报送|采集|梳理|目录)|规范性文件|保密|三审|先审|审核|审查|审签|"
            r"台账|归档|清单|目录|管理(?:制度|机制|规范)|动态调整|公开属性|公文"
        ),
        "政府信息公开平台建设": re.compile(
            r"平台|新媒体|公众号|微信|微博|网站|官网|门户|网页|栏|专区|渠道|载体|媒体|电子屏|政务网|公开网"
        ),
        "监督保障": re.compile(
            r"监督|保障|考核|培训|评议|追究|问责|追责|领导小组|组织领导|督查|督导|检查|责任(?:人|制|到人|分工)|专人|分管|机制|制度|队伍|学习"
        ),
    }
)
"""What each part is told by, in simplified characters; a heading need not stand above it.

A part that an edition names and that is not here is told by its name."""


@rule(
    "X-PARTS",
    "warning",
    statement="总体情况写齐五个方面：主动公开、依申请公开、政府信息管理、平台建设、监督保障（2021年版）。",
    basis="国办公开办函〔2021〕30号",
    example="总体情况里没有一句写到政府信息管理。",
)
def parts(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check section one for the parts that its edition names.

    A warning where two or more are missing from a section that is whole; one may be told in other
    words, and a text that breaks off may tell it further on: an information.
    """
    form = _form(report)
    text = fold(report.sections.get("s1", ""))
    if not text.strip():
        return
    wanted = next(s.parts for s in form.sections if s.code == "s1")
    missing = [
        part for part in wanted if not _PARTS.get(part, re.compile(re.escape(part))).search(text)
    ]
    if missing:
        sure = len(missing) > 1 and reaches(report, form, "s1")
        yield Hit(
            level="warning" if sure else "info",
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
_PAPERS = re.compile(
    r"20\d\d\s*年(?:度)?[^,，。;；、]{0,18}?(?:报告|年报|年度报|决算|预算|预决算|要点|计划|方案|通知|总结|清单|报表|评估|考核|审计|测评|普查)"
)
"""A paper of another year that is published or followed: 发布2021年年度报告."""
_PRESENTS = re.compile(r"现将|现就|现公布|现发布|本报告|编制|汇报|报告如下")
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
        if not _PRESENTS.search(text):
            text = _PAPERS.sub(lambda match: " " * len(match[0]), text)
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
