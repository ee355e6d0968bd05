# Results of the latest year: every unit, and counts by grade that add up to the units rated
import json
import os
import urllib.request

address = os.environ["PORTAL_URL"] + "/api/v1/ratings/results/?page_size=500"
while address:
    request = urllib.request.Request(address, headers={"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"]})
    with urllib.request.urlopen(request, timeout=30) as answer:
        page = json.load(answer)
    for row in page["results"]:
        print(row["division"]["code"], row["year"], row["grade"], row["change"])
    address = page["next"]
counts = page["counts"]
assert counts["five"] + counts["four"] + counts["three"] + counts["none"] == counts["rated"]
print(counts["rated"], "units rated")
