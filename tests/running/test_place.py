"""Output folders by path and by URL behave alike."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.running.output_folder import OutputFolder, sha256
from reportkit.running.results.record import drop_old_state


@pytest.fixture(params=["path", "url"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> OutputFolder:
    """Return an empty place of each kind."""
    if request.param == "path":
        return OutputFolder.at(tmp_path / "输出")
    return OutputFolder.at(f"memory://{tmp_path.name}/输出/")


def test_what_is_written_is_read_again(place: OutputFolder) -> None:
    assert place.read("2021/gulou.html") is None
    digest = place.write("2021/gulou.html", "年报".encode())
    assert digest == sha256("年报".encode())
    assert place.read("2021/gulou.html") == "年报".encode()
    assert place.holds({"2021/gulou.html": digest})
    assert not place.holds({"2021/gulou.html": sha256(b"other")})
    assert not place.holds({"2021/gulou.html": digest, "2021/gulou.json": digest})
    place.write("2021/gulou.html", b"second")
    assert place.read("2021/gulou.html") == b"second"
    place.remove("2021/gulou.html")
    place.remove("2021/gulou.html")
    assert place.read("2021/gulou.html") is None


def test_a_place_crosses_processes(place: OutputFolder) -> None:
    assert pickle.loads(pickle.dumps(place)) == place


def test_the_internal_folder_lies_beside(tmp_path: Path) -> None:
    assert (
        OutputFolder.at(tmp_path / "output").sibling("-internal").path
        == tmp_path / "output-internal"
    )
    assert (
        OutputFolder.at("memory://a/output/").sibling("-internal").url
        == "memory://a/output-internal"
    )
    assert (
        OutputFolder.at("memory://a/output").where("index.html") == "memory://a/output/index.html"
    )


@pytest.mark.parametrize("kept", [False, True])
def test_the_notes_of_release_0_1_go_and_what_is_the_offices_stays(
    tmp_path: Path, kept: bool
) -> None:
    internal = tmp_path / "output-internal"
    (internal / ".state").mkdir(parents=True)
    (internal / ".state" / "journal-public.jsonl").touch()
    if kept:
        (internal / "failures.json").touch()
    drop_old_state(internal)
    assert internal.exists() == kept
    assert [path.name for path in tmp_path.rglob("*")] == (
        ["output-internal", "failures.json"] if kept else []
    )
    drop_old_state(internal)


def test_a_file_url_is_a_path(tmp_path: Path) -> None:
    assert OutputFolder.at(f"file://{tmp_path}/x").path == tmp_path / "x"


def test_an_unknown_kind_of_url_is_refused() -> None:
    with pytest.raises(ParameterError, match="no such kind of URL"):
        OutputFolder.at("gopher2://host/folder")
