"""Prints how the official Python SDK reads its profile file, its variables, and the metadata service.

The script reads a JSON list of cases from standard input. For each case, it prints one line of JSON with the values of
the credential. If the case has answers of the metadata service, the line also contains the requests to this service. If
the SDK raises an exception, the line contains only the type of the exception.
"""

import http.server
import json
import os
import sys
import tempfile
import threading

from huaweicloudsdkcore.auth import internal
from huaweicloudsdkcore.auth.provider import EnvCredentialProvider, ProfileCredentialProvider

NAMES = ["ak", "sk", "security_token", "project_id", "domain_id", "iam_endpoint", "idp_id", "id_token_file"]


def serve(case, seen):
    """Starts a metadata service that adds each request to `seen`. The HTTP method selects the answer."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            token = self.headers.get("X-Metadata-Token")
            seen.append(f"{self.command} {self.path}" + (f" with {token}" if token else ""))
            status, body = case["answers"][self.command]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_PUT = answer

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    internal.MetadataAccessor._METADATA_ENDPOINT = f"http://127.0.0.1:{server.server_port}"
    return server


def read(case, root):
    os.environ.clear()
    os.environ["HOME"] = root
    for name, text in case.get("files", {}).items():
        path = os.path.join(root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    os.environ.update(case.get("variables", {}))
    seen = []
    if "answers" in case:
        server = serve(case, seen)
        try:
            credential = internal.MetadataAccessor().get_credential()
        finally:
            server.shutdown()
        found = {"ak": credential.access, "sk": credential.secret, "security_token": credential.security_token}
        return {**found, "requests": seen}
    provider = EnvCredentialProvider if "variables" in case else ProfileCredentialProvider
    credential = provider(case.get("type", "basic")).get_credentials()
    found = {name: getattr(credential, name, None) for name in NAMES}
    return {name: value for name, value in found.items() if value}


for case in json.load(sys.stdin):
    with tempfile.TemporaryDirectory() as root:
        try:
            found = read(case, root)
        except Exception as error:  # noqa: BLE001
            found = {"refused": type(error).__name__}
        print(json.dumps(found, sort_keys=True), flush=True)
