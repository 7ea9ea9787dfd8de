"""The built wheel alone, in an environment that holds nothing but it and the packages of the lock."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from tests.acceptance.package_index import pins


@pytest.fixture(scope="module")
def environment(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment outside the repository, in which the wheel is installed.

    The packages of requirements.lock are linked from the environment of the tests: those of the development
    lock, and reportkit as it is installed for editing, are not there.
    """
    folder = tmp_path_factory.mktemp("environment")
    build = ["-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run([sys.executable, *build], check=True, cwd=root, capture_output=True)
    (wheel,) = folder.glob("reportkit-*.whl")
    made = folder / "环境"
    uv = [sys.executable, "-m", "uv", "--no-config", "--offline", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(made)], check=True)
    programs = made / Path(sysconfig.get_path("scripts")).name
    python = programs / Path(sys.executable).name
    install = ["pip", "install", "--no-deps", "--python", str(python), str(wheel)]
    subprocess.run([*uv, *install], check=True)
    for pin in pins(root / "requirements.lock"):
        if pin.applies():
            _link(distribution(pin.name), made)
    return programs


def _link(package: Distribution, environment: Path) -> None:
    """Put a package into another environment: its folders by one link each, what lies elsewhere by file."""
    inside = Path(sysconfig.get_path("purelib"))
    to = environment / inside.relative_to(sys.prefix)
    for file in package.files or ():
        if file.parts[0] == "..":
            real = inside.joinpath(file).resolve()
            link = environment / real.relative_to(sys.prefix)
        else:
            real, link = inside / file.parts[0], to / file.parts[0]
        if not link.exists() and real.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(real)


@pytest.mark.kernel
def test_the_wheel_makes_the_samples_reports_in_an_empty_folder(
    environment: Path, tmp_path: Path
) -> None:
    asked = (
        "import reportkit, importlib.util as u; print(reportkit.__file__, u.find_spec('pytest'))"
    )
    place = subprocess.run(
        [environment / "python", "-c", asked],
        check=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert Path(place[0]).is_relative_to(environment.parent)
    assert place[1] == "None"

    empty = tmp_path / "空文件夹"
    empty.mkdir()
    command: list[str | Path] = [environment / "reportkit", "run", "--year", "2021"]
    ran = subprocess.run(command, check=False, cwd=empty, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.startswith(
        "no params/batch.yaml here or above: the sample counties are built;"
    )
    manifest = json.loads((empty / "output" / "manifest.json").read_text("utf-8"))
    assert len(manifest["reports"]) > 10
    assert {entry["status"] for entry in manifest["reports"]} == {"ok"}
    assert {"shili", "compare"} <= {entry["town"] for entry in manifest["reports"]}
    for entry in manifest["reports"]:
        pages = [name for name in entry["outputs"] if name.endswith(".html")]
        assert pages
        assert all((empty / "output" / name).is_file() for name in pages)
