"""What if a cell were another number: which identities break then, and the smallest repair. Nothing is written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reportkit.checks import check_report
from reportkit.checks.repair import repairs
from reportkit.errors import ParameterError
from reportkit.form import CellValue
from reportkit.report import TownReport
from reportkit.review.checked import Checked, mends
from reportkit.review.decisions import Reviewed


@dataclass(frozen=True)
class Judgement:
    """What the rules say of a report with some cells changed."""

    report: TownReport
    broken: tuple[str, ...]
    """What does not hold, in words."""
    cells: frozenset[str]
    """The cells that have to do with it."""
    mends: tuple[str, ...]
    """The smallest repairs, in words."""

    @property
    def holds(self) -> bool:
        """Say whether every identity holds."""
        return not self.broken


def parse_typed(text: str) -> CellValue:
    """Read what somebody typed into a cell: a whole number, blank for unknown.

    >>> parse_typed(" 12 "), parse_typed("")
    (12, None)
    """
    bare = text.strip().replace(",", "").replace("，", "")
    if not bare:
        return None
    try:
        return int(bare)
    except ValueError:
        raise ParameterError(f"“{text}”不是整数；未知的留空。") from None


def what_if(
    report: TownReport, changes: Mapping[str, CellValue], last: TownReport | None = None
) -> Judgement:
    """Judge a report as it would be with some cells changed.

    Only what is wrong with figures counts: findings of level error on cells. ``last`` is last year's report, which stays
    as it is. Raises :class:`~reportkit.errors.FormError` for a cell that the form does not have.
    """
    changed = report.with_(cells=report.cells.replace(changes), findings=())
    found = [
        finding
        for finding in check_report(changed, last)
        if finding.level == "error" and finding.cells
    ]
    checked = Checked(
        report=changed,
        findings=tuple(Reviewed(finding) for finding in found),
        repairs=repairs(changed.cells, None if last is None else last.cells),
    )
    return Judgement(
        report=changed,
        broken=tuple(dict.fromkeys(finding.message for finding in found)),
        cells=frozenset(cell for finding in found for cell in finding.cells),
        mends=tuple(mends(checked)),
    )
