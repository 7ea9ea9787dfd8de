"""Set-up, on a machine that has nothing yet and long after the locks were made."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests.acceptance.build_backend import write_wheel
from tests.acceptance.package_index import PackageIndex, pins

LOCKS = ("requirements.lock", "requirements-dev.lock")
PYTHON = Path(sys.base_prefix) / "bin" / "python3"
"""A Python without our environment: what it makes has the pip that ``ensurepip`` carries."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no make on Windows")


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """Return a folder with the files of a clone that set-up reads, its locks' hashes being the index's."""
    folder = tmp_path / "克隆 one"
    (folder / "src" / "reportkit").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "README.md"):
        shutil.copy(root / name, folder)
    return folder


@pytest.fixture
def bare(root: Path, clone: Path, tmp_path: Path) -> dict[str, str]:
    """Return a shell's variables whose only index has a newer release of every package."""
    index = PackageIndex(tmp_path / "index")
    for lock in LOCKS:
        index.offer(root / lock, clone / lock)
    return {
        "PATH": os.defpath,
        "HOME": str(tmp_path),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": index.address,
        "PIP_NO_CACHE_DIR": "1",
    }


def done(command: list[str], clone: Path, variables: dict[str, str]) -> str:
    """Run a command in the clone and return what it printed; it has to succeed."""
    ran = subprocess.run(
        command, check=False, cwd=clone, env=variables, capture_output=True, text=True, timeout=240
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def installed(clone: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return the packages of the clone's environment with their versions, but for what made it."""
    python = str(clone / ".venv" / "bin" / "python")
    listed = json.loads(done([python, "-m", "pip", "list", "--format", "json"], clone, variables))
    found = {canonicalize_name(one["name"]): one["version"] for one in listed}
    return {name: found[name] for name in found.keys() - {"pip", "setuptools", "reportkit"}}


def locked(lock: Path) -> dict[str, str]:
    """Return the packages that a lock has for this machine."""
    return {pin.name: pin.version for pin in pins(lock) if pin.applies()}


@pytest.mark.timeout(600)
def test_make_installs_exactly_the_lock_when_every_package_has_a_newer_release(
    root: Path, clone: Path, bare: dict[str, str]
) -> None:
    make = ["make", f"PYTHON={PYTHON}"]
    said = done([*make, "setup"], clone, bare).splitlines()
    assert installed(clone, bare) == locked(root / LOCKS[0])
    pip = done([str(clone / ".venv" / "bin" / "python"), "-m", "pip", "--version"], clone, bare)
    bundled = done([str(PYTHON), "-c", "import ensurepip; print(ensurepip.version())"], clone, bare)
    assert pip.split()[1] == bundled.strip()
    count = len(pins(root / LOCKS[0]))
    assert [line.split(" with ")[0] for line in said] == [
        "creating .venv",
        f"installing requirements.lock: {count} packages, without those for other systems",
        "installing reportkit",
        "No broken requirements found.",
    ]
    assert done([*make, "setup"], clone, bare).splitlines() == [
        "make: Nothing to be done for 'setup'."
    ]

    write_wheel(clone, "left_over", "1.0")
    (left,) = clone.glob("left_over*.whl")
    python = str(clone / ".venv" / "bin" / "python")
    done([python, "-m", "pip", "install", "--no-deps", left.name], clone, bare)
    done([*make, ".venv/.dev"], clone, bare)
    assert installed(clone, bare) == locked(root / LOCKS[1])


def test_make_says_so_when_a_lock_lacks_a_package(clone: Path, bare: dict[str, str]) -> None:
    """Nothing is resolved, so a requirement that no pin meets would be found when a report is made."""
    lock = clone / LOCKS[0]
    kept = re.findall(r"^(?:hatchling|editables)==.*\n.*\n", lock.read_text("utf-8"), re.MULTILINE)
    lock.write_text("".join(kept), "utf-8")
    ran = subprocess.run(
        ["make", f"PYTHON={PYTHON}", "setup"],
        check=False,
        cwd=clone,
        env=bare,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode != 0
    assert "requires rich, which is not installed" in ran.stdout
    assert not (clone / ".venv" / ".runtime").exists()


def arguments(commands: list[str]) -> list[list[str]]:
    """Return what commands hand to pip, in order."""
    calls = [re.sub(r"--quiet |--disable-pip-version-check ", "", one) for one in commands]
    return [one.split(" -m pip ")[1].split() for one in calls if " -m pip " in one]


def test_the_steps_for_windows_are_those_of_make(root: Path, clone: Path) -> None:
    pages = [(root / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")]
    (steps,) = {
        re.findall(r"^```powershell\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[0]
        for page in pages
    }
    for lock in LOCKS:
        (clone / lock).touch()
    planned = done(["make", "-n", "setup"], clone, {"PATH": os.defpath}).splitlines()
    assert len(arguments(planned)) == 3
    assert arguments(steps.splitlines()) == arguments(planned)
    assert [line.split()[0] for line in steps.splitlines()] == [
        "py",
        *[r".venv\Scripts\python"] * 3,
        r".venv\Scripts\reportkit",
    ]


def test_no_lock_has_the_grammar_that_every_process_would_build(root: Path) -> None:
    """jsonschema imports it where it is there: more than a second of each process that reads a notebook."""
    for lock in LOCKS:
        names = {pin.name for pin in pins(root / lock)}
        assert "jsonschema" in names
        assert "rfc3987-syntax" not in names


def test_no_lock_names_an_address(root: Path) -> None:
    for lock in LOCKS:
        assert "://" not in (root / lock).read_text("utf-8")


def test_a_package_without_a_wheel_for_some_machine_is_named(clone: Path, tmp_path: Path) -> None:
    """`make lock` ends with `make wheels`: the lock of the machine at hand says nothing about others."""
    offered = tmp_path / "wheels"
    offered.mkdir()
    write_wheel(offered, "everywhere", "1.0")
    for system in ("manylinux_2_17_x86_64", "manylinux_2_17_aarch64", "macosx_11_0_arm64"):
        write_wheel(offered, "not-windows", "1.0", tag=f"py3-none-{system}")
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "python").symlink_to(sys.executable)
    for made in ("requirements-dev.lock", ".venv/.dev"):
        (clone / made).touch()
    variables = {"PATH": os.defpath, "HOME": str(tmp_path), "UV_NO_CONFIG": "1", "UV_OFFLINE": "1"}
    variables |= {"UV_NO_INDEX": "1", "UV_FIND_LINKS": str(offered)}
    make = ["make", f"UV={Path(sys.executable).parent / 'uv'}", "wheels"]

    (clone / "requirements.lock").write_text("everywhere==1.0\n", "utf-8")
    assert len(done(make, clone, variables).splitlines()) == 16
    (clone / "requirements.lock").write_text("everywhere==1.0\nnot-windows==1.0\n", "utf-8")
    ran = subprocess.run(
        make, check=False, cwd=clone, env=variables, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode != 0
    assert ran.stdout.splitlines()[-1] == "wheels for x86_64-pc-windows-msvc, Python 3.11"
    assert "not-windows" in ran.stderr
