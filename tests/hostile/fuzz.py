"""Bytes and texts that nobody meant, given to every reader: only the package's own errors may come out."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import docx

from reportkit.blocks.foreign import MediaType, Picture
from reportkit.errors import ReportkitError
from reportkit.export.formats import Printer
from reportkit.form import load_edition
from reportkit.manifest import Manifest
from reportkit.project import find_project
from reportkit.published import read_bytes
from reportkit.registers.reading.files.tables import read_tables
from reportkit.report import TownReport
from reportkit.review.files import load_reviews
from tests.export.conftest import ran
from tests.hostile.bombs import png
from tests.hostile.table import Row
from tests.pictures import JPEG
from tests.published import rendering
from tests.published.drawn import pages_of
from tests.published.test_ofd import ofd

Reader = Callable[[bytes, Path], object]


def fuzz_rows(texts: int, binaries: int, seed: int = 1) -> Iterator[Row]:
    """Yield a row a reader: ``texts`` inputs for readers of text, ``binaries`` for the others."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (reader, seeds, binary) in readers_of_bytes().items():
            count = binaries if binary else texts
            row = Row("fuzz", f"{name}: damaged, cut, joined and random input")
            luck = random.Random(f"{seed} {name}")
            for _ in range(count):
                content = _damaged(luck, seeds)
                row.tried += 1
                try:
                    reader(content, Path(folder))
                except ReportkitError:
                    pass
                except Exception as fault:  # noqa: BLE001  # whatever gets through is what is counted
                    row.through.append(f"{type(fault).__name__}: {fault}; {content[:60]!r}")
            yield row


def readers_of_bytes() -> dict[str, tuple[Reader, list[bytes], bool]]:
    """Return each reader of bytes with content to begin from, and whether it reads no text."""
    from reportkit.export.document import read_document

    printer = Printer(read_document(ran("full")))
    page, report = printer.print("html"), printer.print("json")
    word, pdf = printer.print("docx"), printer.print("pdf")
    whole_ofd, damaged_ofd = _ofd()
    towns = "towns:\n- {id: yunxi, name: 云溪镇, county: 示例县, kind: town}\n".encode()
    batch = b"source: ../data\ntowns: towns.yaml\nyears: [2021]\n"
    table = "单位编号,申请编号,收到日期,申请人类型\nyunxi,1,2021-03-04,自然人\n".encode("utf-8-sig")
    return {
        "report JSON": (lambda b, _: TownReport.from_json(b), [report], False),
        "manifest": (lambda b, _: Manifest.from_json(b), [Manifest().to_json().encode()], False),
        "params": (_params, [towns, batch], False),
        "reviews": (_reviews, [b"decisions: []\n", batch], False),
        "register CSV": (_register(".csv"), [table], False),
        "published text": (
            lambda b, _: read_bytes(b, "a.txt"),
            ["一、总体情况\n收到12件\n".encode(), page],
            False,
        ),
        "published HTML": (lambda b, _: read_bytes(b, "a.html"), [page[:9000]], True),
        "published Word": (lambda b, _: read_bytes(b, "a.docx"), [word], True),
        "published PDF": (lambda b, _: read_bytes(b, "a.pdf"), [pdf], True),
        "published OFD": (lambda b, _: read_bytes(b, "a.ofd"), [whole_ofd, *damaged_ofd], True),
        "PNG of a notebook": (_picture("image/png"), [png(20, 10)], True),
        "JPEG of a notebook": (_picture("image/jpeg"), [b64decode(JPEG)], True),
        "register workbook": (_register(".xlsx"), [word], True),
        "register Parquet": (_register(".parquet"), [b"PAR1" + bytes(60) + b"PAR1"], True),
    }


def _picture(media_type: MediaType) -> Reader:
    def read(content: bytes, _folder: Path) -> object:
        try:
            picture = Picture(media_type, b64encode(content).decode())
        except ValueError:
            return None  # what it says is told where the picture would stand
        docx.Document().add_picture(io.BytesIO(picture.content))
        return picture.html()

    return read


def _ofd() -> tuple[bytes, list[bytes]]:
    """Return an OFD file, and others whose parts are damaged where the archive around them is whole."""
    values = dict.fromkeys(load_edition("2021").addresses, 4)
    whole = ofd(pages_of(rendering.printed("2021", values)))
    luck = random.Random(1)
    damaged = []
    for _ in range(20):
        made = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                new.writestr(name, _damaged(luck, [old.read(name)]))
        damaged.append(made.getvalue())
    return whole, damaged


def _register(suffix: str) -> Reader:
    def read(content: bytes, folder: Path) -> object:
        path = folder / f"applications{suffix}"
        path.write_bytes(content)
        return read_tables(path)

    return read


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
    content = bytearray(luck.choice(seeds))
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
