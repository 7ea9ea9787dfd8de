"""What a notebook may leave behind in a process that will run another: all of it is put back."""

from __future__ import annotations

import contextlib
import decimal
import locale
import os
import random
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def kept_surroundings(folder: Path, *, libraries: bool = True) -> Iterator[None]:
    """Work in a folder, then put back what a notebook can change outside its own namespace.

    That is: working folder, environment, module search path, modules loaded from the folder, streams, warning
    filters, options of pandas and Altair, the decimal context, random states, locale and signal handlers.
    What a notebook patches inside a module stays; a forked child forgets that too. Without ``libraries``, for a notebook of
    which it is known that it touches none, they are not even imported.
    """
    undo = [*_process(), *_interpreter(folder), *(_libraries() if libraries else ())]
    os.chdir(folder)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        for step in undo:
            step()


def _process() -> Iterator[Callable[[], object]]:
    here, environment = Path.cwd(), dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    words = locale.setlocale(locale.LC_ALL)

    def put_back() -> None:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(environment)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        locale.setlocale(locale.LC_ALL, words)

    yield put_back


def _interpreter(folder: Path) -> Iterator[Callable[[], object]]:
    search, modules = list(sys.path), set(sys.modules)
    streams = sys.stdin, sys.stdout, sys.stderr
    context, drawn = decimal.getcontext().copy(), random.getstate()

    def put_back() -> None:
        sys.path[:] = search
        for name in set(sys.modules) - modules:
            origin = getattr(sys.modules[name], "__file__", None)
            if origin and folder in Path(origin).parents:
                del sys.modules[name]
        sys.stdin, sys.stdout, sys.stderr = streams
        decimal.setcontext(context)
        random.setstate(drawn)

    yield put_back


def _libraries() -> Iterator[Callable[[], object]]:
    import altair as alt  # noqa: PLC0415  # heavy, see above
    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    registries = (alt.renderers, alt.data_transformers, alt.theme)
    active = [(registry, registry.active, dict(registry.options)) for registry in registries]
    drawn = np.random.get_state()  # noqa: NPY002  # the one that a notebook may have seeded

    def put_back() -> None:
        for registry, name, options in active:
            registry.enable(name, **options)
        np.random.set_state(drawn)  # noqa: NPY002
        with warnings.catch_warnings(action="ignore"):  # of options that are going away
            pd.reset_option(r"^(compute|display|io|mode|styler)\.")

    yield put_back
