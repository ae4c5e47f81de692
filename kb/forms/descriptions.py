"""What the docstrings of a form say of it and of each of its keys."""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType


@cache
def descriptions_of(form: type) -> Mapping[str, str]:
    """Return the text below each key of a `TypedDict`, also of the keys that it inherits."""
    return MappingProxyType(dict(_described(form)))


def _described(form: type) -> Iterator[tuple[str, str]]:
    module = sys.modules[form.__module__]
    node = _classes(form.__module__)[form.__name__]
    for base in node.bases:
        inherited = getattr(module, ast.unparse(base))
        if isinstance(inherited, type):  # all but TypedDict itself
            yield from descriptions_of(inherited).items()
    for key, text in zip(node.body, node.body[1:], strict=False):
        if isinstance(key, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            yield ast.unparse(key.target), inspect.cleandoc(str(text.value.value))


@cache
def _classes(module: str) -> Mapping[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
