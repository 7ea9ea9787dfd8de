"""Many reports together: their past, their twins, their county and the text that they share."""

from __future__ import annotations

from reportkit.checks.several import bodies_of, check_reports, previous_of
from reportkit.form import CellValue
from reportkit.report import Town, TownReport
from tests.checks.conftest import Make, prose


def town(
    make: Make, name: str, *, id_: str | None, year: int = 2022, **fields: object
) -> TownReport:
    """Build a report of a body by name."""
    cells = fields.pop("cells", None)
    kind = fields.pop("kind", "town")
    county = str(fields.pop("county", "示例县"))
    report = make(cells, year=year, **fields)
    return report.with_(town=Town(id=id_, name=name, county=county, kind=kind))


def codes(findings: tuple[tuple[object, ...], ...]) -> list[list[str]]:
    return [[f.code for f in each] for each in findings]  # type: ignore[attr-defined]


def test_last_year_is_found_among_the_reports(make: Make) -> None:
    last = town(
        make, "云溪镇", id_="yunxi", year=2021, cells={"t3.carried_forward.total": 2}, sections={}
    )
    now = town(make, "云溪镇", id_="yunxi")
    other = town(make, "青石镇", id_="qingshi")
    found = check_reports([now, other, last], copied=False)
    assert codes(found)[0] == ["Y-CARRY"]
    assert codes(found)[1] == []
    assert previous_of([now, other, last]) == [last, None, None]


def test_two_of_one_town_and_year_get_one_warning_and_no_rule(make: Make) -> None:
    one = town(make, "云溪镇", id_="yunxi")
    two = town(make, "云溪镇", id_="yunxi", cells={"t3.carried_forward.total": None})
    next_ = town(make, "云溪镇", id_="yunxi", year=2023, cells={"t3.carried_in.total": 9})
    found = check_reports([one, two, next_])
    told = [f for each in found for f in each if f.code == "TWICE"]
    assert [f.level for f in told] == ["warning"]
    every = {code for each in codes(found) for code in each}
    assert not {code for code in every if code.startswith(("Y-", "COPY"))}  # which is last year?


def test_a_name_without_its_county_is_nobodys(make: Make) -> None:
    """Many counties have a town of that name: no year, no twin."""
    reports = [
        town(make, "城关镇", id_=None, county="", year=year, sections={})
        for year in (2021, 2022, 2022)
    ]
    assert len(set(bodies_of(reports))) == 3
    placed = [
        town(make, "桃李县城关镇人民政府", id_=None, county="", year=year) for year in (2021, 2022)
    ]
    assert len(set(bodies_of(placed))) == 1


def test_a_published_report_goes_with_the_one_that_has_an_id(make: Make) -> None:
    published = town(make, "示例县云溪镇人民政府", id_=None, county="", year=2021)
    mine = town(make, "云溪镇", id_="yunxi")
    assert len(set(bodies_of([published, mine]))) == 1
    assert previous_of([published, mine]) == [None, published]


def test_a_county_against_its_towns(make: Make) -> None:
    def with_decisions(name: str, id_: str, number: CellValue, kind: str = "town") -> TownReport:
        return town(make, name, id_=id_, cells={"t2.penalties.decisions": number}, kind=kind)

    county = with_decisions("示例县人民政府", "shili", 5, kind="county")
    reports = [
        county,
        with_decisions("云溪镇", "yunxi", 3),
        with_decisions("青石镇", "qingshi", 4),
        town(make, "白沙镇", id_="baisha", year=2021),
    ]
    found = check_reports(reports, copied=False)
    by_code = {f.code: f for f in found[0]}
    assert by_code["K-MISSING"].level == "warning"
    assert "白沙镇" in by_code["K-MISSING"].message
    total = by_code["K-SUM"]
    assert (total.level, total.left, total.right) == ("error", 5, 7)
    assert total.cells == ("t2.penalties.decisions",)
    assert "云溪镇 3" in total.message
    assert not [f for each in found[1:] for f in each if f.code.startswith("K-")]


def test_the_town_left_out_of_the_sum_is_named(make: Make) -> None:
    reports = [
        town(
            make, "示例县人民政府", id_="shili", kind="county", cells={"t2.penalties.decisions": 3}
        ),
        town(make, "云溪镇", id_="yunxi", cells={"t2.penalties.decisions": 3}),
        town(make, "青石镇", id_="qingshi", cells={"t2.penalties.decisions": 4}),
    ]
    (finding,) = check_reports(reports, copied=False)[0]
    assert "青石镇正好是 4，可能漏计了" in finding.message


def test_more_than_the_sum_is_a_warning_and_unknown_is_neither(make: Make) -> None:
    reports = [
        town(
            make,
            "示例县人民政府",
            id_="shili",
            kind="county",
            cells={"t2.penalties.decisions": 9, "t2.coercion.decisions": 1},
        ),
        town(
            make,
            "云溪镇",
            id_="yunxi",
            cells={"t2.penalties.decisions": 3, "t2.coercion.decisions": None},
        ),
    ]
    levels = {(f.level, f.cells) for f in check_reports(reports, copied=False)[0]}
    assert levels == {("warning", ("t2.penalties.decisions",)), ("info", ())}


OWN = (
    "镇里把便民大厅的公告屏改成随到随播，老人看不清的请志愿者念给他们听。",
    "村口公示栏从前一个季度换一次，现在逢赶集那天更换，群众路过就能看到。",
    "山里几个自然村信号不好，我们请邮递员把政策折页一起带上去，回来捎回群众想问的事。",
)


def test_copied_text_names_both_places(make: Make) -> None:
    one = town(make, "云溪镇", id_="yunxi", sections=prose() | {"s6": "".join(OWN)})
    text = "".join(OWN).replace("逢赶集那天", "每逢赶集").replace("念给", "读给")
    two = town(
        make, "青石镇", id_="qingshi", sections=prose() | {"s6": text, "s5": "更新慢，要改。"}
    )
    three = town(make, "白沙镇", id_="baisha", sections={"s1": "别的话。" * 9})
    found = check_reports([one, two, three])
    for mine, name in ((found[0], "青石镇"), (found[1], "云溪镇")):
        (hit,) = [f for f in mine if f.code == "COPY-TOWN"]
        assert hit.level == "warning"
        assert f"{name}2022年度报告“" in hit.message
        assert "3 句" in hit.message
        assert hit.place is not None
        assert hit.place.section == "s6"
    assert not [f for f in found[2] if f.code == "COPY-TOWN"]


def test_a_sentence_of_the_whole_county_is_its_template(make: Make) -> None:
    reports = [
        town(make, f"第{number}镇", id_=f"t{number}", sections={"s6": "".join(OWN)})
        for number in range(31)
    ]
    found = check_reports(reports)
    assert not [f for each in found for f in each if f.code == "COPY-TOWN"]


def test_statutory_phrases_are_nobodys(make: Make) -> None:
    text = (
        "根据《中华人民共和国政府信息公开条例》要求编制本报告。"
        "依据《政府信息公开信息处理费管理办法》收取信息处理费的情况：2022年没有收取。"
    )
    reports = [town(make, f"{name}镇", id_=name, sections={"s6": text}) for name in ("aa", "bb")]
    found = check_reports(reports)
    assert not [f for each in found for f in each if f.code.startswith("COPY")]
