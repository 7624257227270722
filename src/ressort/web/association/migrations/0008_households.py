"""Households of a programme, the poverty line of its amount, and people who leave it after they entered."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0007_mandates_in_units'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='by_household',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='programme',
            name='line_year',
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='beneficiary',
            name='adults',
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='beneficiary',
            name='children',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name='beneficiary',
            constraint=models.CheckConstraint(condition=models.Q(('adults__gte', 1), ('children__gte', 0)), name='beneficiary_household_makes_sense'),
        ),
        migrations.AddConstraint(
            model_name='beneficiary',
            constraint=models.CheckConstraint(condition=models.Q(('left_on__isnull', True), ('left_on__gte', models.F('joined_on')), _connector='OR'), name='beneficiary_leaves_after_joining'),
        ),
    ]
