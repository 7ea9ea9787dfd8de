"""Slices: one town's cleaned registers as a small file, so that its notebook need not read the whole source.

A run sweeps its source once, and hands each notebook its slice. A slice is a pickle: it is made and read by
one run on one version of this package, and is no format to keep.
"""

from __future__ import annotations

import pickle
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pyarrow as pa

from reportkit.registers.data import TownData

_CODEC: Final = "lz4"


def pack_slice(uri: str, data: TownData) -> bytes:
    """Return one town's registers, with the URI of the source that they are from."""
    parts = (
        *(data.town, data.edition, dict(data.frames), dict(data.coverage)),
        *(data.set_aside, dict(data.absent)),
    )
    content = pickle.dumps((uri, parts), protocol=pickle.HIGHEST_PROTOCOL)
    packed: bytes = pa.compress(content, codec=_CODEC, asbytes=True)
    return len(content).to_bytes(8, "big") + packed


def load_slice(path: Path) -> tuple[str, TownData]:
    """Return the source's URI and the town's registers from a slice's file."""
    return parse_slice(path.read_bytes())


def parse_slice(content: bytes) -> tuple[str, TownData]:
    """Return the source's URI and the town's registers from a slice."""
    size = int.from_bytes(content[:8], "big")
    plain = pa.decompress(content[8:], size, codec=_CODEC, asbytes=True)
    uri, (town, edition, frames, coverage, set_aside, absent) = pickle.loads(plain)  # noqa: S301  # our own run wrote it
    return uri, TownData(
        *(town, edition, MappingProxyType(frames), MappingProxyType(coverage), set_aside),
        MappingProxyType(absent),
    )
