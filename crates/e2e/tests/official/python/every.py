"""Calls the given operations of one service with the official Python SDK, which is not modified.

Standard input: one JSON object with the address of the service and the calls. Standard output: one JSON object for each call, in the order of
the calls. The last JSON object has the names of all methods. The test that runs this script checks the output.
"""

import importlib
import json
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.region.region import Region
from huaweicloudsdkcore.utils.http_utils import sanitize_for_serialization


def plain(name):
    """Returns the name in lower case without `_`. So `show_device` and `ShowDevice` have the same result."""
    return name.replace("_", "").lower()


def build(kinds, kind, value):
    """Converts a JSON value to the SDK's type `kind`. Drops the fields that this type does not have."""
    if value is None:
        return None
    if kind.startswith("list["):
        return [build(kinds, kind[len("list["):-1], element) for element in value]
    if kind.startswith("dict("):
        kind = kind[len("dict("):-1].split(", ", 1)[1]
        return {name: build(kinds, kind, element) for name, element in value.items()}
    if kind == "str" and isinstance(value, list):  # the SDK expects a string with commas instead of a list
        return ",".join(map(str, value))
    model = kinds.get(plain(kind))
    if not hasattr(model, "openapi_types"):
        return value
    names = {name: attribute for attribute, name in model.attribute_map.items()}
    known = {names[name]: element for name, element in value.items() if name in names}
    return model(**{attribute: build(kinds, model.openapi_types[attribute], element) for attribute, element in known.items()})


def main():
    given = json.load(sys.stdin)
    cloud, name = given["cloud"], given["module"]
    module = importlib.import_module(f"huaweicloudsdk{name}.v2")
    credentials = BasicCredentials(cloud["access_key"], cloud["secret_key"], cloud["project_id"])
    client = getattr(module, f"{name.capitalize()}Client").new_builder().with_credentials(credentials)
    client = client.with_region(Region(cloud["project_name"], given["endpoint"])).build()
    kinds = {plain(key): value for key, value in vars(module).items() if isinstance(value, type)}
    named = {plain(method): method for method in dir(client) if not method.startswith("_")}
    methods = {key: method for key, method in named.items() if f"{key}request" in kinds}
    for call in given["calls"]:
        operation, told = plain(call["operation"]), {"step": call["operation"]}
        try:
            if operation not in methods:
                raise LookupError("the SDK has no such method")
            request = build(kinds, f"{operation}request", call["request"])
            told["answer"] = sanitize_for_serialization(getattr(client, methods[operation])(request))
        except Exception as error:  # the test needs every error of the SDK
            told["error"] = f"{type(error).__name__}: {error}"[:500]
        print(json.dumps(told, default=str))
    print(json.dumps({"methods": [method.replace("_", "") for method in methods.values()]}))


main()
