"""The JSON Schema of the JSON report, from its values; ``make docs`` writes it beside them."""

from __future__ import annotations

import ast
import inspect
import json
import re
from enum import Enum

from nogilcheck.model.json_format.kinds import Array, Choice, JsonKind, JsonTable, Nullable, Object
from nogilcheck.model.json_format.records import Record, kind_of
from nogilcheck.model.report.report import SCHEMA_VERSION, Report
from nogilcheck.model.rules.table import RULES
from nogilcheck.model.verdict import Status


def report_schema() -> str:
    """The content of ``schema.json``, from the fields of `Report` and of all that it holds, and their docstrings."""
    definitions: Object = {}
    report = _record(kind_of(Report), definitions)
    definitions["RuleName"]["enum"] = list(dict.fromkeys([*Status, *(rule.name for rule in RULES)]))
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:nogilcheck:report:{SCHEMA_VERSION}",
        "title": f"nogilcheck report, version {SCHEMA_VERSION}",
    }
    return json.dumps({**head, **report, "$defs": dict(sorted(definitions.items()))}, indent=2) + "\n"


def _schema(kind: JsonKind, definitions: Object) -> Object:
    """The schema of a kind; that of one with a name goes to the definitions."""
    if not kind.name:
        return _unnamed(kind, definitions)
    if kind.name not in definitions:
        definitions[kind.name] = {}
        definitions[kind.name] = _unnamed(kind, definitions)
    return {"$ref": f"#/$defs/{kind.name}"}


def _unnamed(kind: JsonKind, definitions: Object) -> Object:
    match kind:
        case Record():
            return _record(kind, definitions)
        case Array():
            return {"type": "array", "items": _schema(kind.items, definitions)}
        case JsonTable():
            named = {"propertyNames": {"$ref": f"#/$defs/{kind.keys}"}} if kind.keys else {}
            values = _schema(kind.values, definitions)
            return {"type": "object", **named, **({"additionalProperties": values} if values else {})}
        case Nullable():
            inner = _schema(kind.inner, definitions)
            if set(inner) == {"type"}:
                return {"type": [inner["type"], "null"]}
            return {"anyOf": [inner, {"type": "null"}]}
        case Choice():
            return {**_described(_enum_doc(kind)), **kind.schema}
    return kind.schema


def _record(record: Record, definitions: Object) -> Object:
    properties = {}
    for key in record.keys:
        owner = next(kind.of for name, kind in record.flat if name == key.within) if key.within else record.of
        properties[key.name] = {**_described(_field_docs(owner).get(key.field, "")), **_schema(key.kind, definitions)}
    return {
        **_described(record.of.__doc__ or ""),
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _enum_doc(kind: Choice) -> str:
    member = next(iter(kind.members.values()))
    return (type(member).__doc__ or "") if isinstance(member, Enum) else ""


def _described(docstring: str) -> Object:
    """The docstring as the text of a description: without the marks of code around words."""
    text = re.sub(r"`{1,2}(?:Report\.)?([^`]+)`{1,2}", r"\1", " ".join(docstring.split()))
    return {"description": text.replace("None", "null")} if text else {}


def _field_docs(of: type) -> dict[str, str]:
    """The docstring below each field of a dataclass."""
    (body,) = ast.parse(inspect.getsource(of)).body
    assert isinstance(body, ast.ClassDef)
    docs, field = {}, ""
    for statement in body.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name)):
                field = name
            case ast.Expr(value=ast.Constant(value=str(text))) if field:
                docs[field] = text
    return docs
