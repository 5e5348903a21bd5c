"""Prints the given method names that are not in the official Python SDK. The script searches in four clients of the SDK: DCS, IAM, ROMA and STS.

Standard input: one name in each line. Standard output: one JSON object for each name that none of these clients has.
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
