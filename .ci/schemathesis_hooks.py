"""Prints the address or the path parameters of a service of the sandbox, for `.ci/schemathesis`.

schemathesis also loads this module, which then adds a token or a signature to each request.
"""

import hashlib
import hmac
import json
import os
import sys
import time
import urllib.parse
import urllib.request

DETAILS = json.loads(os.environ["DETAILS"])


def address(service):
    return DETAILS[service.replace("-", "_")]


def post(url, body, headers):
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        return answer.headers, json.load(answer)


def token():
    user = {"name": DETAILS["user_name"], "password": DETAILS["password"], "domain": {"name": DETAILS["domain_name"]}}
    identity = {"methods": ["password"], "password": {"user": user}}
    body = {"auth": {"identity": identity, "scope": {"project": {"id": DETAILS["project_id"]}}}}
    return post(address("iam") + "/v3/auth/tokens", body, {})[0]["X-Subject-Token"]


def signature(request):
    """Signs a prepared request with SDK-HMAC-SHA256. Sets `X-Sdk-Date`, and returns the value of `Authorization`.

    The function follows the documentation, and does not use the signer of this SDK.
    """
    parts = urllib.parse.urlsplit(request.url)
    quote = lambda text: urllib.parse.quote(text, safe="-._~")
    path = "/".join(quote(urllib.parse.unquote(part, errors="replace")) for part in parts.path.split("/"))
    pairs = urllib.parse.parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True, errors="replace")
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted(pairs))
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    request.headers["X-Sdk-Date"] = date
    body = request.body or b""
    digest = lambda data: hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()
    lines = [request.method, path.rstrip("/") + "/", query, f"host:{parts.netloc}", f"x-sdk-date:{date}", "", "host;x-sdk-date"]
    canonical = "\n".join([*lines, digest(body)])
    text = "\n".join(["SDK-HMAC-SHA256", date, digest(canonical)])
    signed = hmac.new(DETAILS["secret_key"].encode(), text.encode(), hashlib.sha256).hexdigest()
    return f"SDK-HMAC-SHA256 Access={DETAILS['access_key']}, SignedHeaders=host;x-sdk-date, Signature={signed}"


def existing(service):
    """Returns values for the path parameters of the service.

    For roma-link, creates a product and a device. For dcs, creates an instance.
    """
    headers = {"X-Auth-Token": token()}
    parameters = {"project_id": DETAILS["project_id"]}
    base = f"{address(service)}/v2/{DETAILS['project_id']}"
    if service == "roma-link":
        parameters["instance_id"] = DETAILS["instance_id"]
        base += f"/link/instances/{DETAILS['instance_id']}"
        product = {"app_id": "app", "name": f"product{time.time_ns()}", "manufacturer_id": "maker", "manufacturer_name": "Maker",
                   "model": "M1", "product_type": 0, "protocol_type": 0}
        product_id = post(base + "/products", product, headers)[1]["id"]
        device = {"product": {"product_id": product_id}, "device_name": "device", "node_id": "node", "app_id": "app"}
        parameters |= {"product_id": product_id, "device_id": post(base + "/devices", device, headers)[1]["id"]}
    if service == "dcs":
        instance = {"name": "cache", "engine": "Redis", "engine_version": "6.0", "capacity": 0.5, "spec_code": "redis.single.xu1.tiny.512",
                    "az_codes": ["eu-de-01"], "vpc_id": "vpc", "subnet_id": "subnet", "password": "Planted-cache-1!"}
        parameters["instance_id"] = post(base + "/instances", instance, headers)[1]["instances"][0]["instance_id"]
    return parameters


if __name__ == "__main__":
    if sys.argv[1] == "address":
        print(address(sys.argv[2]))
    else:
        print("[parameters]")
        for name, value in existing(sys.argv[2]).items():
            print(f'"path.{name}" = {json.dumps(value)}')
else:
    import requests
    import schemathesis

    class Credential(requests.auth.AuthBase):
        def __init__(self):
            self.token = token()

        def __call__(self, request):
            request.headers.pop("X-Auth-Token", None)
            request.headers.pop("Authorization", None)
            if os.environ["CREDENTIAL"] == "token":
                request.headers["X-Auth-Token"] = self.token
            else:
                request.headers["Authorization"] = signature(request)
            return request

    schemathesis.auth.set_from_requests(Credential())
