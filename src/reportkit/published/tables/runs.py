"""Runs: tokens grouped into a text and the values behind it, with the form's words found in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from reportkit.prose.fold import core, fold
from reportkit.published.tables.labels import UNITS, Lexicon, Piece
from reportkit.published.tables.tokens import Token

_PROSE = re.compile(r"[。；！]")
ROW_OF_BLANKS = 5
FOREIGN = 12
"""So many characters in a row that are none of the form's begin another context: prose."""


@dataclass(slots=True)
class Run:
    """Texts and the values and blanks that follow them."""

    texts: list[Token]
    values: list[Token]
    core: str = ""
    """The texts' cores, joined."""
    starts: list[int] = field(default_factory=list)
    """Where each text starts in the core."""
    pieces: list[Piece] = field(default_factory=list)
    context: int = 0
    """Where the form's own words begin: behind the last stretch of foreign text."""
    used: int = 0
    """How much of the core's head is the rest of the row label before."""

    @property
    def filled(self) -> list[Token]:
        """The values that are not blank."""
        return [token for token in self.values if token.kind == "value"]

    @property
    def counts(self) -> bool:
        """The values are a row's: a number among them, or so many blanks as no heading leaves."""
        if self.filled or len(self.values) < ROW_OF_BLANKS:
            return bool(self.filled)
        row = {token.row for token in self.values}
        alone = len(row) == 1 and not any(token.row in row for token in self.texts)
        return alone or all(token.filled for token in self.values)

    @property
    def parted(self) -> bool:
        """The values stand in another row of a grid than the last text."""
        return bool(
            self.texts
            and self.values
            and self.values[0].sure
            and self.texts[-1].row != self.values[0].row
        )

    def words(self) -> list[Piece]:
        """Return the form's words in the run's context."""
        return [p for p in self.pieces if p.start >= max(self.context, self.used)]

    def foreign(self, words: Lexicon) -> int:
        """Return how many characters of the context are not the form's, units aside."""
        count = 0
        end = max(self.context, self.used)
        for start, stop in [*((p.start, p.end) for p in self.words()), (len(self.core),) * 2]:
            stretch = self.core[end:start]
            ours = UNITS.fullmatch(stretch) or words.is_broken_header(stretch)
            count += 0 if ours else len(stretch)
            end = stop
        return count


def runs_of(tokens: Iterable[Token], words: Lexicon) -> list[Run]:
    """Group tokens into runs and find the edition's words in them.

    Blanks behind a text that is no row label are no values: the texts around them are one run.
    """
    rough: list[Run] = []
    texts: list[Token] = []
    values: list[Token] = []
    for token in tokens:
        if token.kind == "text":
            if values:
                rough.append(Run(texts, values))
                texts, values = [], []
            texts.append(token)
        else:
            if values and token.sure and token.row != values[-1].row:
                rough.append(Run(texts, values))
                texts, values = [], []
            values.append(token)
    rough.append(Run(texts, values))
    made: list[Run] = []
    for run in rough:
        if made and not made[-1].counts and not _labelled(made[-1], words):
            run.texts[:0] = made.pop().texts
        _read(run, words)
        made.append(run)
    return made


def _labelled(run: Run, words: Lexicon) -> bool:
    """Say whether a row label ends the text, in the grid row of the values."""
    last = run.pieces[-1] if run.pieces else None
    return (
        last is not None
        and last.end == len(run.core)
        and "row" in last.kinds
        and not all(slot.across for slot in words.by_label[last.word])
        and not run.parted
    )


def _read(run: Run, words: Lexicon) -> None:
    cores = [_core(token.text, words) for token in run.texts]
    run.starts, run.core = _joined(cores)
    run.pieces = words.pieces(run.core)
    run.context = _context(run, words)


def _core(text: str, words: Lexicon) -> str:
    """Return a text's core; what it brackets stays where that is a label: 行政诉讼（复议后起诉）."""
    inner = {core(note) for note in re.findall(r"\(([^()]*)\)", fold(text))}
    return core(
        text, notes=any(words.kinds.get(note, frozenset()) & {"row", "column"} for note in inner)
    )


def _joined(cores: list[str]) -> tuple[list[int], str]:
    starts: list[int] = []
    length = 0
    for part in cores:
        starts.append(length)
        length += len(part)
    return starts, "".join(cores)


def _context(run: Run, words: Lexicon) -> int:
    """Return where the last foreign stretch or sentence of prose ends, or the last title begins."""
    context = end = 0
    for piece in [*run.pieces, None]:
        start = piece.start if piece else len(run.core)
        stretch = run.core[end:start]
        if (
            len(stretch) >= FOREIGN
            and stretch not in words.headings
            and not words.is_broken_header(stretch)
        ):
            context = start
        end = piece.end if piece else end
    stops = [*run.starts[1:], len(run.core)][: len(run.texts)]
    for token, start, stop in zip(run.texts, run.starts, stops, strict=True):
        if run.core[start:stop] in words.titles:
            context = max(context, start)
        if _PROSE.search(token.text) and stop > context and not _known(run, start, stop):
            context = stop
    return context


def _known(run: Run, start: int, stop: int) -> bool:
    """Say whether a text is the form's own but for a few characters."""
    inside = (p for p in run.pieces if start <= p.start and p.end <= stop)
    return stop - start - sum(p.end - p.start for p in inside) < 4
