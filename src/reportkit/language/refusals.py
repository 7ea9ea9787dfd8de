"""What typer says of a call that it cannot parse, in the language to speak: its own words are English alone."""

from __future__ import annotations

import re
from typing import Final

from reportkit.language import _, marked

_SAID: Final = {
    r"No such option: (?P<name>\S+)": marked("there is no option {name}"),
    r"No such option: (?P<name>\S+) \(Possible options?: (?P<known>.*)\)": marked(
        "there is no option {name}; did you mean {known}?"
    ),
    r"No such command '(?P<name>.*)'\.": marked("there is no command {name}"),
    r"No such command '(?P<name>.*)'\. Did you mean (?P<known>.*)\?": marked(
        "there is no command {name}; did you mean {known}?"
    ),
    r"Missing (?:argument|option|parameter) '(?P<name>.*)'\.": marked("{name} is missing"),
    r"Option '(?P<name>.*)' requires an argument\.": marked("{name} needs a value"),
    r"Option '(?P<name>.*)' does not take a value\.": marked("{name} takes no value"),
    r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.*)\)": marked("too much: {name}"),
    r"Input should be a valid integer.*": marked("not a whole number"),
    r"Input should be a valid number.*": marked("not a number"),
    r"Input should be greater than or equal to (?P<least>.*)": marked("less than {least}"),
    r"Input should be less than or equal to (?P<most>.*)": marked("more than {most}"),
    r"Value error, '(?P<given>.*)' is not one of (?P<known>.*)\.": marked(
        "{given} is none of {known}"
    ),
    r"Value error, '(?P<given>.*)' does not match the formats? .*": marked(
        "{given} is no day; write it as 2022-01-20"
    ),
}
"""What typer and what checks values for it may say, and what is said in its place."""

_OF: Final = re.compile(r"Invalid value for '(?P<name>.*?)': (?P<what>.*)", re.DOTALL)


def refusal(said: str) -> str:
    """Return a refusal of typer's in the language to speak; one that is not known stays as it is.

    >>> import os; os.environ["REPORTKIT_LANG"] = "zh"
    >>> refusal("Missing argument 'PATH...'.")
    '缺少PATH...'
    """
    if whole := _OF.fullmatch(said):
        return f"{whole['name']}: {refusal(whole['what'])}"
    for pattern, words in _SAID.items():
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return _(words, **found.groupdict())
    return said
