"""Another body's name left in the prose: names of neighbours, and words that fit another kind of body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import located, quoted
from reportkit.prose.bodies import kind_of, short_name
from reportkit.report import Kind, TownReport

_OWN: dict[Kind, str] = {
    "town": "镇鎮",
    "township": "乡鄉",
    "subdistrict": "街",
    "department": "局委办辦",
    "county": "县縣市区區旗",
    "city": "市",
}
"""The words behind 我 or 本 with which each kind of body speaks of itself."""

_SELF = re.compile(r"(?<![自])我(镇|鎮|乡|鄉|街道|街|局|委|办|辦)(?![镇鎮村土亲音愁里会])")
_LOW = ("town", "township", "subdistrict", "department")
_HIGHER = re.compile(
    r"向(?:我)?([省市县縣区區])(?:人民)?政府(?:及[^，。；]{0,12})?(?:提出|申请|申請)"
)
_TITLED = re.compile(
    r"(?:^|[，。；：\s])(?:[一-龥]{2,9}?[省市县縣区區旗])?([一-龥]{2,6}?(?:镇|鎮|乡|鄉|街道))"
    r"(?:人民政府|政府|办事处)?\s*(?:20\d\d\s*年)"
)
_GENERAL = re.compile(
    r"[全各本我该现将]|^(?:乡|鄉|某|辖区|每个|所有|重点|基层|发布|公布|编制|关于|推进|做好)|乡镇$"
)


@lru_cache(maxsize=64)
def _neighbours(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Return the pattern of a county's bodies, longest name first."""
    short = {short for name in names if len(short := short_name(name)) > 1}
    if not short:
        return None
    return re.compile(
        "|".join(re.escape(name) for name in sorted(short, key=lambda n: (-len(n), n)))
    )


def _places(report: TownReport, context: Context, text: str) -> dict[int, str]:
    """Return where words stand that belong to another body, and the words."""
    own = short_name(report.town.name)
    town = report.town
    known = f"{town.name}/{own}/{town.county}/{town.province}"
    bare = text.replace(own, "　" * len(own)) if own else text
    found: dict[int, str] = {}
    if pattern := _neighbours(context.others):
        found |= {m.start(): m[0] for m in pattern.finditer(bare) if m[0] not in known}
    kind = kind_of(report.town)
    if kind in _LOW:
        own_words = _OWN[kind]
        found |= {m.start(): m[0] for m in _SELF.finditer(bare) if m[1][0] not in own_words}
        if kind != "department":
            found |= {m.start(): m[0] for m in _HIGHER.finditer(bare)}
    if own:
        for match in _TITLED.finditer(bare):
            name = match[1]
            if not _GENERAL.match(name) and name not in known and own not in name:
                found[match.start(1)] = name
        found |= _announced(report, text, own)
    return found


_ANNOUNCES = re.compile(
    r"(?:现将|现公布|现发布|特公布|现向社会公[布开])(?P<name>[\u3400-\u9fff]{2,30}?(?:人民政府|办事处|管委会|委员会|街道|镇|鎮|乡|鄉|局|中心|委|办公室))"
    r"(?:20\d\d\s*年度?|年度)?(?:的)?(?:政府|政务)?(?:信息|资讯|政务)公开"
)
"""The sentence that says whose report it is."""


def _announced(report: TownReport, text: str, own: str) -> dict[int, str]:
    """Return whom the sentence 现公布……年度报告 names, where that is not the body itself.

    A title in 《…》 may be another paper's. A name that the own one ends with, or the other way
    round, is the same body with or without its county.
    """
    plain = re.sub(r"《[^》]*》", lambda match: "　" * len(match[0]), text)
    found: dict[int, str] = {}
    for match in _ANNOUNCES.finditer(plain):
        name = short_name(match["name"])
        if _GENERAL.search(name) or name.startswith(("我", "本", "全")):
            continue
        county = report.town.county
        bare = name.rpartition(county)[2] if county else name
        bare = re.sub("^(?:人民政府|政府)", "", bare) or name
        if not (own.endswith(bare) or bare.endswith(own) or own in name):
            found[match.start("name")] = match["name"]
    return found


@rule(
    "X-OTHER",
    "warning",
    statement="文字里没有别的单位的名称和自称。",
    basis="国办公开办函〔2021〕30号（内容雷同、照抄照搬的，依条例第四十七条追究）",
    example="街道的报告写“公民向市政府及市政府办公室提出的申请5件”。",
)
def other_body(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check for words that were copied from another body's report."""
    for section, text in report.sections.items():
        found = _places(report, context, text)
        for sentence, _, places in located(section, text, found):
            words = "、".join(dict.fromkeys(found[place] for place in places))
            yield Hit(
                message=(
                    f"句中“{words}”像是别的单位的：“{quoted(sentence.text)}”。"
                    f"请核对是否照抄了别处的报告，改成{report.town.name}的情况。"
                ),
                place=sentence.place(),
            )


RULES: tuple[Rule, ...] = (other_body,)
