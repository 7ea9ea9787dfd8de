"""What is wrong with a params file, in words: the key, the value, and what to write there instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from reportkit.errors import nearest
from reportkit.language import _, marked

_LONGEST: Final = 60
"""How much of a wrong value is shown."""

_A_LIST: Final = marked("is no list; write [{0}], or one line a value, each begun with a hyphen")
_A_TEXT: Final = marked("is no text; put it in quotes")
_A_WHOLE_NUMBER: Final = marked("is no whole number; write digits alone, such as 12")
_A_NUMBER: Final = marked("is no number; write it in digits, such as 2.5")
_YES_OR_NO: Final = marked("is neither true nor false; write one of them")
_KEYS: Final = marked("should be keys with values, each a line «key: value»")
_A_PATH: Final = marked("is no path; write it as text")
_A_DAY: Final = marked("is no day; write it as 2022-01-20")

_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("tuple_type", "list_type", "set_type", "frozen_set_type"), _A_LIST),
    **dict.fromkeys(("string_type", "string_unicode", "string_sub_type"), _A_TEXT),
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float", "int_parsing_size"), _A_WHOLE_NUMBER
    ),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _A_NUMBER),
    **dict.fromkeys(("decimal_type", "decimal_parsing"), _A_NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _YES_OR_NO),
    "path_type": _A_PATH,
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _A_DAY),
}
"""What each kind of fault of pydantic's means to who wrote the file; ``{0}`` is the value."""


def fault_words(fault: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    """Word each fault of a validation as «key: value, what is wrong; what to write, or the nearest valid name»."""
    for error in fault.errors(include_url=False):
        where = _where(error["loc"], model)
        yield f"{where or _('the file')}: {_words(error, model)}"


def _words(error: ErrorDetails, model: type[BaseModel]) -> str:
    kind, loc, given = error["type"], error["loc"], error["input"]
    match kind:
        case "extra_forbidden":
            near = nearest(str(loc[-1]), _fields_at(model, loc[:-1]))
            words = _("unknown key{near}", near=near)
        case "missing":
            words = _("is missing")
        case "literal_error":
            names = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
            words = _(
                "{value} is not possible{near}", value=shown(given), near=nearest(str(given), names)
            )
        case "too_short" | "string_too_short":
            words = _("is empty; write at least one value")
        case "value_error":
            words = error["msg"].removeprefix("Value error, ")
        case _ if given is None and loc:
            words = _("has no value; write one, or take the key out")
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            words = f"{shown(given)} {_(_KEYS)}" if loc else _(_KEYS)
        case _:
            told = _WORDS.get(kind)
            said = (
                _(told).format(given)
                if told
                else _("is not possible here: {reason}", reason=error["msg"])
            )
            words = f"{shown(given)} {said}"
    return words


def shown(value: object) -> str:
    """Return a value as a person wrote it, about; a long one is cut."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _where(loc: tuple[int | str, ...], model: type[BaseModel]) -> str:
    """Write a place in a document: ``towns[3].kind``, counting from one as people do."""
    text = ""
    here: Any = model
    for part in loc:
        if part == "[key]":
            continue  # pydantic's own word for «the key itself»
        in_list = isinstance(part, int) and get_origin(_plain(here)) is tuple
        text += f"[{int(part) + 1}]" if in_list else f".{part}"
        here = _below(here, part)
    return text.removeprefix(".")


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys that a place in a document may have."""
    here: Any = model
    for part in loc:
        here = _below(here, part)
    here = _plain(here)
    return list(here.model_fields) if _is_model(here) else []


def _below(annotation: Any, part: int | str) -> Any:
    """Return what the value at a key or position of an annotated value is."""
    here = _plain(annotation)
    if _is_model(here):
        field = here.model_fields.get(str(part))
        return None if field is None else field.annotation
    arguments = [each for each in get_args(here) if each is not Ellipsis]
    return arguments[-1] if arguments else None  # the values of a mapping, the items of a tuple


def _plain(annotation: Any) -> Any:
    """Return an annotation without its notes and without ``None``."""
    while hasattr(annotation, "__metadata__") or isinstance(annotation, UnionType):
        annotation = next(each for each in get_args(annotation) if each is not type(None))
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
