"""Lost labels: rows whose values are there and whose label is not.

Only where the form leaves one place for them: the values fill exactly the rows that are missing
between two rows found, under a heading, or in the block whose header stands above them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportkit.prose.fold import core
from reportkit.published.tables.labels import Lexicon, Slot
from reportkit.published.tables.rows import Match
from reportkit.published.tables.runs import Run


def with_lost_labels(found: Sequence[Match], runs: Sequence[Run], words: Lexicon) -> list[Match]:
    """Return the rows found and those whose label was lost, in the document's order."""
    result: list[Match] = []
    taken = {match.number for match in found if match.tokens}
    for i, match in enumerate([*found, None]):
        low = result[-1].number + 1 if result else 0
        high = match.number if match else len(runs)
        for number in range(low, high):
            if number not in taken and runs[number].counts:
                before = result[-1] if result else None
                after = next((m for m in found[i:] if m.tokens or m.number > number), None)
                result += _lost(runs[number], number, before, after, words)
        if match is not None:
            result.append(match)
    return [extra for match in result for extra in _overlong(match, result, words)]


def _lost(
    run: Run, number: int, before: Match | None, after: Match | None, words: Lexicon
) -> list[Match]:
    """Return the rows that a run of values without a label fills exactly."""
    if run.texts and run.foreign(words):
        return []
    first = before.slot.index + 1 if before else 0
    gap = words.slots[first : after.slot.index if after else len(words.slots)]
    columns = [p.word for p in run.words() if "column" in p.kinds]
    missing = _laid_across(run, gap) or _under_header(run, columns, gap) or _under_heading(run, gap)
    if not missing and not columns and before and after and before.slot.block is after.slot.block:
        missing = list(gap)
    total = sum(slot.width for slot in missing)
    filled = [token for token in run.values if token.filled]
    header = bool(columns) or (bool(missing) and missing[0].across)
    if missing and missing[0].across:
        label = missing[0].row.label if len(missing) == 1 else ""
        return [Match(missing[0], run, list(run.values), label, number, header=header)]
    values = run.values if len(run.values) == total else filled
    if not missing or len(values) != total:
        return []
    made, at = [], 0
    for slot in missing:
        tokens = list(values[at : at + slot.width])
        made.append(Match(slot, run, tokens, "", number, header=header))
        at += slot.width
    return made


def _under_header(run: Run, columns: Sequence[str], gap: Sequence[Slot]) -> list[Slot]:
    """Return the missing rows of the one block whose column labels stand above the values."""
    shared: dict[tuple[str, int], list[Slot]] = {}
    for slot in gap:
        if any(core(column.label) in columns for column in slot.block.columns):
            shared.setdefault((slot.table.code, slot.block_no), []).append(slot)
    if not shared:
        return []

    def score(slots: list[Slot]) -> int:
        return sum(core(column.label) in columns for column in slots[0].block.columns)

    best = max(map(score, shared.values()))
    blocks = [slots for slots in shared.values() if score(slots) == best]
    if len(blocks) != 1:
        return []
    found = blocks[0]
    width = found[0].width
    if found[0].across and len(columns) == width == len([t for t in run.values if t.filled]):
        return _named(run, found)
    return found


def _named(run: Run, slots: Sequence[Slot]) -> list[Slot]:
    """Return the one row of a table laid across that the run names last: each has a table here."""
    labels = {label for slot in slots for label in slot.labels}
    names = [p.word for p in run.words() if p.word in labels]
    return [slot for slot in slots if names and names[-1] in slot.labels]


def _headings(run: Run) -> list[str]:
    return [p.word for p in run.words() if "heading" in p.kinds]


def _laid_across(run: Run, gap: Sequence[Slot]) -> list[Slot]:
    """Return the missing rows of a table laid across, where its headings alone stand above the values.

    Then the values must fill it whole. A column of the same name in another table proves nothing.
    """
    across = [s for s in gap if s.across]
    whole = sum(slot.width for slot in across) == len([t for t in run.values if t.filled])
    known = {core(heading) for slot in across for heading in slot.row.path}
    return across if whole and known & set(_headings(run)) else []


def _under_heading(run: Run, gap: Sequence[Slot]) -> list[Slot]:
    """Return the missing rows under the heading that stands last before the values."""
    headings = _headings(run)
    if not headings:
        return []
    return [s for s in gap if s.row.path and not s.across and core(s.row.path[-1]) == headings[-1]]


def _overlong(match: Match, found: Sequence[Match], words: Lexicon) -> Iterator[Match]:
    """Yield a row, and the rows behind it whose labels were lost so that it has their values too."""
    slot = match.slot
    if slot.across or len(match.tokens) <= slot.width:
        yield match
        return
    later = [
        m.slot.index for m in found if m.slot.index > slot.index and m.slot.table is slot.table
    ]
    stop = min(later, default=None)
    missing = (
        [s for s in words.slots[slot.index + 1 : stop] if s.block is slot.block]
        if stop is not None
        else []
    )
    total = slot.width + sum(s.width for s in missing)
    if (
        not missing
        or len(match.tokens) != total
        or any(t.kind == "blank" or t.bond != "cell" for t in match.tokens)
    ):
        yield match
        return
    at = 0
    for each in (slot, *missing):
        yield Match(
            each,
            match.run,
            match.tokens[at : at + each.width],
            match.label if at == 0 else "",
            match.number,
            match.header,
        )
        at += each.width
