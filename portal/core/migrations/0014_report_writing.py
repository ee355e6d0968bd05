"""What a scope of tokens allows, in other words. Only the choices differ, so nothing is asked of the database."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

SCOPES = [
    ("stats:read", "读取统计数据"),
    ("roster:read", "读取名册"),
    ("roster:write", "维护名册"),
    ("roster:personal", "读取个人信息"),
    ("findings:read", "读取预警"),
    ("findings:write", "处理预警"),
    ("ratings:read", "读取星级"),
    ("ratings:write", "维护星级"),
    ("proposals:read", "读取提案"),
    ("proposals:write", "办理提案"),
    ("policies:read", "读取政策"),
    ("reports:read", "读取报告和任务台账"),
    ("reports:write", "编制和签发报告，报送任务台账"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_second_factor"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name=name,
                    name="scopes",
                    field=ArrayField(
                        base_field=models.CharField(choices=SCOPES, max_length=20), size=None, verbose_name="范围"
                    ),
                )
                for name in ("apitoken", "apitokenevent")
            ]
        )
    ]
