# All divisions, page by page; after 429 or 503 it waits as Retry-After says
import json
import os
import time
import urllib.error
import urllib.request


def get(address: str) -> dict:
    request = urllib.request.Request(address, headers={"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"]})
    for attempt in range(5):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code not in (429, 503) or attempt == 4:
                raise
            time.sleep(int(error.headers["Retry-After"]))


rows = []
address = os.environ["PORTAL_URL"] + "/api/v1/divisions/?page_size=500&fields=code,name"
while address:
    page = get(address)
    rows += page["results"]
    address = page["next"]  # a complete address; null after the last page
print(len(rows), "rows")
