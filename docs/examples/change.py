# Signs for an open finding: with the ETag that was read, and one Idempotency-Key for every try
import json
import os
import time
import urllib.error
import urllib.request
import uuid

FINDINGS = os.environ["PORTAL_URL"] + "/api/v1/findings/"


def call(address: str, body: dict | None = None, **headers: str):
    headers["Authorization"] = "Bearer " + os.environ["PORTAL_TOKEN"]
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    request = urllib.request.Request(address, data, headers)
    for attempt in range(5):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer), answer.headers
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == 4:
                raise SystemExit(json.load(error)["detail"]) from error
            time.sleep(int(error.headers["Retry-After"]))
        except urllib.error.URLError:  # it may have been done; with the same key a second try does nothing twice
            if attempt == 4:
                raise
            time.sleep(2**attempt)


found, _headers = call(FINDINGS + "?state=open&page_size=1&fields=id")
if found["results"]:
    address = f"{FINDINGS}{found['results'][0]['id']}/"
    finding, headers = call(address)
    done, _headers = call(address + "acknowledge/", {"note": "已通知街道补员。"}, **{"If-Match": headers["ETag"]})
    print(done["id"], done["state"], done["acknowledged_by"])
else:
    print("nothing to do")
