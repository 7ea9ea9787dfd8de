"""One run whose processes are watched from within: their writes, their connections, their temporary files.

A power cut keeps what was synchronised and any part of the rest. So every prefix of the recorded renames is looked
at: a file whose content was not durable before its rename may be empty afterwards. A rename that the disk has not
seen leaves the older file, or none, which the next run makes.
"""

from __future__ import annotations

import json
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.kills import RUN, reportkit
from tests.hostile.table import Row
from tests.registers.store.samples import APPLICATIONS, everything, write_county, write_csv

UMASK = 0o027
_PROBE = re.compile(r"[a-z0-9_]{8}")
"""The file that Python itself writes, with mode 600, and removes, to see whether a folder is good for temporary ones."""

_RECORDER = """
import json, os, sys

_TO, _IN, _TEMPORARY = (os.environ[name] for name in ("RECORD_TO", "RECORD_IN", "TMPDIR"))

def _say(*words):
    to = os.open(_TO, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(to, (json.dumps([str(word) for word in words]) + "\\n").encode())
    os.close(to)

_fsync = os.fsync

def fsync(handle):
    _fsync(handle)
    number = handle if isinstance(handle, int) else handle.fileno()
    _say("fsync", os.readlink(f"/proc/self/fd/{number}"))

def watch(event, args):
    if event == "open" and isinstance(args[0], str) and isinstance(args[2], int):
        if args[2] & (os.O_WRONLY | os.O_RDWR) and args[0].startswith((_IN, _TEMPORARY)):
            _say("open", args[0])
    elif event == "os.rename" and str(os.fspath(args[1])).startswith(_IN):
        kept = _TO + "." + os.urandom(8).hex()
        with open(args[0], "rb") as file, open(kept, "wb") as copy:
            copy.write(file.read())
        _say("rename", os.fspath(args[0]), os.fspath(args[1]), kept)
    elif event in ("tempfile.mkdtemp", "tempfile.mkstemp"):
        _say("private", args[0])
    elif event == "socket.connect" and isinstance(args[1], tuple):
        _say("connect", args[1][0])
        if not str(args[1][0]).startswith(("127.", "::1", "localhost")):
            raise PermissionError("no network at run time")
    elif event == "socket.getaddrinfo":
        _say("connect", args[0])

os.fsync = fsync
sys.addaudithook(watch)
"""
"""What stands in every process of the run."""


def recorded_rows(formats: str = "html,docx,pdf,xlsx") -> Iterator[Row]:
    """Yield the rows of power cuts, of the network, and of temporary files and modes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        output, log = folder / "output", folder / "log"
        more = _recording(folder, log, output)
        call = (*RUN, "--format", formats, "--workers", "1", "--draft", "--output", str(output))
        done = reportkit(folder, *call, umask=UMASK, **more)
        assert done.returncode == 0, done.stderr
        said = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        yield _power_cuts(said, output)
        yield _network(said)
        yield _private(said, output, folder / "tmp")


def _power_cuts(said: list[list[str]], output: Path) -> Row:
    row = Row("kills", "power cut after any write of a run: every prefix of the recorded writes")
    whole = {str(p): p.read_bytes() for p in output.rglob("*") if p.is_file()}
    durable: set[str] = set()
    standing: dict[str, bytes] = {}
    for what, path, *rest in said:
        if what == "open":
            durable.discard(path)
        elif what == "fsync":
            durable.add(path)
        elif what == "rename":
            row.tried += 1
            target, kept = rest
            if path not in durable:
                row.lost.append(f"{target}: renamed before its content was durable")
            standing[target] = Path(kept).read_bytes()
            row.lost += [
                f"{file}: stands there half"
                for file, content in standing.items()
                if file in whole and whole[file] != content and Path(file).parent != output
            ]
    row.lost += [f"{file}: was not renamed into place" for file in whole if file not in standing]
    row.note = (
        "order of writes, fsync and renames recorded in every process and replayed; no dm-flakey"
    )
    return row


def recorded_ingest() -> Row:
    """Record two ingests into one DuckDB file: a power cut at any moment leaves it as before or as after."""
    row = Row("kills", "power cut after any write of an ingest into DuckDB")
    row.note = "what DuckDB writes itself is not recorded: it is closed before the copy is fsynced"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        where, log = folder / "stores", folder / "log"
        where.mkdir()
        store = where / "store.duckdb"
        uri = f"duckdb:///{store}"
        write_county(folder / "data")
        new = {**APPLICATIONS[0], "application_no": "2021-900"}
        more = _recording(folder, log, where)
        whole = []
        for file in (folder / "data", write_csv(folder / "applications_9.csv", [new])):
            done = reportkit(folder, "ingest", str(file), "--store", uri, umask=UMASK, **more)
            assert done.returncode == 0, done.stderr
            whole.append(everything(uri))
        stood, durable = [], set()
        for what, path, *rest in map(json.loads, log.read_text("utf-8").splitlines()):
            row.tried += 1
            if what == "open":
                durable.discard(path)
                row.through += [f"{path}: the store itself is written"] * (path == str(store))
            elif what == "fsync":
                durable.add(path)
            elif what == "rename" and rest[0] == str(store):
                row.lost += [] if path in durable else [f"{path}: renamed before it was durable"]
                stood.append(everything(f"duckdb:///{rest[1]}"))
    if stood != whole:
        row.lost.append(f"the store stood in {len(stood)} states, not in those after each ingest")
    return row


def _recording(folder: Path, log: Path, watched: Path) -> dict[str, str]:
    """Return the environment in which every process writes down what it does to the files of a folder."""
    hook = folder / "hook"
    hook.mkdir()
    (hook / "sitecustomize.py").write_text(_RECORDER, "utf-8")
    return {"PYTHONPATH": str(hook), "RECORD_TO": str(log), "RECORD_IN": str(watched)}


def _network(said: list[list[str]]) -> Row:
    row = Row("supply", "connections of a run with every format beyond loopback and Unix sockets")
    row.tried = len(said)
    row.through = [f"connects to {words[1]}" for words in said if words[0] == "connect"]
    row.note = "events of every process of the run; a connection is refused and counted"
    return row


def _private(said: list[list[str]], output: Path, scratch: Path) -> Row:
    row = Row("supply", "umask honoured; temporary files private, and removed")
    own = {words[1] for words in said if words[0] == "private"}
    for words in said:
        path = Path(words[1])
        if words[0] == "open" and path.is_relative_to(scratch) and not _PROBE.fullmatch(path.name):
            row.tried += 1
            if not own & {str(path), *map(str, path.parents)}:
                row.through.append(f"{path.name}: stands in a folder that is not private")
    for path in output.rglob("*"):
        row.tried += 1
        if stat.S_IMODE(path.stat().st_mode) & UMASK:
            row.through.append(f"{path.name}: {stat.filemode(path.stat().st_mode)}")
    row.lost += [f"{path.name} was left" for path in scratch.iterdir()]
    return row
