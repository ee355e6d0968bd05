"""Who may do what: permissions, and the roles that bundle them. A grant gives a role in one territory.

System, security and audit administration are three roles and no role holds two of them (GB/T 22239-2019 8.1.4.2 d).
"""

import enum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Perm(enum.StrEnum):
    VIEW_STAFFING = "staffing.view"
    CHANGE_POPULATION = "population.change"
    VIEW_ROSTER = "roster.view"
    CHANGE_ROSTER = "roster.change"
    IMPORT_ROSTER = "roster.import"
    REVEAL_PERSONAL = "roster.reveal"
    EXPORT_ROSTER = "roster.export"
    VIEW_POLICY = "policy.view"
    CHANGE_POLICY = "policy.change"
    VIEW_FINDINGS = "finding.view"
    HANDLE_FINDINGS = "finding.handle"
    DECIDE_POSTS = "posts.decide"
    HANDLE_CASES = "case.handle"
    VIEW_PAY = "pay.view"
    CHANGE_ASSESSMENT = "assessment.change"
    CHANGE_TRAINING = "training.change"
    CHANGE_CAREERS = "careers.change"
    VIEW_REPORTS = "report.view"
    MAKE_REPORTS = "report.make"
    SIGN_REPORTS = "report.sign"
    VIEW_SERVICE = "service.view"
    CHANGE_SERVICE = "service.change"
    CONFIRM_SERVICE = "service.confirm"
    HANDLE_ACCESS = "access.handle"
    DECIDE_ACCESS = "access.decide"
    VIEW_RATINGS = "rating.view"
    RATE_SELF = "rating.self"
    RATE_STREET = "rating.street"
    RATE_DISTRICT = "rating.district"
    MANAGE_RATINGS = "rating.manage"
    DECIDE_RATINGS = "rating.decide"
    VIEW_PROPOSALS = "proposal.view"
    HANDLE_PROPOSALS = "proposal.handle"
    MANAGE_PROPOSALS = "proposal.manage"
    SIGN_LETTERS = "letter.sign"
    MANAGE_NOTICES = "notices.manage"
    VIEW_AUDIT = "audit.view"
    MANAGE_ACCOUNTS = "account.manage"
    MANAGE_GRANTS = "grant.manage"


class Role(models.TextChoices):
    CITY = "city", _("市级工作人员")
    DISTRICT = "district", _("区级工作人员")
    STREET = "street", _("街镇管理员")
    COMMUNITY = "community", _("社区工作人员")
    HANDLER = "handler", _("提案承办人员")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")


READ = {
    Perm.VIEW_STAFFING,
    Perm.VIEW_ROSTER,
    Perm.VIEW_POLICY,
    Perm.VIEW_FINDINGS,
    Perm.VIEW_REPORTS,
    Perm.VIEW_SERVICE,
    Perm.VIEW_RATINGS,
}
OFFICE = READ | {
    Perm.HANDLE_FINDINGS,
    Perm.EXPORT_ROSTER,
    Perm.IMPORT_ROSTER,
    Perm.REVEAL_PERSONAL,
    Perm.CHANGE_POPULATION,
    Perm.HANDLE_CASES,
    Perm.VIEW_PAY,
    Perm.CHANGE_TRAINING,
    Perm.MAKE_REPORTS,
    Perm.CONFIRM_SERVICE,
}
BUREAU = OFFICE | {
    Perm.CHANGE_POLICY,
    Perm.DECIDE_POSTS,
    Perm.CHANGE_CAREERS,
    Perm.SIGN_REPORTS,
    Perm.HANDLE_ACCESS,
    Perm.DECIDE_ACCESS,
    Perm.MANAGE_RATINGS,
    Perm.DECIDE_RATINGS,
    Perm.VIEW_PROPOSALS,
    Perm.HANDLE_PROPOSALS,
    Perm.MANAGE_PROPOSALS,
    Perm.SIGN_LETTERS,
}
# What a community keeps itself; its street may do it in its place.
COMMUNITY_WORK = {Perm.CHANGE_SERVICE, Perm.RATE_SELF}

PERMISSIONS: dict[str, frozenset[Perm]] = {
    Role.CITY: frozenset(BUREAU),
    Role.DISTRICT: frozenset(BUREAU | {Perm.CHANGE_ASSESSMENT, Perm.RATE_DISTRICT}),
    Role.STREET: frozenset(OFFICE | COMMUNITY_WORK | {Perm.CHANGE_ROSTER, Perm.CHANGE_ASSESSMENT, Perm.RATE_STREET}),
    Role.COMMUNITY: frozenset(READ | COMMUNITY_WORK),
    # Of another department: sees and handles only what its units take part in.
    Role.HANDLER: frozenset({Perm.VIEW_STAFFING, Perm.VIEW_POLICY, Perm.VIEW_PROPOSALS, Perm.HANDLE_PROPOSALS}),
    Role.AUDITOR: frozenset({Perm.VIEW_AUDIT, Perm.VIEW_STAFFING, Perm.VIEW_POLICY, Perm.VIEW_REPORTS}),
    Role.SYSTEM_ADMIN: frozenset({Perm.MANAGE_ACCOUNTS, Perm.MANAGE_NOTICES}),
    Role.SECURITY_ADMIN: frozenset({Perm.MANAGE_GRANTS}),
}


# Permissions that change nothing. Whoever holds any other one somewhere writes, and that includes every new one.
READING = frozenset(
    {
        Perm.VIEW_STAFFING,
        Perm.VIEW_ROSTER,
        Perm.REVEAL_PERSONAL,
        Perm.EXPORT_ROSTER,
        Perm.VIEW_POLICY,
        Perm.VIEW_FINDINGS,
        Perm.VIEW_PAY,
        Perm.VIEW_REPORTS,
        Perm.VIEW_SERVICE,
        Perm.VIEW_RATINGS,
        Perm.VIEW_PROPOSALS,
        Perm.VIEW_AUDIT,
    }
)


def roles_with(perm: str) -> list[str]:
    return [role for role, permissions in PERMISSIONS.items() if perm in permissions]


class Scope(models.TextChoices):
    """What a REST token may do, at most; the user's grants bound it further."""

    STATS_READ = "stats:read", _("读取统计数据")
    ROSTER_READ = "roster:read", _("读取名册")
    ROSTER_WRITE = "roster:write", _("维护名册")
    ROSTER_PERSONAL = "roster:personal", _("读取个人信息")
    FINDINGS_READ = "findings:read", _("读取预警")
    FINDINGS_WRITE = "findings:write", _("处理预警")
    RATINGS_READ = "ratings:read", _("读取星级")
    RATINGS_WRITE = "ratings:write", _("维护星级")
    PROPOSALS_READ = "proposals:read", _("读取提案")
    PROPOSALS_WRITE = "proposals:write", _("办理提案")
    POLICIES_READ = "policies:read", _("读取政策")
    REPORTS_READ = "reports:read", _("读取报告和任务台账")
    REPORTS_WRITE = "reports:write", _("编制和签发报告，报送任务台账")


# A scope is offered only to users whose grants hold the permission; a scope without a line here is not yet in use.
SCOPE_NEEDS: dict[str, Perm] = {
    Scope.STATS_READ: Perm.VIEW_STAFFING,
    Scope.ROSTER_READ: Perm.VIEW_ROSTER,
    Scope.ROSTER_WRITE: Perm.IMPORT_ROSTER,
    Scope.ROSTER_PERSONAL: Perm.REVEAL_PERSONAL,
    Scope.FINDINGS_READ: Perm.VIEW_FINDINGS,
    Scope.FINDINGS_WRITE: Perm.HANDLE_FINDINGS,
    Scope.RATINGS_READ: Perm.VIEW_RATINGS,
    Scope.PROPOSALS_READ: Perm.VIEW_PROPOSALS,
    Scope.PROPOSALS_WRITE: Perm.HANDLE_PROPOSALS,
    Scope.POLICIES_READ: Perm.VIEW_POLICY,
    Scope.REPORTS_READ: Perm.VIEW_REPORTS,
    Scope.REPORTS_WRITE: Perm.MAKE_REPORTS,
}

# Three administrations that no one person holds together (GB/T 22239-2019 8.1.4.2 d).
SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
