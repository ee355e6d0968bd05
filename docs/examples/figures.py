# Heads needed, heads in post and heads missing, division by division
import json
import os
import urllib.request

request = urllib.request.Request(
    os.environ["PORTAL_URL"] + "/api/v1/staffing/?fields=code,name,required,workers,gap",
    headers={"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"]},
)
with urllib.request.urlopen(request, timeout=30) as answer:
    page = json.load(answer)

for row in page["results"]:
    # null is "no data" or "not applicable", never 0
    print(row["code"], row["name"], row["required"], row["workers"], row["gap"])
