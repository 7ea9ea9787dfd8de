"""Rows: which row of the form each run of values belongs to.

A row is known by its label at the end of the run's text. A label that stands in two places of the
form (其他, 总计) needs its neighbour; a label of t2, short as it is, needs its block's header.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportkit.prose.fold import core, fold
from reportkit.published.tables.labels import Lexicon, Slot, near, printed_number
from reportkit.published.tables.runs import Run
from reportkit.published.tables.tokens import Token

REACH = 8
"""How many rows further on a damaged label is looked for."""


LONGEST_LABEL = 60
"""So much of a printed label is kept for messages."""


@dataclass(slots=True)
class Match:
    """A row of the form and the run in which it was found."""

    slot: Slot
    run: Run
    tokens: list[Token]
    """The tokens that are the row's values, before they are aligned."""
    label: str
    """The label as printed; empty where it was lost."""
    number: int
    """The run's position in the document."""
    header: bool = False
    """Column labels of the form stand in the run's text."""
    next_text: Token | None = None
    """For a label with nothing behind it: the text that follows."""


def match_rows(given: Sequence[Run], words: Lexicon) -> tuple[list[Match], list[Run]]:
    """Return the rows whose labels are found, in the document's order, and the runs as that leaves them.

    Where a label goes on behind its values, the head of the run there is the label's: :attr:`Run.used`.
    """
    runs = list(given)
    found: list[Match] = []
    last: Match | None = None
    for number, run in enumerate(runs):
        before = runs[number - 1] if number else None
        for slot, next_text in _passed_over(run, words, last):
            last = Match(slot, run, [], slot.row.label, number, next_text=next_text)
            found.append(last)
        if not run.texts or run.parted:
            continue
        after = runs[number + 1] if number + 1 < len(runs) else None
        slot_found, taken = _labelled(run, words, last, before, after)
        if after is not None and taken is not None:
            runs[number + 1] = replace(after, used=taken)
        if slot_found is None:
            continue
        last = Match(
            slot_found,
            run,
            list(run.values),
            run.texts[-1].text[-LONGEST_LABEL:],
            number,
            header=any("column" in p.kinds for p in run.words()[:-1]),
        )
        found.append(last)
    return found, runs


def _passed_over(
    run: Run, words: Lexicon, last: Match | None
) -> Iterator[tuple[Slot, Token | None]]:
    """Yield rows whose label stands inside the run's text: nothing is printed behind it."""
    pieces = run.words()
    for piece in pieces[:-1] if run.values else pieces:
        if "row" not in piece.kinds or "column" in piece.kinds or piece.start not in run.starts:
            continue
        slots = [s for s in words.by_label[piece.word] if not s.across]
        if len(slots) == 1 and last is not None and slots[0].index > last.slot.index:
            behind = [t for t, at in zip(run.texts, run.starts, strict=True) if at >= piece.end]
            yield slots[0], behind[0] if behind else None


def _labelled(
    run: Run, words: Lexicon, last: Match | None, before: Run | None, after: Run | None
) -> tuple[Slot | None, int | None]:
    """Return the row that a run's text ends with; see :func:`_fuzzy` for the second value."""
    piece = run.pieces[-1] if run.pieces else None
    if piece is not None and piece.end == len(run.core) and "row" in piece.kinds:
        glue = run.core[: piece.start]
        at_start = piece.start in run.starts or any(p.end == piece.start for p in run.pieces)
        numbered = bool(glue) and glue[-1] in "一二三四五六七八九十"
        if not at_start and not numbered and not _beside_group(run, piece.start, piece.word, words):
            return _fuzzy(run, words, last, after)
        for slot in words.by_label[piece.word]:
            if _accepted(slot, run, last, before, ambiguous="column" in piece.kinds):
                return slot, None
        return None, None
    return _fuzzy(run, words, last, after)


def _beside_group(run: Run, start: int, label: str, words: Lexicon) -> bool:
    """Say whether nothing but pieces of the label's groups stand before it on its line.

    A group's label (本年度办理结果) is written down a narrow column, so that a line of plain text holds
    a few of its characters, a space, and the row's label: 果  2.重复申请.
    """
    if not run.starts or start <= run.starts[-1]:
        return False
    groups = {core(group) for slot in words.by_label[label] for group in slot.row.path}
    left = run.core[run.starts[-1] : start]
    for word in map(core, fold(run.texts[-1].text).split()):
        if not left or not any(word in group for group in groups):
            break
        left = left.removeprefix(word)
    return not left


def _accepted(
    slot: Slot, run: Run, last: Match | None, before: Run | None, *, ambiguous: bool
) -> bool:
    """Say whether a label found may be the row: by its neighbours, number or header."""
    here = last is not None and last.slot.table.code == slot.table.code
    follows = here and last is not None and last.slot.index == slot.index - 1
    if ambiguous:
        numbered = bool(slot.number) and printed_number(run.texts[-1].text) == slot.number
        plain = not any("column" in p.kinds for p in run.words()[:-1])
        return plain and (follows or (here and numbered))
    if slot.headed:
        chained = here and last is not None and last.run is before
        orphaned = before is not None and any("column" in p.kinds for p in before.words())
        headed = any(p.kinds & {"column", "heading"} for p in run.words()[:-1])
        return headed or (run.context == 0 and (chained or orphaned))
    if slot.across:
        return any("column" in p.kinds for p in run.words()) or follows
    return True


def _fuzzy(
    run: Run, words: Lexicon, last: Match | None, after: Run | None
) -> tuple[Slot | None, int | None]:
    """Find a damaged label at the end of the run's text, among the rows that may come next.

    Returns its row, and how much of the next run's head is the label's rest: ``None`` where no label was found.
    """
    if not run.core:
        return None, None
    first = last.slot.index + 1 if last else 0
    near_by = [s for s in words.slots[first : first + REACH] if not s.across]
    tails = [run.core[s:] for s in dict.fromkeys(run.starts[-4:]) if s >= run.used]
    ends = [run.core[p.end :] for p in run.pieces[-2:]]
    hits: set[int] = set()
    for slot in near_by:
        for label in slot.labels:
            if any(
                near(tail, label) or (len(tail) >= 6 and _only_start(tail, label, words))
                for tail in (*tails, *ends)
                if tail
            ) or (after is not None and _around(run, label, after)):
                hits.add(slot.index)
    if len(hits) != 1:
        return None, None
    slot = words.slots[hits.pop()]
    taken = 0
    if after is not None:
        taken = max((_around(run, label, after) for label in slot.labels), default=0)
    if slot.headed and not (last is not None or any("column" in p.kinds for p in run.words())):
        return None, taken
    return slot, taken


def _only_start(tail: str, label: str, words: Lexicon) -> bool:
    """Say whether a text is the start of one row label alone."""
    return (
        label.startswith(tail)
        and sum(any(word.startswith(tail) for word in slot.labels) for slot in words.slots) == 1
    )


def _around(run: Run, label: str, after: Run) -> int:
    """Say how much of a wrapped label stands behind its values, its start standing before them."""
    for cut in range(len(label) - 1, 2, -1):
        if run.core.endswith(label[:cut]) and after.core.startswith(label[cut:]):
            begin = len(run.core) - cut
            if begin in run.starts or any(p.end == begin for p in run.pieces):
                return len(label) - cut
    return 0
