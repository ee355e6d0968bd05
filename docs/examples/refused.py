# A refusal is application/problem+json: type is for programs, detail and errors are for people
import json
import os
import urllib.error
import urllib.request

request = urllib.request.Request(
    os.environ["PORTAL_URL"] + "/api/v1/staffing/?divison=120000",
    headers={"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"]},
)
try:
    urllib.request.urlopen(request, timeout=30)
except urllib.error.HTTPError as error:
    problem = json.load(error)
    print(problem["status"], problem["type"], problem["detail"])
    for found in problem.get("errors", []):
        print(found.get("parameter"), found["detail"])
