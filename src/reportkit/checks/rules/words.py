"""Claims without a number: 均按期答复, 无败诉, 全部办结, against what the tables and registers hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportkit.checks.context import Context
from reportkit.checks.registry import Hit, Rule, rule
from reportkit.checks.sentences import quoted, sentences
from reportkit.checks.wording import cell_names, number_or_blank
from reportkit.finding import Place
from reportkit.form import total
from reportkit.report import TownReport

_IN_TIME = re.compile(
    r"(?:均|都|全部|已)[^，,。；;]{0,6}(?:在|于)?(?:法定|规定)[^，,。；;]{0,8}(?:期限|时限|时间)内?[^，,。；;]{0,4}(?:答复|办结|回复|办理)"
    r"|(?:按期|按时|及时|限时)(?:答复|办结|回复)率(?:均)?(?:达到|达|为)?百?分?之?100|(?:均|全部|都)(?:已)?(?:按期|按时)(?:答复|办结|办理完毕)"
)
_ALL_DONE = re.compile(
    r"(?:申请|件|均|都|[，,；;]已?)[^，,。；;]{0,4}(?:全部|均已|都已|均|已全部)(?:按[期时])?(?:办结|办理完毕|处理完毕)"
)
_ABOUT_APPLICATIONS = re.compile(r"申请|依申请")
_NOT_LOST = re.compile(r"(?:无|没有|未|零)[^，,。；;]{0,10}败诉|败诉率(?:为)?[0零]")
_NOT_CORRECTED = re.compile(
    r"(?:无|没有|未|零)[^，,。；;]{0,14}(?:纠错|被纠正|结果纠正|确认违法)|(?:纠错率)(?:为)?[0零]"
)
_LITIGATION = ("t4.litigation_direct.corrected", "t4.litigation_after_reconsideration.corrected")
_CORRECTED = ("t4.reconsideration.corrected", *_LITIGATION)
_SAYINGS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_NOT_LOST, _LITIGATION),
    (_NOT_CORRECTED, _CORRECTED),
)


@rule(
    "C-CLAIM",
    "warning",
    statement="没有数的说法也与表格和台账一致：按期答复、全部办结、无败诉、无纠错。",
    basis="国办公开办函〔2021〕30号（内容准确）；政府信息公开条例第三十三条（答复期限）",
    example="正文写“均在法定时限内答复”，台账里有 2 件超期。",
)
def without_number(report: TownReport, _context: Context) -> Iterator[Hit]:
    """Check what is said without a number; where the cells are unknown it stays silent."""
    late = any(finding.code == "TIME-OVERDUE" for finding in report.findings)
    forward = report.cells.get("t3.carried_forward.total")
    before = ""
    for sentence in sentences(report):
        text = sentence.text
        ours = bool(_ABOUT_APPLICATIONS.search(before + text))
        if late and ours and _IN_TIME.search(text):
            yield _hit(text, sentence.section, "台账里有超期未答复的申请", ())
        if forward and ours and _ALL_DONE.search(text) and "结转" not in text:
            cells = ("t3.carried_forward.total",)
            yield _hit(
                text,
                sentence.section,
                f"表三结转下年度继续办理 {number_or_blank(forward)} 件",
                cells,
            )
        for pattern, addresses in _SAYINGS:
            above = tuple(c for c in addresses if report.cells.get(c))
            if above and pattern.search(text):
                amount = total(report.cells.get(c) for c in above)
                names = cell_names(report.cells.edition, above)
                yield _hit(text, sentence.section, f"{names}共 {number_or_blank(amount)} 件", above)
        before = text[-40:]


def _hit(text: str, section: str, against: str, cells: tuple[str, ...]) -> Hit:
    return Hit(
        message=f"正文的说法与数据不一致：“{quoted(text)}”，而{against}。请核对，改成一致。",
        cells=cells,
        place=Place(section=section, sentence=quoted(text)),
    )


RULES: tuple[Rule, ...] = (without_number,)
