"""The faults that mutmut puts into a module."""

from __future__ import annotations

import ast
import difflib
import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from mutmut.mutation.file_mutation import mutate_file_contents

from reportkit.files import write_whole

KEPT: Final = Path(__file__).parents[2] / "build" / "mutation"
"""What was made and found stands there and is not made again."""


@dataclass(frozen=True)
class Faults:
    """A module with every fault in it, and their names."""

    code: str
    names: tuple[str, ...]

    @classmethod
    def of(cls, path: Path) -> Self:
        """Return the faults of a module; they are made once and kept in build/mutation/."""
        text = path.read_text("utf-8")
        kept = KEPT / f"faults.{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
        if kept.is_file():
            code, names = json.loads(kept.read_text("utf-8"))
            return cls(code, tuple(names))
        made = mutate_file_contents(str(path), text)
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, json.dumps([made.code, list(made.mutant_names)]))
        return cls(made.code, tuple(made.mutant_names))

    def sample(self, seed: str, most: int) -> tuple[str, ...]:
        """Return at most so many of the faults as drawn: for one seed a larger sample begins with the smaller one."""
        mixed = list(self.names)
        random.Random(seed).shuffle(mixed)
        return tuple(mixed[:most])

    @cached_property
    def _functions(self) -> Mapping[str, ast.FunctionDef]:
        nodes = ast.walk(ast.parse(self.code))
        return {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}

    def difference(self, name: str) -> str:
        """Return the lines that a fault changes, before and after."""
        whole = f"{name.partition('__mutmut_')[0]}__mutmut_orig"
        before, after = (
            re.sub(r"__mutmut_\w+", "", ast.unparse(self._functions[each])).splitlines()
            for each in (whole, name)
        )
        lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[3:]
        return "\n".join(line for line in lines if not line.startswith("@@"))
