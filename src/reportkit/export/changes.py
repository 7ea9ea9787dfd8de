"""What changed between two outputs: reports added and gone, figures, sentences and findings, and why.

Either side is an output folder or one report's JSON. Reports are compared by town and year. Where both
folders have a manifest, its digests say which of the data, the parameters, the notebook, the form, the code
or a library made the difference.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from reportkit.checks.sentences import split
from reportkit.checks.wording import cell_name
from reportkit.errors import CallError, ReportFileError
from reportkit.export.html import environment
from reportkit.form import CellValue, plain
from reportkit.form.facts import FACTS
from reportkit.language import _, marked
from reportkit.manifest import Entry, Manifest
from reportkit.report import TownReport

SCHEMA: Final = "reportkit.diff/1"

Kind = Literal["cell", "fact", "sentence", "finding", "form", "file"]
Causes = tuple[str, ...]

CAUSE_NAMES: Final[Mapping[str, str]] = {
    "data": "数据",
    "parameters": "参数",
    "notebook": "模板",
    "form": "年报格式",
    "package": "程序",
    "library": "所用的库",
    "unknown": "原因不明（没有两边的清单）",
}
KIND_NAMES: Final[Mapping[Kind, str]] = {
    "cell": "表格",
    "fact": "事实",
    "sentence": "文字",
    "finding": "校验问题",
    "form": "年报格式版本",
    "file": "文件",
}
KINDS: Final[Mapping[Kind, str]] = {
    "cell": marked("cell"),
    "fact": marked("fact"),
    "sentence": marked("sentence"),
    "finding": marked("finding"),
    "form": marked("form"),
    "file": marked("file"),
}
"""The same in the language that the command line speaks, once translated."""
STATUSES: Final = {
    "added": marked("added"),
    "gone": marked("gone"),
    "changed": marked("changed"),
}
CAUSES: Final = {
    "unknown": marked("unknown"),
    "data": marked("data"),
    "parameters": marked("parameters"),
    "notebook": marked("notebook"),
    "form": marked("form"),
    "package": marked("package"),
    "library": marked("library"),
}
UNKNOWN: Final = "—"
"""How a change shows a figure that is not known."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not the same on both sides; ``None`` is a side that does not have it."""

    kind: Kind
    place: str
    """A cell's address, a fact's code, a section's code, a finding's code, a file's suffix."""
    name: str
    """The same in the form's own words."""
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one town's report of one year."""

    town: str
    name: str
    year: int | None
    status: Literal["added", "gone", "changed"]
    changes: tuple[Change, ...] = ()
    causes: Causes = ()
    """Which digests differ: keys of :data:`CAUSE_NAMES`."""

    @property
    def title(self) -> str:
        """The report in words."""
        return f"{self.name or self.town} {self.year or '（年度不明）'}"

    @property
    def reasons(self) -> str:
        """The causes in words."""
        return "、".join(CAUSE_NAMES[cause] for cause in self.causes)


@dataclass(frozen=True)
class _Side:
    """One output: its reports' files by town and year, and its manifest if it has one."""

    files: Mapping[tuple[str, int | None], Path]
    manifest: Manifest = field(default_factory=Manifest)

    def entry(self, key: tuple[str, int | None]) -> Entry | None:
        return self.manifest.entries.get((key[0], key[1] or 0))

    def load(self, key: tuple[str, int | None]) -> TownReport:
        return _load(self.files[key])


def compare_outputs(before: Path, after: Path) -> list[Difference]:
    """Return what differs between two output folders, or two report JSON files, by year and town.

    Raises :class:`~reportkit.errors.CallError` for a path that is neither.

    >>> compare_outputs(Path("output"), Path("output"))  # doctest: +SKIP
    []
    """
    one, two = _open(before), _open(after)
    found = []
    for key in sorted(one.files.keys() | two.files.keys(), key=lambda k: (k[1] or 0, k[0])):
        if key not in two.files:
            found.append(_whole(one.load(key), "gone"))
        elif key not in one.files:
            found.append(_whole(two.load(key), "added"))
        elif (difference := _compare(one, two, key)) is not None:
            found.append(difference)
    return found


def render_changes(differences: list[Difference], before: str, after: str) -> str:
    """Return the differences as one HTML page, in Chinese, without script."""
    template = environment().get_template("changes.html.j2")
    values = {"differences": differences, "before": before, "after": after, "kinds": KIND_NAMES}
    return template.render(values).strip() + "\n"


def changes_to_json(differences: list[Difference]) -> dict[str, Any]:
    """Return the differences for ``reportkit diff --json``."""
    return {"schema": SCHEMA, "reports": [asdict(difference) for difference in differences]}


def _open(path: Path) -> _Side:
    if path.is_file():
        report = _load(path)
        return _Side({(report.town.id or "", report.year): path})
    if not path.is_dir():
        raise CallError(
            _(
                "{path}: no such file or folder; give two output folders or two JSON files",
                path=path,
            )
        )
    listed = path / "manifest.json"
    manifest = Manifest.from_json(listed.read_bytes()) if listed.is_file() else Manifest()
    files: dict[tuple[str, int | None], Path] = {
        key: path / name
        for key, entry in manifest.entries.items()
        if (name := entry.file(".json")) is not None and (path / name).is_file()
    }
    if not manifest.entries:
        for file in sorted(path.glob("[0-9][0-9][0-9][0-9]/*.json")):
            files[file.stem, int(file.parent.name)] = file
    if not files:
        raise CallError(
            _("{path}: no report in it; an output folder has <year>/<town>.json", path=path)
        )
    return _Side(files, manifest)


def _load(path: Path) -> TownReport:
    try:
        return TownReport.from_json(path.read_bytes())
    except ReportFileError as fault:
        raise CallError(f"{path}: {fault}") from None


def _whole(report: TownReport, status: Literal["added", "gone"]) -> Difference:
    return Difference(report.town.id or "", report.town.name or "", report.year, status)


def _compare(one: _Side, two: _Side, key: tuple[str, int | None]) -> Difference | None:
    """Return how one report differs, or ``None`` where all its files are the same."""
    old, new = one.entry(key), two.entry(key)
    files = tuple(_files(old, new))
    same = one.files[key].read_bytes() == two.files[key].read_bytes()
    if same and not files:
        return None
    before, after = one.load(key), two.load(key)
    changes = () if same else tuple(changes_within(before, after))
    if not changes and not files:
        changes = (Change("file", ".json", "来源说明", None, None),)
    causes = _causes(one.manifest, two.manifest, old, new)
    name = after.town.name or before.town.name or ""
    return Difference(key[0], name, key[1], "changed", (*changes, *files), causes)


def _files(old: Entry | None, new: Entry | None) -> Iterator[Change]:
    """Yield the files whose bytes differ; an executed notebook holds times and always does."""
    one, two = (
        {Path(name).suffix: digest for name, digest in (entry.outputs if entry else {}).items()}
        for entry in (old, new)
    )
    for suffix in sorted((one.keys() | two.keys()) - {".ipynb", ".json"}):
        if one.get(suffix) != two.get(suffix) and old is not None and new is not None:
            yield Change("file", suffix, suffix.removeprefix("."), one.get(suffix), two.get(suffix))


def changes_within(before: TownReport, after: TownReport) -> Iterator[Change]:
    """Yield what differs within one report: form, cells, facts, sentences, findings."""
    if before.edition != after.edition:
        yield Change("form", "edition", KIND_NAMES["form"], before.edition, after.edition)
    yield from _cells(before, after)
    for code in FACTS:
        one, two = shown_value(before.facts.get(code)), shown_value(after.facts.get(code))
        if one != two:
            yield Change("fact", code, FACTS[code].label, one, two)
    for section in sorted(before.sections.keys() | after.sections.keys()):
        yield from _sentences(
            section, before.sections.get(section, ""), after.sections.get(section, "")
        )
    one_said = {(f.code, f.message) for f in before.findings}
    two_said = {(f.code, f.message) for f in after.findings}
    for code, message in sorted(one_said ^ two_said):
        gone = (code, message) in one_said
        yield Change("finding", code, code, message if gone else None, None if gone else message)


def _cells(before: TownReport, after: TownReport) -> Iterator[Change]:
    one, two = (dict(r.cells) if r.edition else {} for r in (before, after))
    for address in {**one, **two}:
        a, b = one.get(address), two.get(address)
        if (address in one) == (address in two) and a == b:
            continue
        form = (after if address in two else before).cells.edition
        yield Change(
            "cell",
            address,
            cell_name(form, address),
            shown_value(a) or UNKNOWN if address in one else None,
            shown_value(b) or UNKNOWN if address in two else None,
        )


def _sentences(section: str, before: str, after: str) -> Iterator[Change]:
    one, two = split(before), split(after)
    matcher = difflib.SequenceMatcher(a=one, b=two, autojunk=False)
    for kind, a, a2, b, b2 in matcher.get_opcodes():
        if kind != "equal":
            yield Change(
                "sentence", section, section, "".join(one[a:a2]) or None, "".join(two[b:b2]) or None
            )


def shown_value(value: CellValue) -> str | None:
    """Return a figure as a change shows it; ``None``: unknown."""
    return None if value is None else plain(value)


def _causes(one: Manifest, two: Manifest, old: Entry | None, new: Entry | None) -> Causes:
    """Return what the digests of two entries say about why their reports differ."""
    if old is None or new is None or not old.inputs or not new.inputs:
        return ("unknown",)
    causes = [
        name for name in ("data", "parameters") if old.inputs.get(name) != new.inputs.get(name)
    ]
    then = one.builds.get(old.inputs.get("build", ""), {})
    now = two.builds.get(new.inputs.get("build", ""), {})
    parts = [part for part in {**then, **now} if then.get(part) != now.get(part)]
    causes += [part for part in ("notebook", "form", "package") if part in parts]
    if set(parts) - {"notebook", "form", "package"}:
        causes.append("library")
    return tuple(causes)
