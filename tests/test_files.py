"""A file is whole or it is as it was: through errors, through death in the middle, for all readers."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reportkit.files import clear_parts, temporary_folder, whole_file, write_whole

DIE_IN_THE_MIDDLE = """
import os, sys
from pathlib import Path
from reportkit.files import whole_file
with whole_file(Path(sys.argv[1])) as part:
    with part.open("wb") as file:
        file.write(b"half")
        file.flush()
        os.fsync(file.fileno())
        os._exit(9)
"""


def _parts(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(".part-")]


@pytest.mark.parametrize("name", ["report.html", "二十里店镇2021年报.html", "无后缀"])
def test_what_is_written_is_there_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "新文件夹" / name
    write_whole(path, "政府信息公开\n")
    assert path.read_bytes() == "政府信息公开\n".encode()
    write_whole(path, b"\x00second")
    assert path.read_bytes() == b"\x00second"
    assert not _parts(path.parent)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_in_the_middle_leaves_the_old_file(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "old")

    def fail() -> None:
        with whole_file(path) as part:
            part.write_text("half", "utf-8")
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("old", [b"the old file, whole", None])
def test_death_in_the_middle_leaves_the_old_file(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "年报.json"
    if old is not None:
        write_whole(path, old)
    done = subprocess.run(
        [sys.executable, "-c", DIE_IN_THE_MIDDLE, str(path)], check=False, timeout=60
    )
    assert done.returncode == 9
    assert [part.read_bytes() for part in _parts(tmp_path)] == [b"half"]
    assert (path.read_bytes() if path.exists() else None) == old
    write_whole(path, b"new")  # what died before us is in nobody's way
    assert path.read_bytes() == b"new"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions_follow_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "report.html"
    before = os.umask(umask)
    try:
        write_whole(path, "text")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


def test_the_temporary_name_is_hidden_and_keeps_the_suffix(tmp_path: Path) -> None:
    with whole_file(tmp_path / "report.xlsx") as part:
        assert part.parent == tmp_path
        assert part.name.startswith(".")
        assert part.suffix == ".xlsx"
        part.write_bytes(b"x")


def test_readers_see_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_whole(path, "old")
    with whole_file(path) as part:
        part.write_text("new", "utf-8")
        assert path.read_text("utf-8") == "old"
    assert path.read_text("utf-8") == "new"


def test_folders_that_killed_processes_left_are_cleared_and_those_of_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = temporary_folder("kind-")
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    machine = own.name.split("-")[1]
    left = tmp_path / f"kind-{machine}-{gone.pid}-x"
    elsewhere = tmp_path / f"kind-00000000-{gone.pid}-x"
    other = tmp_path / f"other-{machine}-{gone.pid}-x"
    for folder in (left, elsewhere, other):
        (folder / "slice").mkdir(parents=True)
    again = temporary_folder("kind-")
    assert {*tmp_path.iterdir()} == {own, again, elsewhere, other}
    if os.name == "posix":
        assert stat.S_IMODE(again.stat().st_mode) == 0o700


def test_what_a_killed_writer_left_is_cleared_and_a_living_one_keeps_its_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "2021" / "report.html"
    dead = subprocess.run([sys.executable, "-c", DIE_IN_THE_MIDDLE, str(path)], check=False)
    assert dead.returncode == 9
    assert len(_parts(path.parent)) == 1
    with whole_file(path) as part:
        other = path.parent / ".part-00000000-1-of-another-machine.html"
        other.write_text("half", "utf-8")
        clear_parts(tmp_path)
        assert {*_parts(path.parent)} == {part, other}
        part.write_text("whole", "utf-8")
    assert {*path.parent.iterdir()} == {path, other}
