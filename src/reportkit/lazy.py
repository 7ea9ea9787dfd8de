"""Names of a package that are imported when they are first asked for."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, places: Mapping[str, str]) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package, by the place of each of its names: ``module``, or ``module:attribute``.

    What was found stands in the package from then on, in place of a submodule of the same name too.

    >>> lazily("reportkit", {"plain": "reportkit.form:plain"})("nothing")
    Traceback (most recent call last):
    AttributeError: module 'reportkit' has no attribute 'nothing'
    """

    def getattr_(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, attribute = places[name].partition(":")
        found: Any = import_module(module)
        if attribute:
            found = getattr(found, attribute)
        setattr(sys.modules[package], name, found)
        return found

    return getattr_
