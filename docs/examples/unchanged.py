# Asking again with the ETag that was read: 304 and no content while nothing has changed
import os
import urllib.error
import urllib.request

ADDRESS = os.environ["PORTAL_URL"] + "/api/v1/staffing/"


def ask(**headers: str):
    headers["Authorization"] = "Bearer " + os.environ["PORTAL_TOKEN"]
    request = urllib.request.Request(ADDRESS, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers["ETag"], answer.read()
    except urllib.error.HTTPError as error:
        if error.code != 304:
            raise
        return error.code, error.headers["ETag"], b""


status, etag, content = ask()
status, etag, content = ask(**{"If-None-Match": etag})
print(status, len(content))
