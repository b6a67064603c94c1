"""A clearance has an end: `has_clearance` becomes `cleared_until`, the same in every row policy."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('cases', '0002_from_need_to_close')]

    operations = [
        migrations.AddField('caseassignment', 'cleared_until', models.DateTimeField(null=True)),
        # Whoever was cleared without an end has it confirmed within a quarter.
        migrations.RunSQL(
            "UPDATE cases_caseassignment SET cleared_until = now() + interval '90 days' WHERE has_clearance",
            "UPDATE cases_caseassignment SET has_clearance = coalesce(cleared_until > now(), false)",
        ),
        migrations.AddIndex(
            'case',
            models.Index(
                fields=['association'], condition=models.Q(is_protected=True), name='case_protected'
            ),
        ),
        migrations.RemoveField('caseassignment', 'has_clearance'),
    ]
