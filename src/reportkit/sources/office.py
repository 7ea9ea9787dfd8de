"""What a county's office keeps of a body, out of its registers: prose of its own, and what was handed in.

Neither fills a cell. The prose of a declared county or province is its report's; the register of submissions is for
the office's own board.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from reportkit.registers.data import TownData
from reportkit.registers.derivation.assemble import narrative_texts
from reportkit.sources.dossier import Kept


def kept_of(data: TownData) -> Kept:
    """Return the prose of every year and the rounds of every report that a body's registers tell of."""
    years = data.frame("narratives")["year"].unique()
    return Kept(
        {int(year): narrative_texts(data, int(year)) for year in sorted(years)}, _rounds(data)
    )


def _rounds(data: TownData) -> dict[int, tuple[str, ...]]:
    frame = data.frame("submissions").sort_values(["year", "round"], kind="stable")
    told: dict[int, list[str]] = {}
    for row in frame.to_dict("records"):
        said = [
            f"{_day(row[column])}{word}"
            for column, word in (
                ("handed_in_on", "报送"),
                ("returned_on", "退回"),
                ("published_on", "公布"),
            )
            if not pd.isna(row[column])
        ]
        if said:
            told.setdefault(int(row["year"]), []).append(
                f"第{int(row['round'])}次{'、'.join(said)}"
            )
    return {year: tuple(words) for year, words in told.items()}


def _day(value: Any) -> str:
    return f"{value.year}年{value.month}月{value.day}日"
