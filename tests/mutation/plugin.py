"""The pytest plugin that tries the faults of some modules: the tests are collected once, and every fault has a fork of its own.

mutmut makes the faults; ``mutmut run`` would start pytest anew for each, which takes most of its time. A fork begins as the
collected tests stand: nothing has been run in it, and no answer is remembered.
"""

from __future__ import annotations

import functools
import gc
import importlib.machinery
import importlib.util
import json
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, cast

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

from tests.mutation.faults import Faults

_GIGABYTES = 4
_TASKS: dict[str, dict[str, Any]] = {
    task["module"]: task for task in json.loads(os.environ["REPORTKIT_MUTATION"])
}
"""By each module's name its path, the faults to try, and the file for verdicts."""
_FAULTS = {module: Faults.of(Path(task["path"])) for module, task in _TASKS.items()}


class _Mutated(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname: str) -> Any:
        return compile(_FAULTS[fullname].code, self.path, "exec", dont_inherit=True)


class _Finder:
    """Finds the modules with all their faults in them; which is active is asked at each call."""

    @staticmethod
    def find_spec(fullname: str, _path: object = None, _target: object = None) -> Any:
        if fullname not in _TASKS:
            return None
        where = _TASKS[fullname]["path"]
        inside = [str(Path(where).parent)] if where.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            fullname, where, loader=_Mutated(fullname, where), submodule_search_locations=inside
        )


sys.meta_path.insert(0, cast("Any", _Finder))
set_mutant_under_test("stats")  # what is called before any test runs is called on import


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Try every fault instead of running the tests once."""
    if session.testsfailed:
        raise session.Interrupted("a test file could not be collected")
    imported = {*state()._stats}
    remembered = list(_remembered())
    seen = json.loads(_forked(lambda: _seen(session.items), remembered, 900))
    if isinstance(seen, str):
        raise session.Interrupted(f"without any fault, {seen} fails")
    gc.freeze()  # so that a fork shares what stands already
    finders: Counter[tuple[str, int]] = Counter()
    for module, name in _in_turn():
        function = f"{module}.{name.partition('__mutmut_')[0]}"
        # What is quick first, and what found the function's other faults.
        costs = {
            place: (seen["seconds"][place] + 0.01) / (1 + finders[function, place])
            for place in seen["tests"].get(function, [])
        }
        related = sorted(costs, key=costs.__getitem__)
        limit = int(5 + 4 * sum(seen["seconds"][place] for place in related))
        told = "no test"
        if related:
            items = [session.items[place] for place in related]
            work = functools.partial(_verdict, f"{module}.{name}", items)
            told = _forked(work, remembered, limit)
            if told.isdigit():
                finders[function, related[int(told)]] += 1
        if told in {"no test", "left"} and function in imported:
            anew = functools.partial(_anew, f"{module}.{name}", session.config)
            told = _forked(anew, [], 120)
        verdict = told if told in {"no test", "left"} else "found"
        with Path(_TASKS[module]["to"]).open("a", encoding="utf-8") as verdicts:
            verdicts.write(json.dumps([name, verdict]) + "\n")
    return True


def _in_turn() -> Iterator[tuple[str, str]]:
    """Yield the faults, one of each module in turn: wherever the work is broken off, each has been tried as far."""
    for names in zip_longest(*(task["names"] for task in _TASKS.values())):
        for module, name in zip(_TASKS, names, strict=True):
            if name is not None:
                yield module, name


def _remembered() -> Iterator[Any]:
    """Yield the functions of this package that remember their answers; those of the form only where its own code is tried."""
    own: tuple[str, ...] = ("reportkit", "tests")
    if not any(module.startswith("reportkit.form") for module in _TASKS):
        own = ("reportkit.registers", "reportkit.checks", "reportkit.published", "tests")
    for thing in gc.get_objects():
        remembers = isinstance(thing, functools._lru_cache_wrapper)  # nothing else names the type
        if remembers and str(thing.__module__).startswith(own):
            yield thing


def _forked(work: Callable[[], str], remembered: list[Any], limit: int) -> str:
    """Return what a fork says; nothing where it died or took more than ``limit`` seconds of the processor."""
    back, to = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(back)
        code = 1
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_AS, (_GIGABYTES << 30, _GIGABYTES << 30))
            for each in remembered:
                each.cache_clear()
            said = work().encode()
            while said:
                said = said[os.write(to, said) :]
            code = 0
        finally:
            os._exit(code)
    os.close(to)
    with os.fdopen(back, "rb") as answer:
        told = answer.read().decode()
    os.waitpid(pid, 0)
    return told


def _seen(items: list[pytest.Item]) -> str:
    """Run every test without a fault: return which functions each calls and what it takes; or the name of one that fails."""
    set_mutant_under_test("stats")
    hits = state()._stats  # where mutmut's functions note that they were called
    tests: dict[str, set[int]] = {}
    seconds: list[float] = []
    prepared: set[str] = set()
    own = _Setups(prepared, hits)
    items[0].config.pluginmanager.register(own)
    for place, item in enumerate(items):
        hits.clear()
        begun = time.process_time()
        following = items[place + 1] if place + 1 < len(items) else None
        reports = runtestprotocol(item, nextitem=following, log=False)
        seconds.append(time.process_time() - begun)
        if any(report.failed for report in reports):
            return json.dumps(
                f"{item.nodeid}: {[r.longreprtext[-600:] for r in reports if r.failed]}"
            )
        for function in hits:
            tests.setdefault(function, set()).add(place)
    for function in prepared:  # what prepares tests may serve any of them
        tests[function] = set(range(len(items)))
    return json.dumps({"tests": {f: sorted(t) for f, t in tests.items()}, "seconds": seconds})


class _Setups:
    def __init__(self, prepared: set[str], hits: set[str]) -> None:
        self._prepared, self._hits = prepared, hits

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Iterator[None]:
        yield
        self._prepared.update(self._hits)


def _verdict(name: str, items: list[pytest.Item]) -> str:
    """Run the tests that call a faulty function until one fails; return its place, or that the fault is left."""
    set_mutant_under_test(name)
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        if any(r.failed for r in runtestprotocol(item, nextitem=following, log=False)):
            return str(place)
    return "left"


def _anew(name: str, config: pytest.Config) -> str:
    """Import everything of this package again with a fault in it, collect the tests and run them until one fails."""
    for module in [each for each in sys.modules if each.split(".")[0] in {"reportkit", "tests"}]:
        del sys.modules[module]
    set_mutant_under_test(name)
    quiet = ("-x", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:cov")
    failed = pytest.main([*quiet, "-m", config.option.markexpr, *config.args])
    return "found" if failed else "left"
