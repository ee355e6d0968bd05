"""An import and a row of one as the OpenAPI document shows them; invented."""

from typing import Any

_ID = "0b7e4c52-6f0e-4f3e-9f8d-2d6f2f7c9a11"
_URL = f"https://portal.example.gov.cn/api/v1/imports/{_ID}/"
IMPORT: dict[str, Any] = {
    "id": _ID,
    "kind": "roster",
    "source": "file",
    "division": {"code": "120101001", "name": "示例街道"},
    "state": "judged",
    "file": {
        "name": "名册.xlsx",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "size": 74210,
    },
    "uploaded_by": "street-admin",
    "uploaded_at": "2026-11-23T09:30:00+08:00",
    "judged_at": "2026-11-23T09:30:01+08:00",
    "applied_at": None,
    "applied_by": "",
    "undone_at": None,
    "undone_by": "",
    "seconds": {"check": 0.8, "apply": None, "undo": None},
    "options": {"leaving_on": None, "leaving_reason": ""},
    "counts": {
        "rows": 320,
        "new": 12,
        "changed": 7,
        "unchanged": 299,
        "error": 2,
        "leaving": 3,
        "ending": 0,
        "moved": 0,
        "outside": 0,
        "people": 11,
        "warned": 5,
    },
    "sheets": {"read": "花名册", "others": ["汇总"], "alike": []},
    "kinds": [{"kind": "id_check_digit", "level": "error", "label": "身份证号校验位错误", "count": 2}],
    "problems": [],
    "progress": None,
    "digest": "5b5d1c0e7f4d0b4a0f9f8d3a7c2b1e6d905c1f0e7f4d0b4a0f9f8d3a7c2b1e6d",
    "links": {
        "self": _URL,
        "rows": f"{_URL}rows/",
        "report": f"{_URL}report/",
        "annotated": f"{_URL}annotated/",
        "apply": None,
        "cancel": f"{_URL}cancel/",
        "options": f"{_URL}options/",
        "undo": None,
    },
}
ROW: dict[str, Any] = {
    "row": 4,
    "status": "changed",
    "name": "张某",
    "division": {"code": "120101001001", "name": "示例社区"},
    "errors": [],
    "warnings": [
        {
            "column": "岗位等级",
            "cell": "12",
            "code": "grade_tier",
            "message": "工作人员岗常见等级为 1 到 8，表中为 12。确认无误可以导入。",
            "suggestion": "",
        }
    ],
    "changes": [{"field": "grade", "column": "岗位等级", "of": "", "old": "5", "new": "12"}],
}
