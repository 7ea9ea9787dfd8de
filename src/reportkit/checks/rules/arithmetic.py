"""The form's arithmetic within one report, from the edition's own identities.

With an unknown cell a rule says that it cannot tell, at level info, and names the value that
the cell must have where only one is possible. It never takes an unknown for zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.solve import EquationCheck, equations, outcome
from reportkit.checks.wording import (
    cell_name,
    cell_names,
    distance,
    line_name,
    number_or_blank,
    term_name,
)
from reportkit.form import Cells, CellValue, Edition, Identity, Term
from reportkit.report import TownReport

FEW = 6
"""Up to so many blanks of one rule are findings of their own; more are told in one."""

_BASIS = "年度报告格式（{}）所附勾稽关系"
_FORMAT = _BASIS.format("国办公开办函〔2019〕60号、〔2021〕30号")


def judge(
    report: TownReport, code: str, last: Cells | None = None, *, blanks: bool = True
) -> Iterator[Hit]:
    """Yield what one rule's equations say of a report.

    ``blanks`` says whether lines of which nothing is known are told, all in one finding.
    """
    if report.edition is None:
        return
    edition = report.cells.edition
    values = report.cells.in_order()
    outcomes = [
        found
        for equation in equations(edition.code, code)
        if (found := outcome(equation, values, edition.addresses, last)) is not None
    ]
    if not outcomes:
        return
    for found in outcomes:
        if found.state == "fails":
            yield _failure(edition, report.cells, last, found)
    yield from _forced(edition, [found for found in outcomes if found.forced])
    yield from _unknown(edition, outcomes, blanks=blanks)


def _failure(edition: Edition, cells: Cells, last: Cells | None, found: EquationCheck) -> Hit:
    identity = found.equation.identity
    left, right = (
        _sum(edition, identity, side, cells, last) for side in (identity.left, identity.right)
    )
    gap = distance(found.left, found.right)
    if found.blank:
        end = f"空白处即使按 0 计也不相等，已相差 {number_or_blank(gap)}。请核对并补填空白。"
    else:
        end = f"两边相差 {number_or_blank(gap)}。请核对这一{'行' if _by_row(edition, identity) else '列'}各数。"
    return Hit(
        message=f"{line_name(edition, identity)}不平：{left}，{right}，{end}",
        cells=found.cells,
        left=found.left,
        right=found.right,
    )


def _by_row(edition: Edition, identity: Identity) -> bool:
    return edition.cell(identity.left[0].address).row.code == identity.key


def _sum(
    edition: Edition,
    identity: Identity,
    side: Sequence[Term],
    cells: Cells,
    last: Cells | None,
) -> str:
    """Write one side out: each term by name while they are few, else its extent and sum."""

    def value(term: Term) -> CellValue:
        source = last if term.last else cells
        return source.get(term.address) if source is not None else None

    def name(term: Term) -> str:
        return ("上年" if term.last else "") + term_name(edition, identity, term.address)

    if len(side) == 1:
        return f"“{name(side[0])}”为 {number_or_blank(value(side[0]))}"
    known = sum(term.sign * got for term in side if (got := value(term)) is not None)
    if len(side) <= 4:
        words = "".join(
            ("－" if term.sign < 0 else "＋" if place else "")
            + f"“{name(term)}”{number_or_blank(value(term))}"
            for place, term in enumerate(side)
        )
        return f"{words}＝{number_or_blank(known)}"
    return f"“{name(side[0])}”至“{name(side[-1])}”共 {len(side)} 项之和为 {number_or_blank(known)}"


def _forced(edition: Edition, found: Sequence[EquationCheck]) -> Iterator[Hit]:
    """Tell the values that blanks must have: those of one blank alone each, the others in one."""
    single = [each for each in found if each.state == "forced"]
    told = single if len(single) <= FEW else []
    for each in told:
        ((address, value),) = each.forced.items()
        yield Hit(
            level="info",
            message=(
                f"{cell_name(edition, address)}空白，无法判断是否相等；"
                f"按勾稽关系该格只能是 {number_or_blank(value)}，请核实后补填。"
            ),
            cells=(address,),
            right=value,
        )
    rest = {
        address: value
        for each in found
        if not (told and each.state == "forced")
        for address, value in each.forced.items()
    }
    if rest:
        zero = not any(rest.values())
        named = (
            f"{cell_names(edition, rest)}空白，按勾稽关系只能是 0"
            if zero
            else "、".join(
                f"{cell_name(edition, a)}只能是 {number_or_blank(v)}" for a, v in rest.items()
            )
        )
        yield Hit(
            level="info",
            message=f"{named}。空白不等于 0，请核实后补填。",
            cells=tuple(rest),
            right=0 if zero else None,
        )


def _unknown(edition: Edition, outcomes: Iterable[EquationCheck], *, blanks: bool) -> Iterator[Hit]:
    """Tell in one finding the lines that stay undetermined."""
    open_ = [each for each in outcomes if each.state == "unknown"]
    empty = [each for each in outcomes if each.state == "blank"] if blanks else []
    if not open_ and not empty:
        return
    words = []
    if open_:
        names = [line_name(edition, each.equation.identity) for each in open_]
        more = f"等 {len(names)} 处" if len(names) > FEW else ""
        words.append("、".join(names[:FEW]) + more + "有空白，无法判断是否相等")
    if empty:
        table = line_name(edition, empty[0].equation.identity)[:2]
        words.append(f"{table}有 {len(empty)} 行全部空白，无法判断")
    yield Hit(
        level="info",
        message="；".join(words) + "。没有发生的填 0，请补填。",
        cells=tuple(dict.fromkeys(cell for each in open_ for cell in each.blank)),
    )


@rule(
    "T3-BALANCE",
    "error",
    statement="表三每一列：本年新收加上年结转，等于办理结果总计加结转下年度。",
    basis=_FORMAT,
    example="自然人列新收 3、结转 0，办理结果总计 2、结转下年度 0。",
)
def balance(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check what comes in against what goes out, column by column."""
    return judge(report, "T3-BALANCE", blanks=False)


@rule(
    "T3-HANDLED",
    "error",
    statement="表三每一列：办理结果各项之和等于（七）总计。",
    basis=_FORMAT,
    example="自然人列予以公开 2、不予公开 1，总计却为 2。",
)
def handled(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check the outcomes of each column against their total."""
    return judge(report, "T3-HANDLED", blanks=False)


@rule(
    "T3-TOTAL",
    "error",
    statement="表三每一行：自然人与各类法人或其他组织之和等于总计。",
    basis=_FORMAT,
    example="本年新收行自然人 3、商业企业 1，总计却为 3。",
)
def applicants(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check the kinds of applicant of each row against their total."""
    return judge(report, "T3-TOTAL")


@rule(
    "T4-TOTAL",
    "error",
    statement="表四行政复议和两类行政诉讼：各结果与尚未审结之和等于总计。",
    basis=_FORMAT,
    example="行政复议结果维持 1、尚未审结 1，总计却为 1。",
)
def disputes(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check the results of each kind of dispute against their total."""
    return judge(report, "T4-TOTAL")


@rule(
    "C-NEGATIVE",
    "error",
    statement="除“本年增/减”外，各格的数不小于 0。",
    basis=_FORMAT,
    example="本年新收填了 -1。",
)
def negative(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that counts and amounts are not negative."""
    if report.edition is None:
        return
    edition = report.cells.edition
    values = report.cells.in_order()
    for address, value in zip(edition.addresses, values, strict=True):
        if value is not None and value < 0 and edition.cells[address].column.type != "signed":
            yield Hit(
                message=f"{cell_name(edition, address)}为 {number_or_blank(value)}，件数和金额不能为负。请改正。",
                cells=(address,),
                left=value,
                right=0,
            )


RULES: tuple[Rule, ...] = (balance, handled, applicants, disputes, negative)
