"""Law and sense: what a body may not have done, and figures that cannot go together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from reportkit.checks.context import Context
from reportkit.checks.deadlines import deadline, deadline_of
from reportkit.checks.extent import is_whole
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.rules.claims import judge
from reportkit.checks.rules.powers import decisions, delegated, regulations
from reportkit.checks.sentences import quoted
from reportkit.checks.wording import cell_name, known_count, number_or_blank, table_name
from reportkit.errors import FormError
from reportkit.finding import Place
from reportkit.form import EDITIONS, edition_for, load_edition, plain
from reportkit.prose.bodies import GOVERNMENTS, kind_name, kind_of
from reportkit.prose.claim import Claim
from reportkit.report import TownReport


@rule(
    "L-EDITION",
    "warning",
    statement="2021年起用2021年版表格，此前用2019年版。",
    basis="国办公开办函〔2021〕30号",
    example="2022年度报告仍用2019年试行版的表格。",
)
def edition(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that the form's edition is the one due for the year."""
    if report.edition is None or report.year is None:
        return
    try:
        due = edition_for(report.year)
    except FormError:
        return
    if due.code != report.edition:
        yield Hit(
            message=(
                f"{report.year} 年度报告应使用 {due.code} 年版表格，本报告用的是 {report.edition} 年版。"
                "请换用规定的表格重新填报。"
            ),
            basis=due.issued_by.partition(" ")[0],
        )


@rule(
    "L-AFTER",
    "warning",
    statement="复议后起诉的案件，不会多于历年已经审结的行政复议。",
    basis="行政诉讼法关于经复议的案件的规定；年度报告格式表四",
    example="历年行政复议只审结 1 件，复议后起诉却有 2 件。",
)
def after_reconsideration(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check suits after reconsideration against the reconsiderations closed so far.

    Years before the history may hold more; with a gap it cannot tell, and says so at level info.
    """
    if report.edition is None or report.year is None:
        return
    years = {past.year: past for past in context.history if past.year and past.year < report.year}
    if context.previous is not None and context.previous.year == report.year - 1:
        years[report.year - 1] = context.previous
    ended = ("upheld", "corrected", "other")
    suits = pending = known_count(report.cells, "t4.litigation_after_reconsideration.pending")
    closed: int | None = 0
    for each in (*years.values(), report):
        for result in ended:
            suit = known_count(each.cells, f"t4.litigation_after_reconsideration.{result}")
            case = known_count(each.cells, f"t4.reconsideration.{result}")
            suits = None if suits is None or suit is None else suits + suit
            closed = None if closed is None or case is None else closed + case
    if suits is None or pending is None or closed is None or suits <= closed:
        return
    whole = set(range(2019, report.year)) <= years.keys()
    doubt = "" if whole else "（只见到部分年度的报告，更早审结的未计，无法断定）"
    yield Hit(
        level="warning" if whole else "info",
        message=(
            f"表四“复议后起诉”历年共 {suits} 件，而已审结的行政复议只有 {closed} 件{doubt}。"
            "请核对这些案件是否应计入“未经复议直接起诉”。"
        ),
        cells=("t4.litigation_after_reconsideration.total",),
        left=suits,
        right=closed,
    )


_YUAN_PER_WAN = Decimal(10_000)


@rule(
    "L-FEE",
    "warning",
    statement="信息处理费是行政事业性收费：本年收取的信息处理费不超过表二的本年收费金额（容许末位四舍五入）；没有收到也没有结转申请的，不会收取。",
    basis="政府信息公开信息处理费管理办法（国办函〔2020〕109号）；财政部门关于信息处理费列入行政事业性收费的通知",
    example="收取信息处理费 200 元，表二“行政事业性收费”本年收费金额却是 0。",
)
def fee(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check that handling fees are part of the charges and have an application to be charged for."""
    collected, said = _fee(report, context)
    if not collected:
        return
    place = Place(section=said.section or None, sentence=quoted(said.sentence)) if said else None
    charges = report.cells.get(_CHARGES)
    if charges is not None and collected > _at_most(Decimal(charges)):
        yield Hit(
            message=(
                f"收取信息处理费 {number_or_blank(collected)} 元，而表二“行政事业性收费”本年收费金额为 {number_or_blank(charges)} 万元。"
                "信息处理费是行政事业性收费，应当计入本年收费金额。请核对行政事业性收费有无漏登。"
            ),
            cells=(_CHARGES,),
            left=collected,
            right=charges,
            place=place,
        )
    cells = ("t3.received.total", "t3.carried_in.total")
    if all(known_count(report.cells, address) == 0 for address in cells):
        yield Hit(
            message=f"收取信息处理费 {number_or_blank(collected)} 元，而新收和上年结转的申请都是 0。请核对。",
            cells=cells,
            left=collected,
            right=0,
            place=place,
        )


_CHARGES = "t2.charges.amount"


def _fee(report: TownReport, context: Context) -> tuple[int | Decimal | None, Claim | None]:
    """Return the handling fees of the year in yuan: the fact, else what the prose alone says, with its claim."""
    known = report.facts.get("fee_collected_yuan")
    if known is not None:
        return known, None
    for each in judge(report, context):
        claim = each.claim
        if claim.about == "fee_collected_yuan" and claim.exact and claim.part_of is None:
            return claim.value, claim
    return None, None


def _at_most(charges: Decimal) -> Decimal:
    """Return the most yuan that an amount of charges in 万元 can stand for: half its last digit more.

    None at all (0) is said of a year without a charge, and stands for nothing else.

    >>> _at_most(Decimal("0.12")), _at_most(Decimal("3")), _at_most(Decimal(0))
    (Decimal('1250.000'), Decimal('35000.0'), Decimal('0'))
    """
    if not charges:
        return Decimal(0)
    digits = len(plain(charges).partition(".")[2])
    return (charges + Decimal(5).scaleb(-digits - 1)) * _YUAN_PER_WAN


@rule(
    "L-LATE",
    "error",
    statement="年度报告按期公布：县级以上部门1月31日前，县级以上人民政府3月31日前；镇街按县里的通知，一般为1月31日前。",
    basis="政府信息公开条例第四十九条",
    example="某局2022年度报告在2023年2月10日才公布。",
)
def late(report: TownReport, context: Context) -> Iterator[Hit]:
    """Check the day of publication. Towns are not named in article 49: a warning for them."""
    kind = kind_of(report.town)
    if report.published_on is None or report.year is None or kind is None:
        return
    law, due = deadline(kind, report.year), deadline_of(report.town, report.year, context.deadlines)
    by_law = kind in ("department", "county", "city")
    if by_law and due < law < report.published_on:
        due = law  # the graver of the two
    if report.published_on <= due:
        return
    named = by_law and due == law
    noticed = "本县通知的期限" if kind in context.deadlines else "县里通知一般要求"
    source = "条例第四十九条" if named else noticed
    yield Hit(
        level="error" if named else "warning",
        message=(
            f"报告于 {report.published_on:%Y-%m-%d} 公布，晚于 {due:%Y-%m-%d}（{source}），"
            f"迟 {(report.published_on - due).days} 天。请说明原因，下年按期公布。"
        ),
        basis="政府信息公开条例第四十九条" if named else "县级主管部门的年度报告通知",
    )


@rule(
    "L-STOCK",
    "warning",
    statement="现行有效（对外公开总数）与当年的增减相容：当年制发减废止不超过现行有效，当年新公开不超过公开总数。",
    basis="年度报告格式（国办公开办函〔2019〕60号、〔2021〕30号）表二",
    example="本年制发 4 件、废止 0 件，现行有效却填 2 件。",
)
def stock(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check the stock of documents against the flow of the same year."""
    cells = report.cells
    for row in cells.edition.tables["t2"].blocks[0].rows:
        at = f"t2.{row.code}."
        made, repealed = known_count(cells, at + "made"), known_count(cells, at + "repealed")
        in_force = known_count(cells, at + "in_force")
        if made is not None and repealed is not None and in_force is not None:
            if made - repealed > in_force:
                yield Hit(
                    message=(
                        f"{table_name(cells.edition, 't2')}“{row.label}”本年制发 {made} 件、废止 {repealed} 件，"
                        f"现行有效至少应有 {made - repealed} 件，填报为 {in_force} 件。请核对。"
                    ),
                    cells=(at + "made", at + "repealed", at + "in_force"),
                    left=made - repealed,
                    right=in_force,
                )
            continue
        public, newly = (
            known_count(cells, at + "public_total"),
            known_count(cells, at + "newly_public"),
        )
        if public is not None and newly is not None and newly > public:
            yield Hit(
                message=(
                    f"{cell_name(cells.edition, at + 'newly_public')}为 {newly}，"
                    f"超过对外公开总数量 {public}。请核对。"
                ),
                cells=(at + "newly_public", at + "public_total"),
                left=newly,
                right=public,
            )


@rule(
    "L-CONTENT",
    "warning",
    statement="各级人民政府（含镇、乡）的报告要写明工作考核、社会评议和责任追究结果情况；街道和部门不作此要求。",
    basis="政府信息公开条例第四十六条、第五十条第一款第（四）项",
    example="某镇的报告只写了培训，没有写社会评议和责任追究。",
)
def content(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check that a government's report tells of assessment, appraisal and accountability."""
    if kind_of(report.town) not in GOVERNMENTS or not report.sections:
        return
    form = load_edition(report.edition or EDITIONS[-1])
    if not is_whole(report, form):
        return  # it may stand where the text has broken off
    text = "".join(report.sections.values())
    wanted = {
        "工作考核": ("考核",),
        "社会评议": ("评议", "評議"),
        "责任追究": ("追究", "问责", "問責", "追责", "追責"),
    }
    missing = [name for name, words in wanted.items() if not any(word in text for word in words)]
    if missing:
        yield Hit(
            message=(
                f"没有写到{'、'.join(missing)}。{kind_name(kind_of(report.town))}人民政府的报告应当包括"
                "工作考核、社会评议和责任追究结果情况，请在“监督保障”部分补写，没有发生的也要写明。"
            )
        )


RULES: tuple[Rule, ...] = (
    regulations,
    delegated,
    decisions,
    edition,
    after_reconsideration,
    fee,
    late,
    stock,
    content,
)
