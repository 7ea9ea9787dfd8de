"""退回修改通知: one Word letter a town, listing cell, what is wrong, what to do and the basis.

The form of a letter is the office's own: who signs and when is left for it to fill in unless given. Same findings, same
bytes.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from reportkit.finding import LEVEL_NAMES, LEVELS, Finding, sends_back
from reportkit.prose.bodies import short_name
from reportkit.review.checked import Checked, mends, where
from reportkit.review.official import Letter, office_of

_NUMERALS: Final = "一二三四五六七八九十"


def needs_letter(checked: Checked) -> bool:
    """Say whether a report has something to send it back for, by the rule of the county's board."""
    return sends_back({level: len(checked.open(level)) for level in LEVELS})


def render_letter(checked: Checked, *, issuer: str = "", issued_on: date | None = None) -> bytes:
    """Return the letter's bytes. Blank issuer or day leave room to fill them in."""
    report = checked.report
    year = f"{report.year}年" if report.year else ""
    letter = Letter(
        f"关于退回修改《{short_name(report.town.name)}{year}政府信息公开工作年度报告》的通知",
        "退回修改通知",
    )
    letter.to(report.town)
    errors, warnings = checked.open("error"), checked.open("warning")
    parts = (("须改正的问题", errors), ("须核对的问题", warnings))
    found = "、".join(f"{heading} {len(findings)} 个" for heading, findings in parts if findings)
    letter.say(
        f"你单位报送的{year}政府信息公开工作年度报告已经校验，发现{found}。请逐项改正或者说明后重新报送。"
    )
    part = 0
    for heading, findings in parts:
        if findings:
            letter.heading(f"{_NUMERALS[part]}、{heading}")
            part += 1
            for place, finding in enumerate(findings, 1):
                _finding(letter, checked, place, finding)
    ways = mends(checked)
    if ways:
        letter.heading(f"{_NUMERALS[part]}、表格勾稽的最少改动")
        for words in ways:
            letter.say(words)
    letter.sign(issuer or office_of(report.town), issued_on)
    return letter.to_bytes()


def _finding(letter: Letter, checked: Checked, place: int, finding: Finding) -> None:
    """Write one finding: where, what and how to mend it, basis."""
    letter.say(f"{place}．{where(checked.report, finding)}", bold=True)
    letter.say(f"问题（{LEVEL_NAMES[finding.level]}）：{finding.message}")
    if finding.basis:
        letter.say(f"依据：{finding.basis}。")
