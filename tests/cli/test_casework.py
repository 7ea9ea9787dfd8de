"""``reportkit due`` and ``reportkit fee``: from a folder of registers to the lines of a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportkit.cli.main import main

HEADINGS = (
    "town,application_no,received_on,applicant_type,replied_on,outcome,fee_basis,pages,fee_paid_on,"
    "fee_yuan,applicant_key,applicant_name,applicant_id_no,applicant_phone,requested"
)
PERSON = "甲-1,CANARY李四,11010519491231002X,13800138000,CANARY房屋"
APPLICATIONS = [
    f"gulou,〔2024〕9号,2024-03-01,自然人,,,,,,,{PERSON}",
    f"gulou,〔2024〕10号,2024-02-18,自然人,,,,,,,{PERSON}",
    f"gulou,〔2024〕11号,2024-03-15,自然人,,,,,,,{PERSON}",
    f"gulou,〔2024〕12号,2024-03-04,自然人,2024-03-11,予以公开,按量,45,2024-03-08,200,{PERSON}",
    f"donghu,〔2024〕1号,2024-03-04,自然人,,,,,,,{PERSON}",
]


@pytest.fixture
def registers(tmp_path: Path) -> str:
    """Write the registers of two towns, of which one covers 2024."""
    folder = tmp_path / "台账 数据"
    folder.mkdir()
    tables = {
        "towns": ["town,name,kind", "gulou,鼓楼街道,街道", "donghu,东湖镇,镇"],
        "coverage": [
            "town,register,from_year,to_year",
            "gulou,applications,2023,",
            "donghu,applications,2022,2023",
        ],
        "applications": [HEADINGS, *APPLICATIONS],
    }
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return str(folder)


def due(registers: str, *more: str) -> int:
    return main(["due", "--source", registers, "--on", "2024-03-20", *more])


def test_due_lists_what_is_late_and_what_comes_next(
    registers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert due(registers, "--within", "8") == 0
    shown = capsys.readouterr()
    rows = [line.split() for line in shown.out.splitlines()[1:]]
    assert rows == [
        ["gulou", "〔2024〕10号", "2024-03-15", "-3,", "overdue"],
        ["gulou", "〔2024〕9号", "2024-03-29", "7"],
        ["donghu", "〔2024〕1号", "2024-04-01", "8"],
    ]
    assert "2024-03-20: 3 due within 8 working days, 1 of them overdue" in shown.err
    assert "does not cover 2024, there may be more: donghu" in shown.err
    assert "CANARY" not in shown.out + shown.err


def test_due_as_json_is_one_document(registers: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert due(registers, "--town", "gulou", "--json") == 0
    text = capsys.readouterr().out
    assert json.loads(text) == {
        "on": "2024-03-20",
        "within": 5,
        "due": [
            {
                "town": "gulou",
                "application_no": "〔2024〕10号",
                "due_on": "2024-03-15",
                "days_left": -3,
                "overdue": True,
                "may_close_as": None,
            }
        ],
        "not_covered": [],
    }
    assert "〔2024〕10号" in text


def test_due_says_where_the_calendar_ends(
    registers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["due", "--source", registers, "--on", "2190-06-01"]) == 0
    shown = capsys.readouterr()
    assert "a year whose holidays the calendar does not have" in shown.err
    assert "4 of them overdue" in shown.err  # more than a century late is late in any calendar
    assert "not known, overdue" in shown.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["due", "--town", "gulo"],
        ["due", "--within", "-1"],
        ["due", "--on", "2024-13-01"],
        ["fee", "〔2024〕12号"],  # of which town?
        ["fee", "〔2024〕99号", "--town", "gulou"],
        ["fee", "〔2024〕12号", "--town", "gulo"],
    ],
)
def test_a_wrong_call_exits_with_2(
    registers: str, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--source", registers]) == 2
    shown = capsys.readouterr()
    assert shown.err
    assert not shown.out


def test_fee_shows_the_computation(registers: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fee", "〔2024〕12号", "--town", "gulou", "--source", registers]) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "申请编号：〔2024〕12号（2024年3月4日收到）",
        "收费方式：按量计收（国办函〔2020〕109号）",
        "第1至30页：30页×0元＝0元",
        "第31至100页：15页×10元＝150元",
        "应收：150元",
        "登记收取：200元",
        "多收：50元",
    ]
    assert not shown.err


def test_fee_as_json_has_amounts_as_text(
    registers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fee", "〔2024〕12号", "--town", "gulou", "--source", registers, "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert (body["due_yuan"], body["charged_yuan"], body["overcharged_yuan"]) == (
        "150",
        "200",
        "50",
    )
    assert body["received_on"] == "2024-03-04"
    assert body["steps"][1] == {
        "first": 31,
        "last": 100,
        "units": 15,
        "rate_yuan": 10,
        "amount_yuan": "150",
    }


def test_fee_says_where_the_register_may_not_be_complete(
    registers: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fee", "〔2024〕1号", "--town", "donghu", "--source", registers]) == 0
    shown = capsys.readouterr()
    assert "may not be complete" in shown.err
    assert "应收：无法计算（未登记收费方式）" in shown.out


def test_the_sample_county_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["due", "--source", "sample:", "--on", "2023-12-20", "--within", "20", "--json"]) == 0
    )
    body = json.loads(capsys.readouterr().out)
    assert body["due"]
    assert all(row["days_left"] <= 20 for row in body["due"])
