"""Plain values → nouns, and pydantic's complaints → sentences a gaffer can act on, all of them at once."""

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lumad.documents import Document, nearest
from lumad.errors import DocumentError, EditError, Fault
from lumad.model.noun import Noun

M = TypeVar("M", bound=Noun)

MOST_FAULTS = 1000  # nobody reads more, and a stranger may send a million
_WORDS: Mapping[str, str] = {
    "missing": "is missing",
    "int_type": "{value} is not a whole number",
    "int_from_float": "{value} is not a whole number",
    "float_type": "{value} is not a number",
    "finite_number": "{value} is not a finite number",
    "bool_type": "{value} is not true or false",
    "string_type": "{value} is not text; if it is meant as text, put it in quotes",
    "list_type": "{value} is not a list ([a, b])",
    "tuple_type": "{value} is not a list ([a, b])",
    "dict_type": "{value} is not a mapping (lines of key: value)",
    "model_type": "{value} is not a mapping (lines of key: value)",
    "model_attributes_type": "{value} is not a mapping (lines of key: value)",
    "none_required": "{value} cannot stand here; leave it empty",
    "greater_than_equal": "{value} is too small; at least {ge}",
    "too_short": "too few entries: {actual_length} instead of at least {min_length}",
    "too_long": "too many entries: {actual_length} instead of at most {max_length}",
}


def validate(document: Document, model: type[M]) -> M:
    """The noun that `document` describes; raises DocumentError with every fault, each with its place."""
    try:
        return model.model_validate(document.value)
    except ValidationError as error:
        raise DocumentError(document.placed(faults_in(error, document.value, model))) from None


def check(value: Any, model: type[M]) -> M:
    """The noun that a plain `value` without a file describes; raises EditError with every fault."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise EditError(faults_in(error, value, model)) from None


def faults_in(error: ValidationError, value: Any, model: type[Noun]) -> list[Fault]:
    """Complaints of pydantic about `value` as faults with their paths, in plain words; the first thousand."""
    found: dict[tuple[tuple[str | int, ...], str], Fault] = {}
    for details in error.errors(include_url=False)[:MOST_FAULTS]:
        path = _path_in(value, details)
        fault = Fault(path, _sentence(details, path, model))
        found.setdefault((fault.path, fault.message), fault)
    return list(found.values())


def _path_in(value: Any, details: ErrorDetails) -> tuple[str | int, ...]:
    """The steps of pydantic's location that exist in the value; its marks (branches, [key]) are dropped."""
    path: list[str | int] = []
    for step in details["loc"]:
        by_key = isinstance(value, dict) and step in value
        if by_key or (isinstance(value, list | tuple) and isinstance(step, int) and step < len(value)):
            value = value[step]
        elif details["type"] != "missing" or step != details["loc"][-1]:
            continue
        path.append(step)
    return tuple(path)


def _sentence(details: ErrorDetails, path: tuple[str | int, ...], model: type[Noun]) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(str(path[-1]), _noun_at(model, path[:-1]))
    if kind == "missing" and isinstance(path[-1], int):
        return "one more value is missing in the list"
    if kind == "literal_error":
        choices = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
        near = nearest(str(value), choices)
        return f"{_shown(value)} is not known here{near}; possible: {', '.join(choices)}"
    words = _WORDS.get(kind)
    return words.format(value=_shown(value), **context) if words else details["msg"]


def _unknown_key(key: str, noun: type[Noun] | None) -> str:
    if noun is None:
        return "no such key"
    known = [field.alias or name for name, field in noun.model_fields.items()]
    return f"no such key{nearest(key, known) or '; possible: ' + ', '.join(known)}"


def _noun_at(model: type[Noun], path: tuple[str | int, ...]) -> type[Noun] | None:
    """The noun that stands at `path` below `model`."""
    found: Any = model
    for step in path:
        if isinstance(found, type) and issubclass(found, Noun):
            by_key = {field.alias or name: field.annotation for name, field in found.model_fields.items()}
            found = by_key.get(str(step))
        else:  # dict[str, X] or tuple[X, ...]: one kind of entry
            found = next((part for part in reversed(get_args(found)) if part is not Ellipsis), None)
        found = next(_nouns(found), found)
    return found if isinstance(found, type) and issubclass(found, Noun) else None


def _nouns(annotation: Any) -> Iterator[Any]:
    """The nouns, dicts and tuples an annotation allows, without the Annotated and unions around them."""
    origin = get_origin(annotation)
    if origin in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _nouns(part)
    elif hasattr(annotation, "__metadata__"):
        yield from _nouns(get_args(annotation)[0])
    elif origin in {dict, tuple} or (isinstance(annotation, type) and issubclass(annotation, Noun)):
        yield annotation


def _shown(value: Any) -> str:
    """A value as it would stand in the file, short."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:36]}…{text[-1:]}"
