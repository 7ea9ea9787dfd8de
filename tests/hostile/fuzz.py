"""Bytes and texts that nobody meant, given to every reader: only the package's own errors may come out.

``python -m tests.hostile.fuzz READER COUNT SEED`` is one fuzzer. An input that hangs ends it, and is counted.
"""

from __future__ import annotations

import io
import json
import random
import sys
import tempfile
import time
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import docx
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from reportkit.blocks.foreign import MediaType, Picture
from reportkit.errors import ReportkitError
from reportkit.export.formats import Printer
from reportkit.export.word.render import picture_size
from reportkit.form import load_edition
from reportkit.manifest import Manifest
from reportkit.project import find_project
from reportkit.published import read_bytes
from reportkit.registers.reading.files.tables import read_tables
from reportkit.report import TownReport
from reportkit.review.files import load_reviews
from tests.export.conftest import ran
from tests.hostile.beside import beside
from tests.hostile.bombs import png
from tests.hostile.disguised import CASE, HEADING
from tests.hostile.measured import SECONDS
from tests.hostile.table import Row
from tests.pictures import JPEG
from tests.published import rendering
from tests.published.drawn import draw, pages_of
from tests.published.test_ofd import ofd
from tests.registers.test_damaged_parquet import WAYS

Reader = Callable[[bytes, Path], object]

BINARY = {
    "report JSON": False,
    "manifest": False,
    "params": False,
    "reviews": False,
    "register CSV": False,
    "published text": False,
    "published HTML": True,
    "published Word": True,
    "published PDF": True,
    "published OFD": True,
    "PNG of a notebook": True,
    "JPEG of a notebook": True,
    "register workbook": True,
    "register Parquet": True,
}
"""Every reader, and whether it gets the smaller count."""
LONGEST = 30
"""After so many seconds of the processor an input is taken to hang."""
GROWTH = 400
"""By how many MB one input may let a process grow."""


def fuzz_rows(texts: int, binaries: int, seed: int = 1) -> Iterator[Row]:
    """Yield a row a reader, fuzzed in this process: ``texts`` inputs for readers of text, ``binaries`` for the others."""
    readers = readers_of_bytes()
    for name, binary in BINARY.items():
        yield fuzzed(name, readers[name], binaries if binary else texts, seed)


def fuzz_row(name: str, count: int) -> Row:
    """Fuzz one reader in processes of their own, with bounds of time and memory for every input."""
    row = _row(name)
    for share, seed, done in beside(__spec__.name, name, count):
        if done.returncode:
            row.tried += share
            row.through.append(f"seed {seed}: {done.returncode}: {done.stderr[-600:]}")
        else:
            own = Row(**json.loads(done.stdout))
            row.tried += own.tried
            row.through += own.through
            row.note = max(row.note, own.note)
    return row


def _row(name: str) -> Row:
    return Row("fuzz", f"{name}: damaged, cut, joined and random input")


def fuzzed(
    name: str,
    reader: Reading,
    count: int,
    seed: int,
    watch: Callable[[], Callable[[], str]] | None = None,
) -> Row:
    """Give damaged content to one reader; ``watch`` begins to measure an input, and what it gives back says what was wrong."""
    read, seeds = reader
    row = _row(name)
    luck = random.Random(f"{seed} {name}")
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            content = _damaged(luck, seeds)
            row.tried += 1
            ended = watch() if watch else str
            try:
                read(content, Path(folder))
            except ReportkitError:
                pass
            except Exception as fault:  # noqa: BLE001  # whatever gets through is what is counted
                row.through.append(f"{type(fault).__name__}: {fault}; {content[:60]!r}")
            if dear := ended():
                row.through.append(f"input {row.tried} of seed {seed}: {dear}; {content[:60]!r}")
    return row


class Watch:
    """Measures every input: one that hangs ends the process, one that takes too much is told. Not for Windows."""

    def __init__(self) -> None:
        self.dearest = 0.0
        """The most seconds of the processor that an input took."""
        self._used = self._peak()

    def __call__(self) -> Callable[[], str]:
        """Begin an input."""
        import resource

        started = time.process_time()
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(started) + LONGEST, hard))

        def ended() -> str:
            seconds, grown = time.process_time() - started, self._peak() - self._used
            self._used += grown
            self.dearest = max(self.dearest, seconds)
            dear = seconds > SECONDS or grown > GROWTH
            return f"{seconds:.1f} s of processor, {grown:.0f} MB more" if dear else ""

        return ended

    @staticmethod
    def _peak() -> float:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


Reading = tuple[Reader, list[bytes]]
"""A reader with content to begin from."""


def readers_of_bytes() -> dict[str, Reading]:
    """Return each reader of bytes by name."""
    from reportkit.export.document import read_document

    printer = Printer(read_document(ran("full")))
    page, report = printer.print("html"), printer.print("json")
    word, pdf = printer.print("docx"), printer.print("pdf")
    as_ofd, as_pdf = _drawn()
    book, stored = _registers()
    towns = "towns:\n- {id: yunxi, name: 云溪镇, county: 示例县, kind: town}\n".encode()
    batch = b"source: ../data\ntowns: towns.yaml\nyears: [2021]\n"
    table = "单位编号,申请编号,收到日期,申请人类型\nyunxi,1,2021-03-04,自然人\n".encode("utf-8-sig")
    return {
        "report JSON": (lambda b, _: TownReport.from_json(b), [report]),
        "manifest": (lambda b, _: Manifest.from_json(b), [Manifest().to_json().encode()]),
        "params": (_params, [towns, batch]),
        "reviews": (_reviews, [b"decisions: []\n", batch]),
        "register CSV": (_register(".csv"), [table]),
        "published text": (
            lambda b, _: read_bytes(b, "a.txt"),
            ["一、总体情况\n收到12件\n".encode(), page],
        ),
        "published HTML": (lambda b, _: read_bytes(b, "a.html"), [page[:9000]]),
        "published Word": (lambda b, _: read_bytes(b, "a.docx"), [word]),
        "published PDF": (lambda b, _: read_bytes(b, "a.pdf"), [pdf, as_pdf]),
        "published OFD": (lambda b, _: read_bytes(b, "a.ofd"), [as_ofd]),
        "PNG of a notebook": (_picture("image/png"), [png(20, 10)]),
        "JPEG of a notebook": (_picture("image/jpeg"), [b64decode(JPEG)]),
        "register workbook": (_register(".xlsx"), [book]),
        "register Parquet": (_parquet, [stored]),
    }


def _picture(media_type: MediaType) -> Reader:
    def read(content: bytes, _folder: Path) -> object:
        try:
            picture = Picture(media_type, b64encode(content).decode())
        except ValueError:
            return None  # what it says is told where the picture would stand
        docx.Document().add_picture(io.BytesIO(picture.content), *picture_size(picture.content))
        return picture.html()

    return read


def _drawn() -> tuple[bytes, bytes]:
    """Return a report as an OFD file and as a PDF whose streams are not packed."""
    values = dict.fromkeys(load_edition("2021").addresses, 4)
    pages = pages_of(rendering.printed("2021", values))
    return ofd(pages), draw(pages)


def _registers() -> tuple[bytes, bytes]:
    """Return a small register as a workbook and as a Parquet file."""
    book, stored = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet("依申请公开台账")
        for number, line in enumerate((HEADING, CASE, CASE)):
            sheet.write_row(number, 0, line)
    columns = {name: [value, value] for name, value in zip(HEADING, CASE, strict=True)}
    pq.write_table(pa.table(columns), stored)
    return book.getvalue(), stored.getvalue()


def _register(suffix: str) -> Reader:
    def read(content: bytes, folder: Path) -> object:
        path = folder / f"applications{suffix}"
        path.write_bytes(content)
        return read_tables(path)

    return read


def _parquet(content: bytes, folder: Path) -> object:
    """Read a register as a whole, by its row groups, and on its way into a store."""
    path = folder / "applications.parquet"
    path.write_bytes(content)
    found: list[object] = []
    for read in WAYS.values():
        with suppress(ReportkitError):
            found.append(read(path))
    return found


def _params(content: bytes, folder: Path) -> object:
    params = folder / "params"
    params.mkdir(exist_ok=True)
    (params / "towns.yaml").write_bytes(content)
    (params / "batch.yaml").write_bytes(content)
    return find_project(batch=params / "batch.yaml")


def _reviews(content: bytes, folder: Path) -> object:
    reviews = folder / "reviews"
    reviews.mkdir(exist_ok=True)
    (reviews / "2021.yaml").write_bytes(content)
    return load_reviews(reviews, 2021)


def _damaged(luck: random.Random, seeds: list[bytes]) -> bytes:
    """Return content that is damaged: an archive half the time in one of its parts, and whole around it."""
    content = luck.choice(seeds)
    if not content.startswith(b"PK") or luck.randrange(2):
        return _cut_and_joined(luck, content)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        struck = luck.choice(names)
        for name in names:
            part = old.read(name)
            new.writestr(name, _cut_and_joined(luck, part) if name == struck else part)
    return made.getvalue()


def _cut_and_joined(luck: random.Random, whole: bytes) -> bytes:
    content = bytearray(whole)
    for _ in range(luck.randint(1, 6)):
        place = luck.randrange(len(content) + 1)
        match luck.randrange(6):
            case 0:
                content[place : place + luck.randint(1, 40)] = b""
            case 1:
                content[place:place] = luck.randbytes(luck.randint(1, 20))
            case 2:
                content[place:place] = luck.choice(SNIPPETS)
            case 3:
                del content[place:]
            case 4 if content:
                content[place % len(content)] ^= 1 << luck.randrange(8)
            case _:
                content[place:place] = content[: luck.randint(0, 200)]
    return bytes(content)


SNIPPETS = (
    b"\x00",
    b"\xff\xfe",
    b"1e999",
    b"NaN",
    b"-0",
    b"9" * 400,
    b"[" * 3000,
    b"{" * 3000,
    b"&a *a",
    b"!!python/none ",
    "，".encode("gb18030"),
    "年".encode("utf-16"),
    b"<table><tr><td rowspan=0 colspan=99999>",
    b"]]>",
    b"\x1a\x1b\x08",
    b"---\n",
    b"<!--",
    b"'",
    b'"',
    b"\r\n",
    "①②３－".encode(),
    b"|" * 500,
    b"\t" * 500,
)


def main(name: str, count: str, seed: str) -> None:
    """Fuzz one reader and print its row as JSON."""
    reader = readers_of_bytes()[name]
    watch = Watch()
    row = fuzzed(name, reader, int(count), int(seed), watch)
    row.note = f"at most {watch.dearest:.2f} s an input"
    print(json.dumps(asdict(row)))


if __name__ == "__main__":
    main(*sys.argv[1:])
