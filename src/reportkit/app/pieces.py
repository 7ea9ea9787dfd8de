"""Two widgets that Jupyter does not have: a place to drop files, and buttons that save files. No address is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any

import anywidget
import traitlets

from reportkit.app import MOST_BYTES


def own_text(name: str) -> str:
    """Return a file of this package as text."""
    return files(__package__).joinpath(name).read_text("utf-8")


class DropZone(anywidget.AnyWidget):
    """A place to drop files and folders on; ``on_files`` is called with all of one drop, by name."""

    _esm = own_text("drop.js")
    _css = own_text("app.css")
    label = traitlets.Unicode().tag(sync=True)
    busy = traitlets.Unicode("正在读取……").tag(sync=True)

    def __init__(self, label: str, on_files: Callable[[Mapping[str, bytes]], object]) -> None:
        super().__init__(label=label)
        self._on_files = on_files
        self._files: dict[str, bytearray] = {}
        self.on_msg(self._piece)

    def _piece(self, _widget: object, message: Mapping[str, Any], buffers: list[Any]) -> None:
        held = self._files.setdefault(str(message["name"]), bytearray())
        if len(held) <= MOST_BYTES:  # beyond, the visit says that the file is too large
            held.extend(buffers[0])
        if message["done"]:
            taken = {name: bytes(content) for name, content in self._files.items()}
            self._files.clear()
            try:
                self._on_files(taken)
            finally:
                self.send({"kind": "taken"})


class FileButtons(anywidget.AnyWidget):
    """Buttons by name with their labels; ``make`` gives a file's name and bytes when its button is pressed."""

    _esm = own_text("files.js")
    _css = own_text("app.css")
    files = traitlets.Dict().tag(sync=True)
    busy = traitlets.Unicode("正在生成……").tag(sync=True)

    def __init__(
        self,
        make: Callable[[str], tuple[str, bytes] | None],
        files: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(files=dict(files or {}))
        self._make = make
        self.on_msg(self._wanted)

    def _wanted(self, _widget: object, message: Mapping[str, Any], _buffers: object) -> None:
        made = None
        try:
            made = self._make(str(message["want"]))
        finally:
            if made is None:
                self.send({"kind": "nothing"})
            else:
                self.send({"kind": "file", "name": made[0]}, [made[1]])
