"""The description of the API for programs: OpenAPI 3.1, made from the records of requests and the forms of answers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from kb import __version__
from kb.forms.keep.serving import Problem, Readiness
from kb.forms.schema import schemas_of
from kb.serve.api.endpoints import ENDPOINTS, Endpoint
from kb.serve.writing.addresses import KEY, WRITTEN, Written

_REFERENCE = "#/components/schemas/{name}"
_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)

Described = dict[str, Any]


def description(*, writes: bool) -> Described:
    """Return the OpenAPI document; `writes`: whether the server has the addresses that write."""
    written = WRITTEN if writes else {}
    addresses: list[Endpoint | Written] = [*ENDPOINTS.values(), *written.values()]
    answers = [address.form for address in addresses]
    roots, components = schemas_of([*answers, Readiness, Problem], _REFERENCE)
    kinds = {address.parameters for address in addresses}
    _, asked = msgspec.json.schema_components(sorted(kinds, key=lambda kind: kind.__name__), ref_template=_REFERENCE)
    paths = {
        path.replace("{id:path}", "{id}"): _described(endpoint, root, asked)
        for (path, endpoint), root in zip(ENDPOINTS.items(), roots, strict=False)
    }
    paths |= {
        path.replace("{id:path}", "{id}"): {"post": _writing(address, root)}
        for (path, address), root in zip(written.items(), roots[len(ENDPOINTS) :], strict=False)
    }
    paths["/readyz"] = {"get": {"summary": "Whether it answers.", "responses": {"200": _json("ready", roots[-2])}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kb",
            "version": __version__,
            "summary": "The prior lessons for a problem: tools, methods, cases, and whom to ask.",
        },
        "paths": paths,
        "security": [{}, {"token": []}],
        "components": {
            "schemas": components | asked,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _described(endpoint: Endpoint, answer: Mapping[str, Any], asked: Mapping[str, Described]) -> Described:
    kind = endpoint.parameters
    responses = {
        "200": _json("the answer", answer),
        "304": {"description": "unchanged since the answer with that ETag"},
        **{str(status.value): _problem(status) for status in _REFUSALS},
    }
    in_path = [_ID] if endpoint.names_lesson else []
    schema = asked[kind.__name__]
    required = schema.get("required", [])
    in_query = [
        _parameter(name, of_name, "query", required=name in required) for name, of_name in schema["properties"].items()
    ]
    body = _body(kind)
    return {
        "get": {"summary": endpoint.summary, "parameters": [*in_path, *in_query], "responses": responses},
        "post": {"summary": endpoint.summary, "parameters": in_path, "requestBody": body, "responses": responses},
    }


def _writing(address: Written, answer: Mapping[str, Any]) -> Described:
    refusals = (*_REFUSALS, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    responses = {
        "200": _json("written before, by a request with the same key", answer),
        "201": _json("what was written", answer),
        **{str(status.value): _problem(status) for status in refusals},
    }
    parameters = [*([_ID] if address.names_lesson else []), _KEY]
    body = _body(address.parameters) | {"required": True}
    return {"summary": address.summary, "parameters": parameters, "requestBody": body, "responses": responses}


def _body(kind: type[msgspec.Struct]) -> Described:
    return {"content": {"application/json": {"schema": {"$ref": _REFERENCE.format(name=kind.__name__)}}}}


def _parameter(name: str, schema: Mapping[str, Any], place: str, *, required: bool) -> Described:
    plain = {key: value for key, value in schema.items() if key != "description"}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {"name": name, "in": place, "required": required, "schema": plain, **described}


_ID = _parameter("id", {"type": "string"}, "path", required=True)
_KEY = _parameter(
    KEY, {"type": "string", "description": "The same for a request and its repetitions."}, "header", required=False
)


def _json(description: str, schema: Mapping[str, Any]) -> Described:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _problem(status: HTTPStatus) -> Described:
    schema = {"$ref": _REFERENCE.format(name=Problem.__name__)}
    return {"description": status.phrase, "content": {"application/problem+json": {"schema": schema}}}
