"""The prose: what is found in it, and what only looks like a fault."""

from __future__ import annotations

import pytest

from reportkit.checks import Context, check_report
from reportkit.checks.rules.marks import stray, unbalanced
from reportkit.checks.sentences import quoted, split
from reportkit.finding import Finding
from reportkit.prose.bodies import kind_of, short_name
from reportkit.report import Kind, Town
from tests.checks.conftest import Make, prose


def found(make: Make, code: str, s1: str, **fields: object) -> list[Finding]:
    """Return what a rule finds in section one of a report of 2022."""
    context = fields.pop("context", None)
    assert context is None or isinstance(context, Context)
    report = make(sections=prose() | {"s1": s1}, **fields)
    return [f for f in check_report(report, context=context) if f.code == code]


@pytest.mark.parametrize(
    "sentence",
    [
        "2021年全镇公开信息30条。",
        "统计期限为2021年1月1日至2021年12月31日。",
        "截至2020年底，共收到申请两件。",
    ],
)
def test_stale_years(make: Make, sentence: str) -> None:
    assert len(found(make, "X-YEAR", sentence)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "2022年公开信息30条，2021年公开20条。",
        "比2021年增加两条。",
        "2021年结转申请一件。",
        "《条例》2019年修订后，组织学习两次。",
        "依据国办公开办函〔2021〕30号编制。",
        "下一步，2023年将继续公开。",
        "自2018年栏目开通以来，群众满意。",
        "统计期限为2022年1月1日至2022年12月31日。",
    ],
)
def test_years_that_may_stand(make: Make, sentence: str) -> None:
    assert found(make, "X-YEAR", sentence) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("《条例", [0]),
        ("条例》", [2]),
        ("“甲“乙", [0, 2]),
        ("（甲）（乙)", []),
        ("1）甲；2）乙", []),
        ("（甲“乙）丙”", [2, 6]),
        ("《甲（乙）》“丙”【丁】", []),
    ],
)
def test_unbalanced(text: str, places: list[int]) -> None:
    assert unbalanced(text) == places


@pytest.mark.parametrize(
    "text", ["甲，，乙", "甲。。", "甲，。", "，甲", "（）", "“，甲”", "甲，》"]
)
def test_stray_marks(text: str) -> None:
    assert stray(text)


@pytest.mark.parametrize(
    "text", ["甲……乙", "甲——乙", "说：“甲。”乙", "甲！？", "（一）、甲", "12：30"]
)
def test_marks_in_their_place(text: str) -> None:
    assert stray(text) == []


def test_marks_are_told_once_a_sentence(make: Make) -> None:
    hits = found(make, "X-PUNCT", "甲，》，乙（丙。丁”戊，，己。")
    assert len(hits) == 2


@pytest.mark.parametrize(
    "s5",
    [
        "",
        "无",
        "无。",
        "暂无。",
        "（无）",
        "没有问题。",
        "本年度无存在的问题。",
        "不存在问题",
        "略",
    ],
)
def test_empty_section_five(make: Make, s5: str) -> None:
    codes = [f.code for f in check_report(make(sections=prose() | {"s5": s5}))]
    assert codes == ["X-EMPTY"]


def test_missing_blank_and_misplaced_sections(make: Make) -> None:
    sections = prose()
    del sections["s6"]
    sections["s1"] = " "
    sections["s5"] = sections.pop("s5")
    report = make(sections={"s5": sections["s5"], "s0": "引言。", "s1": ""})
    messages = [f.message for f in check_report(report) if f.code == "X-SECTION"]
    assert len(messages) == 3
    assert any("总体情况" in m and "缺少" in m for m in messages)
    assert any("其他需要报告的事项" in m and "缺少" in m for m in messages)
    assert any("顺序" in m for m in messages)
    assert [f.code for f in check_report(make(sections={}))] == ["X-SECTION"]


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("town", True),
        ("township", True),
        ("county", True),
        ("subdistrict", False),
        ("department", False),
    ],
)
def test_assessment_is_asked_of_governments_only(make: Make, kind: Kind, wanted: bool) -> None:
    hits = found(make, "L-CONTENT", "开展工作考核，平台建设。", kind=kind)
    assert bool(hits) == wanted
    for hit in hits:
        assert "社会评议、责任追究" in hit.message
        assert "工作考核、" not in hit.message.split("。")[0]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("我局高度重视公开工作。", "town"),
        ("我镇高度重视公开工作。", "subdistrict"),
        ("公民向市政府及市政府办公室提出的申请两件。", "subdistrict"),
        ("青石镇2022年政府信息公开工作如下。", "town"),
        ("青石镇坚持公开。", "town"),
    ],
)
def test_other_bodies(make: Make, sentence: str, kind: Kind) -> None:
    context = Context(others=("青石镇人民政府", "云溪镇"))
    assert len(found(make, "X-OTHER", sentence, kind=kind, context=context)) == 1


@pytest.mark.parametrize(
    "sentence",
    [
        "我镇高度重视公开工作。",
        "云溪镇2022年政府信息公开工作如下。",
        "我乡镇干部、我村群众参加。",
        "按照我市、我县统一部署。",
        "全镇2022年公开信息。",
        "向县政府报送材料。",
    ],
)
def test_own_words(make: Make, sentence: str) -> None:
    context = Context(others=("青石镇", "云溪镇", "溪镇"))
    assert found(make, "X-OTHER", sentence, context=context) == []


def test_personal_numbers_are_never_shown(make: Make) -> None:
    number, phone = "11010519491231002X", "13800138000"
    report = make(sections=prose() | {"s6": f"申请人{number}，电话{phone}，，2021年来访。"})
    findings = check_report(report)
    levels = {(f.level, f.code) for f in findings}
    assert {("error", "X-PERSONAL"), ("warning", "X-PERSONAL"), ("warning", "X-PUNCT")} <= levels
    told = "".join(repr(f) for f in findings)
    assert number not in told
    assert phone not in told


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("桃李县云溪镇人民政府", "town"),
        ("南源街道办事处", "subdistrict"),
        ("西营街", "subdistrict"),
        ("丰收鄉", "township"),
        ("某县农业农村局", "department"),
        ("开发区管理委员会", None),
        ("", None),
        ("我镇", "town"),
    ],
)
def test_kind_by_name(name: str, kind: Kind | None) -> None:
    assert kind_of(Town(id=None, name=name)) == kind


def test_short_names() -> None:
    assert short_name("云溪镇 人民政府") == "云溪镇"
    assert short_name("南源街道办") == "南源街道"


def test_sentences_keep_their_marks() -> None:
    assert split("“甲。”乙；丙！\n丁") == ("“甲。”", "乙；", "丙！", "丁")
    assert quoted("甲" * 200).endswith("…")
    assert len(quoted("甲" * 500, around=400)) <= 130
