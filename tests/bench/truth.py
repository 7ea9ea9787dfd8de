"""How true readings of real reports are: ``python -m tests.bench.truth [-v] [FOLDER...]``.

The corpus of tests/published/corpus is read, and every further folder of the same shape (a
``records.jsonl`` beside the reports), each scored apart. ``-v`` names each fault.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.published.records import FOLDERS, Verdict, judge, load_records

Count = Callable[[Sequence[Verdict]], str]


def _total(name: str) -> Count:
    return lambda verdicts: str(sum(len(getattr(verdict, name)) for verdict in verdicts))


def _of(part: Callable[[Verdict], bool], whole: Callable[[Verdict], bool]) -> Count:
    return lambda verdicts: (
        f"{sum(part(v) for v in verdicts if whole(v))} of {sum(map(whole, verdicts))}"
    )


def _cells_read(verdicts: Sequence[Verdict]) -> str:
    listed = sum(len(v.record.cells) for v in verdicts)
    return f"{sum(len(v.right) for v in verdicts)} of {listed}"


def _facts_read(verdicts: Sequence[Verdict]) -> str:
    stated = sum(len(v.record.facts) for v in verdicts)
    return f"{sum(len(v.facts_read) for v in verdicts)} of {stated}"


MEASURES: dict[str, Count] = {
    "reports with every printed cell exact": _of(lambda v: v.exact, lambda _: True),
    "cells read of those printed": _cells_read,
    "cells certain and wrong": _total("wrong"),
    "cells certain and unproven": _total("unproven"),
    "facts read of those stated": _facts_read,
    "facts certain and wrong": _total("facts_wrong"),
    "names right": _of(lambda v: v.name == "right", lambda v: v.record.named),
    "names wrong": lambda verdicts: str(sum(v.name == "wrong" for v in verdicts)),
    "county split off where the name has it": _of(
        lambda v: v.divided is True, lambda v: v.divided is not None
    ),
    "years right": _of(lambda v: v.year == "right", lambda v: v.record.year is not None),
    "years wrong": lambda verdicts: str(sum(v.year == "wrong" for v in verdicts)),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Read every record and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.truth", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each fault")
    options = parser.parse_args(arguments)
    sets = [
        (folder.resolve().name, [judge(record) for record in load_records(folder)])
        for folder in (*FOLDERS, *options.folders)
    ]
    print(f"{'':<40}" + "".join(f"{name:>16}" for name, _ in sets))
    print(f"{'reports':<40}" + "".join(f"{len(verdicts):>16}" for _, verdicts in sets))
    for label, measure in MEASURES.items():
        print(f"{label:<40}" + "".join(f"{measure(verdicts):>16}" for _, verdicts in sets))
    if options.verbose:
        for name, verdicts in sets:
            for verdict in verdicts:
                for line in _faults(verdict):
                    print(f"{name} {verdict.record.id}: {line}")


def _faults(verdict: Verdict) -> Iterator[str]:
    """Yield what is not as the record says, a line each."""
    if verdict.fault:
        yield verdict.fault
    yield from (f"wrong {each}" for each in verdict.wrong)
    yield from (f"unproven {each}" for each in verdict.unproven)
    if verdict.unread:
        yield f"unread {' '.join(verdict.unread)}"
    yield from (f"wrong fact {each}" for each in verdict.facts_wrong)
    yield from (f"fact not read {each}" for each in verdict.facts_missing)
    if verdict.name in ("wrong", "missing"):
        yield f"name {verdict.name}: {verdict.record.town}"
    if verdict.divided is False:
        yield f"county not split off: {verdict.record.town}"
    if verdict.year in ("wrong", "missing"):
        yield f"year {verdict.year}: {verdict.record.year}"


if __name__ == "__main__":
    main()
