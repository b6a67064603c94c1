"""Whom a marking of protected identity stands for; her number no longer tells anybody that she is here."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [('people', '0001_initial')]

    operations = [
        migrations.AddField(
            'person',
            'is_protected',
            models.BooleanField(default=False, verbose_name='skyddade personuppgifter'),
        ),
        migrations.RemoveConstraint('person', 'person_once_per_authority'),
        migrations.AddConstraint(
            'person',
            models.UniqueConstraint(
                fields=['authority', 'number_lookup'],
                condition=~Q(number_lookup='') & Q(is_protected=False),
                name='person_once_per_authority',
            ),
        ),
    ]
