"""Sources of registers: a folder, a store, or some towns that were read together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from reportkit.errors import UnknownYear
from reportkit.language import _
from reportkit.registers.data import TownData, reporting_years
from reportkit.registers.dealt import Dealt
from reportkit.registers.derivation.assemble import (
    assemble,
    known_numbers,
    monthly_disclosures,
    numbers_report,
    set_aside_rows,
)
from reportkit.registers.derivation.behind import Trace
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.derivation.derive import Numbers, numbers_of
from reportkit.registers.derivation.timeliness import time_limits
from reportkit.registers.digest import Digests
from reportkit.registers.slices import pack_slice
from reportkit.report import Town, TownReport
from reportkit.sources.dossier import HISTORY, Dossier, Source, require_town
from reportkit.sources.kept import Kept
from reportkit.sources.office import kept_of

Stands = Callable[[str, str], bool]
"""Says of a town whether all that is to be known of it is known, as long as its mark is the one given."""


class RegisterSource:
    """A source of registers: anything that can hand over one town's cleaned registers."""

    def __init__(
        self,
        uri: str,
        towns: Mapping[str, Town],
        read: Callable[[str], TownData],
        problems: tuple[str, ...] = (),
        digests: Callable[[str], Digests] | None = None,
        *,
        wholes: Collection[str] = (),
    ) -> None:
        """Take over what was read; ``wholes`` are counties and provinces whose own prose is in it."""
        self.uri = uri
        self._wholes = frozenset(wholes)
        self.towns = towns
        self.problems = problems
        self._read = read
        self.marks: Mapping[str, str] = {}
        """What changes by town whenever its data may have, where that can be told without reading them."""
        self.placed: frozenset[str] = frozenset()
        """The towns of whose rows a finding tells the place: a mark's second word counts for them."""
        self._digests: tuple[str, Digests] | None = None
        self._digest = digests or (lambda town: Digests(self.data(town)))

    def data(self, town: str) -> TownData:
        """Return one town's cleaned registers, or raise :class:`~reportkit.errors.UnknownTown`."""
        require_town(self, town)
        return self._read(town)

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        return self.data(town).years()

    def load(
        self,
        town: str,
        year: int,
        previous: TownReport | None = None,
        published_on: date | None = None,
    ) -> Dossier:
        """Return all for one report; see :class:`Source`."""
        return dossier(self.data(town), year, previous=previous, published_on=published_on)

    def digest(self, town: str, year: int) -> str:
        """Return the digest of the slice; the last town's hashes are kept, for its other years."""
        if self._digests is None or self._digests[0] != town:
            self._digests = (town, self._digest(town))
        return self._digests[1].of(year)

    def kept(self, body: str) -> Kept:
        """Return what the office keeps of a body; see :class:`Source`."""
        known = body in self.towns or body in self._wholes
        return kept_of(self._read(body)) if known else Kept()

    def pack(self, town: str) -> bytes | None:
        """Return one town's registers as a slice."""
        return pack_slice(self.uri, self.data(town))


class StoreSource(RegisterSource):
    """A store: each question is asked of the database, for one town and as far as a year's end."""

    def __init__(
        self,
        uri: str,
        towns: Mapping[str, Town] | None = None,
        editions: Mapping[str, str] | None = None,
        wholes: Mapping[str, Town] | None = None,
    ) -> None:
        # Who reads a folder needs no database: its drivers are not imported for them.
        from reportkit.registers.store.address import parse_address  # noqa: PLC0415
        from reportkit.registers.store.read import Store  # noqa: PLC0415

        self.store = Store(parse_address(uri), towns, editions, wholes)
        super().__init__(
            self.store.address.uri,
            self.store.towns,
            self.store.town,
            self.store.problems,
            wholes=wholes or (),
        )

    def sweep(
        self, only: Collection[str] | None, stands: Stands
    ) -> Iterator[tuple[Source, Mapping[str, Town]]]:
        """Yield sources of some towns each, read together; see :func:`sweep`. The last one has no town, and the marks."""
        marks = self.store.marks()
        asked = [
            town
            for town in sorted(self.towns if only is None else self.towns.keys() & set(only))
            if not stands(town, marks[town])
        ]
        for dealt, some in self.store.batches(asked):
            towns = {town: data.town for town, data in some.items()}
            yield Several(self.uri, towns, some.__getitem__, dealt), self.towns
        rest = RegisterSource(self.uri, {}, self._read, self.problems, wholes=self._wholes)
        rest.marks = marks
        yield rest, self.towns

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        require_town(self, town)
        return self.store.years(town)

    def load(
        self,
        town: str,
        year: int,
        previous: TownReport | None = None,
        published_on: date | None = None,
    ) -> Dossier:
        """Return all for one report; rows that came after its year are not read."""
        require_town(self, town)
        data = self.store.town(town, date(year, 12, 31))
        if year not in data.years():
            data = self.data(town)  # its years, for the error to name
        return dossier(data, year, previous=previous, published_on=published_on)


class Several(RegisterSource):
    """Some towns of a source, read together: their years and digests are found for all at once."""

    def __init__(
        self,
        uri: str,
        towns: Mapping[str, Town],
        read: Callable[[str], TownData],
        dealt: Dealt,
        problems: tuple[str, ...] = (),
        *,
        wholes: Collection[str] = (),
    ) -> None:
        self._held: dict[str, TownData] = {}
        self._of = read
        self._dealt = dealt
        super().__init__(
            uri,
            towns,
            self._once,
            problems,
            lambda town: Digests(self.data(town), dealt.parts(town)),
            wholes=wholes,
        )

    def _once(self, town: str) -> TownData:
        if town not in self._held:
            self._held[town] = self._of(town)
        return self._held[town]

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        return reporting_years(self.data(town).coverage, self._dealt.years(town))


def dossier(
    data: TownData,
    year: int,
    *,
    previous: TownReport | None = None,
    published_on: date | None = None,
    cases: Cases | None = None,
) -> Dossier:
    """Return all for one report from one town's registers; ``cases`` are those of the data, where they are at hand.

    Raises :class:`~reportkit.errors.UnknownYear` for a year that there is nothing to report for.
    """
    years = data.years()
    if year not in years:
        known = (
            _("; it has {years}", years=", ".join(map(str, years)))
            if years
            else _(", nor of any other year")
        )
        raise UnknownYear(
            _(
                "{id}: nothing to report for {year}{known}. A year has something to report where "
                "narratives, figures or coverage name it",
                id=data.town.id,
                year=year,
                known=known,
            )
        )
    cases = cases or Cases(data)
    numbers = numbers_of(cases, year)
    past = {y: known_numbers(cases, y) for y in range(year - HISTORY + 1, year)}
    last = past.get(year - 1)
    if last is None and previous is not None:
        last = Numbers(previous.cells.edition, previous.cells, previous.facts, ())
    else:
        previous = numbers_report(data, year - 1, last) if last else None
    report = assemble(data, year, numbers, last, published_on)
    history = [numbers_report(data, y, known) for y, known in past.items() if known]
    if previous is not None and not any(item.year == year - 1 for item in history):
        history.append(previous)
    covered = data.covers("applications", year)
    applications = data.rows("applications", year) if covered else None
    return Dossier(
        report,
        previous,
        (*history, report),
        monthly_disclosures(data, year),
        None if applications is None else time_limits(applications, year),
        set_aside_rows(data, year),
        trace=lambda: Trace(cases, year, numbers),
    )
