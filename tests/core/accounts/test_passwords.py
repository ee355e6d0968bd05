import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from portal.core.accounts.models import User
from portal.core.accounts.passwords import LocalNamesValidator


def codes(password: str, user: User) -> set[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {problem.code for problem in error.error_list}
    return set()


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("Kd8#wq2Lm!xZ", set()),
        ("Kd8#wq2Lm!x", {"password_too_short"}),
        ("kd8wq2lmxzpt", {"password_classes"}),
        ("Shilishi2026!!", {"password_local_name"}),
        ("一号街道示例市Aa1!2", {"password_local_name"}),
        ("Yihaojiedao#12", {"password_local_name"}),
        ("Shequ-Portal-26", {"password_local_name"}),
        ("shilishi-Tq7!vBn2Zk", set()),
        ("一号" + "Kd8#wq2L" * 8, set()),
    ],
)
def test_password_is_judged(world, password, refused):
    assert codes(password, world.users.street) == refused


def test_department_and_organ_are_no_passwords(world):
    world.users.street.department = "幸福里服务中心"
    with pytest.raises(ValidationError, match="xingfulifuwuzhongxin"):
        LocalNamesValidator().validate("Xingfulifuwuzhongxin1!", world.users.street)
    with pytest.raises(ValidationError, match="示例市民政局"):
        LocalNamesValidator().validate("示例市民政局#1", None)
