"""What every test may rely on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests import warm
from tests.programs import require

os.environ["REPORTKIT_LANG"] = (
    "en"  # what the command line says is compared, whatever the machine speaks
)

settings.register_profile(
    "default",
    max_examples=50,
    deadline=None,
    derandomize=True,  # a red test is red for everybody, and on the next run too
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "thorough",
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "mutation",  # whether a test fails is all that is asked, some thousand times: no simpler example is looked for
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

ROOT = Path(__file__).parent.parent
"""The repository."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that points the acceptance tests at a finished output folder."""
    parser.addoption("--output", type=Path, help="an output folder that `reportkit run` has filled")


SLOW = (
    "acceptance/test_readme.py",
    "test_site.py",
    "running/test_ends.py",
    "running/test_engines.py",
    "acceptance/test_setup.py",
    "hostile/test_hostile.py",
    "running/test_cluster.py",
    "registers/store/test_standing.py",
    "app/test_browser.py",
    "notebook/test_lab.py",
    "form/test_new_edition.py",
    "registers/store/test_canary.py",
    "acceptance/test_wheel.py",
    "registers/store/test_concurrency.py",
    "running/test_faults.py",
    "running/test_outputs.py",
    "registers/test_as_of.py",
    "api/test_api.py",
    "published/test_office.py",
    "export/test_sketch.py",
    "cli/test_run.py",
    "cli/test_outside.py",
)
"""The files whose tests take longest, longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow files first, so that at the end no worker is left alone with one of their tests."""
    tests = ROOT / "tests"
    places = {tests / name: place for place, name in enumerate(SLOW)}
    for path in places:
        if not path.is_file():
            raise pytest.UsageError(f"tests/conftest.py: SLOW names {path}, which is not there")
    items.sort(key=lambda item: places.get(item.path, len(places)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose program this machine lacks, before anything is set up for it."""
    for mark in item.iter_markers("needs"):
        require(*mark.args)


@pytest.fixture(scope="session", autouse=True)
def _warm_processes() -> Iterator[None]:
    """Let the runs within this process share warm processes."""
    with warm.sharing():
        yield


@pytest.fixture(autouse=True)
def _own_processes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the runs of a test that is marked so start and end their processes, as a user's do."""
    if request.node.get_closest_marker("own_processes"):
        with warm.apart():
            yield
    else:
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of published reports beside the repository, or skip."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs the folder of published reports beside the repository")
    return folder
