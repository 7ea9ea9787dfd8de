"""Serving the page: Voilà over ``notebooks/clerk.ipynb``, on 127.0.0.1 alone, with a token, and without its code."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import socket
import webbrowser
from collections.abc import Callable, Iterator
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import psutil

from reportkit.app import BASE_VARIABLE, VISIT
from reportkit.errors import CallError, system_words
from reportkit.files import temporary_folder
from reportkit.language import VARIABLE as LANGUAGE_VARIABLE
from reportkit.language import _
from reportkit.project import BATCH_VARIABLE, packaged_notebook

HOST: Final = "127.0.0.1"
CLERK: Final = "clerk.ipynb"
TEMPLATE: Final = "reportkit"

_POLICY: Final = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; connect-src 'self' ws://127.0.0.1:*; frame-src data: blob:; "
    "form-action 'self'; base-uri 'none'"
)
"""What the page may ask for: nothing but this server."""

_LOST_SECONDS: Final = 60
"""A tab that is gone without a word, as when the browser died, is taken for closed after so long."""

_SWEEP_SECONDS: Final = 2
"""How often folders are looked for whose kernel is gone."""


def serve(port: int, *, browser: bool, say: Callable[[str], None]) -> None:
    """Serve the clerk's page until Ctrl-C; ``say`` is given its address. What was dropped is removed at the end.

    Raises :class:`~reportkit.errors.CallError` where Voilà is not installed.
    """
    try:
        from tornado.ioloop import PeriodicCallback  # noqa: PLC0415  # comes with Voilà
        from voila.app import Voila  # noqa: PLC0415  # the extra `app`
    except ImportError:
        raise CallError(
            _(
                "the app needs Voilà: install reportkit with its extra «app» (pip install "
                "'reportkit[app]')"
            )
        ) from None
    token = secrets.token_urlsafe(32)
    with _folder() as base, _surroundings(base):
        chosen = _free_port(port)
        server = Voila(config_file_paths=[])  # no settings from the folder that the clerk stands in
        server.initialize(_arguments(chosen, token))
        server.voila_configuration.file_allowlist = []
        server.log.setLevel(logging.ERROR)
        server.tornado_settings = {"headers": {"Content-Security-Policy": _POLICY}}
        address = f"http://{HOST}:{chosen}/?token={token}"
        PeriodicCallback(lambda: sweep(base), _SWEEP_SECONDS * 1000).start()
        say(address)
        if browser:
            _open(base, address)
        server.start()


def _arguments(port: int, token: str) -> list[str]:
    """Return Voilà's options; they stand on no command line, where others could read the token."""
    notebook = packaged_notebook(CLERK)
    return [
        str(notebook),
        f"--Voila.ip={HOST}",
        f"--port={port}",
        "--Voila.port_retries=0",
        f"--Voila.token={token}",
        "--no-browser",
        f"--template={TEMPLATE}",
        "--theme=light",
        "--strip_sources=True",
        f"--MappingKernelManager.cull_idle_timeout={_LOST_SECONDS}",
        "--MappingKernelManager.cull_interval=10",
        "--MappingKernelManager.cull_connected=False",
        "--Voila.log_level=ERROR",
    ]


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder that only this user can read, and remove it at the end whatever came."""
    base = temporary_folder("reportkit-app-")
    try:
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)


@contextlib.contextmanager
def _surroundings(base: Path) -> Iterator[None]:
    """Let kernels find the visits' folder and the template, and no project that the clerk happens to stand in."""
    share = Path(str(files(__package__))) / "share" / "jupyter"
    paths = os.pathsep.join(filter(None, (str(share), os.environ.get("JUPYTER_PATH"))))
    before = dict(os.environ)
    os.environ.update(
        {
            BASE_VARIABLE: str(base),
            BATCH_VARIABLE: "",
            "JUPYTER_PATH": paths,
            LANGUAGE_VARIABLE: "zh",
        }
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def sweep(base: Path) -> None:
    """Remove the folders of visits whose process is gone: one that was killed could not do it itself."""
    for folder in base.glob(f"{VISIT}*"):
        owner = folder.name.removeprefix(VISIT).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _free_port(wanted: int) -> int:
    """Return a port that is free: the wanted one, for 0 any."""
    with socket.socket() as free:
        try:
            free.bind((HOST, wanted))
        except OSError as fault:
            raise CallError(
                _(
                    "--port {port}: {fault}; name another, or none",
                    port=wanted,
                    fault=system_words(fault),
                )
            ) from None
        port: int = free.getsockname()[1]
        return port


def _open(base: Path, address: str) -> Any:
    """Open the browser by a file of its own: the address with its token stands on no command line."""
    page = base / "open.html"
    page.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={escape(address)}">',
        "utf-8",
    )
    return webbrowser.open(page.as_uri())
