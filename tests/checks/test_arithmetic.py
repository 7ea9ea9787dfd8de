"""The form's arithmetic: what fails, what holds, and what nobody can tell."""

from __future__ import annotations

from itertools import product
from math import inf

import pytest

from reportkit.checks import check_report
from reportkit.checks.rules.blanks import narrow
from reportkit.finding import Finding
from reportkit.form import EDITIONS, Cells, CellValue, load_edition, total
from tests.checks.conftest import Make

KINDS = (
    "natural_person",
    "enterprise",
    "research_institute",
    "social_organisation",
    "legal_service",
    "other_organisation",
)


def found(findings: tuple[Finding, ...], code: str, level: str = "error") -> list[Finding]:
    """Return the findings of a rule at a level."""
    return [f for f in findings if f.code == code and f.level == level]


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_zero_is_silent(make: Make, edition: str) -> None:
    assert check_report(make(edition=edition)) == ()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_identity_fails_alone(make: Make, edition: str) -> None:
    """Each equation, broken by one cell, is found under its code with its cells and both sides."""
    for identity in load_edition(edition).arithmetic:
        address = identity.right[0].address
        findings = found(check_report(make({address: 3}, edition=edition)), identity.code)
        hit = next(f for f in findings if set(f.cells) == {t.address for t in identity.terms})
        assert hit.left == 0
        assert hit.right == 3
        assert "相差 3" in hit.message


def test_blank_total_has_its_only_value(make: Make) -> None:
    cells = {f"t3.received.{kind}": 2 for kind in KINDS} | {"t3.received.total": None}
    hits = found(check_report(make(cells)), "T3-TOTAL", "info")
    assert [(f.cells, f.right) for f in hits] == [(("t3.received.total",), 12)]
    assert "只能是 12" in hits[0].message


def test_parts_that_equal_the_total_leave_blanks_at_zero(make: Make) -> None:
    cells = {
        **dict.fromkeys((f"t3.received.{kind}" for kind in KINDS[1:]), None),
        "t3.received.natural_person": 12,
        "t3.received.total": 12,
    }
    findings = check_report(make(cells))
    assert not found(findings, "T3-TOTAL")
    (hit,) = found(findings, "T3-TOTAL", "info")
    assert (len(hit.cells), hit.right) == (5, 0)


def test_parts_beyond_the_total_fail_in_spite_of_blanks(make: Make) -> None:
    cells = {
        "t3.received.natural_person": 4,
        "t3.received.enterprise": None,
        "t3.received.total": 3,
    }
    (hit,) = found(check_report(make(cells)), "T3-TOTAL")
    assert (hit.left, hit.right) == (4, 3)


def test_two_blanks_nobody_can_tell(make: Make) -> None:
    cells = {"t4.reconsideration.upheld": None, "t4.reconsideration.total": None}
    (hit,) = check_report(make(cells))
    assert (hit.code, hit.level, hit.right) == ("T4-TOTAL", "info", None)
    assert set(hit.cells) == set(cells)


def test_unknown_tables_do_not_flood(make: Make) -> None:
    report = make()
    findings = check_report(report.with_(cells=Cells(load_edition("2021"))))
    told = [(f.code, f.level) for f in findings if f.code.startswith("T")]
    assert told == [("T3-TOTAL", "info"), ("T4-TOTAL", "info")]


def test_many_blanks_are_told_once_a_rule(make: Make) -> None:
    form = load_edition("2021")
    cells = {f"t3.{row.code}.total": None for row in form.tables["t3"].rows}
    findings = check_report(make(cells))
    assert len(found(findings, "T3-TOTAL", "info")) == 1
    assert {f.level for f in findings} == {"info"}


def test_negative_count_and_signed_change(make: Make) -> None:
    (hit,) = found(check_report(make({"t2.charges.amount": "-0.5"})), "C-NEGATIVE")
    assert hit.cells == ("t2.charges.amount",)
    assert check_report(make({"t2.licensing.items_change": -2}, edition="2019")) == ()


def test_no_table_no_arithmetic(make: Make) -> None:
    report = make()
    bare = report.with_(edition=None, cells={})
    assert {f.code for f in check_report(bare)} <= {"C-VALUE", "X-TABLE"}


def test_order_is_fixed_and_each_finding_once(make: Make) -> None:
    report = make(
        {"t3.received.total": 1, "t4.litigation_direct.total": 1, "t3.granted.total": None}
    )
    findings = check_report(report)
    assert findings == check_report(report)
    assert len(set(findings)) == len(findings)
    levels = [f.level for f in findings]
    assert levels == sorted(levels, key=["error", "warning", "info"].index)


def test_what_all_lines_together_decide_is_told(make: Make) -> None:
    """Neither the row (two blanks) nor the column (two blanks) alone says what it must be."""
    cells = {
        "t3.received.natural_person": None,
        "t3.received.enterprise": None,
        "t3.carried_in.natural_person": None,
        "t3.received.total": 3,
        "t3.granted.natural_person": 3,
        "t3.granted.total": 3,
        "t3.handled.natural_person": 3,
        "t3.handled.total": 3,
    }
    (hit,) = found(check_report(make(cells)), "T-BLANK", "info")
    assert (hit.cells, hit.right) == (("t3.received.natural_person",), 3)


def test_narrowing_never_leaves_out_a_possible_value() -> None:
    """Count out every filling of the blanks of one row of disputes against its bounds."""
    form = load_edition("2021")
    row = [f"t4.reconsideration.{c}" for c in ("upheld", "corrected", "other", "pending", "total")]
    for given in ((None, None, 1, 0, 4), (2, None, None, None, 2), (None, 0, 0, 0, None)):
        values = {**dict.fromkeys(form.addresses, 0), **dict(zip(row, given, strict=True))}
        cells = Cells(form, values)
        bounds, impossible = narrow(form, cells.in_order())
        assert impossible is None
        blanks = [address for address, value in zip(row, given, strict=True) if value is None]
        possible = []
        for filling in product(range(6), repeat=len(blanks)):
            full = [values[a] for a in row]
            for address, value in zip(blanks, filling, strict=True):
                full[row.index(address)] = value
            if total(full[:4]) == full[4]:
                possible.append(filling)
        for at, address in enumerate(blanks):
            seen = {filling[at] for filling in possible}
            assert bounds[address].low == min(seen)
            assert bounds[address].high in (max(seen), inf)


WORDS: list[tuple[dict[str, CellValue], str, str]] = [
    (
        {"t3.carried_in.natural_person": 2, "t3.carried_in.total": 2},
        "T3-BALANCE",
        (
            "表三“自然人”列不平：“本年新收政府信息公开申请数量”0＋“上年结转政府信息公开申请数量”2＝2，"
            "“总计”0＋“结转下年度继续办理”0＝0，两边相差 2。请核对这一列各数。"
        ),
    ),
    (
        {"t4.reconsideration.upheld": 1, "t4.reconsideration.total": 3},
        "T4-TOTAL",
        (
            "表四“行政复议”行不平：“结果维持”1＋“结果纠正”0＋“其他结果”0＋“尚未审结”0＝1，"
            "“总计”为 3，两边相差 2。请核对这一行各数。"
        ),
    ),
    (
        {"t4.reconsideration.upheld": 4, "t4.reconsideration.other": None},
        "T4-TOTAL",
        (
            "表四“行政复议”行不平：“结果维持”4＋“结果纠正”0＋“其他结果”空白＋“尚未审结”0＝4，"
            "“总计”为 0，空白处即使按 0 计也不相等，已相差 4。请核对并补填空白。"
        ),
    ),
    (
        {"t3.carried_in.enterprise": 5, "t3.carried_in.legal_service": 1},
        "T3-TOTAL",
        (
            "表三“二、上年结转政府信息公开申请数量”行不平：“自然人”至“其他”共 6 项之和为 6，"
            "“总计”为 0，两边相差 6。请核对这一行各数。"
        ),
    ),
]


@pytest.mark.parametrize(("cells", "code", "message"), WORDS)
def test_a_line_that_does_not_add_up_is_written_out(
    make: Make, cells: dict[str, CellValue], code: str, message: str
) -> None:
    assert message in [f.message for f in found(check_report(make(cells)), code)]


def test_last_years_cell_is_named_as_last_years(make: Make) -> None:
    last = make({"t2.normative_documents.in_force": 3}, year=2021, sections={})
    now = make({"t2.normative_documents.repealed": 1})
    (hit,) = found(check_report(now, last), "Y-NORMATIVE")
    assert hit.message == (
        "表二“行政规范性文件”行不平：“现行有效件数”为 0，"
        "“上年现行有效件数”3＋“本年制发件数”0－“本年废止件数”1＝2，两边相差 2。请核对这一行各数。"
    )
    assert (hit.left, hit.right) == (0, 2)


BLANK_ROWS = [f"t3.{row.code}.total" for row in load_edition("2021").tables["t3"].rows]


def test_up_to_six_blanks_are_told_one_by_one(make: Make) -> None:
    six = found(check_report(make(dict.fromkeys(BLANK_ROWS[3:9]))), "T3-TOTAL", "info")
    assert [f.cells for f in six] == [(address,) for address in sorted(BLANK_ROWS[3:9])]
    assert {f.right for f in six} == {0}
    assert six[-1].message == (
        "表三“三、本年度办理结果·（三）不予公开·4.保护第三方合法权益”行“总计”列空白，无法判断是否相等；"
        "按勾稽关系该格只能是 0，请核实后补填。"
    )
    (one,) = found(check_report(make(dict.fromkeys(BLANK_ROWS[3:10]))), "T3-TOTAL", "info")
    assert one.cells == tuple(BLANK_ROWS[3:10])
    assert one.right == 0
    assert one.message.endswith("等 7 格空白，按勾稽关系只能是 0。空白不等于 0，请核实后补填。")


def test_many_blanks_are_told_with_their_values_where_not_all_are_nought(make: Make) -> None:
    cells: dict[str, CellValue] = dict.fromkeys(BLANK_ROWS[3:10])
    cells["t3.granted_in_part.enterprise"] = 2
    (one,) = found(check_report(make(cells)), "T3-TOTAL", "info")
    assert one.right is None
    assert "（二）部分公开”行“总计”列只能是 2、" in one.message
    assert one.message.endswith("只能是 0。空白不等于 0，请核实后补填。")


def test_two_blanks_that_must_be_nought_are_told_beside_single_ones(make: Make) -> None:
    row = "t4.reconsideration"
    cells = {
        f"{row}.upheld": None,
        f"{row}.other": None,  # both are 0
        "t4.litigation_direct.total": None,  # one that has its value
    }
    first, second = found(check_report(make(cells)), "T4-TOTAL", "info")
    assert first.cells == ("t4.litigation_direct.total",)
    assert second.cells == (f"{row}.upheld", f"{row}.other")
    assert second.message == (
        "表四“行政复议”行“结果维持”列、表四“行政复议”行“其他结果”列空白，按勾稽关系只能是 0。空白不等于 0，请核实后补填。"
    )
    assert second.right == 0


def test_lines_that_stay_open_are_named_and_empty_ones_counted(make: Make) -> None:
    blank = dict.fromkeys(
        f"t4.litigation_direct.{c}" for c in ("upheld", "corrected", "other", "pending", "total")
    )
    cells = {"t4.reconsideration.upheld": None, "t4.reconsideration.total": None, **blank}
    (hit,) = found(check_report(make(cells)), "T4-TOTAL", "info")
    assert hit.message == (
        "表四“行政复议”行有空白，无法判断是否相等；表四有 1 行全部空白，无法判断。没有发生的填 0，请补填。"
    )
    assert hit.cells == ("t4.reconsideration.upheld", "t4.reconsideration.total")
    many = {
        f"t3.{row.code}.{column}": None
        for row in load_edition("2021").tables["t3"].rows[3:10]
        for column in ("enterprise", "total")
    }
    (open_,) = found(check_report(make(many)), "T3-TOTAL", "info")
    assert "”行等 7 处有空白，无法判断是否相等。没有发生的填 0，请补填。" in open_.message
    assert open_.message.count("、表三") == 5
    few = dict(list(many.items())[:12])
    (open_,) = found(check_report(make(few)), "T3-TOTAL", "info")
    assert "等 " not in open_.message


@pytest.mark.parametrize("value", [-1, -7])
def test_a_negative_count_is_named(make: Make, value: int) -> None:
    (hit,) = found(check_report(make({"t2.penalties.decisions": value})), "C-NEGATIVE")
    assert hit.message == (
        f"表二“行政处罚”行“本年处理决定数量”列为 {value}，件数和金额不能为负。请改正。"
    )
    assert (hit.left, hit.right) == (value, 0)


def _narrowed(changes: dict[str, CellValue]) -> tuple[dict[str, tuple[float, float]], str | None]:
    """Return the bounds of the blanks of an otherwise empty form, and the line that cannot hold."""
    form = load_edition("2021")
    cells = Cells(form, {**dict.fromkeys(form.addresses, 0), **changes})
    bounds, impossible = narrow(form, cells.in_order())
    line = None if impossible is None else f"{impossible.identity.code} {impossible.identity.key}"
    return {address: (each.low, each.high) for address, each in bounds.items()}, line


def test_bounds_behind_a_known_part_are_narrowed() -> None:
    row = "t4.reconsideration"
    blank: dict[str, CellValue] = dict.fromkeys((f"{row}.corrected", f"{row}.pending"))
    bounds, impossible = _narrowed({f"{row}.upheld": 2, **blank, f"{row}.total": 5})
    assert (bounds, impossible) == (dict.fromkeys(blank, (0, 3)), None)


def test_a_row_of_blanks_that_its_columns_decide_must_add_up() -> None:
    """By its columns the blank row is 1 for natural persons, and 2 in all."""
    row: dict[str, CellValue] = {f"t3.granted.{kind}": None for kind in (*KINDS, "total")}
    bounds, impossible = _narrowed({**row, "t3.handled.natural_person": 1, "t3.handled.total": 2})
    assert impossible == "T3-TOTAL granted"
    assert bounds["t3.granted.enterprise"] == (0, 0)
    bounds, impossible = _narrowed({**row, "t3.handled.natural_person": 2, "t3.handled.total": 2})
    assert impossible is None
    assert bounds["t3.granted.total"] == (2, 2)


def test_blanks_that_nothing_can_fill_are_told_with_their_line(make: Make) -> None:
    """Carried in: 1 by its column, 0 by its row; carried forward the other way round."""
    cells: dict[str, CellValue] = {
        "t3.carried_in.natural_person": None,
        "t3.carried_forward.natural_person": 1,
        "t3.carried_forward.enterprise": None,
        "t3.carried_forward.total": 1,
        "t3.received.enterprise": 1,
        "t3.received.total": 1,
    }
    (hit,) = found(check_report(make(cells)), "T-BLANK")
    assert hit.message == (
        "表三“二、上年结转政府信息公开申请数量”行的空白格（表三“二、上年结转政府信息公开申请数量”行“自然人”列）"
        "按各条勾稽关系推算互相矛盾，填什么数都不平。请核对所在各行各列已填的数。"
    )
    assert hit.cells == tuple(f"t3.carried_in.{kind}" for kind in (*KINDS, "total"))


def test_blanks_that_all_lines_together_decide_are_told_in_one(make: Make) -> None:
    """Two rows and two columns with two blanks each: by both together they are 0, or not all 0."""
    rows, columns = ("received", "carried_in"), ("natural_person", "enterprise")
    blank: dict[str, CellValue] = {f"t3.{r}.{c}": None for r in rows for c in columns}
    del blank["t3.carried_in.enterprise"]
    # Each line by itself says that its two blanks are 0.
    assert found(check_report(make(blank)), "T-BLANK", "info") == []
    ones: dict[str, CellValue] = {
        "t3.received.total": 3,
        "t3.granted.natural_person": 2,
        "t3.granted.enterprise": 1,
        "t3.granted.total": 3,
        "t3.handled.natural_person": 2,
        "t3.handled.enterprise": 1,
        "t3.handled.total": 3,
    }
    (hit,) = found(check_report(make(blank | ones)), "T-BLANK", "info")
    assert hit.cells == ("t3.received.natural_person",)
    assert hit.message == (
        "各条勾稽关系合起来看，表三“一、本年新收政府信息公开申请数量”行“自然人”列只能是 2。"
        "空白不等于 0，请核实后补填。"
    )
    assert hit.right == 2
