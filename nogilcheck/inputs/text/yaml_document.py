"""YAML with the line of everything in it: ruamel.yaml gives the nodes, which are read as conda and pixi write them."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from nogilcheck.inputs.text.sources import UnreadableSourceError

_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"


class YamlDocument:
    """A mapping whose values are mappings, lists, strings (numbers and dates too), truth values and null."""

    def __init__(self, text: str) -> None:
        """Raises `UnreadableSourceError` for what is not one such document, and for aliases."""
        self._lines: dict[tuple[str | int, ...], int] = {}
        self._seen: set[int] = set()
        try:
            node = YAML(typ="safe", pure=True).compose(text)
            data = None if node is None else self._value((), node)
        except RecursionError as error:
            raise UnreadableSourceError("not usable YAML: nested too deeply") from error
        except MarkedYAMLError as error:
            mark, last = error.problem_mark, text.rstrip().count("\n")
            line = min(mark.line, last) + 1 if mark else None
            raise UnreadableSourceError(f"not valid YAML: {error.problem or error.context}", line=line) from error
        except (YAMLError, ValueError) as error:
            raise UnreadableSourceError(f"not valid YAML: {str(error).splitlines()[0]}") from error
        if not isinstance(data, dict):
            raise UnreadableSourceError("not a mapping: a key and a colon should be here", line=self._lines.get(()))
        self.data: dict[str, Any] = data

    def line(self, *keys: str | int) -> int | None:
        """The 1-based line of a value, or of the nearest one around it."""
        return next((line for end in range(len(keys), 0, -1) if (line := self._lines.get(keys[:end]))), None)

    def _value(self, path: tuple[str | int, ...], node: Node) -> object:
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        if id(node) in self._seen:
            raise UnreadableSourceError("an alias, which is not followed", line=line)
        self._seen.add(id(node))
        match node:
            case ScalarNode(tag=str(tag), value=value) if tag == _NULL:
                return None
            case ScalarNode(tag=str(tag), value=value) if tag == _BOOL:
                return value.lower() in {"true", "yes", "on"}  # the latter in YAML 1.1, which a file may ask for
            case ScalarNode(value=value):
                return value
            case SequenceNode(value=items):
                return [self._value((*path, number), item) for number, item in enumerate(items)]
            case MappingNode(value=pairs):
                return self._mapping(path, pairs)
        raise UnreadableSourceError("cannot be followed", line=line)

    def _mapping(self, path: tuple[str | int, ...], pairs: list[tuple[Node, Node]]) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in pairs:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode) or key.value in values:
                raise UnreadableSourceError("a key of its own and a colon should be here", line=line)
            self._lines[*path, key.value] = line
            values[key.value] = self._value((*path, key.value), value)
        return values
