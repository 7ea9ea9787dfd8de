"""Disputes (复议诉讼) that the law makes one look at twice: suits without reconsideration, joint suits.

From 1 January 2024 (Administrative Reconsideration Law, 行政复议法, revised 2023, art. 23) somebody who
was refused information goes to reconsideration first, and to court after it. Which answers other than a
refusal are meant is not settled: only a direct suit over a refusal is a warning, that over another
answer an information. A suit that is linked to no application tells nothing.

A suit in which the body that decided the reconsideration is a co-defendant counts once, with the body
whose act it was (国办公开办函〔2016〕201号): the reconsidering body counts it nowhere, and is told so.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np

from reportkit.finding import Finding, Level, Place
from reportkit.registers.data import TownData
from reportkit.registers.derivation.numbering import list_numbers
from reportkit.registers.rows import Rows
from reportkit.registers.schema import CO_DEFENDANT

RECONSIDERATION_FIRST: Final = date(2024, 1, 1)
"""The revised Administrative Reconsideration Law is in force from this day on."""
_LAW: Final = "参见行政复议法（2023年修订，2024年1月1日起施行）第二十三条"
_COUNTED_ONCE: Final = "国办公开办函〔2016〕201号"


def suit_findings(data: TownData, year: int) -> tuple[Finding, ...]:
    """Return the findings on the disputes that a year shows: those not closed before it."""
    rows = data.rows("disputes", year)
    live = rows.where(~(rows.days("closed_on") < np.datetime64(f"{year}-01-01", "D")))
    joint = live.values("role") == CO_DEFENDANT
    findings = _direct(live.where(~joint), data, year)
    if joint.any():
        findings.append(
            _finding(
                "SUIT-JOINT",
                "info",
                f"复议诉讼台账有{joint.sum()}件，本机关是作为共同被告的复议机关："
                f"{list_numbers(live.where(joint).values('case_no'))}。这样的案件由原行为机关计一次，本机关不计入任何数字。",
                _COUNTED_ONCE,
            )
        )
    return tuple(findings)


def _direct(disputes: Rows, data: TownData, year: int) -> list[Finding]:
    """Judge the direct suits by the outcome of the application that each is linked to."""
    direct = disputes.where(disputes.values("route") == "litigation_direct")
    linked = [
        (case, number)
        for case, number in zip(
            direct.values("case_no"), direct.values("application_no"), strict=True
        )
        if number is not None
    ]
    if not linked:
        return []
    applications = data.rows("applications", year)
    since = applications.days("replied_on") >= np.datetime64(RECONSIDERATION_FIRST, "D")
    answered = applications.where(since)
    outcomes = dict(zip(answered.values("application_no"), answered.values("outcome"), strict=True))
    refused: list[str] = []
    others: list[str] = []
    for case, number in linked:
        if (outcome := outcomes.get(number)) is not None:
            (refused if str(outcome).startswith("refused.") else others).append(str(case))
    findings = []
    if refused:
        findings.append(
            _finding(
                "SUIT-DIRECT",
                "warning",
                f"有{len(refused)}件登记为未经复议直接起诉，起因是2024年1月1日以后答复的不予公开：{list_numbers(refused)}。"
                "对不予公开不服的，依法应当先申请行政复议。请核对类别（是否为复议后起诉）、申请编号和答复日期的登记；"
                "法院确已直接受理的，如实登记。",
                _LAW,
            )
        )
    if others:
        findings.append(
            _finding(
                "SUIT-DIRECT",
                "info",
                f"有{len(others)}件登记为未经复议直接起诉，起因是2024年1月1日以后作出的不予公开以外的答复：{list_numbers(others)}。"
                "这类答复是否须先申请行政复议没有定论，仅供核对。",
                _LAW,
            )
        )
    return findings


def _finding(code: str, level: Level, message: str, basis: str) -> Finding:
    return Finding(
        code=code, level=level, message=message, basis=basis, place=Place(register="disputes")
    )
