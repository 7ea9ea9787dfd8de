"""Slips of writing: a number left out, a table lost, a list numbered twice, a word doubled, a person named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import located, quoted, sentences
from reportkit.finding import Place
from reportkit.prose.fold import fold
from reportkit.report import TownReport

_ACCURATE = "国办公开办函〔2021〕30号（内容准确）"
_UNIT = "(?:条|件|次|份|篇|起|宗|人次|场次|场|期)"
_LEFT_OUT = re.compile(
    rf"(?:信息|申请|文件|复议|诉讼|培训|建议|提案|热线|公开|收到|发布|办结|答复|共|共计|累计|合计|为)[ 　\xa0]+{_UNIT}(?=[ 　\xa0]*[，,。；;、）)]|$)"
    rf"|(?:共计|总计|合计|累计)(?:条|件)(?=[，,。；;）)])"
)


@rule(
    "X-NUMBER",
    "warning",
    statement="量词前面写有数。",
    basis=_ACCURATE,
    example="“主动公开信息　条”，数字没有填。",
)
def left_out(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for a measure word whose number was not filled in."""
    for section, text in report.sections.items():
        places = [match.start() for match in _LEFT_OUT.finditer(text)]
        for sentence, begin, here in located(section, text, places):
            at = here[0] - begin
            yield Hit(
                message=f"漏写了数：“{quoted(sentence.text[max(0, at - 8) : at + 12])}”。请填上实际的数。",
                place=Place(section=section, sentence=quoted(sentence.text, at)),
            )


@rule(
    "X-TABLE",
    "warning",
    statement="第二、三、四部分有表格。",
    basis="政府信息公开条例第五十条；国办公开办函〔2021〕30号",
    example="三张表只剩标题，网页上是图片或者丢失了。",
)
def tables(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that a text that goes on behind the tables has any."""
    behind = any(report.sections.get(code, "").strip() for code in ("s5", "s6"))
    if report.edition is None and behind:
        yield Hit(
            message=(
                "没有读到任何表格：第二、三、四部分的表格缺失，或者是图片。"
                "请补上可以复制文字的表格。"
            )
        )


_NO_ITEMS = re.compile(r"第二十一条第?[（(]?[一二三四五六七八九十]{1,3}[）)]?项")
_LAW = re.compile("《([^《》]+)》")


@rule(
    "X-ARTICLE",
    "warning",
    statement="主动公开的各项引用政府信息公开条例第二十条。",
    basis="政府信息公开条例第二十条（主动公开的十五项）、第二十一条（没有分项）",
    example="写成“第二十一条第（五）项”。",
)
def article(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for items of article 21: it has none, those meant are of article 20."""
    for sentence in sentences(report):
        text = fold(sentence.text)
        for match in _NO_ITEMS.finditer(text):
            named = _LAW.findall(text[: match.start()])
            if named and not ("信息公开" in named[-1] and "条例" in named[-1]):
                continue  # another law
            yield Hit(message=wrong_article(match[0]), place=sentence.place())


def wrong_article(words: str) -> str:
    """Return what is to be said of words that name an item of article 21, else an empty text."""
    match = _NO_ITEMS.search("".join(fold(words).split()))
    said = "第二十一条没有分项，主动公开的各项在第二十条。请核对条文序号。"
    return f"“{match[0]}”：{said}" if match else ""


_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("digits", re.compile(r"^\s*(?P<n>\d{1,2})\s*[、.．](?!\d)")),
    ("circled", re.compile(r"^\s*[（(](?P<n>\d{1,2})[）)]")),
    ("han", re.compile(r"^\s*(?P<n>[一二三四五六七八九十]{1,2})\s*、")),
    ("bracket", re.compile(r"^\s*[（(](?P<n>[一二三四五六七八九十]{1,2})[）)]")),
)
_HAN = {n: i for i, n in enumerate("一二三四五六七八九十", 1)}
_IS = re.compile(r"(?:^|[。；;：:，,])\s*(?P<n>[一二三四五六七八九十])是(?=[一-龥])")


_FORM = re.compile(
    r"主动公开政府信息(?:的)?情况|收到和处理政府信息公开申请|主動公開政府信息|行政(?:复议|復議|複議)、|存在的?主要(?:问题|問題)|其他需要(?:报告|報告)|总体情况|總體情況"
)


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _HAN[text] if len(text) == 1 else 10 + _HAN.get(text[-1], 0)


def repeated_numbers(text: str) -> Iterator[tuple[int, str]]:
    r"""Yield where a list gives one number twice running, and the number as printed.

    1、1、2 is a slip. After another kind of number, or a heading, a list may begin again.

    >>> list(repeated_numbers("1、甲事已办。\\n1、乙事已办。\\n2、丙事已办。"))
    [(8, '1')]
    """
    last: tuple[str, int] | None = None
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found = next(((k, m) for k, p in _MARKS if (m := p.match(line)) is not None), None)
            if _FORM.search(line):
                last = None  # a part of the form itself
            elif found is not None:
                now = (found[0], _value(found[1]["n"]))
                if now == last:
                    yield start, found[1]["n"]
                last = now
            elif len(line.strip()) < 30 and not re.search("[。；;]$", line.strip()):
                last = None  # a heading
            before = 0
            for match in _IS.finditer(line):
                value = _value(match["n"])
                if value == before:
                    yield start + match.start("n"), f"{match['n']}是"
                before = value
        start += len(line) + 1


@rule(
    "X-NUMBERING",
    "warning",
    statement="同一层的序号不重复。",
    basis="党政机关公文格式（GB/T 9704-2012）结构层次序数",
    example="三段的序号是 1、1、2。",
)
def numbering(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check lists for a number given twice running."""
    for section, text in report.sections.items():
        found = dict(repeated_numbers(text))
        for sentence, begin, places in located(section, text, found):
            yield Hit(
                message=(
                    f"序号“{found[places[0]]}”重复：“{quoted(sentence.text, places[0] - begin)}”。请改正序号。"
                ),
                place=sentence.place(),
            )


_DOUBLED = re.compile(
    r"(年度|本年度|情况(?!情况说明|说明)|工作(?!工作[组人专者机要])|开展|进行|认真|进一步|及时(?!及时雨)|通过|根据|按照|积极|加强|"
    r"街道|制度(?!制度)|信息公开(?!信息公开[栏平网专指目工])|政府信息(?!政府信息公开)|要求|落实|切实|不断|我镇|我乡|我局|本镇|单位)\1"
    r"|(?<![的目])的的(?![确士])|了了(?![解结])|和和(?![气睦平谐])|在在(?=[一-龥])"
)


def doubled_word(text: str) -> str:
    """Return the first word that a text writes twice running, both times; empty where there is none."""
    match = _DOUBLED.search(text)
    return match[0] if match else ""


@rule(
    "X-DOUBLE",
    "warning",
    statement="没有重复写的词。",
    basis=_ACCURATE,
    example="“2022年度年度报告”。",
)
def doubled(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check for words written twice running."""
    for section, text in report.sections.items():
        found = {match.start(): match[0] for match in _DOUBLED.finditer(text)}
        for sentence, begin, places in located(section, text, found):
            at = places[0] - begin
            yield Hit(
                message=(
                    f"“{found[places[0]]}”像是重复："
                    f"“{quoted(sentence.text[max(0, at - 8) : at + 16])}”。请核对。"
                ),
                place=Place(section=section, sentence=quoted(sentence.text, at)),
            )


_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余杜叶程苏魏吕丁沈姚卢姜崔谭陆汪范廖贾韦邱侯"
    "孟龙段雷钱汤尹黎武乔贺赖龚"
)
_NOT_A_NAME = "某×xX＊*等的在向对提要已按通因所本人就可用信及为是有不依申公政群网发来书办先"
_APPLICANT = re.compile(
    rf"(?:申请人|当事人|村民|居民|市民|公民|群众)(?P<name>[{_SURNAMES}](?:[^\W\d_{_NOT_A_NAME}]){{1,2}}?)"
    r"(?=(?:因|于|在|向|通过|申请|提出|提交|递交|要求|关于|以|的|等|\d|[，,。；;、（(：:”]|$))"
)


@rule(
    "X-APPLICANT",
    "warning",
    statement="总体情况不写出申请人的姓名。",
    basis="个人信息保护法；政府信息公开条例第十五条",
    example="第一部分写“申请人”并写出姓名（此处不举）。",
)
def applicant(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check section one for an applicant's name; what is shown has the name covered."""
    text = fold(report.sections.get("s1", ""))
    for match in _APPLICANT.finditer(text):
        before = text[max(0, match.start("name") - 12) : match.start("name")]
        yield Hit(
            message=(
                f"像是写出了申请人的姓名：“{quoted(before.rpartition('。')[2])}"
                f"{match['name'][0]}××”（已遮盖）。公开前请删去，写“申请人”或者“1 名自然人”。"
            ),
            place=Place(section="s1"),
        )


RULES: tuple[Rule, ...] = (left_out, tables, article, numbering, doubled, applicant)
