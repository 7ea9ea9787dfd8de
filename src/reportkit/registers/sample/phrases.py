"""The words of the invented bodies, read once from phrases.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def phrases() -> Mapping[str, Any]:
    """Return phrases.yaml as it stands."""
    text = files(__package__).joinpath("phrases.yaml").read_text("utf-8")
    words: Mapping[str, Any] = yaml.safe_load(text)
    return words


@cache
def domains() -> tuple[tuple[str, str], ...]:
    """Return what registers are about: (category, domain) pairs."""
    return tuple(
        (category, domain) for category, named in phrases()["domains"].items() for domain in named
    )
