"""The score of each module, and why what is left is left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.mutation.faults import Faults

HEAD = "| module | faults | found | score | left: why | made |"
_RULE = "|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Score:
    """How many of a module's faults a test sees."""

    module: str
    faults: int
    reasons: Mapping[str, int]
    """How many are left for each reason."""
    unexplained: Mapping[str, str]
    """What each of the others changes."""

    @property
    def found(self) -> int:
        return self.faults - sum(self.reasons.values()) - len(self.unexplained)

    def line(self, made: str) -> str:
        """Return the table's line."""
        left = [f"{count} {reason}" for reason, count in sorted(self.reasons.items())]
        if self.unexplained:
            left.append(f"{len(self.unexplained)} not looked at")
        share = f"{self.found / self.faults:.0%}"
        return f"| {self.module} | {self.faults} | {self.found} | {share} | {'; '.join(left)} | {made} |"


@cache
def _reasons() -> Mapping[str, list[dict[str, str]]]:
    loaded: Any = yaml.safe_load(Path(__file__).with_name("reasons.yaml").read_text("utf-8"))
    return loaded or {}


def score(
    module: str,
    faults: Faults,
    verdicts: Mapping[str, str],
    given: Mapping[str, list[dict[str, str]]] | None = None,
) -> Score:
    """Count a module's faults; a reason counts where the change holds its text."""
    given = _reasons() if given is None else given
    known = [*given.get(module, []), *given["everywhere"]]
    reasons: dict[str, int] = {}
    unexplained: dict[str, str] = {}
    for name in faults.names:
        if verdicts[name] == "found":
            continue
        change = faults.difference(name)
        for each in known:
            if each["change"] in change:
                reasons[each["reason"]] = reasons.get(each["reason"], 0) + 1
                break
        else:
            unexplained[name] = change
    return Score(module, len(faults.names), reasons, unexplained)


def renewed(page: str, scores: Iterable[Score], made: str) -> str:
    """Return a page whose table has these lines in the place of those of the same module; the others stay."""
    before, _, rest = page.partition(HEAD + "\n")
    lines = rest.splitlines()[1:]
    end = next((n for n, line in enumerate(lines) if not line.startswith("| ")), len(lines))
    table = {line.split(" | ")[0].removeprefix("| "): line for line in lines[:end]}
    table |= {each.module: each.line(made) for each in scores}
    return "\n".join([f"{before}{HEAD}", _RULE, *table.values(), *lines[end:], ""])
