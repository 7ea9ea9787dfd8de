"""Personal information stays where it is: canaries in every text column, and every byte searched for them.

A personal column's canary is a word that may stand nowhere. A text column's canary is a mobile number in the middle
of a text: what is shown of it must be masked. Everything is run that reads registers, with its failures.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from reportkit.cli.main import main
from reportkit.export.formats import OWN
from reportkit.registers.schema import CASE_REGISTERS, REGISTERS, Column, Register
from reportkit.registers.store.privacy import KEY_VARIABLE
from reportkit.running.processes.crew import close_crews
from tests.registers.store.samples import write_csv
from tests.unpacking import unpacked

TOWN = "shili-zhen"
_DATES = {"received_on": "2021-03-01", "replied_on": "2021-03-15", "filed_on": "2021-03-01"}
_DIGITS = {"code": "applications_received", "value": "5", "number": "1"}


class Aviary:
    """Makes canaries, and knows them all."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def of(self, column: Column) -> str:
        """Return a canary for a column."""
        number = f"139{len(self.words):08d}"
        if column.personal:
            self.words.append(f"金丝雀{len(self.words)}号")
            return self.words[-1]
        self.words.append(number)
        return f"甲{number}乙"

    def found_in(self, content: bytes) -> list[str]:
        """Return the canaries that stand in some bytes, in any encoding that a program might write."""
        forms = {
            word: {
                word.encode("utf-8"),
                word.encode("gb18030"),
                word.encode("ascii", "backslashreplace"),
                json.dumps(word).strip('"').encode(),
            }
            for word in self.words
        }
        return [word for word, ways in forms.items() if any(way in content for way in ways)]


def _value(register: Register, column: Column, aviary: Aviary) -> str | None:
    if column.name == "town":
        return TOWN
    if column.name in _DIGITS and register.name == "figures":
        return _DIGITS[column.name]
    if column.type == "date":
        later = [pair[1] for pair in register.order] + ["effective_to", "repealed_on"]
        return "2021-09-01" if column.name in later else _DATES.get(column.name, "2021-03-01")
    if column.type == "code" and column.codes:
        return next(iter(column.codes))
    values = {"year": "2021", "count": "3", "days": "2", "amount": "10.5", "bool": "是"}
    return values.get(column.type) or (aviary.of(column) if column.type == "text" else None)


def _row(register: Register, aviary: Aviary, **changes: str) -> dict[str, Any]:
    row = {c.name: _value(register, c, aviary) for c in register.columns}
    return {**row, **changes}


def write_registers(folder: Path, aviary: Aviary) -> None:
    """Write a good row and several bad ones into every register, canaries in every text."""
    for name in CASE_REGISTERS:
        register = REGISTERS[name]
        dated = str(register.dated_by)
        good, doubled = _row(register, aviary), _row(register, aviary)
        rows = [
            good,
            _row(register, aviary, **{dated: "2021-02-30"}),  # no such day
            _row(register, aviary, **{dated: aviary.of(register.columns[1])}),
            doubled,
            {**doubled, dated: "2021-01-01"},  # the key again with other content
        ]
        key = register.key[-1]
        if register.column(key).type == "text":
            rows += [_row(register, aviary, **{key: ""})]
        write_csv(folder / f"{name}.csv", rows)
    spans = [{"town": TOWN, "register": name, "from_year": "2020"} for name in CASE_REGISTERS]
    write_csv(folder / "coverage.csv", spans)
    towns = REGISTERS["towns"]
    write_csv(
        folder / "towns.csv",
        [
            {
                "town": TOWN,
                "name": "示例镇",
                "county": "示例县",
                "kind": "town",
                "issuer": aviary.of(towns.column("issuer")),
            }
        ],
    )
    text = REGISTERS["narratives"].column("text")
    write_csv(
        folder / "narratives.csv",
        [
            {"town": TOWN, "year": "2021", "section": s, "position": "1", "text": aviary.of(text)}
            for s in ("s0", "s1", "s5", "s6")
        ],
    )
    write_csv(folder / "figures.csv", [_row(REGISTERS["figures"], aviary)])


def _broken(master: Path, to: Path) -> Path:
    """Write a copy of the notebook that fails with the report in the message and in its frames."""
    notebook = json.loads(master.read_text(encoding="utf-8"))
    for place, source in enumerate(("report", "raise RuntimeError(repr(report))")):
        notebook["cells"].append(
            {
                "cell_type": "code",
                "id": f"broken-{place}",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": [source],
            }
        )
    to.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return to


class Runner:
    """Runs the command line and keeps every byte that it prints, it or a process of its."""

    def __init__(self, folder: Path, captured: pytest.CaptureFixture[bytes]) -> None:
        self.folder = folder
        self.captured = captured
        self.printed: list[tuple[str, bytes]] = []

    def __call__(self, *arguments: str, code: int) -> None:
        """Run ``reportkit`` and demand its exit code: what never ran shows no canary either."""
        ended = main(arguments)
        told = b"\n".join(self.captured.readouterr())
        assert ended == code, (arguments, told.decode("utf-8", "replace")[-2000:])
        self.printed.append((" ".join(arguments), told))

    def written(self) -> Iterator[tuple[str, bytes]]:
        """Yield every file that the runs left, the data themselves aside."""
        for file in sorted(self.folder.rglob("*")):
            if file.is_file() and "data" not in file.relative_to(self.folder).parts:
                yield str(file.relative_to(self.folder)), file.read_bytes()


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set a key, for this process and those that it starts."""
    monkeypatch.setenv(KEY_VARIABLE, Fernet.generate_key().decode())
    close_crews()
    yield
    close_crews()


@pytest.mark.usefixtures("key")
def test_no_canary_is_ever_seen(
    tmp_path: Path,
    root: Path,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    aviary = Aviary()
    data = tmp_path / "data"
    write_registers(data, aviary)
    store = f"duckdb:///{data}/store.duckdb"
    broken = _broken(root / "notebooks" / "annual_report.ipynb", tmp_path / "broken.ipynb")
    run = Runner(tmp_path, capfdbinary)
    one = ("--town", TOWN, "--year", "2021", "--workers", "1")
    run("ingest", "data", "--store", store, "--report", "faults.xlsx", code=1)
    run("ingest", "data", "--store", store, "--json", "--partial", code=0)
    every = ("--format", ",".join(form.name for form in OWN))
    internal = ("--audience", "internal", "--output", "internal")
    run("run", "--source", store, *one, *internal, *every, code=0)
    run("run", "--source", "data", *one, "--draft", "--output", "public", *every, code=0)
    run("run", "--source", store, *one, "--notebook", str(broken), "--output", "failed", code=1)
    run("check", "internal", code=1)
    run("check", "internal", "--json", "--letter", "--workbook", code=1)
    run("due", "--source", store, "--on", "2021-03-10", "--within", "30", code=0)
    run("due", "--source", "data", "--on", "2021-03-10", "--json", code=0)
    run("fee", _number(data), "--source", store, code=0)
    run("fee", _number(data), "--source", "data", "--json", code=0)
    run("scan", "data", "--store", store, code=1)
    run("scan", "public", "internal", "failed", "--store", store, code=0)
    _write_damaged(data)
    run("ingest", "data", "--store", store, code=1)
    run("run", "--source", "data", *one, "--output", "nothing", code=1)
    seen = [(name, found) for name, content in run.printed if (found := aviary.found_in(content))]
    assert seen == []
    left = [
        (name, found)
        for file, body in run.written()
        for name, content in unpacked(file, body)
        if (found := aviary.found_in(content))
    ]
    assert left == []
    assert len(list(run.written())) > 10
    content = (data / "store.duckdb").read_bytes()
    personal = [word for word in aviary.words if word.startswith("金丝雀")]
    assert personal
    assert not any(word.encode() in content for word in personal)


def _number(data: Path) -> str:
    """Return the number of the good application, as a clerk would type it."""
    lines = (data / "applications.csv").read_text(encoding="utf-8").splitlines()
    place = lines[0].split(",").index("application_no")
    return lines[1].split(",")[place]


def _write_damaged(data: Path) -> None:
    """Break files in ways that make readers fail: no heading, a workbook that is none, a damaged Parquet."""
    rows = (data / "applications.csv").read_text(encoding="utf-8").splitlines()[1:]
    (data / "applications.csv").write_text("\n".join(rows), encoding="utf-8")
    (data / "hotline.xlsx").write_bytes("金丝雀0号".encode() * 100)
    (data / "charges.parquet").write_bytes(b"PAR1" + "金丝雀0号".encode() * 100 + b"PAR1")


def test_a_canary_is_found_where_it_is() -> None:
    aviary = Aviary()
    name = aviary.of(REGISTERS["applications"].column("applicant_name"))
    for content in (name.encode(), name.encode("gb18030"), json.dumps({"x": name}).encode()):
        assert aviary.found_in(content) == [name]
