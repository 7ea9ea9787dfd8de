"""The seal: what every file that people hand on carries to prove itself.

It is the report's JSON, as in ``<town>.json``, its SHA-256, and where the office has a key a signature
(Ed25519). Whoever changes a file by accident is found by the checksum; whoever changes it on purpose can
write a new checksum as well, but no new signature.

The office makes its key once, keeps it to itself, and gives the public half to whoever shall verify::

    openssl genpkey -algorithm ed25519 -out office.pem
    openssl pkey -in office.pem -pubout -out office.pub.pem

``REPORTKIT_SIGNING_KEY`` names the file, or holds its text. Files are signed with the private key and
verified with either half.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from reportkit.errors import ParameterError, ReadError
from reportkit.language import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

SCHEMA: Final = "reportkit.seal/1"
VARIABLE: Final = "REPORTKIT_SIGNING_KEY"
"""The environment variable with the office's key: a PEM file's path, or its text."""

_ESCAPED: Final = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}

Signature = Literal["none", "good", "unknown", "bad", "foreign", "missing"]
"""What a signature is worth: there is none; of the office's key; good, but nobody gave a key to compare with;
broken; of another key than the one given; there is none, although a key was given."""


@dataclass(frozen=True)
class Key:
    """The office's key."""

    public: str
    """The public half: its 32 bytes as base64."""
    private: Ed25519PrivateKey | None
    """``None`` where only the public half was given: enough to verify."""


@dataclass(frozen=True)
class Seal:
    """A report's JSON with its checksum, and a signature or none."""

    text: str
    """The report's JSON, byte for byte that of ``<town>.json``."""
    sha256: str
    shows: tuple[str, ...] = ()
    """The codes of the tables and sections that the file prints: ``t3``, ``s1``."""
    own: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """What it prints beside: see :func:`reportkit.export.shown.own_parts`."""
    key: str = ""
    """The public key of the signature, as :attr:`Key.public`."""
    signature: str = ""
    """Of :attr:`message`, as base64."""

    @property
    def message(self) -> bytes:
        """What is signed: the checksum, and what the file prints."""
        told = (json.dumps(self.own),) if self.own else ()
        return "\n".join((SCHEMA, self.sha256, ",".join(self.shows), *told)).encode()

    @property
    def header(self) -> str:
        """All but the report's JSON, as one line of JSON."""
        body: dict[str, Any] = {
            "schema": SCHEMA,
            "sha256": self.sha256,
            "shows": list(self.shows),
        }
        if self.own:
            body["own"] = self.own
        if self.signature:
            body |= {"key": self.key, "signature": self.signature}
        return json.dumps(body, separators=(",", ":"))

    @property
    def whole(self) -> bool:
        """Say whether the checksum is that of the JSON."""
        return self.sha256 == _sha256(self.text)


def seal(
    text: str, shows: tuple[str, ...] = (), own: tuple[tuple[str, tuple[str, ...]], ...] = ()
) -> Seal:
    """Return a report's JSON under seal, signed where the office has a key.

    Two characters that XML cannot hold are written as JSON's escapes, in every format alike.

    Raises :class:`~reportkit.errors.ParameterError` for a key that is none, or that cannot sign.
    """
    text = text.translate(_ESCAPED)
    made = Seal(text, _sha256(text), shows, own)
    key = office_key()
    if key is None:
        return made
    if key.private is None:
        raise ParameterError(
            _(
                "{variable} holds a public key: files are signed with the private one",
                variable=VARIABLE,
            )
        )
    signature = base64.b64encode(key.private.sign(made.message)).decode()
    return Seal(text, made.sha256, shows, own, key.public, signature)


def parse_seal(header: str, text: str) -> Seal:
    """Return a seal as it stands in a file; line breaks count as one sign, however the file was sent.

    Raises :class:`~reportkit.errors.ReadError` for a header that is none.
    """
    try:
        body = {SCHEMA: json.loads(header)}[json.loads(header)["schema"]]
        shows = tuple(map(str, body["shows"]))
        words = [str(body.get(name, "")) for name in ("key", "signature")]
        own = tuple((str(name), tuple(map(str, lines))) for name, lines in body.get("own", ()))
        made = Seal(text.replace("\r\n", "\n"), str(body["sha256"]), shows, own, *words)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ReadError("所附校验信息不是本程序写的，或已损坏") from None
    return made


def judge(sealed: Seal, key: Key | None) -> Signature:
    """Say what a seal's signature is worth; ``key`` is the office's, where the verifier has it."""
    if not sealed.signature:
        return "missing" if key else "none"
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415  # heavy, and few files are signed
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(sealed.key, validate=True))
        public.verify(base64.b64decode(sealed.signature, validate=True), sealed.message)
    except (InvalidSignature, ValueError, binascii.Error):
        return "bad"
    if key is None:
        return "unknown"
    return "good" if key.public == sealed.key else "foreign"


def office_key() -> Key | None:
    """Return the office's key, ``None`` where it has none.

    Raises :class:`~reportkit.errors.ParameterError` where :data:`VARIABLE` names no Ed25519 key.
    """
    given = os.environ.get(VARIABLE, "").strip()
    return _key(given) if given else None


def public_key() -> str:
    """Return the public half of the key that files are signed with; empty where they are not signed."""
    key = office_key()
    return key.public if key else ""


@cache
def _key(given: str) -> Key:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives import serialization as pem  # noqa: PLC0415  # heavy, and few have a key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    refused = ParameterError(
        _(
            "{variable} names no Ed25519 key: give the path of a PEM file without password, as "
            "`openssl genpkey -algorithm ed25519 -out office.pem` writes it",
            variable=VARIABLE,
        )
    )
    try:
        content = given.encode() if given.startswith("-----BEGIN") else Path(given).read_bytes()
        private = None
        if b"PRIVATE KEY" in content:
            private = pem.load_pem_private_key(content, password=None)
            public = private.public_key()
        else:
            public = pem.load_pem_public_key(content)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):  # no file; no key; a password
        raise refused from None
    if not isinstance(public, Ed25519PublicKey):
        raise refused
    return Key(_text(public), private if isinstance(private, Ed25519PrivateKey) else None)


def _text(public: Ed25519PublicKey) -> str:
    return base64.b64encode(public.public_bytes_raw()).decode()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
