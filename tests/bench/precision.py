"""How true findings are on real reports: by rule, with the judgement that the corpus records.

``tests/published/corpus/judged.jsonl`` says of a record and a rule whether what the rule finds, or found once, is
true. What is not judged cannot be: the corpus shortens the prose, so that nobody can say what a report left out.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reportkit.checks import Context, check_report
from reportkit.errors import ReadError
from reportkit.finding import Finding
from reportkit.published import read_file
from tests.published.records import CORPUS, FOLDERS, load_records

MOST_FALSE = 1 / 20
"""A rule that is false more often is milder, narrower or gone."""


@dataclass
class Score:
    """What a rule's errors and warnings are worth."""

    true: int = 0
    false: int = 0
    unjudged: int = 0
    missed: list[str] = field(default_factory=list)
    """Records in which what is true is not found."""

    def bad(self) -> bool:
        """Say whether it is false too often."""
        return self.false > MOST_FALSE * (self.true + self.false)


def judgements(folder: Path = CORPUS) -> Mapping[tuple[str, str], bool]:
    """Return what is known of a record's findings of a rule."""
    lines = (folder / "judged.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines if line.strip()]
    return {(each["id"], each["code"]): bool(each["true"]) for each in found}


def _findings() -> Iterator[tuple[str, Finding]]:
    for folder in FOLDERS:
        for record in load_records(folder):
            try:
                reads = read_file(record.path)
            except ReadError:
                continue
            for read in reads:
                context = Context(claims=read.claims)
                for finding in check_report(read.report, context=context):
                    yield record.id, finding


def scores() -> Mapping[str, Score]:
    """Return each rule's score over the corpus, errors and warnings only."""
    judged = judgements()
    found: dict[str, Score] = defaultdict(Score)
    seen: Counter[tuple[str, str]] = Counter()
    for record, finding in _findings():
        if finding.level == "info":
            continue
        key = (record, finding.code)
        seen[key] += 1
        score = found[finding.code]
        if key not in judged:
            score.unjudged += 1
        elif judged[key]:
            score.true += 1
        else:
            score.false += 1
    for (record, code), true in judged.items():
        if true and not seen[record, code]:
            found[code].missed.append(record)
    return found


def show() -> None:
    """Print the table, and how many findings are true of those that can be judged."""
    every = scores()
    print(f"{'rule':14} true false not judged  missed")
    for code, score in sorted(every.items()):
        mark = "  <- false too often" if score.bad() else ""
        missed = " ".join(score.missed)
        print(
            f"{code:14} {score.true:4} {score.false:5} {score.unjudged:10}  {missed}{mark}".rstrip()
        )
    true = sum(score.true for score in every.values())
    judged = true + sum(score.false for score in every.values())
    print(f"errors and warnings that are true: {true} of {judged} that can be judged")
