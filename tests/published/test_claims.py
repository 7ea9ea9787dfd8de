"""What the prose states: numbers, denials, comparisons, parts and wholes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.prose.numerals import parse_number, parse_year
from reportkit.prose.stated import facts_of
from reportkit.published import Claim, claims_of


def facts(text: str, year: int = 2023) -> dict[str, int | Decimal]:
    return facts_of(claims_of({"s1": text}, year), year)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年主动公开政府信息1,204条。", {"disclosed_items": 1204}),
        ("主动公开政府信息一千二百零四条。", {"disclosed_items": 1204}),
        ("主动公开政府信息1.2万条。", {"disclosed_items": 12000}),
        ("主动公开政府信息约120条。", {}),
        ("主动公开政府信息120余条。", {}),
        (
            "累计主动公开政务信息数145条，其中区政府网站8条，微信平台137条。",
            {
                "disclosed_items": 145,
                "portal_items": 8,
                "wechat_items": 137,
            },
        ),
        (
            "通过政府门户网站发布政府信息80条，微信公众号发布300篇。",
            {
                "disclosed_items": 80,
                "portal_items": 80,
                "wechat_items": 300,
            },
        ),
        (
            "通过网站公开信息50条，通过微信公众号公开信息60条。",
            {"portal_items": 50, "wechat_items": 60},
        ),
        ("全区主动公开政府信息1000条，我镇57条。", {}),
        ("微博发布12条。", {"weibo_items": 12}),
        ("受理12345热线工单84件，办结率100%。", {"hotline_replies": 84}),
        ("共收到政府信息公开申请9件，结转上年申请2件，答复11件。", {"applications_received": 9}),
        ("收到政府信息公开申请一件，已办理完毕。", {"applications_received": 1}),
        ("未收到政府信息公开申请。", {"applications_received": 0}),
        ("我镇无依申请公开事项。", {"applications_received": 0}),
        ("没有收到公民、法人和其他组织提出的政府信息公开申请。", {"applications_received": 0}),
        (
            "未发生因政府信息公开引起的行政复议、行政诉讼。",
            {"reconsiderations": 0, "litigations": 0},
        ),
        ("行政复议2件，行政诉讼1件。", {"reconsiderations": 2, "litigations": 1}),
        ("行政复议、行政诉讼0件。", {"reconsiderations": 0, "litigations": 0}),
        ("行政复议、行政诉讼3件。", {}),
        ("制定行政规范性文件3件，废止1件。", {"normative_documents_made": 3}),
        ("开展政务公开培训4次，培训人员120人次。", {"trainings": 4, "training_participants": 120}),
        ("举办2次政府开放日活动。", {"open_days": 2}),
        (
            "全年未收到政府信息公开申请（上年为16件）；未举办政府开放日活动（上年为1次）。",
            {"applications_received": 0, "open_days": 0},
        ),
        ("收到政府信息公开申请5件，去年为16件。", {"applications_received": 5}),
        ("去年收到政府信息公开申请16件。", {}),
        ("因政府信息公开被提起行政诉讼0件（上年同期为2件）。", {"litigations": 0}),
        (
            "政府网站发布45条，微信公众号发布19条，政府网站增加1条。",
            {"portal_items": 45, "wechat_items": 19},
        ),
        ("承办人大代表建议5件，政协提案3件。", {"npc_proposals": 5, "cppcc_proposals": 3}),
        ("全年收取信息处理费1.5万元。", {"fee_collected_yuan": Decimal(15000)}),
        ("未收取信息处理费。", {"fee_collected_yuan": Decimal(0)}),
        ("2022年主动公开政府信息90条，2023年主动公开政府信息120条。", {"disclosed_items": 120}),
        ("主动公开政府信息90条。\n主动公开政府信息95条。", {}),
        ("公众号关注26040人，阅读量12万次。", {}),
        ("办理行政许可120件。", {}),
    ],
)
def test_facts_of_sentences(text: str, expected: dict[str, int | Decimal]) -> None:
    found = facts(text)
    assert found == expected


def test_every_mention_is_a_claim_with_its_sentence() -> None:
    text = "主动公开政府信息90条。微信公众号发布30条。\n主动公开政府信息共95条，占比95%。"
    said = [(c.about, c.value, c.kind) for c in claims_of({"s1": text}, 2023)]
    assert said == [
        ("disclosed_items", 90, "value"),
        ("wechat_items", 30, "value"),
        ("disclosed_items", 95, "value"),
        ("disclosed_items", Decimal(95), "percentage"),
    ]
    claims = claims_of({"s1": text}, 2023)
    assert claims[1].sentence == "微信公众号发布30条。"
    assert {c.section for c in claims} == {"s1"}


def test_changes_and_same_as_last_year() -> None:
    (whole, change) = claims_of("主动公开政府信息95条，比上年减少12条。", 2023)
    assert (change.about, change.value, change.kind) == ("disclosed_items", -12, "change")
    assert whole.value == 95
    claims = claims_of("收到政府信息公开申请0件，与上年持平。", 2023)
    assert [(c.about, c.kind, c.value) for c in claims] == [
        ("applications_received", "value", 0),
        ("applications_received", "same_as_last_year", None),
    ]


def parts(claims: tuple[Claim, ...], whole: int) -> list[int | Decimal | None]:
    return [c.value for c in claims if c.part_of == whole]


def test_parts_know_their_whole() -> None:
    claims = claims_of("主动公开政府信息117条。其中,政策文件9件,法定内容23条,动态25条。", 2022)
    assert parts(claims, 0) == [9, 23, 25]
    claims = claims_of("全年公开政府信息66条(政府网站46条,公开栏20条),全文电子化率100%。", 2020)
    assert parts(claims, 0) == [46, 20]


def test_cells_that_the_prose_states() -> None:
    text = "上年结转申请5件；新收到申请61件，办结57件，结转2024年办理4件。"
    said = {c.about: c.value for c in claims_of(text, 2023) if c.about}
    assert said == {
        "t3.carried_in.total": 5,
        "applications_received": 61,
        "t3.handled.total": 57,
        "t3.carried_forward.total": 4,
    }


def test_a_stale_year_is_told() -> None:
    text = "2022年制定规范性文件2件。"
    found, problems = facts_of(claims_of(text, 2023), 2023)
    assert found == {"normative_documents_made": 2}
    assert "2022年" in problems[0].message
    found, _ = facts_of(claims_of("2019年制定规范性文件2件。", 2023), 2023)
    assert found == {}


@given(st.integers(0, 99_999_999))
def test_chinese_numerals(number: int) -> None:
    assert parse_number(_chinese(number)) == number
    assert parse_number(f"{number:,}") == number


def _chinese(number: int) -> str:
    """Write a number as Chinese does, with 零 for the places left out."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        gap = "零" if 0 < rest < 1000 else ""
        return f"{_chinese(head)}万{gap}{_chinese(rest) if rest else ''}"
    text, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            text += ("零" if zero and text else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        else:
            zero = True
    return text or "零"


def test_years_in_characters() -> None:
    assert parse_year("二〇二一") == parse_year("二零二一") == 2021
    assert parse_year("一二三四") is None
