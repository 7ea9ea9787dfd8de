"""催报通知: one Word letter to each body that has not handed in its report of a year.

Who that is follows the county's board: a body that params/towns.yaml lists and that has no report of the year. One
whose report was refused as a draft, or could not be made, has handed in.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from reportkit.checks.deadlines import NO_DEADLINES, Deadlines, deadline_of
from reportkit.manifest import Manifest
from reportkit.prose.bodies import kind_of, short_name
from reportkit.report import Town, TownReport
from reportkit.review.official import Letter, office_of
from reportkit.sources.archive import known_town

_MANIFEST: Final = "manifest.json"


def to_remind(
    towns: Mapping[str, Town], reports: Iterable[TownReport], folders: Sequence[Path]
) -> Iterator[tuple[Town, int]]:
    """Yield every body and year to send a reminder for, by year and id.

    ``towns`` are those that params list. The years are those of the ``reports``; who handed in is told by them and by
    the manifest of a run in a folder, or above it. Without a folder nobody is reminded: files one by one tell
    nothing of the others.
    """
    if not folders:
        return
    there = {
        (str(known_town(report.town, towns).id) if report.town.id is None else report.town.id, year)
        for report in reports
        if (year := report.year) is not None
    }
    years = sorted({year for _, year in there})
    there |= {key for folder in folders for key in _made(folder)}
    for year in years:
        for id_ in sorted(towns):
            if (id_, year) not in there:
                yield towns[id_], year


def _made(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield town and year of every report that a run tried to make, in or above a folder."""
    for place in (folder, folder.absolute().parent):
        with contextlib.suppress(OSError):
            yield from Manifest.from_json((place / _MANIFEST).read_bytes()).entries


def render_reminder(
    town: Town,
    year: int,
    *,
    deadlines: Deadlines = NO_DEADLINES,
    issuer: str = "",
    issued_on: date | None = None,
) -> bytes:
    """Return the letter's bytes. ``deadlines`` are those that params set; blank issuer or day leave room to fill them in.

    Source: 政府信息公开条例第四十七条、第四十九条、第五十条. The law names no day for towns; theirs is their county's.
    """
    kind = kind_of(town)
    day = deadline_of(town, year, deadlines)
    report = f"{year}年政府信息公开工作年度报告"
    letter = Letter(f"关于报送《{short_name(town.name)}{report}》的通知", "催报通知")
    letter.to(town)
    letter.say(
        f"你单位{report}应当于{day.year}年{day.month}月{day.day}日前报送并向社会公布，目前尚未收到。"
        "请按照全国统一格式抓紧编制，校验无误后尽快报送；已经报送的，请告知报送的时间和方式。"
    )
    if kind in deadlines:
        basis = "本县（市、区）关于年度报告的通知、《中华人民共和国政府信息公开条例》第五十条"
    elif kind in ("department", "county", "city"):
        basis = "《中华人民共和国政府信息公开条例》第四十九条、第五十条"
    else:
        basis = "《中华人民共和国政府信息公开条例》第四十九条（镇街参照）、第五十条"
    letter.say(f"依据：{basis}。逾期不报送的，依照该条例第四十七条处理。")
    letter.sign(issuer or office_of(town), issued_on)
    return letter.to_bytes()
