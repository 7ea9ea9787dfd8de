"""Who signs: the body's name where no title has it, from the sentences that say whose report it is.

现将……报告如下, 由……编制, 反映……的工作, a line with the name alone, the publisher in the page's head, the
sign-off. Places that name different bodies name nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportkit.prose.bodies import kind_of_name, short_name
from reportkit.prose.content import TextParagraph
from reportkit.prose.fold import unspaced
from reportkit.published.divisions import split_name

_BODY = (
    r"(?:人民政府办公室|人民政府|办事处|管理委员会|管委会|委员会|街道|镇|乡|苏木|局|厅|署|委|中心|总站|大队|支队|分局|管理处|"
    r"开发区|联合会|总社)"
)
_NAME = rf"(?P<name>[\u3400-\u9fff]{{1,30}}?{_BODY})"
_OFFICE = r"(?:党政(?:综合)?办(?:公室)?|(?:综合|行政|政务公开|政务|信息公开|党建)[\u3400-\u9fff]{0,4}(?:办公室|办|科|室|股|中心)|办公室)[\u3400-\u9fff]{0,6}?"
_SUBJECT = r"(?:的)?(?:政府|政务)?(?:信息|政务)公开"
_YEAR = r"(?:20\d\d年(?:度)?|本年度|年度)?"
_SAYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "正文“现将……”",
        re.compile(
            rf"(?:现将|现就|现公布|现发布|现向社会公[布开]|特公布|公布|发布|编制)(?:了)?{_NAME}{_YEAR}{_SUBJECT}"
        ),
    ),
    (
        "正文“由……编制”",
        re.compile(rf"(?:由|系){_NAME}(?:{_OFFICE})?(?:负责)?(?:按|依|根据|编制|制作|编写|结合)"),
    ),
    (
        "正文“反映……”",
        re.compile(
            rf"(?:反映|介绍|涵盖)(?:了)?{_YEAR}{_NAME}{_YEAR}(?:各|机关|的|全年|在|政府信息|{_SUBJECT})"
        ),
    ),
    (
        "正文",
        re.compile(
            rf"(?:^|[,。;:])(?:20\d\d年(?:度|以来)?[,，]?)?{_NAME}"
            r"(?=(?:深入|认真|坚持|积极|高度|严格|全面|持续|始终|紧紧|不断|严格按|按照?|根据|聚焦|围绕|依法|照章|扎实|切实|紧扣|坚决|进一步|着力|认真落实|贯彻|以习近平)"
            r"|(?:政府)?信息公开工作|政务公开工作)"
        ),
    ),
    (
        "联系单位",
        re.compile(
            rf"(?:请(?:与|向|联系)|联系单位[:：]|联系(?:人|部门)[:：]){_NAME}(?:{_OFFICE})?(?=[联(,。;地电]|$)"
        ),
    ),
)
_HEAD = re.compile(
    rf"^(?:发布(?:机构|单位|机关)|发文机关|公开(?:主体|单位|机构)|制作单位|信息来源单位)[:|]?{_NAME}$"
)
_DATED = re.compile(r"^20\d\d年\d{1,2}月\d{1,2}日$")
_ALONE = re.compile(rf"^{_NAME}$")
_NOBODY = re.compile(
    r"^[我本全各该此在对向由经据按与其将把为]|^(?:全|各|县|市|区|乡|镇|上级|区县|基层|相关|有关|省)?(?:级|乡镇|街道|部门|单位|政府|人民政府|办事处|委员会)$|"
    r"乡镇$|和街道$|根据|按照|关于|工作|情况|公开|报告|部门|党委|积极|依托|通过|坚持|条例|国务院|精神|要求|辖区|所属|科室"
)
_REACH = 14
"""So many paragraphs from either end are looked at."""


def _flat(line: TextParagraph) -> str:
    return re.sub(r"《[^《》]*》", "", unspaced(line.text))


def _said(lines: Sequence[TextParagraph]) -> Iterator[tuple[str, str]]:
    """Yield the names that the text gives for its body, with where each stands."""
    flat = [_flat(line) for line in lines]
    for i, text in enumerate(flat[:_REACH]):
        following = flat[i + 1] if i + 1 < len(flat) else ""
        cell = text in ("发布机构", "发文机关", "公开主体")
        if match := _HEAD.match(text) or (_ALONE.match(following) if cell else None):
            yield match["name"], "发布机构"
        elif i < 4 and (match := _ALONE.match(text)):
            yield match["name"], "正文首行"
    for text in flat[:_REACH]:
        for source, pattern in _SAYS:
            for match in pattern.finditer(text):
                yield match["name"], source
    for i, text in enumerate(flat[-_REACH:]):
        beside = flat[-_REACH:][i + 1 : i + 2]
        if (match := _ALONE.match(text)) and (not beside or _DATED.match(beside[0])):
            yield match["name"], "落款"


def said_name(lines: Sequence[TextParagraph]) -> tuple[str, str]:
    """Return the name that the text gives, and where; blank where it gives none or several.

    Of names that end alike the longest counts: 南源街道 and 荔湾区人民政府南源街道办事处 are one.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, source in _said(lines):
        if _NOBODY.search(name) or kind_of_name(name) is None:
            continue
        found.setdefault(short_name(split_name(name).name), (name, source))
    longest = [short for short in found if not any(o != short and o.endswith(short) for o in found)]
    return found[longest[0]] if len(longest) == 1 else ("", "")
