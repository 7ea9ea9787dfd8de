"""The invented bodies' prose: natural, their own, and true of the figures beside it."""

from __future__ import annotations

import re

from reportkit.checks.rules.copied import copy_of, find_copies
from reportkit.form import load_edition
from reportkit.form.facts import FACTS
from reportkit.masking import find_personal
from reportkit.registers.sample.county import SyntheticCounty
from reportkit.registers.sample.embedded import invented_bodies, invented_years
from reportkit.registers.sample.town import town_registers
from tests.registers.sample.conftest import Reports

PAIRS = {"“": "”", "《": "》", "（": "）", "「": "」"}


def test_no_two_bodies_of_a_year_share_a_sentence(reports: Reports) -> None:
    for year in invented_years("danheng"):
        of_year = [report for (_, y), report in reports.items() if y == year]
        assert len(of_year) >= 14
        shared = [
            pair
            for copies in find_copies(of_year)
            for copy in copies
            for pair in copy.sentences
            if pair[0] in ("s5", "s6")
        ]
        assert shared == []


def test_no_report_repeats_last_year(reports: Reports) -> None:
    compared = 0
    for (town, year), report in reports.items():
        if (town, year - 1) in reports:
            compared += 1
            assert copy_of(report, reports[town, year - 1]).share < 0.3
    assert compared == sum(len(invented_years(body.id)) - 1 for body in invented_bodies()) == 78


def test_text_is_whole(reports: Reports) -> None:
    for report in reports.values():
        for text in report.sections.values():
            assert not re.search(r"[${}]|[XＸ]{2}|某某|。。|，。|，，|None|nan", text), text
            assert find_personal(text) == []
            for opening, closing in PAIRS.items():
                assert text.count(opening) == text.count(closing)


def test_every_placeholder_is_one() -> None:
    known = {*FACTS, *load_edition("2019").cells, *load_edition("2021").cells}
    county = SyntheticCounty(towns=40, years=range(2019, 2022), seed=4)
    seen = set()
    for number in range(1, county.towns + 1):
        table = town_registers(county.body(number), county.years, county.seed)["narratives"]
        for text in table.column("text").to_pylist():
            for code in re.findall(r"\{([^}]*)\}", text):
                seen.add(code)
                assert code.removeprefix("cell.").removesuffix(".change") in known
    assert len(seen) >= 12


def test_prose_agrees_with_what_happened(reports: Reports) -> None:
    told = 0
    for (town, year), report in reports.items():
        if town == "ershilidian":
            continue
        last = report.sections["s6"]
        assert ("政府开放日" in last) == bool(report.facts["open_days"])
        proposals = report.facts["npc_proposals"] or report.facts["cppcc_proposals"]
        assert ("政协提案" in last) == bool(proposals)
        if year >= 2021 and report.facts["fee_collected_yuan"]:
            told += 1
            assert f"{report.facts['fee_collected_yuan']}元" in last
        government = report.town.kind in ("town", "township", "city")
        assert ("社会评议" in report.sections["s5"]) == government
        assert ("责任追究" in report.sections["s5"]) == government
    assert told >= 10
