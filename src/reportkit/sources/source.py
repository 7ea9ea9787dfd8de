"""A source of data, named by a URI, gives every town's report and what its notebook shows beside it.

``sample:`` is the sample county, which the package carries; ``published:DIR`` a folder of published reports;
``duckdb:`` and ``postgresql:`` are stores; anything else that names a folder is a folder of
registers. The caller asks for one town and one year and gets a :class:`Dossier`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from reportkit.errors import SourceError, nearest
from reportkit.language import _
from reportkit.registers.reading.files.stored import Indexes
from reportkit.registers.reading.folder import Folder
from reportkit.registers.sample import COUNTIES, FOLDER, SAMPLE
from reportkit.registers.slices import parse_slice
from reportkit.report import Town
from reportkit.sources.archive import Archive, open_archive
from reportkit.sources.dossier import Source
from reportkit.sources.prepared import PREPARED_VARIABLE, SLICE_VARIABLE, prepared_source
from reportkit.sources.registers import RegisterSource, Several, Stands, StoreSource

STORES = ("duckdb", "postgresql")
"""The schemes of a store's URI."""

KINDS = (SAMPLE, "published:", *(f"{scheme}://" for scheme in STORES))
"""The kinds of source that are no plain folder, by how their URIs begin."""


def open_source(
    uri: str,
    towns: Mapping[str, Town] | None = None,
    editions: Mapping[str, str] | None = None,
    wholes: Mapping[str, Town] | None = None,
) -> Source:
    """Open a source by its URI.

    ``towns`` and ``editions`` (from params/towns.yaml) win over the source's own. ``wholes`` are the declared
    counties and provinces: prose of theirs is theirs, not a stranger's, and a town whose own register names another
    county or province is left out, with a problem that says so. Raises :class:`~reportkit.errors.SourceError` where it is not
    there or not a source.
    """
    given = _given_slice(uri)
    if given is not None:
        return given
    if uri == SAMPLE:
        return _folder_source(uri, FOLDER, towns, editions, wholes, beside=COUNTIES)
    scheme, colon, rest = uri.partition(":")
    if scheme == "published":
        path = _folder(uri, rest, _("published reports"))
        return open_archive(f"published:{path.resolve()}", path, towns or {})
    if scheme in STORES and colon:
        return StoreSource(uri, towns, editions, wholes)
    if colon and len(scheme) > 1:
        # The rest of an address that is spelt wrong may hold a password.
        shown = f"{scheme}://…" if rest.startswith("//") else uri
        raise SourceError(
            _("{shown!r}: no such kind of source{near}", shown=shown, near=nearest(shown, KINDS))
        )
    if uri.lower().endswith(".duckdb"):
        raise SourceError(_("{uri!r}: a store is named by its URI; write duckdb:///{uri}", uri=uri))
    path = _folder(uri, uri, _("registers"))
    return _folder_source(str(path.resolve()), path, towns, editions, wholes)


PART_ROWS = 60_000
"""How many rows of a folder are cleaned at once in a sweep."""


def sweep(
    uri: str,
    towns: Mapping[str, Town] | None = None,
    editions: Mapping[str, str] | None = None,
    only: Collection[str] | None = None,
    wholes: Mapping[str, Town] | None = None,
    *,
    stands: Stands = lambda _town, _mark: False,
    indexes: Indexes | None = None,
) -> Iterator[tuple[Source, Mapping[str, Town]]]:
    """Open a source piece by piece, each small enough for memory: together they hold every town, or those named.

    Each comes with all the towns that the whole source has. Where the source can tell what changed, it asks
    ``stands`` for each town with its mark, and leaves out those that do; ``indexes`` of a folder's files say what has
    not to be read for that. Raises what :func:`open_source` does.
    """
    path = FOLDER if uri == SAMPLE else Path(uri).expanduser()
    if _given_slice(uri) is not None or not path.is_dir():
        source = open_source(uri, towns, editions, wholes)
        if isinstance(source, StoreSource):
            yield from source.sweep(only, stands)
        else:
            yield source, source.towns
        return
    name = uri if uri == SAMPLE else str(path.resolve())
    beside = COUNTIES if uri == SAMPLE else None
    indexes = indexes or Indexes(None)
    folder = Folder(path, towns, editions, wholes, beside=beside, indexes=indexes)
    marks = folder.marks()
    asked = [
        town
        for town in sorted(folder.towns if only is None else folder.towns.keys() & set(only))
        if not (marks and stands(town, marks[town]))
    ]
    for part in folder.parts(PART_ROWS, asked):
        source = Several(
            name, part.towns, part.town, part.dealt, tuple(part.problems), wholes=part.held
        )
        source.marks = marks
        source.placed = part.placed
        yield source, folder.towns
        del source
        del part  # before the next one is cleaned


def _folder(uri: str, name: str, holds: str) -> Path:
    """Return the folder that a source's URI names."""
    path = Path(name).expanduser()
    if not path.exists():
        raise SourceError(_("{uri!r}: no such folder{near}", uri=uri, near=_sibling(path)))
    if not path.is_dir():
        raise SourceError(
            _("{uri!r}: not a folder; this source is a folder of {holds}", uri=uri, holds=holds)
        )
    return path


def _given_slice(uri: str) -> Source | None:
    """Return the one town that a run has already read for the notebook that is running, if it has."""
    path = os.environ.get(SLICE_VARIABLE)
    if not path:
        return None
    if os.environ.get(PREPARED_VARIABLE):
        return prepared_source(uri)
    content = Path(path).read_bytes()
    archive = Archive.from_slice(content)
    if archive is not None:
        return archive if archive.uri == uri else None
    of, data = parse_slice(content)
    return RegisterSource(of, {str(data.town.id): data.town}, lambda _: data) if of == uri else None


def _folder_source(
    uri: str,
    path: Path,
    towns: Mapping[str, Town] | None,
    editions: Mapping[str, str] | None,
    wholes: Mapping[str, Town] | None,
    *,
    beside: Mapping[str, Town] | None = None,
) -> RegisterSource:
    folder = Folder(path, towns, editions, wholes, beside=beside)
    return RegisterSource(
        uri, folder.towns, folder.town, tuple(folder.problems), wholes=folder.held
    )


def _sibling(path: Path) -> str:
    """Return the hint for the first part of a path that is not there: the nearest name beside it."""
    missing = path.absolute()
    while not missing.parent.is_dir():
        missing = missing.parent
    return nearest(missing.name, (p.name for p in missing.parent.iterdir() if p.is_dir()))
