"""The command line: every other module ``reportkit.cli.X`` adds the command ``reportkit X``.

Such a module is light: it imports typer alone and does its heavy imports inside the function of its
name, so that ``--help`` answers at once. Here is the one place where an error becomes a message and an exit
code: 0 done; 1 a report failed; 2 the call is wrong and nothing was run; 130 interrupted.
"""

from __future__ import annotations

import codecs
import errno
import gc
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, Final

import typer

from reportkit import __version__, cli
from reportkit.errors import CallError, ParameterError, ReportkitError, system_words
from reportkit.language import _, language, marked
from reportkit.language.help import translate, translate_typer
from reportkit.language.refusals import refusal

_ORDER: Final = ("new", "sample", "template", "ingest", "run", "check", "read", "due", "fee")
"""The commands in the order in which a clerk meets them; others follow by name."""

_COLLECTED: Final = (100_000, 50, 50)
"""When garbage is collected. What a command makes of a country lives to its end: looking at it again and again takes half the time."""

_HELP: Final = ("-h", "--help")

_Refused: Final[Any] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""What typer raises for a call that it cannot parse. Its releases differ in where that class lives."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"reportkit {__version__}")
        raise typer.Exit


def build_app() -> typer.Typer:
    """Return the command line with every command whose module is there."""
    app = typer.Typer(
        name="reportkit",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": [*_HELP]},
    )

    @app.callback()
    def _root(
        *,
        version: Annotated[
            bool,
            typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
        ] = False,
    ) -> None:
        """From a county's registers to every town's annual report (政府信息公开工作年度报告)."""

    found = {module.name for module in pkgutil.iter_modules(cli.__path__)} - {
        __name__.rpartition(".")[2]
    }
    for name in sorted(found, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
        function = getattr(import_module(f"reportkit.cli.{name}"), name)
        app.command(name)(function)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _let_speak(stream)
    if arguments is None:  # a program of its own
        gc.set_threshold(*_COLLECTED)
    given = sys.argv[1:] if arguments is None else arguments
    try:
        _check_names(given)
        if not given or not {*_HELP}.isdisjoint(given):  # without a word it shows help
            translate_typer()
        code = translate(typer.main.get_command(build_app())).main(
            args=_joined(given),
            prog_name="reportkit",
            standalone_mode=False,
        )
    except ReportkitError as fault:
        _say(str(fault))
        return 2 if isinstance(fault, CallError) else 1
    except BrokenPipeError:  # the reader of a pipe has enough, as in «reportkit … | head»
        sys.stdout = None  # nothing more can be flushed to it
        return 0
    except (OSError, UnicodeEncodeError) as fault:
        if isinstance(fault, UnicodeEncodeError) and not _lost(str(fault.object)):
            raise
        _say(_told(fault) if isinstance(fault, OSError) else _(_NAMELESS))
        return 2
    except _Refused as fault:
        _refuse(fault)
        return int(fault.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _say(_("interrupted"))
        return 130
    return code if isinstance(code, int) else 0


def _refuse(fault: Any) -> None:
    """Say what is wrong with a call: in typer's own way, or in Chinese by our words for it."""
    translate_typer()
    if language() == "en" or not fault.format_message():  # without one, what is shown is the help
        fault.show()
        return
    _say(refusal(fault.format_message()))
    command = fault.ctx.command_path if fault.ctx else "reportkit"
    _say(_("see {command} --help", command=command))


_NEAR: Final = {"✓": "√", "✗": "×", "•": "·", "—": "-", "–": "-", "≤": "<=", "≥": ">="}
"""What is printed for a mark that an encoding lacks; for others a question mark."""


def _near(fault: UnicodeError) -> tuple[str, int]:
    """Return the nearest marks, for :func:`codecs.register_error`."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    told = "".join(_NEAR.get(mark, "?") for mark in fault.object[fault.start : fault.end])
    try:
        told.encode(fault.encoding)
    except UnicodeEncodeError:
        told = "?" * (fault.end - fault.start)
    return told, fault.end


codecs.register_error("reportkit.near", _near)


def _let_speak(stream: Any) -> None:
    """Let a stream say whatever there is to say: in its own encoding where that has Chinese, else in UTF-8.

    What a program of Windows writes to a file is in the old code page, where nobody has chosen otherwise: UTF-8 too.
    """
    if not hasattr(stream, "reconfigure"):
        return
    encoding = stream.encoding or "ascii"
    try:
        "年度报告".encode(encoding)
        chosen = os.name != "nt" or stream.isatty() or "PYTHONIOENCODING" in os.environ
    except UnicodeEncodeError:
        chosen = False
    stream.reconfigure(encoding=encoding if chosen else "utf-8", errors="reportkit.near")


_NAMELESS: Final = marked(
    "this terminal's language setting (LC_ALL, LANG) cannot tell the names of some files or folders; "
    "set LC_ALL=C.UTF-8, or PYTHONUTF8=1, then call again"
)


def _lost(text: str) -> bool:
    """Say whether a name holds bytes that the language setting could not turn into letters."""
    return any("\udc80" <= letter <= "\udcff" for letter in text)


def _check_names(arguments: Sequence[str]) -> None:
    if any(map(_lost, (*arguments, os.getcwd()))):  # noqa: PTH109 - as text, whatever it holds
        raise ParameterError(_(_NAMELESS))


def _joined(arguments: Sequence[str]) -> list[str]:
    """Join ``-p NAME VALUE``, as papermill has it, into the one value that typer takes for an option."""
    joined: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        joined.append(word)
        if word == "-p" and len(rest) > 1 and "=" not in rest[0]:
            joined.append(f"{rest.pop(0)}={rest.pop(0)}")
    return joined


_MORE_ROOM: Final = (
    frozenset({errno.ENOSPC, errno.EDQUOT})
    if sys.platform != "win32"
    else frozenset({errno.ENOSPC})
)


def _told(fault: OSError) -> str:
    """Say of a file that cannot be read or written which one, what happened, and what to do."""
    named = [
        os.fsdecode(name)
        for name in (fault.filename, fault.filename2)
        if isinstance(name, str | bytes)
    ]
    what = system_words(fault)
    if fault.errno in _MORE_ROOM:
        todo = _("make room on that disk, then call again")
    elif isinstance(fault, PermissionError):
        todo = _(
            "name a place that you may read and write, or close the program that holds the file"
        )
    else:
        todo = _("name a file or folder that can be read and written")
    return f"{' -> '.join(named) or _('a file')}: {what}; {todo}"


def _say(message: str) -> None:
    typer.echo(f"reportkit: {message}", err=True)
