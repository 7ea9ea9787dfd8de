"""The score of each module, and why what is left is left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.mutation.faults import Faults

HEAD = "| module | faults | tried | found | score | left: why | made |"
_RULE = "|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Score:
    """How many of a module's faults a test sees."""

    module: str
    faults: int
    tried: int
    reasons: Mapping[str, int]
    """How many are left for each reason."""
    unexplained: Mapping[str, str]
    """What each of the others changes."""

    @property
    def found(self) -> int:
        return self.tried - sum(self.reasons.values()) - len(self.unexplained)

    def line(self, made: str) -> str:
        """Return the table's line."""
        left = [f"{count} {reason}" for reason, count in sorted(self.reasons.items())]
        if self.unexplained:
            left.append(f"{len(self.unexplained)} not looked at")
        share = f"{self.found / self.tried:.0%}"
        counts = f"{self.faults} | {self.tried} | {self.found} | {share}"
        return f"| {self.module} | {counts} | {'; '.join(left)} | {made} |"


@cache
def _reasons() -> Mapping[str, list[dict[str, str]]]:
    loaded: Any = yaml.safe_load(Path(__file__).with_name("reasons.yaml").read_text("utf-8"))
    return loaded or {}


def reason(
    module: str, change: str, given: Mapping[str, list[dict[str, str]]] | None = None
) -> str | None:
    """Return why a change is left: it holds a reason's text, or a reason's pattern is found in it."""
    given = _reasons() if given is None else given
    for each in [*given.get(module, []), *given["everywhere"]]:
        held = each["change"] in change if "change" in each else re.search(each["pattern"], change)
        if held:
            return each["reason"]
    return None


def score(
    module: str,
    faults: Faults,
    verdicts: Mapping[str, str],
    given: Mapping[str, list[dict[str, str]]] | None = None,
) -> Score:
    """Count a module's faults that were tried."""
    reasons: dict[str, int] = {}
    unexplained: dict[str, str] = {}
    for name, verdict in verdicts.items():
        if verdict == "found":
            continue
        change = faults.difference(name)
        if (why := reason(module, change, given)) is not None:
            reasons[why] = reasons.get(why, 0) + 1
        else:
            unexplained[name] = change
    return Score(module, len(faults.names), len(verdicts), reasons, unexplained)


def renewed(page: str, scores: Iterable[Score], made: str) -> str:
    """Return a page whose table has these lines in the place of those of the same module; the others stay."""
    before, _, rest = page.partition(HEAD + "\n")
    lines = rest.splitlines()[1:]
    end = next((n for n, line in enumerate(lines) if not line.startswith("| ")), len(lines))
    table = {line.split(" | ")[0].removeprefix("| "): line for line in lines[:end]}
    table |= {each.module: each.line(made) for each in scores}
    return "\n".join([f"{before}{HEAD}", _RULE, *table.values(), *lines[end:], ""])
