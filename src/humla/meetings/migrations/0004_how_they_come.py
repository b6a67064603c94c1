from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0003_before_the_meeting'),
    ]

    operations = [
        migrations.AddField(
            model_name='summonsanswer',
            name='form',
            field=models.CharField(blank=True, choices=[('in_person', 'på plats'), ('phone', 'telefon'), ('video', 'video'), ('hybrid', 'på plats och video')], default='', max_length=10, verbose_name='hur är ni med?'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='summonsanswer',
            name='stay',
            field=models.CharField(blank=True, choices=[('whole', 'hela mötet'), ('start', 'bara i början'), ('end', 'bara i slutet')], default='', max_length=5, verbose_name='hur länge är ni med?'),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='summonsanswer',
            constraint=models.CheckConstraint(condition=Q(answer='comes') | Q(form='', stay=''), name='answer_how_of_those_who_come'),
        ),
    ]
