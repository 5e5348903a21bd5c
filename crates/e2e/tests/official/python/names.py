"""Prints the given method names that no client of the official Python SDK has.

Standard input: one name in each line. Standard output: one JSON object for each name that no client of the SDK has.
"""

import json
import sys

from huaweicloudsdkdcs.v2 import DcsClient
from huaweicloudsdkiam.v3 import IamClient
from huaweicloudsdkroma.v2 import RomaClient
from huaweicloudsdksts.v1 import StsClient

CLIENTS = [DcsClient, IamClient, RomaClient, StsClient]

for name in sys.stdin.read().split():
    if not any(hasattr(client, name) for client in CLIENTS):
        print(json.dumps({"missing": name}))
