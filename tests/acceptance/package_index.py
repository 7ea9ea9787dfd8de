"""A package index in a folder, as set-up meets it on a later day: the lock's packages, and a newer release of each.

The packages are empty, but they have the names, the versions and the requirements of the real ones.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from tests.acceptance.build_backend import write_wheel

NEWER = "9999.0"
"""The version that was released since the lock was made."""

_BACKEND = Path(__file__).parent / "build_backend.py"
_PIN = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE
)


@dataclass(frozen=True)
class Pin:
    """One package of a lock."""

    name: str
    version: str
    marker: str | None

    def applies(self) -> bool:
        """Say whether the package is for the system and the Python that the test runs on."""
        return self.marker is None or Marker(self.marker).evaluate()


def pins(lock: Path) -> list[Pin]:
    """Return the packages of a lock."""
    found = _PIN.finditer(lock.read_text("utf-8"))
    return [Pin(match["name"], match["version"], match["marker"]) for match in found]


class PackageIndex:
    """An index after PEP 503, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._files = folder / "files"
        self._pages = folder / "simple"
        self._files.mkdir(parents=True)
        self.address = self._pages.as_uri()
        """What pip calls the index by."""

    def offer(self, lock: Path, to: Path) -> None:
        """Offer a lock's packages and a newer release of each; write the same lock with their hashes."""
        text = []
        for pin in pins(lock):
            headers = _requirements(pin)
            wheel = self._add(pin.name, pin.version, headers)
            self._add(pin.name, NEWER, headers)
            marker = f" ; {pin.marker}" if pin.marker else ""
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            text.append(f"{pin.name}=={pin.version}{marker} \\\n    --hash=sha256:{digest}\n")
        to.write_text("".join(text), "utf-8")

    def _add(self, name: str, version: str, headers: Iterable[str]) -> Path:
        # hatchling builds the project itself: it has to do something.
        files = {"hatchling/build.py": _BACKEND.read_text("utf-8")} if name == "hatchling" else None
        wheel = write_wheel(self._files, name, version, headers=headers, files=files)
        page = self._pages / canonicalize_name(name)
        page.mkdir(parents=True, exist_ok=True)
        with (page / "index.html").open("a", encoding="utf-8") as out:
            out.write(f'<a href="../../files/{wheel.name}">{wheel.name}</a><br>\n')
        return wheel


def _requirements(pin: Pin) -> list[str]:
    """Return what the real package requires, extras included; nothing for those of other systems."""
    try:
        real = distribution(pin.name)
    except PackageNotFoundError:
        return []
    if real.version != pin.version:
        return []
    extras = real.metadata.get_all("Provides-Extra") or []
    return [
        *(f"Provides-Extra: {extra}" for extra in extras),
        *(f"Requires-Dist: {need}" for need in real.requires or ()),
    ]
