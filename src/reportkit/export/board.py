"""The board (报送情况): who has handed in a report of a year, when it was published, and what is open.

The county's page and the index print the same lines, made here; letters are due where these lines say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reportkit.blocks import Handed
from reportkit.blocks.lineage import State
from reportkit.finding import LEVEL_NAMES, sends_back
from reportkit.prose.bodies import kind_name, kind_of
from reportkit.report import Town
from reportkit.rollup import name_of


@dataclass(frozen=True)
class BoardYear:
    """The board of one year."""

    year: int
    lines: tuple[Handed, ...]
    """The missing and the late first."""

    @property
    def summary(self) -> str:
        """What an official reads first."""
        return summary(self.lines, self.year)

    @property
    def missing(self) -> tuple[Handed, ...]:
        """The bodies without a report."""
        return tuple(line for line in self.lines if line.state != "reported")

    @property
    def late(self) -> tuple[Handed, ...]:
        """The bodies that published after the deadline."""
        return tuple(line for line in self.lines if line.late)

    @property
    def busy(self) -> tuple[Handed, ...]:
        """For the office: the bodies that something is to be done about, or that were sent back."""
        return tuple(line for line in self.lines if _is_busy(line.remarks))


NOTHING: Final = ("无待办",)
LETTER: Final = "应发退回修改通知"
REMINDER: Final = "应催报"
FAILED: Final = "报告未能生成"
DRAFT: Final = "草稿"


def _is_busy(remarks: Sequence[str]) -> bool:
    return any(each in (LETTER, REMINDER, FAILED, DRAFT) or "退回" in each for each in remarks)


def handed(
    town: Town,
    state: State,
    *,
    page: str,
    published_on: date | None,
    deadline: date,
    remarks: tuple[str, ...] | None = None,
) -> Handed:
    """Return a body's line. Without ``remarks`` it is for the public, who are not told why a report is not there."""
    if remarks is None and state == "failed":
        state = "absent"
    kind = kind_name(kind_of(town))
    return Handed(name_of(town), kind, page, state, published_on, deadline, remarks or ())


def remarks_of(
    state: State, findings: Mapping[str, int] | None, rounds: Sequence[str]
) -> tuple[str, ...]:
    """Say for the office what is open: the findings by level, the letter to write, and every round handed in."""
    counts = findings or {}
    told = [f"{LEVEL_NAMES[level]}{n}项" for level in LEVEL_NAMES if (n := counts.get(level, 0))]
    if state == "failed":
        told.append(FAILED)
    if state == "draft":
        told.append(DRAFT)
    if sends_back(counts):
        told.append(LETTER)
    if state == "absent":
        told.append(REMINDER)
    return (*told, *rounds) or NOTHING


def in_order(lines: Sequence[Handed]) -> tuple[Handed, ...]:
    """Return lines with the missing first, then the late, then the others, each in the order given."""
    return tuple(sorted(lines, key=lambda line: (line.state == "reported", not line.late)))


def summary(lines: Sequence[Handed], year: int, *, open_ended: bool = False) -> str:
    """Return how many of how many bodies have a report, how many on time and late."""
    every = len(lines)
    counts = Counter(line.state == "reported" for line in lines)
    late = sum(line.late for line in lines)
    undated = sum(line.state == "reported" and line.published_on is None for line in lines)
    on_time = counts[True] - late - undated
    if open_ended:
        return f"已知单位{every}个，所辖单位总数不详；其中{counts[True]}个有{year}年度报告。"
    words = f"{every}个单位中{counts[True]}个有{year}年度报告"
    if on_time or late:
        words += f"，按期公布{on_time}个，逾期{late}个"
    if undated:
        words += f"，{undated}个公布日期未登记"
    return words + (f"；{counts[False]}个还没有。" if counts[False] else "。")
