"""The project folder: which towns, which years, which source (params/towns.yaml, params/batch.yaml).

Everything here comes from files that people type, so every fault is named with its file, its key and the
nearest valid name, all of them at once. Paths inside a file are relative to that file.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from reportkit.errors import ParameterError, ReportFileError, nearest
from reportkit.form import EDITIONS
from reportkit.report import Kind, Power, Town, TownReport

Audience = Literal["public", "internal"]

BATCH_VARIABLE: Final = "REPORTKIT_BATCH"
"""The environment variable that names the params file for the notebooks of a run."""

_ID = re.compile(r"[a-z][a-z0-9-]{1,62}")
_RESERVED = frozenset(
    {"county", "index", "internal", "manifest", "con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)


def check_id(value: str) -> str:
    """Return a town's id as it is, or raise :class:`ValueError`: it becomes a file's name everywhere."""
    if not _ID.fullmatch(value):
        raise ValueError(
            f"{value!r} is no id: a small letter, then small letters, digits and hyphens, 2 to 63 in all"
        )
    if value in _RESERVED:
        raise ValueError(f"{value!r} is reserved and cannot be a town's id")
    return value


def _edition(value: object) -> object:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text is not None and text not in EDITIONS:
        raise ValueError(f"there is no edition {text!r}{nearest(str(text), EDITIONS)}")
    return text


_M = TypeVar("_M", bound=BaseModel)

TownId = Annotated[str, AfterValidator(check_id)]


class TownEntry(BaseModel):
    """One town of params/towns.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: TownId
    name: Annotated[str, Field(min_length=1)]
    county: str
    province: str
    kind: Kind
    issuer: str
    edition: Annotated[str | None, BeforeValidator(_edition)] = None
    """The edition to use whatever the year; left out: by year."""
    delegated: tuple[Power, ...] | None = None
    illustrative: bool = False

    def town(self) -> Town:
        """Return the town without what only this file says of it."""
        return Town.model_validate(self.model_dump(exclude={"edition"}))


class TownsFile(BaseModel):
    """params/towns.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    towns: tuple[TownEntry, ...]


class Batch(BaseModel):
    """params/batch.yaml: what one run makes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Annotated[str, Field(min_length=1)]
    """A source's URI; :attr:`Project.source` has its path absolute."""
    towns: Path | None = None
    """The towns file; left out where the data hold a ``towns`` register."""
    years: Annotated[tuple[int, ...], Field(min_length=1)]
    only: tuple[TownId, ...] | None = None
    audience: Audience = "public"
    previous: Path | None = None
    """A report.json of the year before, or a folder of them."""
    published_on: Mapping[TownId, date] = Field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """A project folder as its params files describe it; without any of them, an empty one."""

    folder: Path
    file: Path | None = None
    """The batch file, or the towns file where there is no batch file."""
    batch: Batch | None = None
    entries: Mapping[str, TownEntry] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def towns(self) -> Mapping[str, Town]:
        """The towns of the towns file by id."""
        return MappingProxyType({id_: entry.town() for id_, entry in self.entries.items()})

    @cached_property
    def editions(self) -> Mapping[str, str]:
        """The editions that the towns file sets, by town."""
        return MappingProxyType({i: e.edition for i, e in self.entries.items() if e.edition})

    @property
    def source(self) -> str:
        """The batch's source, its path absolute; without a batch the sample county."""
        if self.batch is None or self.file is None:
            return "sample:"
        return resolve_source(self.batch.source, self.file.parent)

    @property
    def notebook(self) -> Path:
        """The master notebook: the project's own, else the copy that comes with the package."""
        own = self.folder / "notebooks" / "annual_report.ipynb"
        return own if own.is_file() else packaged_notebook()

    def published_on(self, town: str, year: int) -> date | None:
        """Return the day on which a report was published: in the year after the one it is about."""
        day = self.batch.published_on.get(town) if self.batch else None
        return day if day is not None and day.year == year + 1 else None

    def previous(self, town: str, year: int) -> TownReport | None:
        """Return last year's report as ``previous`` gives it, if it does."""
        return self._previous.get((town, year - 1))

    @cached_property
    def _previous(self) -> Mapping[tuple[str, int], TownReport]:
        if self.batch is None or self.file is None or self.batch.previous is None:
            return {}
        path = self.file.parent / self.batch.previous
        if not path.exists():
            raise ParameterError(f"{self.file}: previous: there is no {path}")
        paths = (
            sorted(p for p in path.glob("**/*.json") if p.name != "manifest.json")
            if path.is_dir()
            else [path]
        )
        reports = {}
        for one in paths:
            try:
                report = TownReport.from_json(one.read_bytes())
            except (ReportFileError, OSError) as fault:
                raise ParameterError(f"{self.file}: previous: {one}: {fault}") from None
            if report.town.id is not None and report.year is not None:
                reports[report.town.id, report.year] = report
        return reports


def find_project(start: Path | None = None, batch: Path | None = None) -> Project:
    """Return the project that a call is about.

    ``batch`` names its batch file (or towns file); without it the variable :data:`BATCH_VARIABLE` does
    (set and empty: no project); without that the nearest params/batch.yaml or params/towns.yaml counts, from
    ``start`` (the current folder) upwards. Raises :class:`ParameterError` naming every fault of the files.
    """
    here = (start or Path.cwd()).resolve()
    named = os.environ.get(BATCH_VARIABLE)
    if batch is None and named:
        batch = Path(named)
    if batch is not None:
        return _load(here / batch)
    if named is None:
        for folder in (here, *here.parents):
            for name in ("batch.yaml", "towns.yaml"):
                if (folder / "params" / name).is_file():
                    return _load(folder / "params" / name)
    return Project(here)


def _load(path: Path) -> Project:
    """Load a batch file with its towns, or a towns file alone."""
    body = _read(path)
    folder = path.parent.parent if path.parent.name == "params" else path.parent
    if isinstance(body, dict) and isinstance(body.get("towns"), list):
        return Project(folder, path, None, _towns(path, body))
    batch = _parse(Batch, path, body)
    if batch.towns is not None:
        towns = path.parent / batch.towns
        if not towns.is_file():
            raise ParameterError(f"{path}: towns: there is no file {towns}{_sibling(towns)}")
    else:
        towns = path.parent / "towns.yaml"
    entries = _towns(towns, _read(towns)) if towns.is_file() else {}
    return Project(folder, path, batch, MappingProxyType(entries))


def _towns(path: Path, body: object) -> dict[str, TownEntry]:
    towns = _parse(TownsFile, path, body).towns
    twice = [id_ for id_, times in Counter(town.id for town in towns).items() if times > 1]
    if twice:
        raise ParameterError(f"{path}: towns: the id {twice[0]!r} stands there more than once")
    return {town.id: town for town in towns}


def _sibling(path: Path) -> str:
    folder = path.parent
    return nearest(path.name, (p.name for p in folder.iterdir())) if folder.is_dir() else ""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C where it is built
    """Safe YAML that refuses a key that stands twice, which YAML's own rule forbids."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        twice = [key for key, times in keys.items() if times > 1]
        if twice:
            line = node.start_mark.line + 1
            raise yaml.YAMLError(f"the key {twice[0]!r} stands twice (mapping from line {line})")
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _read(path: Path) -> object:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ParameterError(f"there is no file {path}{_sibling(path)}") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ParameterError(f"{path}: cannot be read as UTF-8 text: {fault}") from None
    try:
        return yaml.load(text, _Loader)  # noqa: S506  # a subclass of the safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as fault:
        raise ParameterError(f"{path}: no YAML: {' '.join(str(fault).split())}") from None


def _parse(model: type[_M], path: Path, body: object) -> _M:
    try:
        return model.model_validate(body)
    except ValidationError as fault:
        words = "; ".join(fault_words(fault, model))
        raise ParameterError(f"{path}: {words}") from None


def fault_words(fault: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Word each fault of a validation as «key: what is wrong; nearest valid name»."""
    for error in fault.errors(include_url=False):
        where = _where(error["loc"])
        match error["type"]:
            case "extra_forbidden":
                names = _fields(model, error["loc"][:-1])
                yield f"{where}: unknown key{nearest(str(error['loc'][-1]), names)}"
            case "missing":
                yield f"{where}: is missing"
            case "literal_error":
                given, choices = str(error["input"]), error["ctx"]["expected"]
                names = re.findall(r"'([^']*)'", str(choices))
                yield f"{where}: {given!r} is not possible{nearest(given, names)}"
            case "model_type" | "model_attributes_type":
                yield f"{where or 'the file'}: should be keys with values"
            case _:
                yield f"{where}: {error['msg'].removeprefix('Value error, ')}"


def _where(loc: tuple[int | str, ...]) -> str:
    """Write a place in a document: ``towns[3].kind``, counting from one as people do."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that a place in a document may have."""
    inner = TownEntry if model is TownsFile and loc else model
    return list(inner.model_fields)


def resolve_source(uri: str, base: Path) -> str:
    """Return a source's URI with its path absolute, relative paths being relative to ``base``.

    >>> resolve_source("sample:", Path("/p")), resolve_source("duckdb:////d/x.duckdb", Path("/p"))
    ('sample:', 'duckdb:////d/x.duckdb')
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or len(scheme) < 2 or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        return str(Path(os.path.normpath(base.absolute() / Path(uri).expanduser())))
    if scheme == "published":
        return f"published:{os.path.normpath(base.absolute() / rest)}"
    if scheme == "duckdb" and rest.startswith("///"):
        return f"duckdb:///{os.path.normpath(base.absolute() / rest[3:])}"
    return uri


def packaged_notebook() -> Path:
    """Return the master notebook that the wheel carries; in a checkout, the repository's own."""
    package = Path(str(files("reportkit")))
    places = (package / "notebooks", package.parents[1] / "notebooks")
    for place in places:
        if (place / "annual_report.ipynb").is_file():
            return place / "annual_report.ipynb"
    raise ParameterError(f"the master notebook is missing: {places[0] / 'annual_report.ipynb'}")
