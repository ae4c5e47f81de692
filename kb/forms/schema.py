"""The schemas of the forms, made from the types: JSON Schema 2020-12, which OpenAPI 3.1 uses too."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, get_args, is_typeddict

from msgspec.json import schema_components

from kb.forms.descriptions import descriptions_of
from kb.forms.published import PUBLISHED

Schema = dict[str, Any]
DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Schemas(NamedTuple):
    """The schemas of some types."""

    roots: tuple[Schema, ...]
    """One for each type, in order: a reference, or an array of references."""
    components: dict[str, Schema]
    """What they refer to, directly or through others, by the name of the type."""


def schemas_of(types: Sequence[type], reference: str) -> Schemas:
    """Return the schemas of types; in `reference`, such as `#/components/schemas/{name}`, goes the name of one.

    An object may have further keys, because later versions add some.
    """
    roots, components = schema_components(types, ref_template=reference)
    for form in {form.__name__: form for type_ in types for form in _forms_in(type_)}.values():
        for key, description in descriptions_of(form).items():
            components[form.__name__]["properties"][key]["description"] = description
    return Schemas(roots, components)


def schema_of(name: str) -> Schema:
    """Return the schema of an answer in `PUBLISHED`, complete in itself."""
    published = PUBLISHED[name]
    types = (published.form, *published.others)
    roots, components = schemas_of(types, "#/$defs/{name}")
    root = {"anyOf": [*roots]} if published.others else _inlined(published.form, roots[0], components)
    about = {
        "$schema": DRAFT,
        "$id": f"urn:kb-lessons:{name}",  # a name, not an address: there is nothing to fetch
        "title": published.command,
        "description": "\n".join(inspect.getdoc(form) or "" for type_ in types for form in [*_forms_in(type_)][:1]),
    }
    return {**about, **{key: value for key, value in root.items() if key not in about}, "$defs": components}


def _inlined(type_: type, root: Schema, components: dict[str, Schema]) -> Schema:
    """Return the schema of an object itself in place of a reference: some programs look at the type of the root."""
    return components.pop(type_.__name__) if is_typeddict(type_) else root


def _forms_in(type_: Any) -> Iterator[type]:
    """Yield the `TypedDict`s of a type: itself first, then those of its keys."""
    if is_typeddict(type_):
        yield type_
        parts = type_.__annotations__.values()
    else:
        parts = get_args(type_)
    for part in parts:
        yield from _forms_in(part)
