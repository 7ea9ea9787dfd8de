"""What a rule may know beside the report that it looks at; the caller finds it all out."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.prose.claim import Claim
from reportkit.report import TownReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Copy:
    """Sentences of a report that stand nearly the same in another one."""

    other: str
    """Whose report the other is, in words: name and year."""
    sentences: tuple[tuple[str, str, str], ...]
    """Section, sentence here, sentence there: the most alike first."""
    count: int
    """How many sentences of the report stand in the other."""
    share: float
    """Their part of the report's own prose, from 0 to 1, statutory phrases taken out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What the caller knows beside one report. A rule whose part is missing stays silent."""

    previous: TownReport | None = None
    """The same body's report of the year before."""
    history: tuple[TownReport, ...] = ()
    """Its reports of all earlier years that are known."""
    others: tuple[str, ...] = ()
    """The names of the other bodies of the county; its own may be among them."""
    towns: tuple[TownReport, ...] = ()
    """For a county's own report: the reports of its towns for the same year."""
    missing: tuple[str, ...] = ()
    """For a county's own report: the names of those whose report should be there and is not."""
    declared: TownReport | None = None
    """For a report from registers: the one that the body itself declared for the same year."""
    deadlines: Deadlines = field(default_factory=lambda: NO_DEADLINES)
    """The days by which reports are to be published, where params set them by kind of body."""
    claims: tuple[Claim, ...] | None = None
    """The numbers that the prose states, where a reader has them already, sentences above the
    tables included; ``None``: they are taken from the report's sections."""
    copied: bool = True
    """Whether to look for text copied from last year's report, which costs as much as all else."""
    copies: tuple[Copy, ...] = ()
    """Other bodies' reports that share sentences with this one, as ``copied.find_copies`` found."""
