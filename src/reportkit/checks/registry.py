"""What a rule is: a small pure function with its code, level, statement, basis and example.

A rule looks at one report and at what the :class:`Context` knows beside it, and yields a
:class:`Hit` for each thing it finds. It touches no file, clock or network. A family of rules
is one module with a tuple ``RULES``; :mod:`reportkit.checks.catalogue` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from reportkit.checks.context import Context
from reportkit.errors import nearest
from reportkit.finding import LEVELS, Finding, Level, Place
from reportkit.language import _
from reportkit.report import TownReport


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One thing that a rule found; the rule's own code and basis make a finding of it."""

    message: str
    """What is wrong and how to mend it, in Chinese. Quoted prose is masked by the rule."""
    cells: tuple[str, ...] = ()
    left: int | Decimal | None = None
    right: int | Decimal | None = None
    level: Level | None = None
    """A milder level than the rule's own, where it cannot tell or the case is milder."""
    basis: str | None = None
    """Another basis than the rule's own, where the case has one."""
    place: Place | None = None


Check = Callable[[TownReport, Context], Iterable[Hit]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One rule of one family."""

    code: str
    level: Level
    """The gravest level that it gives."""
    statement: str
    """What must hold, in one Chinese sentence."""
    basis: str
    """The article or document that decides."""
    example: str
    """A case that breaks it, in one Chinese sentence."""
    function: Check

    def findings(self, report: TownReport, context: Context) -> Iterator[Finding]:
        """Yield what the rule finds in a report.

        Raises :class:`ValueError` where a hit is graver than the rule says it can be.
        """
        for hit in self.function(report, context):
            level = hit.level or self.level
            if LEVELS.index(level) < LEVELS.index(self.level):
                raise ValueError(
                    _(
                        "{code} is of level {level} and gave {given}",
                        code=self.code,
                        level=self.level,
                        given=level,
                    )
                )
            yield Finding(
                code=self.code,
                level=level,
                message=hit.message,
                cells=hit.cells,
                left=hit.left,
                right=hit.right,
                basis=self.basis if hit.basis is None else hit.basis,
                place=hit.place,
            )


def rule(
    code: str, level: Level, *, statement: str, basis: str, example: str
) -> Callable[[Check], Rule]:
    """Make a rule of a function: the decorator of every rule."""

    def make(function: Check) -> Rule:
        return Rule(
            code=code,
            level=level,
            statement=statement,
            basis=basis,
            example=example,
            function=function,
        )

    return make


class Registry:
    """Rules by their code, in the order given; a code twice raises :class:`ValueError`."""

    def __init__(self, families: Iterable[tuple[Rule, ...]]) -> None:
        self._rules: dict[str, Rule] = {}
        for family in families:
            for each in family:
                if each.code in self._rules:
                    raise ValueError(_("two rules are called {code}", code=each.code))
                self._rules[each.code] = each

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, code: object) -> bool:
        return code in self._rules

    def __getitem__(self, code: str) -> Rule:
        try:
            return self._rules[code]
        except KeyError:
            raise KeyError(f"no rule {code!r}{nearest(code, self._rules)}") from None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings: gravest first, then by rule, cells, place (rows as numbers) and words; each once."""

    def key(
        finding: Finding,
    ) -> tuple[int, str, tuple[str, ...], tuple[str, str, str, str, int], str]:
        place = finding.place or Place()
        section, register = place.section or "", place.register or ""
        file, sheet = place.file or "", place.sheet or ""
        return (
            LEVELS.index(finding.level),
            finding.code,
            finding.cells,
            (section, register, file, sheet, place.row or 0),
            finding.message,
        )

    return tuple(sorted(dict.fromkeys(findings), key=key))
