"""What a county's notebook is given: its bodies, and the report that each of them has made or has not.

A run packs it from the reports that it made itself; outside a run the notebook gathers it from the source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal

from reportkit.checks.deadlines import Deadlines, deadline_of
from reportkit.report import Town, TownReport

State = Literal["reported", "draft", "failed", "absent"]
"""``reported``: there is a report; ``draft``: it was refused as a draft; ``failed``: it could not be made;
``absent``: there is nothing to report from."""


OVERDUE: Final = "TIME-OVERDUE"
"""The code of the finding of an answer that is late."""

STATES: Mapping[str, State] = MappingProxyType(
    {"ok": "reported", "stale": "reported", "refused": "draft"}
)
"""What an entry of the manifest says of a body, by its status; any other: the report could not be made."""


@dataclass(frozen=True, kw_only=True)
class Body:
    """One body and what it has handed in."""

    town: Town
    state: State
    report: TownReport | None = None
    """Only where the state is ``reported``."""
    last: TownReport | None = None
    """Its report of the year before."""
    page: str = ""
    """The file name of its page beside the county's; empty: there is none."""
    findings: Mapping[str, int] | None = None
    """How many findings are open by level; ``None`` where that is for others to know."""
    overdue: int | None = None
    """How many of them are of answers that were, or are, late; ``None`` likewise."""
    submitted: tuple[str, ...] = ()
    """What was handed in, sent back and came again, in Chinese, one entry a round; for the office alone."""
    published_on: date | None = None
    """When its report was published, as the office has noted it, for the office alone; params come before it."""

    @property
    def day(self) -> date | None:
        """The day of publication: the report's own, else the one that the office has noted."""
        own = None if self.report is None else self.report.published_on
        return own or self.published_on


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """All that the page of a county or a province is made from."""

    whole: Town
    """The county or province itself; its id names the page."""
    year: int
    bodies: tuple[Body, ...]
    """Every body that params/towns.yaml puts under it, in the order in which they are listed."""
    deadlines: Deadlines = field(default_factory=dict)
    """Month and day by which a kind of body publishes last year's report, where params say it."""
    published_on: date | None = None
    """When its own report was published."""
    narratives: Mapping[str, str] = field(default_factory=dict)
    """Its own prose by section, as the register has it, with placeholders."""
    drafts: bool = False
    """Whether drafts were let through, so that some of the reports may be drafts."""
    published: TownReport | None = None
    """What the county published itself, to be laid against the sum; ``None``: nothing was given."""

    @property
    def open_ended(self) -> bool:
        """Whether nobody can know that these are all: a county with one body alone is not listed whole."""
        return len(self.bodies) < 2

    def deadline(self, body: Town) -> date:
        """Return the day by which a body publishes its report of the year."""
        return deadline_of(body, self.year, self.deadlines)

    def to_json(self) -> bytes:
        """Return it as JSON."""
        return json.dumps(
            {
                "whole": self.whole.model_dump(mode="json"),
                "year": self.year,
                "deadlines": {kind: list(day) for kind, day in self.deadlines.items()},
                "published_on": self.published_on and self.published_on.isoformat(),
                "narratives": dict(self.narratives),
                "drafts": self.drafts,
                "published": self.published and self.published.to_dict(),
                "bodies": [
                    {
                        "town": body.town.model_dump(mode="json"),
                        "state": body.state,
                        "report": body.report and body.report.to_dict(),
                        "last": body.last and body.last.to_dict(),
                        "page": body.page,
                        "submitted": list(body.submitted),
                        "findings": None if body.findings is None else dict(body.findings),
                        "overdue": body.overdue,
                        "published_on": body.published_on and body.published_on.isoformat(),
                    }
                    for body in self.bodies
                ],
            },
            ensure_ascii=False,
        ).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Gathering:
        """Read what :meth:`to_json` wrote; raise :class:`~reportkit.errors.ReportFileError` for a bad report."""
        held = json.loads(content)
        return cls(
            whole=Town.model_validate(held["whole"]),
            year=held["year"],
            bodies=tuple(
                Body(
                    town=Town.model_validate(body["town"]),
                    state=body["state"],
                    report=_report(body["report"]),
                    last=_report(body["last"]),
                    page=body["page"],
                    submitted=tuple(body["submitted"]),
                    findings=body["findings"],
                    overdue=body["overdue"],
                    published_on=_day(body["published_on"]),
                )
                for body in held["bodies"]
            ),
            deadlines={kind: (day[0], day[1]) for kind, day in held["deadlines"].items()},
            published_on=_day(held["published_on"]),
            narratives=held["narratives"],
            drafts=held["drafts"],
            published=_report(held["published"]),
        )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _report(body: Mapping[str, Any] | None) -> TownReport | None:
    return None if body is None else TownReport.from_dict(body)
