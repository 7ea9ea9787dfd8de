"""What a county's office keeps of a body, out of its registers: prose of its own, what was handed in, months.

None of it fills a cell. The prose of a declared county or province is its report's; the register of submissions is for
the office's own board.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from reportkit.registers.data import TownData
from reportkit.registers.derivation.assemble import narrative_texts
from reportkit.sources.kept import Kept

YEAR: Final = 12
"""So many months."""


def kept_of(data: TownData) -> Kept:
    """Return what a body's registers tell of every year: its prose, its rounds, its months."""
    years = data.frame("narratives")["year"].unique()
    rounds = _submissions(data)
    return Kept(
        {int(year): narrative_texts(data, int(year)) for year in sorted(years)},
        _rounds(rounds),
        _published(rounds),
        _months(data),
    )


def _submissions(data: TownData) -> list[dict[Hashable, Any]]:
    """Return the rows of what was handed in, by year and round."""
    frame = data.frame("submissions").sort_values(["year", "round"], kind="stable")
    return frame.to_dict("records")


def _published(rounds: Iterable[Mapping[Hashable, Any]]) -> dict[int, date]:
    """Return the day of publication by year: that of the last round which has one."""
    return {
        int(row["year"]): row["published_on"].date()
        for row in rounds
        if not pd.isna(row["published_on"])
    }


def _months(data: TownData) -> dict[int, tuple[int, ...]]:
    """Return the applications received in each month, for the years that the register covers."""
    months = data.rows("applications").days("received_on").astype("datetime64[M]").astype(np.int64)
    return {
        year: tuple(np.bincount(of[(of >= 0) & (of < YEAR)], minlength=YEAR).tolist())
        for year in data.years()
        if data.covers("applications", year)
        for of in (months - YEAR * (year - 1970),)
    }


def _rounds(rounds: Iterable[Mapping[Hashable, Any]]) -> dict[int, tuple[str, ...]]:
    told: dict[int, list[str]] = {}
    for row in rounds:
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
