"""Every string of a report or a snapshot, changed in place of the old one: the typed structure stays as it is."""

import enum
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

_T = TypeVar("_T")


def map_strings(value: _T, change: Callable[[str], str]) -> _T:
    """A copy with every string changed, the keys of mappings included; enumerations are no strings."""
    changed: Any = _mapped(value, change)
    result: _T = changed
    return result


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: _mapped(getattr(value, name), change) for name in value.__struct_fields__})
    if isinstance(value, (tuple, list)):
        return type(value)(_mapped(item, change) for item in value)
    if isinstance(value, Mapping):
        return {change(key): _mapped(item, change) for key, item in value.items()}
    return value
