"""The prose of invented bodies: sections five and six, and for some section one.

Sentences are put together from the clauses of phrases.yaml, so that no two bodies write the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Template
from typing import Any, Final

import numpy as np

from reportkit.registers.sample.columns import Columns, objects
from reportkit.registers.sample.days import new_year
from reportkit.registers.sample.names import villages
from reportkit.registers.sample.phrases import domains, phrases
from reportkit.registers.sample.profile import Profile

_NUMERALS: Final = "一二三四五六七八九"
_SELF: Final = {"town": "我镇", "township": "我乡", "subdistrict": "我街道", "department": "我局"}
_OFFICE: Final = {"department": "局办公室", "city": "市政府办公室"}
_UNITS: Final = {
    "department": ("各科室", "各业务科室"),
    "city": ("各部门", "市直有关单位"),
    "subdistrict": ("各科室和社区", "各科室"),
}


@dataclass
class _Pen:
    """Writes for one body and year, and uses no clause twice."""

    profile: Profile
    year: int
    rng: np.random.Generator

    def __post_init__(self) -> None:
        self.unused: dict[str, list[str]] = {}

    def draw(self, name: str, clauses: Sequence[str], **given: str) -> str:
        """Return a clause of a list that has not been drawn yet, its words filled in.

        Neighbours in number, and one body's years, come to different clauses.
        """
        left = self.unused.get(name) or list(clauses)
        turn = self.profile.number + 7 * self.year + zlib.crc32(name.encode())
        clause = left.pop(turn % len(left))
        self.unused[name] = left
        return self.filled(clause, **given)

    def domain(self) -> str:
        """Return a subject that has not been named yet."""
        left = self.unused.get("") or [domain for _, domain in domains()]
        chosen = left.pop(int(self.rng.integers(0, len(left))))
        self.unused[""] = left
        return chosen

    def filled(self, clause: str, **given: str) -> str:
        """Return a clause with the given words and the body's own in it."""
        if "$" not in clause:
            return clause
        kind = self.profile.kind
        units = _UNITS.get(kind, ("各站所", "各办公室和站所"))
        named = villages(self.profile.number)
        words = {
            "self": _SELF.get(kind, "我市"),
            "office": _OFFICE.get(kind, "党政办公室"),
            "units": units[int(self.rng.integers(0, len(units)))],
            "village": named[int(self.rng.integers(0, len(named)))],
            "year": str(self.year),
            **given,
        }
        if "$domain" in clause and "domain" not in given:
            words["domain"] = self.domain()
        if "$domain2" in clause:
            words["domain2"] = self.domain()
        return Template(clause).substitute(words)


def narratives(
    profile: Profile, years: Sequence[int], seed: int, rows: Mapping[str, Columns]
) -> Columns:
    """Return the texts of all years; ``rows`` say what there was to tell of."""
    order = np.random.default_rng((seed, profile.number, 1)).permutation(len(phrases()["topics"]))
    found: list[tuple[int, str, int, str]] = []
    for year in years:
        pen = _Pen(profile, year, np.random.default_rng((seed, profile.number, year, 2)))
        sections = {"s5": _problems(pen, order.tolist()), "s6": _matters(pen, rows)}
        if profile.own_situation:
            sections["s1"] = _situation(pen, first=year == years[0])
        found += [
            (year, section, place, text)
            for section, parts in sorted(sections.items())
            for place, text in enumerate(parts, start=1)
        ]
    return {
        "year": np.array([row[0] for row in found], dtype=np.int64),
        "section": objects(row[1] for row in found),
        "position": np.array([row[2] for row in found], dtype=np.int64),
        "text": objects(row[3] for row in found),
    }


def _listed(sentences: Sequence[str]) -> str:
    return "".join(f"{_NUMERALS[n]}是{sentence}。" for n, sentence in enumerate(sentences))


def _headed(pen: _Pen, parts: Sequence[tuple[str, str]]) -> list[str]:
    """Return paragraphs, numbered, each with a heading of its own wording."""
    headings = phrases()["headings"]
    titles = [pen.draw(f"headings of {name}", headings[name]) for name, _ in parts]
    return [
        f"**（{_NUMERALS[n]}）{title}。** {text}"
        for n, (title, (_, text)) in enumerate(zip(titles, parts, strict=True))
    ]


def _problems(pen: _Pen, order: list[int]) -> list[str]:
    """Return section five: problems and their mends; no weakness comes back within five years."""
    words: Mapping[str, Any] = phrases()
    many = 2 + int(pen.rng.random() < 0.4)
    start = (pen.year * 3) % len(order)
    topics = [words["topics"][(order * 2)[start + n]] for n in range(many)]
    problems: list[str] = []
    measures: list[str] = []
    for topic in topics:
        subject = pen.domain()
        for side, ends, said in (
            ("problems", "causes", problems),
            ("measures", "means", measures),
        ):
            clause = topic[side][int(pen.rng.integers(0, len(topic[side])))]
            said.append(pen.filled(clause, domain=subject) + pen.draw(ends, words[ends]))
    parts = [
        ("problems", pen.draw("openings", words["openings"]) + _listed(problems)),
        ("measures", pen.draw("turns", words["turns"]) + _listed(measures)),
    ]
    if pen.profile.is_government:
        parts.append(("assessment", _assessment(pen)))
    return _headed(pen, parts)


def _assessment(pen: _Pen) -> str:
    """Return what article 50 asks of governments: assessment, public appraisal, accountability."""
    words = phrases()["assessment"]
    grade = pen.draw("grades", words["grades"])
    said = [
        pen.draw(name, words[name], grade=grade) for name in ("work", "appraisal", "accountability")
    ]
    return "".join(f"{clause}。" for clause in said)


def _matters(pen: _Pen, rows: Mapping[str, Columns]) -> list[str]:
    """Return section six: the fee where the law on it is in force, and other matters."""
    words = phrases()["matters"]
    parts: list[tuple[str, str]] = []
    if pen.year >= 2021:
        paid = rows["applications"]
        fee = paid["fee_yuan"][_in_year(paid["fee_paid_on"], pen.year)].sum() > 0
        parts.append(("fee", pen.draw("fee", words["fee_some" if fee else "fee_none"])))
    parts.append(("tasks", pen.draw("tasks", words["tasks"])))
    if _in_year(rows["proposals"]["received_on"], pen.year).any():
        parts.append(("proposals", pen.draw("proposals", words["proposals"])))
    held = rows["activities"]
    if (_in_year(held["held_on"], pen.year) & (held["kind"] == "open_day")).any():
        parts.append(("open_day", pen.draw("open_day", words["open_day"])))
    parts.append(("novelty", pen.draw("novelty", words["novelty"])))
    parts.append(("notes", pen.draw("notes", words["notes"])))
    return _headed(pen, [(name, f"{text}。") for name, text in parts])


def _in_year(dates: np.ndarray[Any, Any], year: int) -> np.ndarray[Any, Any]:
    found: np.ndarray[Any, Any] = (dates >= new_year(year)) & (dates < new_year(year + 1))
    return found


def _situation(pen: _Pen, *, first: bool) -> list[str]:
    """Return section one: the five parts of the format notice, figures as placeholders.

    ``first``: there is no year before to compare with.
    """
    paragraphs = []
    for n, part in enumerate(phrases()["situation"]):
        said = [pen.draw(part["title"] + name, part[name]) for name in ("first", "more")]
        if "{applications_received}" in said[0] and not first:
            said.insert(1, pen.draw("changes", phrases()["changes"]))
        text = "".join(f"{sentence}。" for sentence in said)
        paragraphs.append(f"**（{_NUMERALS[n]}）{part['title']}。** {text}")
    return paragraphs
