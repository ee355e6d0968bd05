from django.db import migrations

REGISTRATIONS = """
INSERT INTO workforce_registration (certificate_id, person_id, registered_on, valid_to, number)
SELECT id, person_id, registered_on, (registered_on + interval '3 years')::date + 1, ''
FROM workforce_certificate WHERE registered_on IS NOT NULL
ON CONFLICT DO NOTHING"""

CERTIFICATES = """
UPDATE workforce_certificate c SET registered_on = r.registered_on
FROM (SELECT certificate_id, max(registered_on) AS registered_on FROM workforce_registration GROUP BY 1) r
WHERE r.certificate_id = c.id"""

EXITS = """
INSERT INTO workforce_exit (person_id, division_id, hired_on, left_on, reason, note, taken_back)
SELECT p.id, a.division_id, p.hired_on, p.left_on,
    CASE
        WHEN p.leaving_reason ~ '证书|持证' THEN 'no_certificate'
        WHEN p.leaving_reason ~ '考核' THEN 'failed_assessment'
        WHEN p.leaving_reason ~ '辞职|个人原因' THEN 'resignation'
        WHEN p.leaving_reason ~ '退休' THEN 'retirement'
        WHEN p.leaving_reason ~ '公务员|事业|国企|国有企业|考录|选聘|调动|调任' THEN 'transfer_up'
        WHEN p.leaving_reason ~ '换届|连任|落选' THEN 'not_reelected'
        WHEN p.leaving_reason ~ '违纪|违法|处分|辞退|开除' THEN 'discipline'
        WHEN p.leaving_reason ~ '去世|死亡|病故' THEN 'death'
        WHEN p.leaving_reason ~ '合同' THEN 'contract_ended'
        ELSE 'other'
    END,
    p.leaving_reason, false
FROM workforce_person p
JOIN LATERAL (
    SELECT division_id FROM workforce_appointment WHERE person_id = p.id ORDER BY valid_from DESC, id DESC LIMIT 1
) a ON true
WHERE p.left_on IS NOT NULL
ON CONFLICT DO NOTHING"""

GRADES = """
INSERT INTO workforce_graderecord (person_id, tier, grade, valid_from, valid_to, reason, evidence, derivation)
SELECT DISTINCT ON (person_id) person_id, tier, grade, valid_from, valid_to, 'roster', '', '[]'
FROM workforce_appointment WHERE grade IS NOT NULL
ORDER BY person_id, valid_to IS NOT NULL, valid_to DESC, tier, valid_from, id
ON CONFLICT DO NOTHING"""

PARTIES = """
UPDATE workforce_contract SET party_kind = CASE
    WHEN party LIKE '%事务所%' THEN 'office'
    WHEN party LIKE '%党群服务中心%' THEN 'centre'
    WHEN party ~ '街道|镇|乡' THEN 'street'
    ELSE 'other' END
WHERE party <> '' AND party_kind = ''"""


class Migration(migrations.Migration):
    """Registrations, exits and grades that stood in columns become records of their own."""

    dependencies = [("workforce", "0003_working_life")]

    operations = [
        migrations.RunSQL(REGISTRATIONS, CERTIFICATES),
        migrations.RunSQL(EXITS, migrations.RunSQL.noop),
        migrations.RunSQL(GRADES, migrations.RunSQL.noop),
        migrations.RunSQL(PARTIES, migrations.RunSQL.noop),
    ]
