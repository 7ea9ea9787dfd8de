"""``reportkit app``."""

from __future__ import annotations

from typing import Annotated

import typer


def app(
    *,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Default: any that is free.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Open the clerk's page in a browser: drop the workbook, mend it, save the report.

    It listens on this machine alone, and nothing leaves it. What is dropped is deleted when the tab is closed. Ctrl-C ends it.
    """
    from reportkit.app.server import serve

    serve(port, browser=browser, say=typer.echo)
