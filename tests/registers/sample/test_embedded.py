"""The embedded sample county: what is in it, and that the generator made it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pyarrow.parquet as pq
import pytest

from reportkit.checks import check_report
from reportkit.form import EDITIONS, load_edition
from reportkit.form.facts import FACTS
from reportkit.registers.sample import FOLDER
from reportkit.registers.sample.embedded import invented_bodies, invented_years
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS
from tests.registers.sample.conftest import Reports

BY_KIND = {"town", "township", "subdistrict", "department", "city"}


@pytest.mark.parametrize("register", REGISTERS)
def test_the_committed_data_are_what_the_generator_makes(
    register: str, made: Mapping[str, Any]
) -> None:
    committed = pq.read_table(FOLDER / f"{register}.parquet")
    assert committed.schema.equals(made[register].schema)
    assert committed.equals(made[register]), "run python -m reportkit.registers.sample"


@pytest.mark.parametrize("register", REGISTERS)
def test_rows_are_sorted_by_town_then_date(register: str) -> None:
    dated = REGISTERS[register].dated_by
    columns = ["town", dated] if dated else ["town"]
    rows = pq.read_table(FOLDER / f"{register}.parquet", columns=columns).to_pylist()
    keys = [tuple(row[column] for column in columns) for row in rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("register", CASE_REGISTERS)
def test_every_column_is_filled_somewhere_and_no_person_is_in_it(register: str) -> None:
    table = pq.read_table(FOLDER / f"{register}.parquet")
    public = [column.name for column in REGISTERS[register].public_columns]
    assert table.column_names == public
    assert [name for name in public if table[name].null_count == len(table)] == []


def test_the_folder_is_small() -> None:
    files = list(FOLDER.iterdir())
    assert {file.name for file in files} == {f"{name}.parquet" for name in REGISTERS}
    assert sum(file.stat().st_size for file in files) < 600_000


def test_it_holds_bodies_of_every_kind_in_every_year(reports: Reports) -> None:
    bodies = invented_bodies()
    assert {body.kind for body in bodies} == BY_KIND
    assert len([body for body in bodies if body.kind in ("town", "township")]) >= 8
    assert set(reports) == {
        ("ershilidian", 2021),
        *((body.id, year) for body in bodies for year in invented_years(body.id)),
    }
    for (town, _), report in reports.items():
        assert report.town.illustrative == (town != "ershilidian")
        assert report.town.county != report.town.name


def test_no_report_has_an_error(reports: Reports) -> None:
    for (town, year), report in reports.items():
        found = [*report.findings, *check_report(report, reports.get((town, year - 1)))]
        assert [f.message for f in found if f.level == "error"] == []
        assert all(report.sections[section] for section in ("s0", "s1", "s5", "s6"))


@pytest.mark.parametrize("code", EDITIONS)
def test_every_identity_holds_in_numbers(code: str, reports: Reports) -> None:
    judged = 0
    for (town, year), report in reports.items():
        if report.edition != code:
            continue
        before = reports.get((town, year - 1))
        edition = load_edition(code)
        same_form = before is not None and before.edition == code
        for identity in edition.arithmetic + (edition.cross_year if same_form else ()):
            sides = []
            for side in (identity.left, identity.right):
                values = [
                    (before if term.last and before else report).cells[term.address]
                    for term in side
                ]
                if None not in values:
                    sides.append(sum(t.sign * v for t, v in zip(side, values, strict=True) if v))
            if len(sides) == 2:
                judged += 1
                assert sides[0] == sides[1], (town, year, identity.code, identity.key)
    assert judged > 1000


@pytest.mark.parametrize("code", EDITIONS)
def test_every_row_and_column_of_every_table_counts_something(code: str, reports: Reports) -> None:
    shown = [report for report in reports.values() if report.edition == code]
    filled = {a for report in shown for a, value in report.cells.items() if value}
    for cell in load_edition(code).cells.values():
        row = f"{cell.table}.{cell.row.code}."
        assert any(a.startswith(row) for a in filled), f"no report fills the row of {cell.address}"
        column = f".{cell.column.code}"
        assert any(a.startswith(cell.table) and a.endswith(column) for a in filled), cell.address
        if cell.table != "t3":
            assert cell.address in filled


def test_every_fact_and_unknown_and_nought_are_there(reports: Reports) -> None:
    for code in FACTS:
        values = [report.facts.get(code) for report in reports.values()]
        assert any(values), f"no report has {code}"
    assert any("training_participants" not in report.facts for report in reports.values())
    assert {report.facts["open_days"] for report in reports.values()} >= {0, 1, 2}
    changes = [r.cells["t2.charges.items_change"] for r in reports.values() if r.edition == "2019"]
    assert any(c is not None and c < 0 for c in changes)
    assert any(c is not None and c > 0 for c in changes)
    amounts = [r.cells["t2.charges.amount"] for r in reports.values() if r.edition == "2021"]
    assert any(isinstance(a, Decimal) and a.as_tuple().exponent == -6 for a in amounts)


def test_years_are_quiet_steady_busy_or_known_in_totals(reports: Reports) -> None:
    for body in invented_bodies():
        received = {
            year: reports[body.id, year].facts["applications_received"]
            for year in invented_years(body.id)
        }
        for year in body.quiet_years:
            assert received[year] == 0
        if body.steady:
            assert len(set(received.values())) == 1
        for year in body.busy_years:
            assert received[year] > 2 * received[year - 1]
    totals = next(body for body in invented_bodies() if body.totals_until)
    last = reports[totals.id, totals.totals_until or 0]
    assert None not in last.cells.values()
    after = reports[totals.id, (totals.totals_until or 0) + 1]
    assert after.cells["t3.carried_in.total"] == last.cells["t3.carried_forward.total"]


def test_only_the_city_makes_regulations_and_powers_are_delegated(reports: Reports) -> None:
    powers = ("licensing", "penalties", "coercion")
    for (town, _), report in reports.items():
        made = [report.cells[a] for a in report.cells if a.startswith("t2.regulations.")]
        assert report.town.kind == "city" or not any(made), town
        for power in powers:
            if report.cells[f"t2.{power}.decisions"]:
                assert power in (report.town.delegated or ()), (town, power)


class TestErshilidian:
    """二十里店镇 2021 has every figure of its published report, and nothing that is not in it."""

    @pytest.fixture
    def report(self, reports: Reports) -> Any:
        return reports["ershilidian", 2021]

    def test_facts(self, report: Any) -> None:
        assert dict(report.facts) == {
            "disclosed_items": 24,
            "portal_items": 24,
            "hotline_replies": 1031,
            "applications_received": 0,
            "applications_in_person": 0,
            "applications_by_mail": 0,
            "applications_online": 0,
            "applications_by_fax": 0,
            "normative_documents_made": 0,
            "reconsiderations": 0,
            "litigations": 0,
            "trainings": 4,
            "open_days": 1,
            "npc_proposals": 0,
            "cppcc_proposals": 0,
            "fee_collected_yuan": Decimal(0),
        }

    def test_all_200_cells_are_nought(self, report: Any) -> None:
        assert len(report.cells) == 200
        assert set(report.cells.values()) == {0}

    @pytest.mark.parametrize(
        ("section", "words"),
        [
            (
                "s0",
                [
                    "中华人民共和国政府信息公开条例",
                    "山东省政府信息公开办法",
                    "2021年1月1日至2021年12月31日",
                ],
            ),
            (
                "s1",
                [
                    "24条",
                    "1031条",
                    "0件",
                    "0元",
                    "信函",
                    "办理系统",
                    "微信公众号",
                    "海阳市二十里店镇人民政府",
                ],
            ),
            ("s1", ["领导小组", "镇长分管", "党政办公室主任", "2名工作人员", "培训4次", "考核"]),
            ("s1", ["主动公开", "依申请公开", "政府信息管理", "平台建设", "监督保障"]),
            ("s5", ["微信公众号", "版面", "专人", "各科室", "党政办公室"]),
            ("s6", ["信息处理费", "0元", "海阳市", "人大代表建议0件", "政协提案0件", "11月10日"]),
            ("s6", ["向群众报告、听群众意见、请群众评议", "说明"]),
        ],
    )
    def test_prose_has_the_facts(self, report: Any, section: str, words: list[str]) -> None:
        assert [word for word in words if word not in report.sections[section]] == []

    def test_nothing_is_dated_but_the_open_day(self) -> None:
        rows = {
            register: [
                row
                for row in pq.read_table(FOLDER / f"{register}.parquet").to_pylist()
                if row["town"] == "ershilidian"
            ]
            for register in CASE_REGISTERS
        }
        kept = {register: found for register, found in rows.items() if found}
        assert list(kept) == ["activities"]
        assert [(row["kind"], str(row["held_on"])) for row in kept["activities"]] == [
            ("open_day", "2021-11-10")
        ]
