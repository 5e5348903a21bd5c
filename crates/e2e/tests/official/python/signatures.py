"""Signs random requests with the signers of the official Python SDK, which are not modified.

Arguments: the algorithm, the number of requests, and the seed. Standard output: one JSON object for each request, with the request and its
header `Authorization`. The request also contains the other headers that the SDK adds. The SDK encodes header values for its HTTP library, but the
output contains the values before this encoding.
"""

import json
import random
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import DerivationAKSKSigner, Signer, SM3Signer

SIGNERS = {"SDK-HMAC-SHA256": Signer, "SDK-HMAC-SM3": SM3Signer, "V11-HMAC-SHA256": DerivationAKSKSigner}
PLAIN = "abcXYZ019-_.~"
MARKS = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}"
FOREIGN = "\u00e4\u00df\u0416\u4e2d\u0301\U0001f980\u00a0\u2028"
TYPES = ["application/json", "application/json;charset=UTF-8", "application/bson", "text/plain", "application/octet-stream",
         "multipart/form-data; boundary=b"]


def text(chance, alphabet, longest):
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(0, longest)))


def path(chance):
    """Returns a path as a client could send it: with more or less encoding than necessary, with empty segments and dots."""
    segments = []
    for _ in range(chance.randint(0, 6)):
        raw = text(chance, PLAIN + MARKS.replace("%", "").replace("?", "").replace("#", "") + FOREIGN, 8)
        kept = PLAIN + chance.choice(["", "/", "!'()*", ":@&=+$,;"])
        segments.append("".join(c if c in kept else "".join("%%%02X" % byte for byte in c.encode()) for c in raw))
    if chance.random() < 0.1:
        segments.append(chance.choice([".", "..", "%2F", "%2e", "%25", "%ff", "%c3"]))
    return "/" + "/".join(segments) + chance.choice(["", "", "/"])


def query(chance):
    alphabet = PLAIN + MARKS + FOREIGN
    pairs = [(text(chance, alphabet, 6), text(chance, alphabet, 12)) for _ in range(chance.choice([0, 0, 1, 2, 5, 12]))]
    if pairs and chance.random() < 0.3:
        pairs.append((pairs[0][0], text(chance, alphabet, 4)))
    return pairs


def headers(chance):
    given = {"Host": chance.choice(["dcs.eu-de.otc.t-systems.com", "127.0.0.1:8080", "[::1]:443"])}
    given["X-Sdk-Date"] = "20%02d%02d%02dT%02d%02d%02dZ" % (chance.randint(0, 99), chance.randint(1, 12), chance.randint(1, 28),
                                                        chance.randint(0, 23), chance.randint(0, 59), chance.randint(0, 59))
    if chance.random() < 0.7:
        given["Content-Type"] = chance.choice(TYPES)
    if chance.random() < 0.5:
        given["X-Project-Id"] = text(chance, "0123456789abcdef", 32)
    if chance.random() < 0.3:
        given["X-Security-Token"] = text(chance, PLAIN + "+/=", 400)
    for _ in range(chance.choice([0, 0, 1, 3])):
        given["X-" + "".join(chance.choice("ABCdef-_") for _ in range(8))] = \
            chance.choice(["", " ", "\t"]) + text(chance, PLAIN + MARKS + FOREIGN, 20) + chance.choice(["", "  "])
    once = {name.lower(): name for name in given}
    names = list(once.values())
    chance.shuffle(names)
    return {name: given[name] for name in names}


def body(chance):
    return chance.choice([b"", b"", b"{}", text(chance, PLAIN + MARKS + FOREIGN, 200).encode(), chance.randbytes(chance.randint(0, 300))])


def sign(algorithm, chance):
    key = BasicCredentials(text(chance, "ABCDEFGH0123456789", 24) or "A", text(chance, PLAIN + "+/=\u00e4", 150) or "s")
    region, service = chance.choice(["eu-de", "cn-north-4", "globe"]), chance.choice(["dcs", "roma", "iam"])
    method, uri, pairs, payload = chance.choice(["GET", "post", "PUT", "Delete", "PATCH"]), path(chance), query(chance), body(chance)
    given = headers(chance)
    request = SdkRequest(method, "https", given["Host"], uri, None, list(pairs), dict(given), payload)
    place = (service, region) if algorithm.startswith("V11") else ()
    SIGNERS[algorithm](key).sign(request, *place)
    added = {name: value for name, value in request.header_params.items() if name not in given and name != "Authorization"}
    return {"access": key.ak, "secret": key.sk, "region": region, "service": service, "method": method, "path": uri, "query": pairs,
            "headers": {**given, **added}, "body": payload.hex(), "authorization": request.header_params["Authorization"]}


def main():
    algorithm, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    for _ in range(count):
        print(json.dumps(sign(algorithm, chance)))


main()
