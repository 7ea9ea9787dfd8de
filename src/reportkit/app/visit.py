"""One visit: a private folder with what a clerk dropped, read anew after each drop, and gone with the tab.

The folder is a project folder like any other, so that a report is made in it as ``reportkit run`` makes it.
Personal columns are dropped where the registers are read; the dropped files themselves lie in the folder, which
only this user can read, until the visit ends.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from reportkit.app import BASE_VARIABLE, MOST_BYTES, VISIT
from reportkit.errors import ReadError, ReportkitError, SourceError
from reportkit.files import is_hidden, write_whole
from reportkit.notebook.loading import view
from reportkit.notebook.view import View
from reportkit.published.pool import read_files
from reportkit.published.reading import NAMED
from reportkit.published.reading import SUFFIXES as PUBLISHED
from reportkit.registers.ingest.faults import Fault
from reportkit.registers.ingest.files import FileResult
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.ingest.marked import write_faults
from reportkit.registers.reading.files.tables import OTHER_SUFFIXES
from reportkit.registers.reading.files.tables import SUFFIXES as REGISTERS
from reportkit.report import Town, TownReport
from reportkit.sources.archive import known_town
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source

_MOST_PARTS: Final = 6
_MOST_NAME: Final = 120
_PRINTED: Final = 8

Kind = Literal["register", "published"]


@dataclass(frozen=True, order=True)
class ReportChoice:
    """A report that can be made of what was dropped."""

    town: str
    year: int
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.year}年"


class Visit:
    """What one tab of the browser works with."""

    def __init__(self, base: Path | None = None) -> None:
        """Make the folder, readable by this user alone, in ``base`` or where :data:`BASE_VARIABLE` says."""
        named = os.environ.get(BASE_VARIABLE)
        parent = base or (Path(named) if named else None)
        self.folder = Path(tempfile.mkdtemp(prefix=f"{VISIT}{os.getpid()}-", dir=parent))
        self.results: list[FileResult] = []
        """What became of each register file."""
        self.published: dict[tuple[str, int], TownReport] = {}
        """The published reports that were dropped, by town and year."""
        self.notes: list[str] = []
        """What could not be read of the published reports, in Chinese."""
        self.source: RegisterSource | None = None
        self.say: Callable[[str], None] = lambda _words: None
        """Is told how far the reading is."""
        self._number = 0
        self._end = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and all that is in it."""
        self._end()

    def drop(self, files: Mapping[str, bytes]) -> list[str]:
        """Take files, a file of the same name in the place of the older one, and read everything anew.

        Returns in Chinese what was taken for what. A file that is neither register nor report, or too large, is told and
        left out; the others are taken.
        """
        told = []
        for name, content in files.items():
            try:
                path, kind = self._place(name, content)
            except ReadError as fault:
                told.append(str(fault))
                continue
            again = path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
            what = "台账" if kind == "register" else "已发布的年度报告"
            told.append(f"{path.name}：作为{what}收下{'，替换了同名文件' if again else ''}。")
        self.read()
        return told

    def _place(self, name: str, content: bytes) -> tuple[Path, Kind]:
        """Return where a dropped file goes, and what it is by its suffix."""
        parts = [
            "".join(c for c in part if c.isprintable() and c not in '<>:"|?*')[-_MOST_NAME:]
            for part in name.replace("\\", "/").split("/")
        ]
        parts = [part for part in parts if part.strip(" .") and not is_hidden(part)]
        if not parts:
            raise ReadError(f"“{name[:_MOST_NAME]}”：不是可以收的文件名，请改名后再放入。")
        last = parts[-1]
        suffix = Path(last).suffix.lower()
        if len(content) > MOST_BYTES:
            raise ReadError(f"{last}：超过{MOST_BYTES // 1_000_000}MB，没有收。请拆分后再放入。")
        if suffix in REGISTERS:
            return self.folder.joinpath("registers", *parts[-_MOST_PARTS:]), "register"
        if suffix in PUBLISHED:
            return self.folder / "published" / last, "published"
        if suffix in OTHER_SUFFIXES:
            raise ReadError(f"{last}：这种表格读不了，请用Excel或WPS另存为.xlsx后再放入。")
        if suffix in NAMED:
            raise ReadError(f"{last}：这种文档读不了，请另存为.docx或PDF后再放入。")
        raise ReadError(
            f"{last}：既不是台账（{'、'.join(REGISTERS)}），也不是年度报告（{'、'.join(PUBLISHED)}），没有收。"
        )

    def read(self) -> None:
        """Read all registers and published reports of the folder anew."""
        self.notes = []
        self._read_registers()
        self._read_published()
        self._write_params()

    def _read_registers(self) -> None:
        folder = self.folder / "registers"
        self.results, self.source = [], None
        if not any(path.is_file() for path in folder.rglob("*")):
            return
        # A store of its own each time: nothing of an older version of a file can stay behind.
        for old in self.folder.glob("store-*"):
            old.unlink(missing_ok=True)
        self._number += 1
        self.uri = f"duckdb:///{self.folder}/store-{self._number}.duckdb"
        self.results = ingest([folder], self.uri, partial=True, personal=False, watch=self._watched)
        try:
            source = open_source(self.uri)
        except SourceError:  # no row tells whose registers these are
            self.notes.append(
                "台账中没有可用的“单位信息”，看不出是哪个单位：请填写单位编号和单位名称。"
            )
            return
        if isinstance(source, RegisterSource):
            self.source = source

    def _watched(self, files: Sequence[FileResult]) -> Iterator[FileResult]:
        """Tell of each file which one of how many it is."""
        for nth, file in enumerate(files, 1):
            self.say(f"正在读取第{nth}个文件，共{len(files)}个……")
            yield file

    def _read_published(self) -> None:
        self.published = {}
        files = sorted(path for path in (self.folder / "published").glob("*") if path.is_file())
        towns = self.towns
        for read in read_files(files):
            if read.error is not None:
                self.notes.append(str(read.error))
            for one in read.reports:
                self.notes += [
                    f"{one.file}：{problem.place}：{problem.message}"
                    for problem in one.problems[:_PRINTED]
                ]
                town = self._town(one.report.town, towns)
                if town.id is None or one.report.year is None:
                    self.notes.append(f"{one.file}：看不出是哪个单位、哪一年的报告，没有用。")
                    continue
                self.published[town.id, one.report.year] = one.report.with_(town=town)

    @staticmethod
    def _town(printed: Town, towns: Mapping[str, Town]) -> Town:
        """Return the town of the registers that a page is of; the only one where the page names none."""
        if not printed.name and len(towns) == 1:
            return next(iter(towns.values()))
        return known_town(printed, towns) if printed.name else printed

    def _write_params(self) -> None:
        """Write the folder's batch file, with last year's reports beside it."""
        previous = self.folder / "previous"
        shutil.rmtree(previous, ignore_errors=True)
        for (town, year), report in self.published.items():
            write_whole(previous / f"{town}-{year}.json", report.to_json().encode())
        if self.source is None:
            return
        batch: dict[str, object] = {
            "source": self.uri,
            "years": sorted({c.year for c in self.choices}),
        }
        if self.published:
            batch["previous"] = "../previous"
        text = json.dumps(batch, ensure_ascii=False)  # which is YAML too
        write_whole(self.batch, text.encode())

    @property
    def batch(self) -> Path:
        """The batch file by which reports are made here."""
        return self.folder / "params" / "batch.yaml"

    @property
    def towns(self) -> Mapping[str, Town]:
        """The towns of the registers by id."""
        return {} if self.source is None else self.source.towns

    @property
    def choices(self) -> list[ReportChoice]:
        """The reports that can be made: by town, the latest year first."""
        source = self.source
        if source is None:
            return []
        found = [
            ReportChoice(id_, year, town.name)
            for id_, town in source.towns.items()
            for year in source.years(id_)
        ]
        return sorted(found, key=lambda c: (c.town, -c.year))

    @property
    def faults(self) -> list[Fault]:
        """All that is wrong with the registers, and what is worth a look, gravest first."""
        return [line for result in self.results for line in result.lines()]

    @property
    def wrong(self) -> int:
        """How many of the faults are errors."""
        return sum(fault.level == "error" for fault in self.faults)

    def marked_copy(self) -> bytes:
        """Return the faults as a workbook, with a copy of each faulty sheet in which the cells are marked."""
        path = self.folder / "faults.xlsx"
        write_faults(path, self.results)
        return path.read_bytes()

    def view(self, town: str, year: int) -> View:
        """Return a report with its findings, held against last year's published one where that was dropped."""
        if self.source is None:
            raise ReportkitError("还没有放入台账。")
        last = self.published.get((town, year - 1))
        return view(self.source.load(town, year, last), "internal")
