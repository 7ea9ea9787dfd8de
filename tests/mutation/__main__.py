"""``python -m tests.mutation [MODULE ...] [--show] [--write]``: put faults into modules, and count those that a test sees.

What was found once stands in build/mutation/ and is not tried again until the module changes; what was left without a reason is tried anew.
``--quick`` leaves out the tests that draw examples, so that what is left may be more than it need be.
``--sample N`` tries at most N faults of each module, always the same ones, and the table says how many were tried.
``--show`` prints what is left and has no reason in reasons.yaml; ``--write`` renews the table in docs/reliability.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from reportkit.today import today
from tests.mutation.faults import KEPT, Faults
from tests.mutation.modules import MODULES
from tests.mutation.table import Score, reason, renewed, score

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "reportkit"
PAGE: Final = ROOT / "docs" / "reliability.md"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("module", nargs="*", help="such as form/cells.py; all where none is named")
    parser.add_argument("--sample", type=int, help="at most so many faults a module")
    parser.add_argument("--quick", action="store_true", help="without tests of drawn examples")
    parser.add_argument("--show", action="store_true", help="try nothing; print what is left")
    parser.add_argument("--write", action="store_true", help="renew docs/reliability.md")
    chosen = parser.parse_args()
    scores: list[Score] = []
    every = {module: Faults.of(SOURCE / module) for module in chosen.module or MODULES}
    every = {module: faults for module, faults in every.items() if faults.names}
    drawn = {
        module: faults.names if chosen.sample is None else faults.sample(module, chosen.sample)
        for module, faults in every.items()
    }
    if not chosen.show:
        for _, together in groupby(every, key=lambda module: module.split("/")[0]):
            _try({module: (every[module], drawn[module]) for module in together}, chosen.quick)
    for module, faults in every.items():
        verdicts = _known(module)
        names = faults.names if verdicts.keys() >= {*faults.names} else drawn[module]
        if open_ := [name for name in names if name not in verdicts]:
            print(f"{module}: {len(names) - len(open_)} of {len(names)} tried", flush=True)
            continue
        made = score(module, faults, {name: verdicts[name] for name in names})
        scores.append(made)
        print(made.line(today().isoformat()), flush=True)
        for name, change in made.unexplained.items():
            print(f"  {name}: {verdicts[name]}\n    {change.replace(chr(10), chr(10) + '    ')}")
    if chosen.write:
        page = PAGE.read_text("utf-8")
        PAGE.write_text(renewed(page, scores, today().isoformat()), "utf-8")
    return any(each.unexplained for each in scores)


def _file(module: str) -> Path:
    digest = hashlib.sha256((SOURCE / module).read_bytes()).hexdigest()[:12]
    return KEPT / f"{module.replace('/', '.')}.{digest}"


def _known(module: str) -> dict[str, str]:
    """Return what is known of each fault; what was said last counts."""
    file = _file(module)
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return dict(map(json.loads, lines))


def _try(modules: Mapping[str, tuple[Faults, Sequence[str]]], quick: bool) -> None:
    """Try faults of modules by the tests of all of them, which are collected once."""
    tasks = []
    tests: dict[str, None] = {}
    for module, (faults, names) in modules.items():
        known = _known(module)
        wanted = [
            name
            for name in names
            if known.get(name) != "found"
            and (name not in known or reason(module, faults.difference(name)) is None)
        ]
        if wanted:
            dotted = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            path, to = str(SOURCE / module), str(_file(module))
            tasks.append({"module": f"reportkit.{dotted}", "path": path, "names": wanted, "to": to})
            tests |= dict.fromkeys(MODULES[module])
    if not tasks:
        return
    KEPT.mkdir(parents=True, exist_ok=True)
    plain = ("-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:cov", "-q", "--tb=short")
    left_out = "not browser and not kernel" + (" and not hypothesis" if quick else "")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.mutation.plugin", *plain),
            *("-m", left_out, *tests),
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "REPORTKIT_MUTATION": json.dumps(tasks),
            "HYPOTHESIS_PROFILE": "mutation",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if any(not _known(module).keys() >= {*names} for module, (_, names) in modules.items()):
        raise SystemExit(f"{done.stdout[-3000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    raise SystemExit(main())
