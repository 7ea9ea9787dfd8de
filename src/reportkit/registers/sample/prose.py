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
from numpy.typing import NDArray

from reportkit.registers.derivation.tariff import IN_FORCE
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
class _Author:
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
        pen = _Author(profile, year, np.random.default_rng((seed, profile.number, year, 2)))
        counts = _counts(rows, year)
        sections = {"s5": _problems(pen, order.tolist()), "s6": _matters(pen, counts)}
        if profile.own_situation:
            sections["s1"] = _situation(pen, counts, first=year == years[0])
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


def _headed(pen: _Author, parts: Sequence[tuple[str, str]]) -> list[str]:
    """Return paragraphs, numbered, each with a heading of its own wording."""
    headings = phrases()["headings"]
    titles = [pen.draw(f"headings of {name}", headings[name]) for name, _ in parts]
    return [
        f"**（{_NUMERALS[n]}）{title}。** {text}"
        for n, (title, (_, text)) in enumerate(zip(titles, parts, strict=True))
    ]


def _problems(pen: _Author, order: list[int]) -> list[str]:
    """Return section five: problems and their mends; no weakness comes back within five years."""
    words: Mapping[str, Any] = phrases()
    many = 2 + int(pen.rng.random() < 0.4)
    start = (pen.year * 3) % len(order)
    topics = [words["topics"][(order * 2)[start + n]] for n in range(many)]
    problems: list[str] = []
    measures: list[str] = []
    for topic in topics:
        subject, which = pen.domain(), int(pen.rng.integers(0, len(topic["problems"])))
        for side, ends, said in (
            ("problems", "causes", problems),
            ("measures", "means", measures),
        ):
            said.append(
                pen.filled(topic[side][which], domain=subject) + pen.draw(ends, words[ends])
            )
    parts = [
        ("problems", pen.draw("openings", words["openings"]) + _listed(problems)),
        ("measures", pen.draw("turns", words["turns"]) + _listed(measures)),
    ]
    if pen.profile.is_government:
        parts.append(("assessment", _assessment(pen)))
    return _headed(pen, parts)


def _assessment(pen: _Author) -> str:
    """Return what article 50 asks of governments: assessment, public appraisal, accountability."""
    words = phrases()["assessment"]
    grade = pen.draw("grades", words["grades"])
    said = [
        pen.draw(name, words[name], grade=grade) for name in ("work", "appraisal", "accountability")
    ]
    return "".join(f"{clause}。" for clause in said)


def _matters(pen: _Author, counts: Mapping[str, int]) -> list[str]:
    """Return section six: the fee where the law on it is in force, and other matters."""
    words = phrases()["matters"]
    chosen = {"tasks": "tasks", "novelty": "novelty", "notes": "notes"}
    if pen.year >= IN_FORCE.year:
        chosen["fee"] = "fee_some" if counts["fee"] else "fee_none"
    if counts["npc"] or counts["cppcc"]:
        both = counts["npc"] and counts["cppcc"]
        chosen["proposals"] = "proposals" if both else "proposals_of_one"
    if counts["open_days"]:
        chosen["open_day"] = "open_day"
    order = ("fee", "tasks", "proposals", "open_day", "novelty", "notes")
    return _headed(
        pen,
        [
            (name, pen.draw(chosen[name], words[chosen[name]]) + "。")
            for name in order
            if name in chosen
        ],
    )


def _counts(rows: Mapping[str, Columns], year: int) -> dict[str, int]:
    """Return what there was of what a year's prose speaks of."""
    first, end = new_year(year), new_year(year + 1)

    def dated(register: str, column: str) -> NDArray[np.bool_]:
        dates = rows[register][column]
        found: NDArray[np.bool_] = (dates >= first) & (dates < end)
        return found

    requests, kinds = rows["applications"], rows["proposals"]["kind"]
    proposed = dated("proposals", "received_on")
    open_at_end = (requests["received_on"] < end) & ~(requests["replied_on"] < end)
    return {
        "received": int(dated("applications", "received_on").sum()),
        "carried_forward": int(open_at_end.sum()),
        "fee": int(requests["fee_yuan"][dated("applications", "fee_paid_on")].sum()),
        "replies": int(dated("hotline", "replied_on").sum()),
        "npc": int((proposed & (kinds == "npc")).sum()),
        "cppcc": int((proposed & (kinds == "cppcc")).sum()),
        "open_days": int(
            (dated("activities", "held_on") & (rows["activities"]["kind"] == "open_day")).sum()
        ),
    }


def _situation(pen: _Author, counts: Mapping[str, int], *, first: bool) -> list[str]:
    """Return section one: the five parts of the format notice, figures as placeholders.

    ``first``: there is no year before to compare with.
    """
    none = {
        "依申请公开first": not counts["received"],
        "依申请公开more": not counts["carried_forward"],
        "主动公开more": not counts["replies"],
    }
    paragraphs = []
    for n, part in enumerate(phrases()["situation"]):
        said = []
        for name in ("first", "more"):
            list_name = f"{name}_none" if none.get(part["title"] + name) else name
            said.append(pen.draw(part["title"] + list_name, part[list_name]))
        if "{applications_received}" in said[0] and not first:
            said.insert(1, pen.draw("changes", phrases()["changes"]))
        text = "".join(f"{sentence}。" for sentence in said)
        paragraphs.append(f"**（{_NUMERALS[n]}）{part['title']}。** {text}")
    return paragraphs
