"""What kind of body an invented one is, and how much of everything happens there in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from reportkit.registers.sample.names import place_name
from reportkit.report import Kind, Power

TOWNS_A_COUNTY: Final = 24

MEANS: Mapping[str, float] = MappingProxyType(
    {
        "disclosures": 70,
        "hotline": 150,
        "applications": 16,
        "licensing": 40,
        "other_services": 60,
        "penalties": 26,
        "coercion": 22,
        "charges": 24,
        "reconsideration": 1.4,
        "litigation_direct": 0.8,
        "npc": 3,
        "cppcc": 2,
        "procurement": 2.5,
        "training": 3,
    }
)
"""How many rows a body has in an ordinary year, by what they are about."""

_STEADY = ("applications", "disclosures", "training")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """One invented body."""

    number: int
    """Its number in its county or province: with the seed it decides every row."""
    id: str
    name: str
    county: str
    province: str
    kind: Kind
    delegated: tuple[Power, ...] = ()
    means: Mapping[str, float] = field(default_factory=lambda: MEANS)
    """Rows in an ordinary year, by what they are about; nought: never any."""
    steady: bool = False
    """Applications, disclosures and trainings are as many each year as the year before."""
    quiet_years: frozenset[int] = frozenset()
    """Years without any application."""
    busy_years: frozenset[int] = frozenset()
    """Years with four times the applications and twice the disclosures."""
    own_situation: bool = False
    """It writes its own section one; the others leave it to the built-in text."""
    totals_only: tuple[str, ...] = ()
    """Registers of which only the year's totals are known."""
    totals_until: int | None = None
    """The last year for which only totals are known, in all registers."""

    @property
    def short(self) -> str:
        """Its name without the kind: what document numbers begin with."""
        return self.name.removesuffix("街道").removesuffix("镇").removesuffix("乡")

    @property
    def issuer(self) -> str:
        """Who signs."""
        ending = {"subdistrict": "办事处", "department": ""}.get(self.kind, "人民政府")
        return f"{self.county}{self.name}{ending}"

    @property
    def is_government(self) -> bool:
        """Whether it is a government: a street office and a department are not."""
        return self.kind not in ("subdistrict", "department")


def draw(seed: int, number: int, means: Mapping[str, float] = MEANS) -> Profile:
    """Return the body of a number, from 1 on: it depends on seed and number alone."""
    rng = np.random.default_rng((seed, number, 0))
    county, place = divmod(number - 1, TOWNS_A_COUNTY)
    kind: Kind = "department" if place == TOWNS_A_COUNTY - 1 else _kind(rng.random())
    factors = rng.uniform(0.7, 1.3, len(means))
    powers: tuple[Power, ...] = ("licensing", "penalties", "coercion")
    chosen = rng.random(len(powers)) < 0.6
    steady, charges, own = rng.random(3)
    years = np.arange(2000, 2100)
    luck = rng.random(len(years))
    scaled = {
        key: mean * factor for (key, mean), factor in zip(means.items(), factors, strict=True)
    }
    if charges < 0.3:
        scaled["charges"] = 0
    ending = {"town": "镇", "township": "乡", "subdistrict": "街道"}.get(kind, "")
    name = place_name(number, seed) + ending if ending else "民生事务局"
    return Profile(
        number=number,
        id=f"t{number:05d}",
        name=name,
        county=f"{place_name(county + 1, seed + 97)}县" if county else "示例县",
        province="示例省",
        kind=kind,
        delegated=powers
        if kind == "department"
        else tuple(power for power, has in zip(powers, chosen, strict=True) if has),
        means=MappingProxyType(scaled),
        steady=bool(steady < 0.1),
        quiet_years=frozenset(years[luck < 0.06].tolist()),
        busy_years=frozenset(years[luck > 0.95].tolist()),
        own_situation=bool(own < 0.3),
    )


def _kind(luck: float) -> Kind:
    return "town" if luck < 0.65 else "township" if luck < 0.83 else "subdistrict"


def rows_in_year(profile: Profile, rng: np.random.Generator, key: str, year: int) -> int:
    """Return how many rows of one sort a body has in a year."""
    mean = profile.means[key]
    if key == "applications" and year in profile.quiet_years:
        return 0
    if profile.steady and key in _STEADY:
        return round(mean)
    if year in profile.busy_years:
        mean *= {"applications": 4, "disclosures": 2}.get(key, 1)
    if mean < 10:
        return int(rng.poisson(mean))
    return round(mean * rng.uniform(0.85, 1.15))
