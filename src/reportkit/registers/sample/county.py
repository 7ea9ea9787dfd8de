"""A synthetic county or province of any size, as a project folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from reportkit.errors import CallError
from reportkit.files import write_whole
from reportkit.language import _
from reportkit.registers.data import FIRST_REPORTED
from reportkit.registers.reading.values import LAST_YEAR
from reportkit.registers.sample.profile import MEANS, Profile, draw
from reportkit.registers.sample.town import town_registers
from reportkit.registers.sample.write import registers_in

MOST_TOWNS: Final = 99_999
"""More than China has; an id has five digits."""
_LAST: Final = LAST_YEAR - 2  # cases end up to two years later


@dataclass(frozen=True, kw_only=True)
class SyntheticCounty:
    """What to make. Raises :class:`~reportkit.errors.CallError` for what cannot be made."""

    towns: int
    years: range
    seed: int
    hotline_rows: float = MEANS["hotline"]
    """Rows that a town's hotline gets in a year, on average."""
    applications: float = MEANS["applications"]
    """Applications that a town gets in a year, on average."""

    def __post_init__(self) -> None:
        if not 1 <= self.towns <= MOST_TOWNS:
            raise CallError(
                _(
                    "--towns is from 1 to {most}, not {towns}",
                    most=MOST_TOWNS,
                    towns=self.towns,
                )
            )
        if not self.years or self.years[0] < FIRST_REPORTED or self.years[-1] > _LAST:
            raise CallError(
                _(
                    "--years is a year or a span such as 2021-2024, from {first} (the first "
                    "national form) to {last}",
                    first=FIRST_REPORTED,
                    last=_LAST,
                )
            )
        if self.seed < 0:
            raise CallError(_("--seed is a whole number from 0 on, not {seed}", seed=self.seed))
        for option, rows in (
            ("hotline-rows", self.hotline_rows),
            ("applications", self.applications),
        ):
            if not 0 <= rows <= 90_000:
                raise CallError(
                    _(
                        "--{option} is from 0 to 90000 a town and year, not {rows:g}",
                        option=option,
                        rows=rows,
                    )
                )

    def body(self, number: int) -> Profile:
        """Return the body of a number, from 1 on; the number of towns changes none of them."""
        means = {**MEANS, "hotline": self.hotline_rows, "applications": self.applications}
        return draw(self.seed, number, means)


def parse_years(text: str) -> range:
    """Return the years of «2021» or «2019-2024»; raise :class:`~reportkit.errors.CallError`."""
    first, dash, last = text.strip().partition("-")
    if not (first.isdecimal() and (last.isdecimal() or not dash)) or len(first + last) > 8:
        raise CallError(_("--years is a year or a span such as 2021-2024, not {text!r}", text=text))
    return range(int(first), int(last or first) + 1)


def write_county(
    folder: Path, county: SyntheticCounty, watch: Callable[[range], Iterable[int]] = iter
) -> Mapping[str, int]:
    """Write a county as a project folder and return the rows written by register.

    ``watch`` gives the towns' numbers back one by one, to see how far it is. Raises
    :class:`~reportkit.errors.CallError` where the folder holds something already.
    """
    require_empty(folder)
    params: list[dict[str, Any]] = []
    with registers_in(folder / "data") as registers:
        for number in watch(range(1, county.towns + 1)):
            body = county.body(number)
            registers.add(town_registers(body, county.years, county.seed))
            params.append(_entry(body))
    _write_yaml(folder / "params" / "towns.yaml", {"towns": params})
    _write_yaml(
        folder / "params" / "batch.yaml",
        {"source": "../data", "towns": "towns.yaml", "years": list(county.years)},
    )
    return registers.rows


def require_empty(folder: Path) -> None:
    """Raise :class:`~reportkit.errors.CallError` where a folder holds a file, or is one.

    Empty folders inside do not count: an interrupted call leaves them.
    """
    if folder.is_file() or any(not path.is_dir() for path in folder.rglob("*")):
        raise CallError(
            _("{folder} is not an empty folder; name one that is new or empty", folder=folder)
        )


def _entry(body: Profile) -> dict[str, Any]:
    """Return a body's entry in params/towns.yaml."""
    return {
        "id": body.id,
        "name": body.name,
        "county": body.county,
        "province": body.province,
        "kind": body.kind,
        "issuer": body.issuer,
        "delegated": list(body.delegated),
        "illustrative": True,
    }


def _write_yaml(path: Path, body: Mapping[str, Any]) -> None:
    dumper = getattr(
        yaml, "CSafeDumper", yaml.SafeDumper
    )  # C where it is built: 3,000 towns in 0.1 s
    write_whole(path, yaml.dump(body, Dumper=dumper, allow_unicode=True, sort_keys=False))
