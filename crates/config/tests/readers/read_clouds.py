"""Prints how openstacksdk and keystoneauth1 read files and variables.

`read_clouds.py read` reads a JSON list of cases from standard input. For each case, it prints one line of JSON. The
line contains the region, and the address and the values of the login request. If reading the case fails, the line
contains only the type of the error.
`read_clouds.py mutate SEED COUNT` also reads a list of cases. It prints COUNT cases, which are changed copies of them.

The script sends nothing over the network, because `Keystone` answers each request.
"""

import importlib
import json
import os
import random
import sys
import tempfile
import urllib.parse

import requests
import yaml


class Keystone(requests.adapters.BaseAdapter):
    """Answers the requests to all addresses like a Keystone server, and keeps the last login request."""

    def __init__(self):
        super().__init__()
        self.login = None

    def send(self, request, **_):
        answer = requests.Response()
        answer.request, answer.url = request, request.url
        answer.headers["Content-Type"] = "application/json"
        if request.method == "POST":
            self.login = (request.url, json.loads(request.body))
            answer.status_code = 201
            answer.headers["X-Subject-Token"] = "token"
            body = {
                "token": {
                    "methods": ["password"],
                    "user": {"id": "u", "name": "u", "domain": {"id": "d", "name": "d"}},
                    "issued_at": "2026-01-01T00:00:00.000000Z",
                    "expires_at": "2100-01-01T00:00:00.000000Z",
                    "catalog": [],
                }
            }
        else:
            answer.status_code = 300
            address = request.url.rstrip("/")
            for version in ("/v3", "/V3", "/v2.0"):
                address = address.removesuffix(version)
            link = [{"rel": "self", "href": address + "/v3/"}]
            values = [{"id": "v3.14", "status": "stable", "links": link}]
            body = {"versions": {"values": values}}
        answer._content = json.dumps(body).encode()
        return answer

    def close(self):
        pass


def read(case, root):
    for name, text in case["files"].items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    for folder in ("home", "cwd"):
        os.makedirs(os.path.join(root, folder), exist_ok=True)
    os.environ.clear()
    os.environ["HOME"] = os.path.join(root, "home")
    for name, value in case["variables"].items():
        os.environ[name] = value.replace("{root}", root)
    os.chdir(os.path.join(root, "cwd"))
    from openstack.config import loader

    # The module determines the folders of clouds.yaml when Python loads the module. So `read` loads the module again.
    loader = importlib.reload(loader)
    config = loader.OpenStackConfig()
    region = os.environ.get("OS_REGION_NAME")
    # OpenStack's command line also passes the region in this way.
    cloud = config.get_one(**({"region_name": region} if region else {}))
    session, keystone = cloud.get_session(), Keystone()
    session.session.mount("http://", keystone)
    session.session.mount("https://", keystone)
    session.get_token()
    url, body = keystone.login
    identity = body["auth"]["identity"]
    user = identity.get("password", {}).get("user", {})
    domain = user.get("domain", {})
    project = body["auth"].get("scope", {}).get("project", {})
    found = {
        "region": cloud.region_name,
        "address": url.removesuffix("/auth/tokens").removesuffix("/v3").rstrip("/"),
        "user": user.get("name"),
        "user_id": user.get("id"),
        "domain": domain.get("name"),
        "domain_id": domain.get("id"),
        "password": user.get("password"),
        "passcode": identity.get("totp", {}).get("user", {}).get("passcode"),
        "token": identity.get("token", {}).get("id"),
        "project": project.get("name"),
        "project_id": project.get("id"),
    }
    return {key: value for key, value in found.items() if value}


def apart(case):
    """Reads the case in a child process, because `read` changes the variables and the current folder of its process."""
    with tempfile.TemporaryDirectory() as root:
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                found = read(case, os.path.realpath(root))
            except Exception as error:  # noqa: BLE001
                found = {"refused": type(error).__name__}
            with os.fdopen(writer, "w") as pipe:
                pipe.write(json.dumps(found))
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            found = json.loads(pipe.read())
        os.waitpid(child, 0)
        return found


MOVED = ["username", "password", "auth_url", "project_name", "project_id", "user_domain_name", "user_domain_id", "token"]
TYPES = ["password", "v3password", "token", "v3token", "v3oidcpassword", "v3applicationcredential", "none"]
REGIONS = [
    ["eu-de", "eu-nl"],
    [{"name": "eu-de", "values": {"auth": {"auth_url": "https://own.example.com/v3"}}}, "eu-nl"],
    [{"name": "eu-nl", "values": {"auth": {"project_name": "eu-nl_own"}}}],
]


def mutated(case, chance):
    """Returns a copy of the case with at most three random changes.

    Each change affects an entry of clouds.yaml, the file secure.yaml, or the variables. With a probability of 10 %, the
    function also renames clouds.yaml to clouds.yml.
    """
    case = json.loads(json.dumps(case))
    main = next((name for name in case["files"] if "/clouds." in name), None)
    for _ in range(chance.randint(1, 3)):
        if main is None:
            mutate_variables(case["variables"], chance)
            continue
        try:
            document = yaml.safe_load(case["files"][main])
        except yaml.YAMLError:
            continue
        clouds = (document or {}).get("clouds") or {}
        if not clouds:
            continue
        cloud = clouds[chance.choice(sorted(clouds))]
        if not isinstance(cloud, dict):
            continue
        auth = cloud.setdefault("auth", {}) or {}
        cloud["auth"] = auth
        what = chance.randrange(12)
        key = chance.choice(sorted(auth)) if auth else "username"
        if what == 0 and key in auth:
            cloud[key] = auth.pop(key)
        elif what == 1 and key in auth:
            auth[key.replace("_", "-")] = auth.pop(key)
        elif what == 2:
            auth[key] = chance.choice(["", None, "  "])
        elif what == 3:
            auth.pop(key, None)
        elif what == 4:
            secure = main.replace("/clouds.", "/secure.")
            name = chance.choice(sorted(clouds))
            value = chance.choice(["Planted-secure", "over"])
            over = {"clouds": {name: {"auth": {key: value}}}}
            case["files"][secure] = yaml.safe_dump(over)
        elif what == 5:
            cloud["auth_type"] = chance.choice(TYPES)
        elif what == 6:
            cloud["regions"] = chance.choice(REGIONS)
        elif what == 7:
            cloud[chance.choice(["profile", "cloud"])] = chance.choice(["otc", "otc", "nobody"])
        elif what == 8:
            cloud["region_name"] = chance.choice(["eu-de", "eu-nl", "eu-de,eu-nl", ["eu-nl", "eu-de"]])
        elif what == 9:
            key = chance.choice(MOVED)
            cloud[key] = "top-" + key if key != "auth_url" else "https://top.example.com/v3"
        elif what == 10:
            case["variables"]["OS_REGION_NAME"] = chance.choice(["eu-de", "eu-nl", "eu-xx"])
        else:
            mutate_variables(case["variables"], chance)
        if main in case["files"]:
            case["files"][main] = yaml.safe_dump(document)
    if main and chance.random() < 0.1:
        case["files"][main.replace(".yaml", ".yml")] = case["files"].pop(main)
    return case


def mutate_variables(variables, chance):
    names = sorted(name for name in variables if name != "OS_CLOUD")
    what = chance.randrange(5)
    if what == 0 and names:
        variables.pop(chance.choice(names))
    elif what == 1 and names:
        variables[chance.choice(names)] = ""
    elif what == 2:
        name = chance.choice(["OS_USERNAME", "OS_PASSWORD", "OS_PROJECT_NAME", "OS_USER_DOMAIN_NAME", "OS_TENANT_NAME"])
        variables[name] = "Planted-" + name
    elif what == 3:
        variables["OS_AUTH_TYPE"] = chance.choice(TYPES)
    else:
        variables["OS_AUTH_URL"] = chance.choice(["https://var.example.com/v3", "https://var.example.com", "https://var.example.com/v3/"])


def main():
    cases = json.load(sys.stdin)
    if sys.argv[1] == "mutate":
        chance = random.Random(int(sys.argv[2]))
        for number in range(int(sys.argv[3])):
            case = mutated(chance.choice(cases), chance)
            case["name"] = f"{case['name']}, mutation {number}"
            print(json.dumps(case))
        return
    import openstack.config.loader  # noqa: F401
    import keystoneauth1.loading  # noqa: F401

    for case in cases:
        print(json.dumps(apart(case), sort_keys=True), flush=True)


main()
