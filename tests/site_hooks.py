"""What the site needs beside mkdocs: links that leave docs/ become words, Chinese is searched."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])(?=[\u3400-\u9fff])")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """Turn a link to a file outside of docs/ into its words: the site stands alone."""
    folder = Path(config.docs_dir).resolve()
    here = (folder / page.file.src_uri).parent

    def inside(match: re.Match[str]) -> str:
        target = match[2].partition("#")[0]
        if not target or "://" in target or (here / target).resolve().is_relative_to(folder):
            return match[0]
        return match[1]

    return _LINK.sub(inside, markdown)


def on_post_build(config: Any, **_: Any) -> None:
    """Part Chinese words into characters in the search's index: no dictionary is needed, and every word is found."""
    path = Path(config.site_dir) / "search" / "search_index.json"
    index = json.loads(path.read_text("utf-8"))
    for entry in index["docs"]:
        for key in ("title", "text"):
            entry[key] = _CHINESE.sub("\u200b", entry[key])
    path.write_text(json.dumps(index, ensure_ascii=False), "utf-8")
