# A whole list as csv (UTF-8 with BOM, as Excel opens it), written as it comes
import os
import shutil
import urllib.request

request = urllib.request.Request(
    os.environ["PORTAL_URL"] + "/api/v1/staffing/?level=community",
    headers={"Authorization": "Bearer " + os.environ["PORTAL_TOKEN"], "Accept": "text/csv"},
)
with urllib.request.urlopen(request, timeout=300) as answer, open("staffing.csv", "wb") as file:
    shutil.copyfileobj(answer, file)

with open("staffing.csv", encoding="utf-8-sig") as file:
    print(sum(1 for line in file) - 1, "rows")
