"""The prose: placeholders, comparison in words, and the built-in preface and section one."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.checks import check_report
from reportkit.form import Cells, CellValue, load_edition
from reportkit.form.facts import FACTS
from reportkit.prose.claims import claims_of
from reportkit.registers.derivation.derive import Numbers
from reportkit.registers.derivation.narrative import (
    NOT_FILLED,
    change_phrase,
    fill,
    general_situation,
    percentage,
    preface,
    section_texts,
)
from reportkit.report import Town, TownReport

FORM = load_edition("2021")
NOUGHT: dict[str, int | Decimal] = {
    code: Decimal(0) if fact.type == "decimal" else 0 for code, fact in FACTS.items()
}


def numbers(facts: dict[str, int | Decimal], edition: str = "2021") -> Numbers:
    """Return numbers whose cells are 0 but for those that facts are."""
    form = load_edition(edition)
    values: dict[str, CellValue | str] = dict.fromkeys(form.addresses, 0)
    for code, value in facts.items():
        if FACTS[code].cells:
            values |= {FACTS[code].cells[0]: value}
    return Numbers(form, Cells(form, values), facts, ())


NOTHING = numbers(NOUGHT)
UNKNOWN = Numbers(FORM, Cells(FORM), {}, ())


# Percentages and changes


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 5, "0%"),
        (5, 5, "100%"),
        (1, 8, "12.5%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 3000, "0.1%"),
        (1, 10**20, "0.1%"),
        (2999, 3000, "99.9%"),
        (3001, 3000, "100.1%"),
        (10**23, 1, "1" + "0" * 25 + "%"),
        (-1, 8, "12.5%"),
        (Decimal("0.05"), Decimal("0.5"), "10%"),
        (1, 2000, "0.1%"),
        (3, 2000, "0.2%"),
        (1, 400, "0.3%"),
    ],
)
def test_percentages(part: CellValue, whole: CellValue, text: str) -> None:
    assert percentage(part, whole) == text


@pytest.mark.parametrize(("part", "whole"), [(None, 5), (5, None), (5, 0), (0, 0), (None, None)])
def test_no_percentage_of_nothing_or_the_unknown(part: CellValue, whole: CellValue) -> None:
    assert percentage(part, whole) is None


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_0_and_100_per_cent_are_said_only_where_it_is_exactly_so(part: int, whole: int) -> None:
    text = percentage(part, whole)
    assert (text == "0%") == (part == 0)
    assert (text == "100%") == (part == whole)
    assert text is not None
    assert abs(Decimal(text[:-1]) - Decimal(part) / whole * 100) <= Decimal("0.1")


@pytest.mark.parametrize(
    ("now", "before", "phrase"),
    [
        (9, 8, "比上年增加1件，增长12.5%"),
        (4, 8, "比上年减少4件，下降50%"),
        (8, 8, "与上年持平"),
        (0, 0, "与上年持平"),
        (0, 4, "比上年减少4件，下降100%"),
        (3, 0, "比上年增加3件"),
        (3, 1, "比上年增加2件，增长200%"),
        (3001, 3000, "比上年增加1件，增长0.1%"),
        (1, 3000, "比上年减少2999件，下降99.9%"),
        (None, 3, "本年数未统计"),
        (3, None, "上年数未统计"),
        (None, None, "本年数未统计"),
        (-2, 3, "比上年减少5件"),
        (2, -3, "比上年增加5件"),
        (Decimal("12.35"), Decimal("12.30"), "比上年增加0.05件，增长0.4%"),
        (Decimal(5), 5, "与上年持平"),
    ],
)
def test_change_in_words(now: CellValue, before: CellValue, phrase: str) -> None:
    assert change_phrase(now, before, "件") == phrase


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_change_never_says_0_per_cent(now: int, before: int) -> None:
    phrase = change_phrase(now, before, "件")
    assert not re.search(r"(?<![\d.])0%", phrase)
    assert (phrase == "与上年持平") == (now == before)


# Placeholders


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("公开{disclosed_items}条", "公开24条"),
        ("收费{fee_collected_yuan}元", "收费12.5元"),
        ("{t3.received.total}件", "7件"),
        ("{cell.t3.received.total}件", "7件"),
        ("{disclosed_items.change}", "比上年减少6条，下降20%"),
        ("{t3.received.total.change}", "与上年持平"),
        ("{cell.t3.received.total.change}", "与上年持平"),
        ("{weibo_items}条", "未统计条"),
        ("{weibo_items.change}", "本年数未统计"),
        ("{trainings.change}", "上年数未统计"),
        # Any other brace is text.
        ("{}", "{}"),
        ("{{disclosed_items}}", "{24}"),
        ("{ disclosed_items }", "{ disclosed_items }"),
        ("{disclosed_items!r}", "{disclosed_items!r}"),
        ("{disclosed_items:>10}", "{disclosed_items:>10}"),
        ("{disclosed_items.real}", "{disclosed_items.real}"),
        ("{disclosed_items.change.change}", "{disclosed_items.change.change}"),
        ("{0}{a.b}{公开}", "{0}{a.b}{公开}"),
        ("{t9.received.total}", "{t9.received.total}"),
        ("{t3.other.total}", "{t3.other.total}"),
        ("{__class__}", "{__class__}"),
        ("{{ 7*7 }}{% if 1 %}${x}#{x}", "{{ 7*7 }}{% if 1 %}${x}#{x}"),
        ("{disclosed_items", "{disclosed_items"),
        ("}{", "}{"),
        ("\\{disclosed_items}", "\\24"),
    ],
)
def test_placeholders(text: str, filled: str) -> None:
    now = numbers(
        {
            "disclosed_items": 24,
            "applications_received": 7,
            "fee_collected_yuan": Decimal("12.5"),
            "trainings": 4,
        }
    )
    before = numbers({"disclosed_items": 30, "applications_received": 7})
    assert fill(text, now, before) == filled


@given(st.text())
def test_text_without_a_placeholder_stays(text: str) -> None:
    if not any("{" + code in text for code in FACTS):
        assert fill(text, NOTHING, None) == text


@given(st.text("{}.!:[]()_ab%$\\", max_size=30))
def test_braces_of_any_kind_are_harmless(text: str) -> None:
    assert fill(text, NOTHING, NOTHING) == text


# Built-in texts


def test_the_preface_names_law_and_period() -> None:
    text = preface(2021, FORM)
    assert "《中华人民共和国政府信息公开条例》" in text
    assert "国办公开办函〔2021〕30号" in text
    assert "自2021年1月1日起至2021年12月31日止" in text
    assert "国办公开办函〔2019〕60号" in preface(2020, load_edition("2019"))
    unnumbered = preface(2021, replace(FORM, issued_by="某办公厅的通知"))
    assert unnumbered.startswith("本报告根据《中华人民共和国政府信息公开条例》的要求编制。")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"fee_collected_yuan": Decimal(0)}, "本年度未收取信息处理费，收取金额为0元。"),
        ({"fee_collected_yuan": Decimal("1240.50")}, "本年度收取信息处理费1240.5元。"),
        ({}, "本年度收取信息处理费的金额未统计。"),
    ],
)
def test_the_sentence_on_the_fee(facts: dict[str, int | Decimal], sentence: str) -> None:
    filled = fill("按规定说明：{fee_sentence}{fee_sentences}", numbers(facts), None)
    assert filled == f"按规定说明：{sentence}{{fee_sentences}}"
    read = [c for c in claims_of({"s6": sentence}, 2023) if c.about == "fee_collected_yuan"]
    assert {c.value for c in read} == {*facts.values()}


MANY: dict[str, int | Decimal] = {
    **NOUGHT,
    "disclosed_items": 24,
    "portal_items": 20,
    "wechat_items": 9,
    "hotline_replies": 1031,
    "applications_received": 12,
    "trainings": 4,
    "training_participants": 120,
    "fee_collected_yuan": Decimal("12.5"),
}


@pytest.mark.parametrize(
    ("facts", "last", "sentences"),
    [
        (
            NOUGHT,
            None,
            [
                "全年未主动公开政府信息；未回复12345热线工单。",
                "全年未收到政府信息公开申请；未收取信息处理费。",
                "全年未通过政府网站、微信公众号、微博发布政府信息。",
                (
                    "全年未组织政务公开培训；未举办政府开放日活动；未发生因政府信息公开工作引起的行政复议；"
                    "未发生因政府信息公开工作引起的行政诉讼。"
                ),
            ],
        ),
        (NOUGHT, NOUGHT, ["全年未收到政府信息公开申请，与上年持平；"]),
        (NOUGHT, MANY, ["全年未收到政府信息公开申请（上年为12件）；"]),
        (
            {**NOUGHT, "disclosed_items": 1, "portal_items": 1},
            None,
            ["全年主动公开政府信息1条；", "政府网站1条。"],
        ),
        (
            MANY,
            None,
            [
                "全年主动公开政府信息24条；回复12345热线工单1031件。",
                "收取信息处理费12.5元。",
                "各平台发布数为：政府网站20条，微信公众号9条，同一信息在几个平台发布的分别计数。",
                "全年组织政务公开培训4次，参加培训120人次；",
            ],
        ),
        (
            MANY,
            MANY,
            ["全年主动公开政府信息24条，与上年持平；", "培训4次，与上年持平，参加培训120人次；"],
        ),
        (MANY, NOUGHT, ["全年主动公开政府信息24条，比上年增加24条；"]),
        (
            {**MANY, "applications_in_person": 3, "applications_online": 9},
            None,
            ["全年收到政府信息公开申请12件；按渠道分，当面提交3件、网络提交9件；"],
        ),
        (
            {**MANY, "applications_by_mail": 4, "applications_by_fax": 1},
            NOUGHT,
            [
                "12件，比上年增加12件；按渠道分，信函提交4件、传真提交1件、其他渠道或者未登记渠道7件；"
            ],
        ),
        ({**MANY, "applications_by_mail": 13}, None, ["收到政府信息公开申请12件；收取"]),
        (
            {},
            MANY,
            [
                "全年主动公开政府信息的条数未统计；",
                "收取信息处理费的金额未统计。",
                "各公开平台的发布数未统计。",
            ],
        ),
    ],
)
def test_the_built_in_section_one(
    facts: dict[str, int | Decimal],
    last: dict[str, int | Decimal] | None,
    sentences: list[str],
) -> None:
    text = general_situation(numbers(facts), None if last is None else numbers(last))
    for sentence in sentences:
        assert sentence in text
    titles = re.findall(r"^（(.)）(.+?)情况。", text, re.MULTILINE)
    assert titles == [
        ("一", "主动公开"),
        ("二", "依申请公开"),
        ("三", "政府信息管理"),
        ("四", "政府信息公开平台建设"),
        ("五", "监督保障"),
    ]


@st.composite
def some_numbers(draw: st.DrawFn) -> Numbers:
    """Facts that hang together: no platform has more items than there are."""
    count = st.sampled_from([0, 0, 1, 2, 7, 24, 1031])
    facts: dict[str, int | Decimal] = {}
    for code, fact in FACTS.items():
        if draw(st.booleans()):
            facts[code] = Decimal(draw(count)) if fact.type == "decimal" else draw(count)
    items = [int(facts[c]) for c in ("portal_items", "wechat_items", "weibo_items") if c in facts]
    if "disclosed_items" in facts:
        facts["disclosed_items"] = max([int(facts["disclosed_items"]), *items])
    if facts.get("trainings") == 0:
        facts.pop("training_participants", None)
    return numbers(facts)


@given(some_numbers(), st.none() | some_numbers())
def test_built_in_prose_is_sound_and_says_no_other_number(
    now: Numbers, before: Numbers | None
) -> None:
    text = general_situation(now, before)
    assert not re.search(r"None|\{|\}|。。|；。|，。|，，|；；|(?<![\d.])0[条件次元%]", text)
    known = {str(v) for n in (now, before) if n for v in n.facts.values()}
    plain = re.sub(r"比上年(增加|减少)\d+[条件次](，(增长|下降)[\d.]+%)?|12345热线", "", text)
    assert set(re.findall(r"\d+(?:\.\d+)?", plain)) <= known


@given(some_numbers(), st.none() | some_numbers())
def test_built_in_prose_never_contradicts_the_figures(now: Numbers, before: Numbers | None) -> None:
    def report(year: int, some: Numbers) -> TownReport:
        texts = section_texts({"s5": "问题。", "s6": "其他。"}, year, some, before)
        return TownReport(
            town=Town(id="yunxi", name="云溪镇", county="示例县", kind="town"),
            year=year,
            edition="2021",
            cells=some.cells,
            facts=some.facts,
            sections=texts,
        )

    last = None if before is None else report(2021, before)
    told = [
        finding
        for finding in check_report(report(2022, now), last)
        if finding.place
        and finding.place.section in ("s0", "s1")
        and finding.code != "COPY-YEAR"  # the same words two years running contradict nothing
    ]
    assert told == []


def test_sections_stand_alone_where_the_register_has_text() -> None:
    texts = section_texts({"s1": "共{trainings}次", "s6": "无"}, 2021, NOTHING, None)
    assert texts == {
        "s0": preface(2021, FORM),
        "s1": "共0次",
        "s5": NOT_FILLED,
        "s6": "无",
    }
    assert section_texts({}, 2021, UNKNOWN, None)["s1"] == general_situation(UNKNOWN, None)


def test_sections_are_compared_with_last_year() -> None:
    now, before = numbers({**NOUGHT, "trainings": 3}), numbers({**NOUGHT, "trainings": 1})
    texts = section_texts({"s5": "培训{trainings.change}。"}, 2022, now, before)
    assert texts["s5"] == "培训比上年增加2次，增长200%。"
    assert texts["s1"] == general_situation(now, before)
    assert texts["s1"] not in (general_situation(now, None), general_situation(now, now))
