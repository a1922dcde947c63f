"""/api/v1/openapi.json: the API as an OpenAPI 3.1 document, made from the routes themselves.

A handler's docstring and path are enough for an entry; `told` says more about it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final, Literal, TypeVar

from aiohttp import web
from pydantic.json_schema import models_json_schema

import lumad
from lumad.api.body import json_reply
from lumad.model.noun import Noun
from lumad.model.profile import PROFILE_ID, Profile
from lumad.model.show import Show

H = TypeVar("H", bound=Callable[..., Any])
Schema = Mapping[str, Any]
Content = Schema | type[Noun]

ANY_OBJECT: Final[Schema] = {"type": "object"}
REVISION: Final[Schema] = {
    "type": "object",
    "properties": {"revision": {"type": "integer"}},
    "required": ["revision"],
}
_MODELS: Final[tuple[type[Noun], ...]] = (Show, Profile)
_STEPS: Final = re.compile(r"[a-z0-9]+")
_REF: Final = "#/components/schemas/{model}"
_PATHS: Final[Mapping[str, Schema]] = {
    "id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"},
    "universe": {"type": "integer", "minimum": 1, "maximum": 63999},
    "take": {"type": "integer", "minimum": 1},
    "file": {"type": "string", "pattern": r"^[A-Za-z0-9_/-]+\.[a-z0-9]+$"},
}
_PROBLEM: Final[Schema] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "faults"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "message"],
                "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_PROFILE: Final = {"type": "string", "pattern": f"^{PROFILE_ID.pattern}$"}
_OWN_PATHS: Final[Mapping[str, Schema]] = {"/api/v1/profiles/{id}": _PROFILE}

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say about a handler: JSON or other contents, queries, and how it knows revisions.

    `tagged`: the reply carries the revision as its ETag; `match`: whether If-Match is read, or needed.
    """

    reply: Content | None = None
    reply_types: tuple[str, ...] = ("application/json",)
    statuses: tuple[int, ...] = (200,)
    body: Content | None = None
    body_types: tuple[str, ...] = ("application/json",)
    query: Mapping[str, Schema] | None = None
    tagged: bool = False
    match: Literal["no", "may", "must"] = "no"


_TOLD: Final[dict[Any, Told]] = {}


def told(**words: Any) -> Callable[[H], H]:
    """Describes the handler below for the document; see Told."""

    def note(handler: H) -> H:
        _TOLD[handler] = Told(**words)
        return handler

    return note


def patch_of(model: type[Noun]) -> Schema:
    """A merge patch (RFC 7396) of a noun: its keys, each with a new value, or null for the default."""
    keys = [field.alias or name for name, field in model.model_fields.items()]
    return {"type": "object", "propertyNames": {"enum": keys}}


def by_id(model: type[Noun]) -> Schema:
    """Nouns by id."""
    return {"type": "object", "additionalProperties": {"$ref": _REF.format(model=model.__name__)}}


def listed(model: type[Noun]) -> Schema:
    """Nouns in their order."""
    return {"type": "array", "items": {"$ref": _REF.format(model=model.__name__)}}


@routes.get("/api/v1/openapi.json")
@told(reply=ANY_OBJECT)
async def get_openapi(request: web.Request) -> web.Response:
    """The document of all routes."""
    return json_reply(document(request.app))


def document(app: web.Application) -> dict[str, Any]:
    """The OpenAPI document of every route of `app`."""
    paths: dict[str, dict[str, Any]] = {}
    for route in app.router.routes():
        if route.resource is not None and route.method not in {"HEAD", "OPTIONS", "*"}:
            path = route.resource.canonical
            paths.setdefault(path, {})[route.method.lower()] = _operation(path, route.method, route.handler)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "lumad",
            "version": lumad.__version__,
            "description": "Film lamps that follow an LED wall. Rules of the door: docs/http.md.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "security": [{}, {"token": []}, {"cookie": []}],
        "components": {
            "schemas": {**_schemas(), "Problem": _PROBLEM},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "lumad"},
            },
        },
    }


@cache
def _schemas() -> Mapping[str, Any]:
    _, whole = models_json_schema([(model, "validation") for model in _MODELS], ref_template=_REF)
    schemas: Mapping[str, Any] = whole["$defs"]
    return schemas


def _operation(path: str, method: str, handler: Any) -> dict[str, Any]:
    words = _TOLD.get(handler)
    said = " ".join((handler.__doc__ or "").split())
    operation: dict[str, Any] = {
        "operationId": "-".join([method.lower(), *_STEPS.findall(path.removeprefix("/api/v1"))]),
        "summary": said,
        "tags": [_tag(path)],
        "responses": {**_replies(words), "default": _problem()},
    }
    if parameters := [*_path_parameters(path), *_others(words)]:
        operation["parameters"] = parameters
    if words and words.body is not None:
        content = {kind: {"schema": _schema(words.body)} for kind in words.body_types}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _replies(words: Told | None) -> dict[str, Any]:
    """Without a word about them: anything that is no fault."""
    if words is None:
        return {"2XX": {"description": "Done."}}
    headers = {"ETag": {"schema": {"type": "string"}, "required": True}} if words.tagged else {}
    found: dict[str, Any] = {}
    for status in words.statuses:
        found[str(status)] = {"description": HTTPStatus(status).phrase, "headers": headers}
        if words.reply is not None and status not in {204, 304}:
            content = {kind: {"schema": _schema(words.reply)} for kind in words.reply_types[:1]}
            content |= {kind: {"schema": {"type": "string"}} for kind in words.reply_types[1:]}
            found[str(status)]["content"] = content
    return found


def _problem() -> dict[str, Any]:
    schema = {"$ref": _REF.format(model="Problem")}
    return {
        "description": "A fault in plain words (RFC 9457); nothing has changed.",
        "content": {"application/problem+json": {"schema": schema}},
    }


def _path_parameters(path: str) -> Iterable[dict[str, Any]]:
    for part in path.split("{")[1:]:
        name = part.split("}")[0]
        schema = _OWN_PATHS.get(path) or _PATHS.get(name) or {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _others(words: Told | None) -> Iterable[dict[str, Any]]:
    if words is None:
        return
    for name, schema in (words.query or {}).items():
        yield {"name": name, "in": "query", "schema": schema}
    if words.match != "no":
        schema = {"type": "string", "pattern": r'^(\*|"[0-9]+")$', "examples": ["*"]}
        needed = words.match == "must"
        yield {"name": "If-Match", "in": "header", "required": needed, "schema": schema}


def _schema(content: Content) -> Schema:
    return content if isinstance(content, Mapping) else {"$ref": _REF.format(model=content.__name__)}


def _tag(path: str) -> str:
    """The resource that a path belongs to, or the page."""
    steps = path.removeprefix("/api/v1/").strip("/").split("/")
    return steps[0] if steps[0] and "{" not in steps[0] else "page"
