#!/usr/bin/env python3
"""Prints the operations of an official Huawei Cloud Python SDK as OpenAPI 3 (JSON), for `cargo xtask audit --contract`.

Usage: sdk_models.py FOLDER, such as site-packages/huaweicloudsdkdcs/v2. The script reads the source files of the SDK, and does
not import them. The SDK states names, types and options, and which fields are mandatory. It states no limits and no statuses.
"""

import ast
import json
import re
import sys
from pathlib import Path

PLAIN = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "date": {"type": "string"},
    "datetime": {"type": "string"},
    "file": {"type": "string", "format": "binary"},
    "object": {"type": "object"},
}


def schema(name):
    """Converts a type of the SDK, such as `list[Tag]`, to a schema."""
    if match := re.fullmatch(r"list\[(.+)\]", name):
        return {"type": "array", "items": schema(match[1])}
    if match := re.fullmatch(r"dict\(\w+, (.+)\)", name):
        return {"type": "object", "additionalProperties": schema(match[1])}
    return PLAIN.get(name) or {"$ref": f"#/components/schemas/{name}"}


def model(tree):
    """Returns the name and the schema of the class in a file."""
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    values, mandatory = {}, []
    for node in found.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Dict, ast.Constant)):
            values[node.targets[0].id] = ast.literal_eval(node.value)
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            # `__init__` sets optional fields inside an `if`. Outside of an `if`, it sets mandatory fields to arguments.
            assigned = [line for line in node.body if isinstance(line, ast.Assign)]
            mandatory = [line.targets[0].attr for line in assigned if isinstance(line.value, ast.Name)]
    names = values.get("attribute_map", {})
    properties = {names[key]: schema(kind) for key, kind in values.get("openapi_types", {}).items()}
    for key, name in names.items():
        prefix = key.upper() + "_"
        options = [value for constant, value in values.items() if constant.startswith(prefix) and not isinstance(value, dict)]
        if options:
            target = properties[name]
            target.get("items", target)["enum"] = options
    made = {"type": "object", "properties": properties}
    if required := [names[key] for key in mandatory if key in names]:
        made["required"] = required
    return found.name, made


def operation(text, models):
    """Returns the path, the method and the OpenAPI operation of a `_http_info` function of the SDK."""
    def only(pattern):
        return re.search(pattern, text)[1]

    path, method = only(r'"resource_path": "(.+?)"'), only(r'"method": "(\w+)"').lower()
    answer = only(r'"response_type": "(\w+)"')
    name = answer.removesuffix("Response")
    request = models.get(name + "Request", {"properties": {}})
    places = {found: "path" for found in re.findall(r"\{(\w+)\}", path)}
    places |= {found: "query" for found in re.findall(r"query_params\.append\(\('(.+?)'", text)}
    places |= {found: "header" for found in re.findall(r"header_params\['(.+?)'\] = local_var", text)}
    parameters = [
        {
            "name": found,
            "in": place,
            "required": place == "path" or found in request.get("required", []),
            "schema": request["properties"].get(found, {"type": "string"}),
        }
        for found, place in places.items()
    ]
    made = {"operationId": name, "parameters": parameters}
    if body := request["properties"].get("body"):
        made["requestBody"] = {"content": {"application/json": {"schema": body}}}
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{answer}"}}}
    made["responses"] = {"default": {"content": content}}
    return path, method, made


def main():
    folder = Path(sys.argv[1])
    models = dict(model(ast.parse(file.read_text())) for file in sorted(folder.glob("model/*.py")) if file.name != "__init__.py")
    client = next(file for file in sorted(folder.glob("*_client.py")) if "_async_" not in file.name).read_text()
    paths = {}
    for text in re.split(r"\n    def (?=_\w+_http_info)", client)[1:]:
        path, method, made = operation(text, models)
        paths.setdefault(path, {})[method] = made
    json.dump({"openapi": "3.0.3", "paths": paths, "components": {"schemas": models}}, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
