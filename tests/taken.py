"""Lists taken out through the page, as rows."""

import csv
import io

import openpyxl
from django.urls import reverse


def take(client, key: str, form: str = "csv", /, **query):
    """The answer of the page."""
    return client.get(reverse("export", args=[key, form]), query)


def rows(client, key: str, /, **query) -> list[list[str]]:
    """The csv file, head first."""
    response = take(client, key, **query)
    assert response.status_code == 200, response
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def book(client, key: str, /, **query) -> openpyxl.Workbook:
    """The xlsx file."""
    return openpyxl.load_workbook(io.BytesIO(take(client, key, "xlsx", **query).getvalue()))


def sheet(workbook, title: str) -> list[tuple]:
    """All rows of a worksheet."""
    return list(workbook[title].iter_rows(values_only=True))
