"""Measures `show_device` with the official Python SDK.

The script prints one line such as `official 812.50 µs`. If the SDK is not installed, the script prints nothing.
"""

import statistics
import sys
import time

try:
    from huaweicloudsdkcore.auth.credentials import BasicCredentials
    from huaweicloudsdkcore.http.http_config import HttpConfig
    from huaweicloudsdkroma.v2 import RomaClient, ShowDeviceRequest
except ImportError:
    sys.exit(0)

CALLS = 100


def main(address, project, access, secret, instance, device):
    client = (
        RomaClient.new_builder()
        .with_http_config(HttpConfig.get_default_config())
        .with_credentials(BasicCredentials(access, secret, project))
        .with_endpoints([address])
        .build()
    )
    request = ShowDeviceRequest(instance_id=instance, device_id=int(device))
    for _ in range(20):
        client.show_device(request)
    times = []
    for _ in range(CALLS):
        begin = time.perf_counter()
        client.show_device(request)
        times.append(time.perf_counter() - begin)
    print(f"official {statistics.median(times) * 1e6:.2f} µs", flush=True)


main(*sys.argv[1:])
