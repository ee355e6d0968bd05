"""The page for those who write programs against the REST interface: everything to know, and examples that run as printed.

The examples are files under docs/examples/, one for every topic and language; the page shows them as they are.
"""

import functools
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.core.accounts.models import ApiToken
from portal.core.accounts.roles import SCOPE_NEEDS, Scope
from portal.core.accounts.tokens import MAX_OVERLAP_DAYS, OVERLAP_DAYS, scopes_of
from portal.core.web.idempotency import KEPT_FOR
from portal.core.web.paging import MAX_PAGE_SIZE, PAGE_SIZE
from portal.core.web.problems import KINDS
from portal.core.web.renderers import MAX_ROWS
from portal.core.web.throttling import WINDOW

FOLDER = settings.BASE_DIR / "docs" / "examples"
LANGUAGES = {"sh": "curl", "py": "Python", "mjs": "JavaScript"}
# What a program runs into with a right token and a right address; the interface document has the whole list.
SHOWN_STATUSES = (400, 401, 403, 404, 406, 409, 412, 413, 415, 422, 428, 429, 503)


@dataclass(frozen=True)
class Topic:
    """A section with the same example in every language. `key` is the name of its files."""

    key: str
    title: str | Promise
    words: tuple[str | Promise, ...]
    scopes: tuple[Scope, ...]


TOPICS = (
    Topic(
        "figures",
        _("第一次取数"),
        (
            _("每次请求都带请求头 Authorization: Bearer 加令牌。令牌不能写在地址里，写了也会被拒绝。"),
            _(
                "用 fields 只取需要的字段；没有声明的参数一律答 400，并指出是哪一个。"
                "on 取任一天的数字，例如 on=2025-12-31。"
            ),
            _("空值（null）表示无数据、不适用或标准未生效，status 字段说明是哪一种，不能当作 0。"),
        ),
        (Scope.STATS_READ,),
    ),
    Topic(
        "pages",
        _("逐页取列表"),
        (
            _("列表答 results、next 和 previous；next 是完整地址，一直取到它为 null。"),
            _("翻页依据编号而不是页数：取数期间有人增删，也不会漏行、重行。"),
            _("答 429 或 503 时，按响应头 Retry-After 所写的秒数等候后再试。"),
        ),
        (Scope.STATS_READ,),
    ),
    Topic(
        "file",
        _("整个列表存成文件"),
        (
            _("请求头 Accept 写 text/csv 或 xlsx 的类型，就得到整个列表的文件；每个列表都可以。"),
            _("带上 page_size 则按页给出，下一页的地址在响应头 Link 里。"),
        ),
        (Scope.STATS_READ,),
    ),
    Topic(
        "unchanged",
        _("没有变化就不再取"),
        (
            _("每个 GET 的响应都有 ETag。下次放进 If-None-Match：内容没有变化时答 304，没有正文，又快又不占带宽。"),
            _("ETag 随语言、格式和字段而不同，请和取数的地址一起保存。"),
        ),
        (Scope.STATS_READ,),
    ),
    Topic(
        "refused",
        _("出错时"),
        (
            _("一切拒绝都是 application/problem+json（RFC 9457）：type 供程序判断，detail 说明原因和改法。"),
            _("errors 逐条指出错在哪里：parameter 是查询参数，pointer 是请求内容中的位置，header 是请求头。"),
            _("request_id 与日志、审计中的编号相同，需要求助时请提供。"),
        ),
        (Scope.STATS_READ,),
    ),
    Topic(
        "change",
        _("修改：不重复，不覆盖"),
        (
            _("每个 POST 都带 Idempotency-Key：每次操作一个新值，重试时不变。网络中断后照样重试，只生效一次。"),
            _("把读到的 ETag 放进 If-Match：期间有人改过时答 412，什么也不改；请重新读取，核对后再提交。"),
        ),
        (Scope.FINDINGS_READ, Scope.FINDINGS_WRITE),
    ),
    Topic(
        "stars",
        _("星级结果"),
        (
            _("每个单位一行：星级、上年星级、升降和由来；年度内摘星或更正过的是现行版本。"),
            _("counts 是全部单位按星级的合计，与翻页无关；四个星级之和等于 rated。"),
        ),
        (Scope.RATINGS_READ,),
    ),
)


@functools.cache
def example(topic: str, ending: str) -> str:
    return Path(FOLDER, f"{topic}.{ending}").read_text(encoding="utf-8").rstrip("\n")


def developers(request: HttpRequest) -> HttpResponse:
    """For every reader; the table of scopes says which ones the reader's own tokens may have."""
    mine = scopes_of(request.user)
    context = {
        "address": request.build_absolute_uri("/").rstrip("/"),
        "topics": [(topic, [(name, example(topic.key, end)) for end, name in LANGUAGES.items()]) for topic in TOPICS],
        "scopes": [(scope, scope in mine) for scope in Scope if scope in SCOPE_NEEDS],
        "may_create": bool(mine),
        "pattern": ApiToken.PATTERN,
        "statuses": [(status, *KINDS[status][1:]) for status in SHOWN_STATUSES],
        "limits": {
            "token": settings.REST_RATE_LIMIT,
            "user": settings.REST_RATE_LIMIT_USER,
            "address": settings.REST_RATE_LIMIT_ADDRESS,
            "concurrent": settings.REST_CONCURRENT,
            "window": WINDOW,
        },
        "page_size": PAGE_SIZE,
        "max_page_size": MAX_PAGE_SIZE,
        "max_rows": MAX_ROWS,
        "kept_hours": int(KEPT_FOR.total_seconds() // 3600),
        "overlap_days": OVERLAP_DAYS,
        "max_overlap_days": MAX_OVERLAP_DAYS,
    }
    return render(request, "developers/developers.html", context)


routes = [path("developers/", developers, name="developers")]
