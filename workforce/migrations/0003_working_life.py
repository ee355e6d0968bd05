import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.core.serializers.json
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portal.core.audit.append_only import protect
from portal.core.lib.operations import Together


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
        ('workforce', '0002_database_guards'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='Assessment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('grid_worker', models.BooleanField(default=False, verbose_name='兼任网格员')),
                    ('scores', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='得分')),
                    ('community', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='社区工作得分')),
                    ('grid', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='网格工作得分')),
                    ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='总分')),
                    ('grade', models.CharField(blank=True, choices=[('excellent', '优秀'), ('qualified', '合格'), ('basic', '基本合格'), ('failed', '不合格')], max_length=10, verbose_name='等次')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='AssessmentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('grid_worker', models.BooleanField(default=False, verbose_name='兼任网格员')),
                    ('scores', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='得分')),
                    ('community', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='社区工作得分')),
                    ('grid', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='网格工作得分')),
                    ('total', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='总分')),
                    ('grade', models.CharField(blank=True, choices=[('excellent', '优秀'), ('qualified', '合格'), ('basic', '基本合格'), ('failed', '不合格')], max_length=10, verbose_name='等次')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='AssessmentScheme',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('name', models.CharField(max_length=100, verbose_name='方案名称')),
                    ('indicators', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='指标')),
                    ('grid_percent', models.PositiveSmallIntegerField(default=0, verbose_name='网格工作占比（%）')),
                    ('bands', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='等次')),
                    ('group', models.CharField(choices=[('street', '街镇'), ('district', '区')], default='street', max_length=8, verbose_name='排名范围')),
                    ('state', models.CharField(choices=[('draft', '草稿'), ('open', '进行中'), ('closed', '已归档')], default='draft', max_length=8, verbose_name='状态')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='AssessmentSchemeEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('name', models.CharField(max_length=100, verbose_name='方案名称')),
                    ('indicators', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='指标')),
                    ('grid_percent', models.PositiveSmallIntegerField(default=0, verbose_name='网格工作占比（%）')),
                    ('bands', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='等次')),
                    ('group', models.CharField(choices=[('street', '街镇'), ('district', '区')], default='street', max_length=8, verbose_name='排名范围')),
                    ('state', models.CharField(choices=[('draft', '草稿'), ('open', '进行中'), ('closed', '已归档')], default='draft', max_length=8, verbose_name='状态')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Award',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=100, verbose_name='荣誉名称')),
                    ('level', models.CharField(choices=[('national', '全国'), ('province', '省级'), ('city', '市级'), ('district', '区级')], max_length=10, verbose_name='层级')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('quota', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='AwardEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=100, verbose_name='荣誉名称')),
                    ('level', models.CharField(choices=[('national', '全国'), ('province', '省级'), ('city', '市级'), ('district', '区级')], max_length=10, verbose_name='层级')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('quota', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='名额')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ContinuingEducation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('done_on', models.DateField(verbose_name='完成日期')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='学时')),
                    ('kind', models.CharField(choices=[('course', '继续教育课程'), ('degree', '取得社会工作专业学历学位')], default='course', max_length=8, verbose_name='类别')),
                    ('title', models.CharField(max_length=100, verbose_name='内容')),
                    ('provider', models.CharField(blank=True, max_length=100, verbose_name='举办单位')),
                ],
            ),
            migrations.CreateModel(
                name='ContinuingEducationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('done_on', models.DateField(verbose_name='完成日期')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='学时')),
                    ('kind', models.CharField(choices=[('course', '继续教育课程'), ('degree', '取得社会工作专业学历学位')], default='course', max_length=8, verbose_name='类别')),
                    ('title', models.CharField(max_length=100, verbose_name='内容')),
                    ('provider', models.CharField(blank=True, max_length=100, verbose_name='举办单位')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='DirectedRecruitment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('kind', models.CharField(choices=[('civil_service', '公务员'), ('institution', '事业单位')], max_length=14, verbose_name='岗位性质')),
                    ('group', models.CharField(choices=[('heads', '“一肩挑”负责人'), ('workers', '其他社区工作者')], max_length=8, verbose_name='面向对象')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='岗位数')),
                    ('applicants', models.PositiveIntegerField(blank=True, null=True, verbose_name='报名人数')),
                    ('hired', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='录用人数')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='公告或文件')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='DirectedRecruitmentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                    ('kind', models.CharField(choices=[('civil_service', '公务员'), ('institution', '事业单位')], max_length=14, verbose_name='岗位性质')),
                    ('group', models.CharField(choices=[('heads', '“一肩挑”负责人'), ('workers', '其他社区工作者')], max_length=8, verbose_name='面向对象')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='岗位数')),
                    ('applicants', models.PositiveIntegerField(blank=True, null=True, verbose_name='报名人数')),
                    ('hired', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='录用人数')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='公告或文件')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Enrolment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('attended', models.BooleanField(blank=True, null=True, verbose_name='到课')),
                    ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='学时')),
                    ('result', models.CharField(blank=True, choices=[('passed', '合格'), ('failed', '不合格')], max_length=6, verbose_name='结业结果')),
                ],
            ),
            migrations.CreateModel(
                name='EnrolmentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('attended', models.BooleanField(blank=True, null=True, verbose_name='到课')),
                    ('hours', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='学时')),
                    ('result', models.CharField(blank=True, choices=[('passed', '合格'), ('failed', '不合格')], max_length=6, verbose_name='结业结果')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Establishment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('worker_class', models.CharField(choices=[('committee', '社区“两委”专职成员'), ('staff', '社区专职工作人员')], max_length=10, verbose_name='人员类别')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='核定员额')),
                    ('valid_from', models.DateField(verbose_name='启用日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('document', models.CharField(max_length=200, verbose_name='依据文件')),
                ],
            ),
            migrations.CreateModel(
                name='EstablishmentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('worker_class', models.CharField(choices=[('committee', '社区“两委”专职成员'), ('staff', '社区专职工作人员')], max_length=10, verbose_name='人员类别')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='核定员额')),
                    ('valid_from', models.DateField(verbose_name='启用日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('document', models.CharField(max_length=200, verbose_name='依据文件')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Exit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hired_on', models.DateField(blank=True, null=True, verbose_name='入职日期')),
                    ('left_on', models.DateField(verbose_name='离职日期')),
                    ('reason', models.CharField(choices=[('no_certificate', '两年内未取得证书'), ('failed_assessment', '考核不合格'), ('resignation', '辞职'), ('retirement', '退休'), ('transfer_up', '考录、选聘到机关事业单位或国有企业'), ('not_reelected', '换届未连任'), ('discipline', '违纪'), ('death', '去世'), ('contract_ended', '合同期满'), ('other', '其他')], max_length=20, verbose_name='离职原因')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('taken_back', models.BooleanField(default=False, verbose_name='已撤回')),
                ],
            ),
            migrations.CreateModel(
                name='ExitEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('hired_on', models.DateField(blank=True, null=True, verbose_name='入职日期')),
                    ('left_on', models.DateField(verbose_name='离职日期')),
                    ('reason', models.CharField(choices=[('no_certificate', '两年内未取得证书'), ('failed_assessment', '考核不合格'), ('resignation', '辞职'), ('retirement', '退休'), ('transfer_up', '考录、选聘到机关事业单位或国有企业'), ('not_reelected', '换届未连任'), ('discipline', '违纪'), ('death', '去世'), ('contract_ended', '合同期满'), ('other', '其他')], max_length=20, verbose_name='离职原因')),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                    ('taken_back', models.BooleanField(default=False, verbose_name='已撤回')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='GradeRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('tier', models.PositiveSmallIntegerField(choices=[(1, '正职'), (2, '副职'), (3, '工作人员')], verbose_name='岗位层级')),
                    ('grade', models.PositiveSmallIntegerField(verbose_name='岗位等级')),
                    ('valid_from', models.DateField(verbose_name='执行日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('reason', models.CharField(choices=[('entry', '入职定级'), ('years', '年限晋级'), ('education', '学历晋级'), ('certificate', '职业资格晋级'), ('tier', '岗位变动'), ('assessment', '考核调整'), ('correction', '更正'), ('roster', '名册登记')], max_length=12, verbose_name='定级原因')),
                    ('evidence', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                    ('derivation', models.JSONField(blank=True, default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ],
            ),
            migrations.CreateModel(
                name='GradeRecordEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('tier', models.PositiveSmallIntegerField(choices=[(1, '正职'), (2, '副职'), (3, '工作人员')], verbose_name='岗位层级')),
                    ('grade', models.PositiveSmallIntegerField(verbose_name='岗位等级')),
                    ('valid_from', models.DateField(verbose_name='执行日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('reason', models.CharField(choices=[('entry', '入职定级'), ('years', '年限晋级'), ('education', '学历晋级'), ('certificate', '职业资格晋级'), ('tier', '岗位变动'), ('assessment', '考核调整'), ('correction', '更正'), ('roster', '名册登记')], max_length=12, verbose_name='定级原因')),
                    ('evidence', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                    ('derivation', models.JSONField(blank=True, default=list, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Grid',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='网格名称')),
                    ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='户数')),
                    ('micro_grids', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='微网格数')),
                    ('valid_from', models.DateField(verbose_name='设立日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='GridEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=60, verbose_name='网格名称')),
                    ('households', models.PositiveIntegerField(blank=True, null=True, verbose_name='户数')),
                    ('micro_grids', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='微网格数')),
                    ('valid_from', models.DateField(verbose_name='设立日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='GridPost',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('chief', '网格长'), ('full_time', '专职网格员'), ('part_time', '兼职网格员'), ('instructor', '网格指导员')], max_length=10, verbose_name='网格职务')),
                    ('valid_from', models.DateField(verbose_name='任职起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='GridPostEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('role', models.CharField(choices=[('chief', '网格长'), ('full_time', '专职网格员'), ('part_time', '兼职网格员'), ('instructor', '网格指导员')], max_length=10, verbose_name='网格职务')),
                    ('valid_from', models.DateField(verbose_name='任职起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Nomination',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stage', models.CharField(choices=[('nominated', '已推荐'), ('selected', '已遴选'), ('recommended', '已上报'), ('awarded', '已授予'), ('declined', '未入选')], default='nominated', max_length=12, verbose_name='进度')),
                    ('decided_on', models.DateField(blank=True, null=True, verbose_name='日期')),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='事迹或理由')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='NominationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('stage', models.CharField(choices=[('nominated', '已推荐'), ('selected', '已遴选'), ('recommended', '已上报'), ('awarded', '已授予'), ('declined', '未入选')], default='nominated', max_length=12, verbose_name='进度')),
                    ('decided_on', models.DateField(blank=True, null=True, verbose_name='日期')),
                    ('reason', models.CharField(blank=True, max_length=500, verbose_name='事迹或理由')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PayApproval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount', models.PositiveIntegerField(verbose_name='批准的月应发上限（元）')),
                    ('reason', models.CharField(max_length=200, verbose_name='理由')),
                    ('document', models.CharField(max_length=200, verbose_name='批准文件')),
                    ('valid_from', models.DateField(verbose_name='执行日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('approved_by', models.CharField(max_length=60, verbose_name='批准人')),
                ],
            ),
            migrations.CreateModel(
                name='PayApprovalEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('amount', models.PositiveIntegerField(verbose_name='批准的月应发上限（元）')),
                    ('reason', models.CharField(max_length=200, verbose_name='理由')),
                    ('document', models.CharField(max_length=200, verbose_name='批准文件')),
                    ('valid_from', models.DateField(verbose_name='执行日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('approved_by', models.CharField(max_length=60, verbose_name='批准人')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PostApplication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('worker_class', models.CharField(choices=[('committee', '社区“两委”专职成员'), ('staff', '社区专职工作人员')], max_length=10, verbose_name='人员类别')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='申请员额')),
                    ('starts_on', models.DateField(verbose_name='启用日期')),
                    ('reason', models.CharField(max_length=500, verbose_name='申请理由')),
                    ('state', models.CharField(choices=[('submitted', '待审批'), ('approved', '已批准'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='submitted', max_length=10, verbose_name='状态')),
                    ('approved_posts', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='批准员额')),
                    ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='审批意见')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='批准文件')),
                    ('applied_by', models.CharField(max_length=60, verbose_name='申请人')),
                    ('applied_at', models.DateTimeField(auto_now_add=True, verbose_name='申请时间')),
                    ('decided_by', models.CharField(blank=True, max_length=60, verbose_name='审批人')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='PostApplicationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('worker_class', models.CharField(choices=[('committee', '社区“两委”专职成员'), ('staff', '社区专职工作人员')], max_length=10, verbose_name='人员类别')),
                    ('posts', models.PositiveSmallIntegerField(verbose_name='申请员额')),
                    ('starts_on', models.DateField(verbose_name='启用日期')),
                    ('reason', models.CharField(max_length=500, verbose_name='申请理由')),
                    ('state', models.CharField(choices=[('submitted', '待审批'), ('approved', '已批准'), ('refused', '未批准'), ('withdrawn', '已撤回')], default='submitted', max_length=10, verbose_name='状态')),
                    ('approved_posts', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='批准员额')),
                    ('decision_reason', models.CharField(blank=True, max_length=500, verbose_name='审批意见')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='批准文件')),
                    ('applied_by', models.CharField(max_length=60, verbose_name='申请人')),
                    ('applied_at', models.DateTimeField(auto_now_add=True, verbose_name='申请时间')),
                    ('decided_by', models.CharField(blank=True, max_length=60, verbose_name='审批人')),
                    ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审批时间')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ProfessionalAppointment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.CharField(choices=[('assistant', '助理社会工作师'), ('social_worker', '社会工作师'), ('senior', '高级社会工作师'), ('local', '地方社区社会工作员')], max_length=16, verbose_name='聘任等级')),
                    ('valid_from', models.DateField(verbose_name='聘任起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='聘任文件')),
                ],
            ),
            migrations.CreateModel(
                name='ProfessionalAppointmentEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('level', models.CharField(choices=[('assistant', '助理社会工作师'), ('social_worker', '社会工作师'), ('senior', '高级社会工作师'), ('local', '地方社区社会工作员')], max_length=16, verbose_name='聘任等级')),
                    ('valid_from', models.DateField(verbose_name='聘任起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='聘任文件')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='QuotaException',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(max_length=500, verbose_name='理由')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='批准文件')),
                    ('approved_by', models.CharField(max_length=60, verbose_name='批准人')),
                    ('approved_at', models.DateTimeField(auto_now_add=True, verbose_name='批准时间')),
                ],
            ),
            migrations.CreateModel(
                name='QuotaExceptionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('reason', models.CharField(max_length=500, verbose_name='理由')),
                    ('document', models.CharField(blank=True, max_length=200, verbose_name='批准文件')),
                    ('approved_by', models.CharField(max_length=60, verbose_name='批准人')),
                    ('approved_at', models.DateTimeField(auto_now_add=True, verbose_name='批准时间')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Registration',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('registered_on', models.DateField(verbose_name='登记日期')),
                    ('valid_to', models.DateField()),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='登记证号')),
                ],
            ),
            migrations.CreateModel(
                name='RegistrationEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('registered_on', models.DateField(verbose_name='登记日期')),
                    ('valid_to', models.DateField()),
                    ('number', models.CharField(blank=True, max_length=60, verbose_name='登记证号')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ReviewCase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('certificate_deadline', '逾期未取得证书'), ('assessment_bottom', '考核末位'), ('no_star', '无星单位负责人')], max_length=20, verbose_name='事由')),
                    ('due_on', models.DateField(verbose_name='应满足日期')),
                    ('route', models.CharField(choices=[('employer', '用工单位程序'), ('election', '选举、罢免程序')], max_length=8, verbose_name='程序')),
                    ('state', models.CharField(choices=[('notice', '待告知'), ('hearing', '待听取意见'), ('support', '待培训或调岗'), ('decision', '待作出决定'), ('document', '待出具文书'), ('closed', '已办结')], default='notice', max_length=8, verbose_name='阶段')),
                    ('state_since', models.DateField(verbose_name='进入本阶段日期')),
                    ('outcome', models.CharField(blank=True, choices=[('cleared', '情形已消除'), ('kept', '继续留用'), ('extended', '延长期限'), ('trained', '培训后留用'), ('transferred', '调整岗位'), ('contract_ended', '依法解除或终止合同'), ('removed', '按选举、党内程序免职')], max_length=14, verbose_name='结果')),
                    ('opened_on', models.DateField(verbose_name='立案日期')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='ReviewCaseEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(choices=[('certificate_deadline', '逾期未取得证书'), ('assessment_bottom', '考核末位'), ('no_star', '无星单位负责人')], max_length=20, verbose_name='事由')),
                    ('due_on', models.DateField(verbose_name='应满足日期')),
                    ('route', models.CharField(choices=[('employer', '用工单位程序'), ('election', '选举、罢免程序')], max_length=8, verbose_name='程序')),
                    ('state', models.CharField(choices=[('notice', '待告知'), ('hearing', '待听取意见'), ('support', '待培训或调岗'), ('decision', '待作出决定'), ('document', '待出具文书'), ('closed', '已办结')], default='notice', max_length=8, verbose_name='阶段')),
                    ('state_since', models.DateField(verbose_name='进入本阶段日期')),
                    ('outcome', models.CharField(blank=True, choices=[('cleared', '情形已消除'), ('kept', '继续留用'), ('extended', '延长期限'), ('trained', '培训后留用'), ('transferred', '调整岗位'), ('contract_ended', '依法解除或终止合同'), ('removed', '按选举、党内程序免职')], max_length=14, verbose_name='结果')),
                    ('opened_on', models.DateField(verbose_name='立案日期')),
                    ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ReviewStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stage', models.CharField(choices=[('notice', '待告知'), ('hearing', '待听取意见'), ('support', '待培训或调岗'), ('decision', '待作出决定'), ('document', '待出具文书'), ('closed', '已办结')], max_length=8, verbose_name='阶段')),
                    ('on', models.DateField(verbose_name='办理日期')),
                    ('note', models.CharField(max_length=1000, verbose_name='办理情况')),
                    ('document', models.CharField(blank=True, max_length=100, verbose_name='文书编号')),
                    ('taken_by', models.CharField(max_length=60, verbose_name='办理人')),
                    ('taken_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ],
                options={
                    'ordering': ['id'],
                },
            ),
            migrations.CreateModel(
                name='ReviewStepEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('stage', models.CharField(choices=[('notice', '待告知'), ('hearing', '待听取意见'), ('support', '待培训或调岗'), ('decision', '待作出决定'), ('document', '待出具文书'), ('closed', '已办结')], max_length=8, verbose_name='阶段')),
                    ('on', models.DateField(verbose_name='办理日期')),
                    ('note', models.CharField(max_length=1000, verbose_name='办理情况')),
                    ('document', models.CharField(blank=True, max_length=100, verbose_name='文书编号')),
                    ('taken_by', models.CharField(max_length=60, verbose_name='办理人')),
                    ('taken_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SpecialStatus',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('maternity', '产假'), ('sick', '长期病假'), ('military', '服兵役'), ('study', '脱产学习'), ('other_leave', '其他长假'), ('seconded', '借调、挂职'), ('institution', '事业编制')], max_length=12, verbose_name='状态')),
                    ('valid_from', models.DateField(verbose_name='开始日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ],
            ),
            migrations.CreateModel(
                name='SpecialStatusEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('kind', models.CharField(choices=[('maternity', '产假'), ('sick', '长期病假'), ('military', '服兵役'), ('study', '脱产学习'), ('other_leave', '其他长假'), ('seconded', '借调、挂职'), ('institution', '事业编制')], max_length=12, verbose_name='状态')),
                    ('valid_from', models.DateField(verbose_name='开始日期')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Term',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('body', models.CharField(choices=[('party', '社区党组织'), ('committee', '居民委员会')], max_length=12, verbose_name='机构')),
                    ('number', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='届次')),
                    ('form', models.CharField(blank=True, choices=[('committee', '党委'), ('general_branch', '党总支'), ('branch', '党支部')], max_length=14, verbose_name='党组织形式')),
                    ('elected_on', models.DateField(verbose_name='选举日期')),
                    ('valid_from', models.DateField(verbose_name='任期起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='职数')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='TermEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('body', models.CharField(choices=[('party', '社区党组织'), ('committee', '居民委员会')], max_length=12, verbose_name='机构')),
                    ('number', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='届次')),
                    ('form', models.CharField(blank=True, choices=[('committee', '党委'), ('general_branch', '党总支'), ('branch', '党支部')], max_length=14, verbose_name='党组织形式')),
                    ('elected_on', models.DateField(verbose_name='选举日期')),
                    ('valid_from', models.DateField(verbose_name='任期起始')),
                    ('valid_to', models.DateField(blank=True, null=True)),
                    ('seats', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='职数')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TrainingClass',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.CharField(choices=[('city', '市级'), ('district', '区级'), ('street', '街镇级')], max_length=8, verbose_name='层级')),
                    ('kind', models.CharField(choices=[('demonstration', '示范培训'), ('rotation', '全员轮训'), ('induction', '初任培训'), ('post', '岗位培训'), ('skills', '专业技能培训'), ('lecture', '部门专题讲座'), ('out_of_town', '外出研学')], max_length=14, verbose_name='类别')),
                    ('title', models.CharField(max_length=100, verbose_name='班次名称')),
                    ('topic', models.CharField(blank=True, max_length=100, verbose_name='主题')),
                    ('organiser', models.CharField(max_length=100, verbose_name='举办单位')),
                    ('starts_on', models.DateField(verbose_name='开班日期')),
                    ('ends_on', models.DateField(verbose_name='结业日期')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='学时')),
                    ('cost', models.PositiveIntegerField(blank=True, null=True, verbose_name='经费（元）')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
            ),
            migrations.CreateModel(
                name='TrainingClassEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('pgh_context', pghistory.utils.JSONField(null=True)),
                    ('pgh_context_id', models.UUIDField(null=True)),
                    ('id', models.BigIntegerField()),
                    ('level', models.CharField(choices=[('city', '市级'), ('district', '区级'), ('street', '街镇级')], max_length=8, verbose_name='层级')),
                    ('kind', models.CharField(choices=[('demonstration', '示范培训'), ('rotation', '全员轮训'), ('induction', '初任培训'), ('post', '岗位培训'), ('skills', '专业技能培训'), ('lecture', '部门专题讲座'), ('out_of_town', '外出研学')], max_length=14, verbose_name='类别')),
                    ('title', models.CharField(max_length=100, verbose_name='班次名称')),
                    ('topic', models.CharField(blank=True, max_length=100, verbose_name='主题')),
                    ('organiser', models.CharField(max_length=100, verbose_name='举办单位')),
                    ('starts_on', models.DateField(verbose_name='开班日期')),
                    ('ends_on', models.DateField(verbose_name='结业日期')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='学时')),
                    ('cost', models.PositiveIntegerField(blank=True, null=True, verbose_name='经费（元）')),
                    ('version', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
        pgtrigger.migrations.RemoveTrigger(
            model_name='certificate',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='certificate',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='certificate',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='contract',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='appointment',
            name='appointment_period',
        ),
        migrations.RemoveConstraint(
            model_name='contract',
            name='contract_period',
        ),
        # The columns stay until the next release, so that servers still running the old code can write meanwhile.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name='certificate',
                    name='registered_on',
                ),
                migrations.RemoveField(
                    model_name='certificateevent',
                    name='registered_on',
                ),
            ],
        ),
        Together([
            migrations.AddField(
                model_name='certificate',
                name='issued_on',
                field=models.DateField(blank=True, null=True, verbose_name='发证日期'),
            ),
            migrations.AddField(
                model_name='certificateevent',
                name='issued_on',
                field=models.DateField(blank=True, null=True, verbose_name='发证日期'),
            ),
            migrations.AddField(
                model_name='contract',
                name='number',
                field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='合同编号'),
            ),
            migrations.AddField(
                model_name='contract',
                name='party_kind',
                field=models.CharField(blank=True, choices=[('street', '街镇'), ('office', '社区工作者事务所'), ('centre', '党群服务中心'), ('other', '其他')], db_default='', max_length=8, verbose_name='用工主体类型'),
            ),
            migrations.AddField(
                model_name='contract',
                name='probation_until',
                field=models.DateField(blank=True, null=True, verbose_name='试用期截止'),
            ),
            migrations.AddField(
                model_name='contractevent',
                name='number',
                field=models.CharField(blank=True, db_default='', max_length=60, verbose_name='合同编号'),
            ),
            migrations.AddField(
                model_name='contractevent',
                name='party_kind',
                field=models.CharField(blank=True, choices=[('street', '街镇'), ('office', '社区工作者事务所'), ('centre', '党群服务中心'), ('other', '其他')], db_default='', max_length=8, verbose_name='用工主体类型'),
            ),
            migrations.AddField(
                model_name='contractevent',
                name='probation_until',
                field=models.DateField(blank=True, null=True, verbose_name='试用期截止'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='certificate',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_certificateevent" ("id", "issued_on", "level", "number", "obtained_on", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."issued_on", new_values."level", new_values."number", new_values."obtained_on", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='093f6348a4320d362f24a28cc9fe9ce9a24a1a4f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_9a234', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_certificate', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='certificate',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_certificateevent" ("id", "issued_on", "level", "number", "obtained_on", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."id", new_values."issued_on", new_values."level", new_values."number", new_values."obtained_on", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='0eb9adb391751956e388ba45d8fb4bf16fbc380e', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_af656', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_certificate', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='certificate',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_certificateevent" ("id", "issued_on", "level", "number", "obtained_on", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."id", old_values."issued_on", old_values."level", old_values."number", old_values."obtained_on", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='042084293ad525c01033bfc2be5989f14bdf0ea3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d1a23', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_certificate', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contract',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_contractevent" ("id", "kind", "number", "party", "party_kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "probation_until", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."number", new_values."party", new_values."party_kind", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."probation_until", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3272de4bb4482535fc328cc532a955dddd1a3e2d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_70285', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_contract', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contract',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_contractevent" ("id", "kind", "number", "party", "party_kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "probation_until", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."number", new_values."party", new_values."party_kind", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."probation_until", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='23b4289ef6cf91d2b4a7d42dde84cbe2af7458aa', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_402d4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_contract', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='contract',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_contractevent" ("id", "kind", "number", "party", "party_kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "probation_until", "valid_from", "valid_to") SELECT old_values."id", old_values."kind", old_values."number", old_values."party", old_values."party_kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."probation_until", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b6bc2fae9d009db3aaf596dd992f3c4d7f8f65ea', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_d2c76', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_contract', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='appointment',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='appointment_period'),
            ),
            migrations.AddConstraint(
                model_name='contract',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='contract_period'),
            ),
            migrations.AddField(
                model_name='assessment',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='assessment',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='assessmentevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='assessmentevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='assessmentevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.assessment'),
            ),
            migrations.AddField(
                model_name='assessmentscheme',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='适用范围'),
            ),
            migrations.AddField(
                model_name='assessmentevent',
                name='scheme',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.assessmentscheme'),
            ),
            migrations.AddField(
                model_name='assessment',
                name='scheme',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='workforce.assessmentscheme'),
            ),
            migrations.AddField(
                model_name='assessmentschemeevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='适用范围'),
            ),
            migrations.AddField(
                model_name='assessmentschemeevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.assessmentscheme'),
            ),
            migrations.AddField(
                model_name='award',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='推荐地区'),
            ),
            migrations.AddField(
                model_name='awardevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='推荐地区'),
            ),
            migrations.AddField(
                model_name='awardevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.award'),
            ),
            migrations.AddField(
                model_name='continuingeducation',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='education_hours', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='continuingeducationevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='continuingeducationevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.continuingeducation'),
            ),
            migrations.AddField(
                model_name='directedrecruitment',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='区'),
            ),
            migrations.AddField(
                model_name='directedrecruitmentevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='区'),
            ),
            migrations.AddField(
                model_name='directedrecruitmentevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.directedrecruitment'),
            ),
            migrations.AddField(
                model_name='enrolment',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='enrolment',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='enrolmentevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='enrolmentevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='enrolmentevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.enrolment'),
            ),
            migrations.AddField(
                model_name='establishment',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='establishmentevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='establishmentevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.establishment'),
            ),
            migrations.AddField(
                model_name='exit',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='exit',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='exits', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='exitevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='exitevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='exitevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.exit'),
            ),
            migrations.AddField(
                model_name='graderecord',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grades', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='graderecordevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='graderecordevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.graderecord'),
            ),
            migrations.AddField(
                model_name='grid',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grids', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='gridevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='gridevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.grid'),
            ),
            migrations.AddField(
                model_name='gridpost',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='gridpost',
                name='grid',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='workforce.grid'),
            ),
            migrations.AddField(
                model_name='gridpost',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='grid_posts', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='gridpostevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='gridpostevent',
                name='grid',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.grid'),
            ),
            migrations.AddField(
                model_name='gridpostevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='gridpostevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.gridpost'),
            ),
            migrations.AddField(
                model_name='nomination',
                name='award',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='workforce.award'),
            ),
            migrations.AddField(
                model_name='nomination',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='nomination',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='nominationevent',
                name='award',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.award'),
            ),
            migrations.AddField(
                model_name='nominationevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='nominationevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='nominationevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.nomination'),
            ),
            migrations.AddField(
                model_name='payapproval',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pay_approvals', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='payapprovalevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='payapprovalevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.payapproval'),
            ),
            migrations.AddField(
                model_name='postapplication',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='establishmentevent',
                name='application',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.postapplication'),
            ),
            migrations.AddField(
                model_name='establishment',
                name='application',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.postapplication'),
            ),
            migrations.AddField(
                model_name='postapplicationevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='postapplicationevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.postapplication'),
            ),
            migrations.AddField(
                model_name='professionalappointment',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='professional_appointments', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='professionalappointmentevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='professionalappointmentevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.professionalappointment'),
            ),
            migrations.AddField(
                model_name='quotaexception',
                name='appointment',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='quota_exception', to='workforce.appointment'),
            ),
            migrations.AddField(
                model_name='quotaexception',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='quotaexceptionevent',
                name='appointment',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.appointment'),
            ),
            migrations.AddField(
                model_name='quotaexceptionevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division'),
            ),
            migrations.AddField(
                model_name='quotaexceptionevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.quotaexception'),
            ),
            migrations.AddField(
                model_name='registration',
                name='certificate',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='workforce.certificate'),
            ),
            migrations.AddField(
                model_name='registration',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='registrations', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='registrationevent',
                name='certificate',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.certificate'),
            ),
            migrations.AddField(
                model_name='registrationevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='registrationevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.registration'),
            ),
            migrations.AddField(
                model_name='reviewcase',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='reviewcase',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='reviewcaseevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='reviewcaseevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='reviewcaseevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.reviewcase'),
            ),
            migrations.AddField(
                model_name='reviewstep',
                name='case',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='workforce.reviewcase'),
            ),
            migrations.AddField(
                model_name='reviewstepevent',
                name='case',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.reviewcase'),
            ),
            migrations.AddField(
                model_name='reviewstepevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.reviewstep'),
            ),
            migrations.AddField(
                model_name='specialstatus',
                name='person',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statuses', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='specialstatusevent',
                name='person',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.person'),
            ),
            migrations.AddField(
                model_name='specialstatusevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.specialstatus'),
            ),
            migrations.AddField(
                model_name='term',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='termevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='社区'),
            ),
            migrations.AddField(
                model_name='termevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.term'),
            ),
            migrations.AddField(
                model_name='trainingclass',
                name='division',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='举办地区'),
            ),
            migrations.AddField(
                model_name='enrolmentevent',
                name='training_class',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workforce.trainingclass'),
            ),
            migrations.AddField(
                model_name='enrolment',
                name='training_class',
                field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='workforce.trainingclass'),
            ),
            migrations.AddField(
                model_name='trainingclassevent',
                name='division',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='core.division', verbose_name='举办地区'),
            ),
            migrations.AddField(
                model_name='trainingclassevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workforce.trainingclass'),
            ),
            migrations.AddConstraint(
                model_name='assessmentscheme',
                constraint=models.UniqueConstraint(fields=('division', 'year', 'name'), name='scheme_once'),
            ),
            migrations.AddConstraint(
                model_name='assessmentscheme',
                constraint=models.CheckConstraint(condition=models.Q(('grid_percent__lte', 100)), name='scheme_grid_percent'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentscheme',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentschemeevent" ("bands", "division_id", "grid_percent", "group", "id", "indicators", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "year") SELECT new_values."bands", new_values."division_id", new_values."grid_percent", new_values."group", new_values."id", new_values."indicators", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."state", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='136ce2a5432e94129c723f458fdd19cd691614e9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_4c5ae', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_assessmentscheme', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentscheme',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentschemeevent" ("bands", "division_id", "grid_percent", "group", "id", "indicators", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "year") SELECT new_values."bands", new_values."division_id", new_values."grid_percent", new_values."group", new_values."id", new_values."indicators", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."state", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='47902e3d3f763b0afdbea3cba489f6fd0184520b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5a72b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_assessmentscheme', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentscheme',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentschemeevent" ("bands", "division_id", "grid_percent", "group", "id", "indicators", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "version", "year") SELECT old_values."bands", old_values."division_id", old_values."grid_percent", old_values."group", old_values."id", old_values."indicators", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."state", old_values."version", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='11eeb188ee9a8043ddf22e0bd7dff36619b2e566', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0dd5e', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_assessmentscheme', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb040e0bb1a7368dcee7cd70b2f55a80a2dba10d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3e5c9', table='workforce_assessmentevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='assessment',
                index=models.Index(fields=['division'], name='assessment_division'),
            ),
            migrations.AddIndex(
                model_name='assessment',
                index=models.Index(fields=['person'], name='assessment_person'),
            ),
            migrations.AddConstraint(
                model_name='assessment',
                constraint=models.UniqueConstraint(fields=('scheme', 'person'), name='assessment_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentevent" ("community", "division_id", "grade", "grid", "grid_worker", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "scores", "total", "version") SELECT new_values."community", new_values."division_id", new_values."grade", new_values."grid", new_values."grid_worker", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."scheme_id", new_values."scores", new_values."total", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8ec4a12bd0303d31d79ab81c502fb651d4053919', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b3462', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_assessment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentevent" ("community", "division_id", "grade", "grid", "grid_worker", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "scores", "total", "version") SELECT new_values."community", new_values."division_id", new_values."grade", new_values."grid", new_values."grid_worker", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."scheme_id", new_values."scores", new_values."total", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8d95e2b54ddbd61b5184f3449234f764a3852eab', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5b68d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_assessment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_assessmentevent" ("community", "division_id", "grade", "grid", "grid_worker", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "scheme_id", "scores", "total", "version") SELECT old_values."community", old_values."division_id", old_values."grade", old_values."grid", old_values."grid_worker", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."scheme_id", old_values."scores", old_values."total", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='4434a017102201eef7ed093919decf5b84181ec1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4034f', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_assessment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assessmentschemeevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d33ab53387dfe1eb27bddf50d20a7e9380d734fe', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f415a', table='workforce_assessmentschemeevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='award',
                constraint=models.UniqueConstraint(fields=('division', 'year', 'name'), name='award_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='award',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_awardevent" ("division_id", "id", "level", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "version", "year") SELECT new_values."division_id", new_values."id", new_values."level", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."quota", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='41fc3035cf7cf4ee95d99521b814021dbd023d51', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_7da2f', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_award', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='award',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_awardevent" ("division_id", "id", "level", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "version", "year") SELECT new_values."division_id", new_values."id", new_values."level", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."quota", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='93bea99d5fd8e685ec443b218dd20fc1f2f69cdd', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_adada', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_award', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='award',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_awardevent" ("division_id", "id", "level", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "quota", "version", "year") SELECT old_values."division_id", old_values."id", old_values."level", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."quota", old_values."version", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5ca15d7206bd64356715fd76d70750833122afac', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_10521', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_award', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='awardevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3ff6b367d6c96f699238c8f07fb495738562985e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_11bb5', table='workforce_awardevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='continuingeducation',
                index=models.Index(fields=['person', 'done_on'], name='education_person'),
            ),
            migrations.AddConstraint(
                model_name='continuingeducation',
                constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='education_hours_positive'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='continuingeducation',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_continuingeducationevent" ("done_on", "hours", "id", "kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "title") SELECT new_values."done_on", new_values."hours", new_values."id", new_values."kind", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."provider", new_values."title" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='378b4b84397c84515a113173f6248ddba6b055a2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d16f0', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_continuingeducation', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='continuingeducation',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_continuingeducationevent" ("done_on", "hours", "id", "kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "title") SELECT new_values."done_on", new_values."hours", new_values."id", new_values."kind", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."provider", new_values."title" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ff86a27d4fc3a6a9eeca8f3f9cceeb3c5cae5c19', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6fe4c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_continuingeducation', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='continuingeducation',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_continuingeducationevent" ("done_on", "hours", "id", "kind", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "provider", "title") SELECT old_values."done_on", old_values."hours", old_values."id", old_values."kind", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."provider", old_values."title" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c7a2af13eb3c5dbdccd5eb1ac8631cd1d9ea4dc6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_236be', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_continuingeducation', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='continuingeducationevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='13b4f14541b5beff1b9aa6eaa6a421ac087b0423', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c7ff0', table='workforce_continuingeducationevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='directedrecruitment',
                constraint=models.UniqueConstraint(fields=('division', 'year', 'kind', 'group'), name='recruitment_once'),
            ),
            migrations.AddConstraint(
                model_name='directedrecruitment',
                constraint=models.CheckConstraint(condition=models.Q(('hired__isnull', True), ('hired__lte', models.F('posts')), _connector='OR'), name='recruitment_hired'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='directedrecruitment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_directedrecruitmentevent" ("applicants", "division_id", "document", "group", "hired", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "version", "year") SELECT new_values."applicants", new_values."division_id", new_values."document", new_values."group", new_values."hired", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."posts", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='02c560a3650f2c12492c3a864f4f7bae7efa2fcf', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_002f5', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_directedrecruitment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='directedrecruitment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_directedrecruitmentevent" ("applicants", "division_id", "document", "group", "hired", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "version", "year") SELECT new_values."applicants", new_values."division_id", new_values."document", new_values."group", new_values."hired", new_values."id", new_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."posts", new_values."version", new_values."year" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c28fb34c56ddc0d7b3de8aa61221543e14110f65', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9f026', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_directedrecruitment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='directedrecruitment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_directedrecruitmentevent" ("applicants", "division_id", "document", "group", "hired", "id", "kind", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "version", "year") SELECT old_values."applicants", old_values."division_id", old_values."document", old_values."group", old_values."hired", old_values."id", old_values."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."posts", old_values."version", old_values."year" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='51cab53014434ae294e7cbbc50fb27decefca5b4', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_553f8', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_directedrecruitment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='directedrecruitmentevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1beea57d87e7d5838a4c51cc184cba4d81eb6881', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_93ed9', table='workforce_directedrecruitmentevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='exit',
                index=models.Index(fields=['division', 'left_on'], name='exit_division'),
            ),
            migrations.AddConstraint(
                model_name='exit',
                constraint=models.UniqueConstraint(condition=models.Q(('taken_back', False)), fields=('person', 'left_on'), name='exit_once'),
            ),
            migrations.AddConstraint(
                model_name='exit',
                constraint=models.CheckConstraint(condition=models.Q(('hired_on__isnull', True), ('left_on__gte', models.F('hired_on')), _connector='OR'), name='exit_after_entry'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='exit',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_exitevent" ("division_id", "hired_on", "id", "left_on", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "taken_back") SELECT new_values."division_id", new_values."hired_on", new_values."id", new_values."left_on", new_values."note", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."taken_back" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c827aba1d99327e35e9b99e87d6d4e9b1e01d8eb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_eefd1', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_exit', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='exit',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_exitevent" ("division_id", "hired_on", "id", "left_on", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "taken_back") SELECT new_values."division_id", new_values."hired_on", new_values."id", new_values."left_on", new_values."note", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason", new_values."taken_back" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='35723bc8ecf34da618901df80b3477b9bd15c5a5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f65a7', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_exit', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='exit',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_exitevent" ("division_id", "hired_on", "id", "left_on", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "taken_back") SELECT old_values."division_id", old_values."hired_on", old_values."id", old_values."left_on", old_values."note", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."taken_back" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='afce96642b8a1a7a71007b28f2cce4d3046db1a1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_203de', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_exit', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='exitevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='492e153ee56d53b97715bdd5011373d2d3726fd5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ab7b8', table='workforce_exitevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='graderecord',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='grade_period'),
            ),
            migrations.AddConstraint(
                model_name='graderecord',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='grade_no_overlap'),
            ),
            migrations.AddConstraint(
                model_name='graderecord',
                constraint=models.CheckConstraint(condition=models.Q(('grade__gte', 1), ('grade__lte', 40)), name='grade_range'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='graderecord',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_graderecordevent" ("derivation", "evidence", "grade", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "tier", "valid_from", "valid_to") SELECT new_values."derivation", new_values."evidence", new_values."grade", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."tier", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8cf433540ed2fcbb02a7d4438c104cb96e6f295a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5115b', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_graderecord', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='graderecord',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_graderecordevent" ("derivation", "evidence", "grade", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "tier", "valid_from", "valid_to") SELECT new_values."derivation", new_values."evidence", new_values."grade", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason", new_values."tier", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ca61cfc2afdd5f50ff4559000dfb5de2cdbbe6b6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_158d9', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_graderecord', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='graderecord',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_graderecordevent" ("derivation", "evidence", "grade", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "tier", "valid_from", "valid_to") SELECT old_values."derivation", old_values."evidence", old_values."grade", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."tier", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6374b8a6180d3f308d82e1e9d2b86405a9f1a441', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_cc2d1', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_graderecord', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='graderecordevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a667131a8c15a3ad71122299f74743b849186917', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_293a4', table='workforce_graderecordevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='grid',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='grid_period'),
            ),
            migrations.AddConstraint(
                model_name='grid',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('division', '='), ('name', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='grid_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='grid',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridevent" ("division_id", "households", "id", "micro_grids", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."division_id", new_values."households", new_values."id", new_values."micro_grids", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='eb4f9e67b4570c1a03d30631dc9c54b6d1156d71', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f978a', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_grid', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='grid',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridevent" ("division_id", "households", "id", "micro_grids", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."division_id", new_values."households", new_values."id", new_values."micro_grids", new_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2a8b6bdaf0df162f37d16fa7465b6a1d5a24025d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_318de', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_grid', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='grid',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridevent" ("division_id", "households", "id", "micro_grids", "name", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."division_id", old_values."households", old_values."id", old_values."micro_grids", old_values."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a28204b506f4c88a3bfe8a05ba1195e2f7153377', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_936f1', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_grid', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='gridevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c99396b360cfa6cd008cd7f7da675660c0e9dea7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1263b', table='workforce_gridevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='gridpost',
                index=models.Index(fields=['division', 'valid_from'], name='gridpost_division'),
            ),
            migrations.AddIndex(
                model_name='gridpost',
                index=models.Index(fields=['person'], name='gridpost_person'),
            ),
            migrations.AddConstraint(
                model_name='gridpost',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='gridpost_period'),
            ),
            migrations.AddConstraint(
                model_name='gridpost',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('grid', '='), ('person', '='), ('role', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='gridpost_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='gridpost',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridpostevent" ("division_id", "grid_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "valid_from", "valid_to") SELECT new_values."division_id", new_values."grid_id", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."role", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ff2695016fbfb72efc2518d5f2a2c23e63e7746e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d9d14', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_gridpost', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='gridpost',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridpostevent" ("division_id", "grid_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "valid_from", "valid_to") SELECT new_values."division_id", new_values."grid_id", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."role", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='88002bd18f71d57e2cb4595bf05a8dc80c55086a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_fa8e8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_gridpost', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='gridpost',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_gridpostevent" ("division_id", "grid_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "valid_from", "valid_to") SELECT old_values."division_id", old_values."grid_id", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."role", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='02253ec735ad0b890dbaad3291233d9a5048cea7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_26be3', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_gridpost', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='gridpostevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4ff9df19074fdaf1474b020094695e082e9f60c3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d7bf2', table='workforce_gridpostevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='nomination',
                index=models.Index(fields=['division'], name='nomination_division'),
            ),
            migrations.AddIndex(
                model_name='nomination',
                index=models.Index(fields=['person'], name='nomination_person'),
            ),
            migrations.AddConstraint(
                model_name='nomination',
                constraint=models.UniqueConstraint(fields=('award', 'person'), name='nomination_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='nomination',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_nominationevent" ("award_id", "decided_on", "division_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stage", "version") SELECT new_values."award_id", new_values."decided_on", new_values."division_id", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."stage", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9ed824233d27ab440526dacfcc00f6ae94e936d8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6f725', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_nomination', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='nomination',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_nominationevent" ("award_id", "decided_on", "division_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stage", "version") SELECT new_values."award_id", new_values."decided_on", new_values."division_id", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason", new_values."stage", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1d323bd25bad8ba51877e05cfa84c1a11a55bf5b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3eb0f', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_nomination', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='nomination',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_nominationevent" ("award_id", "decided_on", "division_id", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "stage", "version") SELECT old_values."award_id", old_values."decided_on", old_values."division_id", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."stage", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c34b727ae976749ef52887956b0774a9e61618d0', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c92c1', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_nomination', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='nominationevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fe5bd6565646b7a219384f2f3b8bf475a94c7156', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_50bb0', table='workforce_nominationevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='payapproval',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='pay_approval_period'),
            ),
            migrations.AddConstraint(
                model_name='payapproval',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='pay_approval_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payapproval',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_payapprovalevent" ("amount", "approved_by", "document", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_to") SELECT new_values."amount", new_values."approved_by", new_values."document", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='39827d20c66008f64a5c40bee5d5f79ac1ebb5c9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ec44b', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_payapproval', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payapproval',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_payapprovalevent" ("amount", "approved_by", "document", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_to") SELECT new_values."amount", new_values."approved_by", new_values."document", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d95ae65603a767c7d8361b9e28b07055e08b53f9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_58089', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_payapproval', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payapproval',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_payapprovalevent" ("amount", "approved_by", "document", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "valid_from", "valid_to") SELECT old_values."amount", old_values."approved_by", old_values."document", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6584d15a5b08a66a48a7ea13ea13d1d612d27dcf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_3a2a4', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_payapproval', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='payapprovalevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='50d113b8bca27b6fb875ad67b0b30bb23d96e446', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_906d4', table='workforce_payapprovalevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='postapplication',
                index=models.Index(fields=['division', 'state'], name='application_division'),
            ),
            migrations.AddConstraint(
                model_name='postapplication',
                constraint=models.CheckConstraint(condition=models.Q(('posts__gt', 0)), name='application_posts'),
            ),
            migrations.AddConstraint(
                model_name='postapplication',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_posts__gt', 0), ('approved_posts__lte', models.F('posts')), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_posts__isnull', True)), _connector='OR'), name='application_approved_posts'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='postapplication',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_postapplicationevent" ("applied_at", "applied_by", "approved_posts", "decided_at", "decided_by", "decision_reason", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "reason", "starts_on", "state", "version", "worker_class") SELECT new_values."applied_at", new_values."applied_by", new_values."approved_posts", new_values."decided_at", new_values."decided_by", new_values."decision_reason", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."posts", new_values."reason", new_values."starts_on", new_values."state", new_values."version", new_values."worker_class" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='9339ee9cff1d8618b07d233e9431e6b3e4f0e61d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_60cff', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_postapplication', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='postapplication',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_postapplicationevent" ("applied_at", "applied_by", "approved_posts", "decided_at", "decided_by", "decision_reason", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "reason", "starts_on", "state", "version", "worker_class") SELECT new_values."applied_at", new_values."applied_by", new_values."approved_posts", new_values."decided_at", new_values."decided_by", new_values."decision_reason", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."posts", new_values."reason", new_values."starts_on", new_values."state", new_values."version", new_values."worker_class" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='885620c9ebdd3c71580da8add3dfab8f6df71c87', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a453d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_postapplication', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='postapplication',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_postapplicationevent" ("applied_at", "applied_by", "approved_posts", "decided_at", "decided_by", "decision_reason", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "reason", "starts_on", "state", "version", "worker_class") SELECT old_values."applied_at", old_values."applied_by", old_values."approved_posts", old_values."decided_at", old_values."decided_by", old_values."decision_reason", old_values."division_id", old_values."document", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."posts", old_values."reason", old_values."starts_on", old_values."state", old_values."version", old_values."worker_class" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='bf0f6ddbc7fc91fe97bb13b23aec40d2c0563e01', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_1f4d3', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_postapplication', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='establishmentevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='946dba4be67780ff425f17fd70cd64be9860741a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2089c', table='workforce_establishmentevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='establishment',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='establishment_period'),
            ),
            migrations.AddConstraint(
                model_name='establishment',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('division', '='), ('worker_class', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='establishment_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='establishment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_establishmentevent" ("application_id", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "valid_from", "valid_to", "worker_class") SELECT new_values."application_id", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."posts", new_values."valid_from", new_values."valid_to", new_values."worker_class" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ca5e3e0da2494249a9b7a93f95c5d7ea231e8995', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_45d4a', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_establishment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='establishment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_establishmentevent" ("application_id", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "valid_from", "valid_to", "worker_class") SELECT new_values."application_id", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."posts", new_values."valid_from", new_values."valid_to", new_values."worker_class" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='3db8db5abba4ed75a3f8aee42bcdcbd9be7fbe23', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_9c213', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_establishment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='establishment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_establishmentevent" ("application_id", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "valid_from", "valid_to", "worker_class") SELECT old_values."application_id", old_values."division_id", old_values."document", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."posts", old_values."valid_from", old_values."valid_to", old_values."worker_class" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='412888f7587922685a9d6e891f7b68ccebdfc566', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_33253', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_establishment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='postapplicationevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ed957c76ea10c5d540473a8c4f5f81d6a00ff323', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b767a', table='workforce_postapplicationevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='professionalappointment',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='professional_period'),
            ),
            migrations.AddConstraint(
                model_name='professionalappointment',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='professional_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='professionalappointment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_professionalappointmentevent" ("document", "id", "level", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."document", new_values."id", new_values."level", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cd7258cc663b060a694d89324d3ffc736b4955f2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_664b8', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_professionalappointment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='professionalappointment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_professionalappointmentevent" ("document", "id", "level", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."document", new_values."id", new_values."level", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='39fe243a6926a12fa0516007fd82e8fb0386a86b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a37ed', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_professionalappointment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='professionalappointment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_professionalappointmentevent" ("document", "id", "level", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."document", old_values."id", old_values."level", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6651da8c5b654c8c8c4e3d76ca9eee8284b6f9f2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_a7753', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_professionalappointment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='professionalappointmentevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='fa5a9d5a696690bf72cc1725d58f007773e9bd3c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_71ad6', table='workforce_professionalappointmentevent', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='quotaexception',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_quotaexceptionevent" ("appointment_id", "approved_at", "approved_by", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT new_values."appointment_id", new_values."approved_at", new_values."approved_by", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b49d28014178f8e8f028a24a70350f4a7d775a8e', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_a5aa5', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_quotaexception', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='quotaexception',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_quotaexceptionevent" ("appointment_id", "approved_at", "approved_by", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT new_values."appointment_id", new_values."approved_at", new_values."approved_by", new_values."division_id", new_values."document", new_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5885a3d3dcace524c2aaa3435d9895180abc8c71', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_80f73', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_quotaexception', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='quotaexception',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_quotaexceptionevent" ("appointment_id", "approved_at", "approved_by", "division_id", "document", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") SELECT old_values."appointment_id", old_values."approved_at", old_values."approved_by", old_values."division_id", old_values."document", old_values."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='f1369e171f3776a1904a61b52aa44c72165e069d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_939da', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_quotaexception', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='quotaexceptionevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='87637f19a89c1e5cb2da45bdcb2a8f8fd27b5361', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f456f', table='workforce_quotaexceptionevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='registration',
                index=models.Index(fields=['person'], name='registration_person'),
            ),
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.UniqueConstraint(fields=('certificate', 'registered_on'), name='registration_once'),
            ),
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__gt', models.F('registered_on'))), name='registration_period'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='registration',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_registrationevent" ("certificate_id", "id", "number", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "valid_to") SELECT new_values."certificate_id", new_values."id", new_values."number", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."registered_on", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e2ee9e9759cfa2efd1aabc752061147383770f45', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_d6513', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_registration', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='registration',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_registrationevent" ("certificate_id", "id", "number", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "valid_to") SELECT new_values."certificate_id", new_values."id", new_values."number", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."registered_on", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='20ca774063a2585b08a7f4075ac55ef67d004bc1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8c460', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_registration', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='registration',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_registrationevent" ("certificate_id", "id", "number", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "registered_on", "valid_to") SELECT old_values."certificate_id", old_values."id", old_values."number", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."registered_on", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='371499f4b287c3e7e63bcf3fd046028cd7d79715', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_105ff', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_registration', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='registrationevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='47dc2690262fa95d5f959a36b6e811a5c54f90bb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f088c', table='workforce_registrationevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='reviewcase',
                index=models.Index(fields=['division', 'state'], name='case_division'),
            ),
            migrations.AddConstraint(
                model_name='reviewcase',
                constraint=models.UniqueConstraint(fields=('kind', 'person', 'due_on'), name='case_once'),
            ),
            migrations.AddConstraint(
                model_name='reviewcase',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_on__isnull', False), ('state', 'closed'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_on__isnull', True)), _connector='OR'), name='case_closed_pair'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewcase',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewcaseevent" ("closed_on", "division_id", "due_on", "id", "kind", "opened_on", "outcome", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "route", "state", "state_since", "version") SELECT new_values."closed_on", new_values."division_id", new_values."due_on", new_values."id", new_values."kind", new_values."opened_on", new_values."outcome", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."route", new_values."state", new_values."state_since", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='82b5330fd854b928e2b980dbeeee4e86ad924741', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_1ba48', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_reviewcase', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewcase',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewcaseevent" ("closed_on", "division_id", "due_on", "id", "kind", "opened_on", "outcome", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "route", "state", "state_since", "version") SELECT new_values."closed_on", new_values."division_id", new_values."due_on", new_values."id", new_values."kind", new_values."opened_on", new_values."outcome", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."route", new_values."state", new_values."state_since", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7f5514924ec2ed9558ab79a20f85596d92c40a61', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e947b', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_reviewcase', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewcase',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewcaseevent" ("closed_on", "division_id", "due_on", "id", "kind", "opened_on", "outcome", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "route", "state", "state_since", "version") SELECT old_values."closed_on", old_values."division_id", old_values."due_on", old_values."id", old_values."kind", old_values."opened_on", old_values."outcome", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."route", old_values."state", old_values."state_since", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d0df6bf974feb4f017095266626188d33bed4edd', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_401be', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_reviewcase', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewcaseevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cd0eac2395d8d06032698aa9f92dce16e6c24d73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0c40f', table='workforce_reviewcaseevent', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewstep',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewstepevent" ("case_id", "document", "id", "note", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "taken_at", "taken_by") SELECT new_values."case_id", new_values."document", new_values."id", new_values."note", new_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."stage", new_values."taken_at", new_values."taken_by" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='30fb0679cc8a2b537bad46d955bf7a49f0c05e36', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f18e0', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_reviewstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewstep',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewstepevent" ("case_id", "document", "id", "note", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "taken_at", "taken_by") SELECT new_values."case_id", new_values."document", new_values."id", new_values."note", new_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."stage", new_values."taken_at", new_values."taken_by" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bd7d57dbd5d74bc21f9e4487187eed6b057d208c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_bd5fa', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_reviewstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewstep',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_reviewstepevent" ("case_id", "document", "id", "note", "on", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "stage", "taken_at", "taken_by") SELECT old_values."case_id", old_values."document", old_values."id", old_values."note", old_values."on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."stage", old_values."taken_at", old_values."taken_by" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='1b04be840a2462b43c30a02795bc310830f1aadb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_879f6', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_reviewstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='reviewstepevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='30ca7447e095e4cebd67e31f4cae4091a70bb01f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0e82d', table='workforce_reviewstepevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='specialstatus',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='status_period'),
            ),
            migrations.AddConstraint(
                model_name='specialstatus',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('person', '='), ('kind', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='status_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='specialstatus',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_specialstatusevent" ("id", "kind", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."note", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='45f13a8156b0e9fadbd48326c324c07e9ab991d8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_64b0f', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_specialstatus', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='specialstatus',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_specialstatusevent" ("id", "kind", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT new_values."id", new_values."kind", new_values."note", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."valid_from", new_values."valid_to" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ebde90ca2d7a27d43763962dffaab0774f7bd8a5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d9751', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_specialstatus', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='specialstatus',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_specialstatusevent" ("id", "kind", "note", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") SELECT old_values."id", old_values."kind", old_values."note", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."valid_from", old_values."valid_to" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a8bac265421007c6591ae3f57079e5d0ff0957bc', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_981f7', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_specialstatus', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='specialstatusevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dbda4a9849f232be422cbd1d9fb705438ba4de9d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_46997', table='workforce_specialstatusevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='term',
                constraint=models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='term_period'),
            ),
            migrations.AddConstraint(
                model_name='term',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('division', '='), ('body', '='), (models.Func('valid_from', 'valid_to', models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='term_no_overlap'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='term',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_termevent" ("body", "division_id", "elected_on", "form", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "valid_from", "valid_to", "version") SELECT new_values."body", new_values."division_id", new_values."elected_on", new_values."form", new_values."id", new_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."seats", new_values."valid_from", new_values."valid_to", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7c27b7e65938768d1efa1875e76f4329367f66c0', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2a73e', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_term', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='term',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_termevent" ("body", "division_id", "elected_on", "form", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "valid_from", "valid_to", "version") SELECT new_values."body", new_values."division_id", new_values."elected_on", new_values."form", new_values."id", new_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."seats", new_values."valid_from", new_values."valid_to", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='df1a867a671bd7ebfab293b94185fca450bad8cf', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_f75d1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_term', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='term',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_termevent" ("body", "division_id", "elected_on", "form", "id", "number", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seats", "valid_from", "valid_to", "version") SELECT old_values."body", old_values."division_id", old_values."elected_on", old_values."form", old_values."id", old_values."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."seats", old_values."valid_from", old_values."valid_to", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a0e65effabcce6a5a607e31f6916d7c0eb4ebc0d', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_463e4', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_term', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='termevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7dab1956d6094bd582c3ba24a67b2c8da0261c73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ac123', table='workforce_termevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='trainingclass',
                index=models.Index(fields=['division', 'starts_on'], name='class_division'),
            ),
            migrations.AddConstraint(
                model_name='trainingclass',
                constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='class_days'),
            ),
            migrations.AddConstraint(
                model_name='trainingclass',
                constraint=models.CheckConstraint(condition=models.Q(('hours__gt', 0)), name='class_hours'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='trainingclass',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_trainingclassevent" ("cost", "division_id", "ends_on", "hours", "id", "kind", "level", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title", "topic", "version") SELECT new_values."cost", new_values."division_id", new_values."ends_on", new_values."hours", new_values."id", new_values."kind", new_values."level", new_values."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."starts_on", new_values."title", new_values."topic", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='76c0e7172a281f417edf8fd75bb2dd9a75f8169b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ced3c', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_trainingclass', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='trainingclass',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_trainingclassevent" ("cost", "division_id", "ends_on", "hours", "id", "kind", "level", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title", "topic", "version") SELECT new_values."cost", new_values."division_id", new_values."ends_on", new_values."hours", new_values."id", new_values."kind", new_values."level", new_values."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."starts_on", new_values."title", new_values."topic", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='831082260cae91e38d6659e70df76888387d2de5', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_743f4', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_trainingclass', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='trainingclass',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_trainingclassevent" ("cost", "division_id", "ends_on", "hours", "id", "kind", "level", "organiser", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "title", "topic", "version") SELECT old_values."cost", old_values."division_id", old_values."ends_on", old_values."hours", old_values."id", old_values."kind", old_values."level", old_values."organiser", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."starts_on", old_values."title", old_values."topic", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='9c1b6ccbc2f04f6356b47e1ab71dba5c5e740bdf', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_88c9d', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_trainingclass', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='enrolmentevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9a1766283364e428cf59c3b45b44c5aa0d81c164', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_40b9e', table='workforce_enrolmentevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='enrolment',
                index=models.Index(fields=['division'], name='enrolment_division'),
            ),
            migrations.AddIndex(
                model_name='enrolment',
                index=models.Index(fields=['person'], name='enrolment_person'),
            ),
            migrations.AddConstraint(
                model_name='enrolment',
                constraint=models.UniqueConstraint(fields=('training_class', 'person'), name='enrolment_once'),
            ),
            migrations.AddConstraint(
                model_name='enrolment',
                constraint=models.CheckConstraint(condition=models.Q(('hours__isnull', True), ('hours__gte', 0), _connector='OR'), name='enrolment_hours'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='enrolment',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_enrolmentevent" ("attended", "division_id", "hours", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "training_class_id") SELECT new_values."attended", new_values."division_id", new_values."hours", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', new_values."id", new_values."result", new_values."training_class_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='72a02024a41dc238fb2bd095641142c5bd49dbb1', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_597a8', referencing='REFERENCING NEW TABLE AS new_values ', table='workforce_enrolment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='enrolment',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_enrolmentevent" ("attended", "division_id", "hours", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "training_class_id") SELECT new_values."attended", new_values."division_id", new_values."hours", new_values."id", new_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', new_values."id", new_values."result", new_values."training_class_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5e2ae7cb3299af32fdde48c28937070c4832701c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_82ddb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='workforce_enrolment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='enrolment',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "workforce_enrolmentevent" ("attended", "division_id", "hours", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "result", "training_class_id") SELECT old_values."attended", old_values."division_id", old_values."hours", old_values."id", old_values."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', old_values."id", old_values."result", old_values."training_class_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='5f1f70b6b9264f116baa7aa82a718bc147304987', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2c8c8', referencing='REFERENCING OLD TABLE AS old_values ', table='workforce_enrolment', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='trainingclassevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4061a7a31b7d28af60986b97c6b8601d371abfbd', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_3897e', table='workforce_trainingclassevent', when='BEFORE')),
            ),
        ]),
        migrations.RunPython(protect, migrations.RunPython.noop),
    ]
