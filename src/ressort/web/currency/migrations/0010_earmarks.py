"""Units kept for a purpose: where they are accepted, what is left of each payment, what payments took."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('currency', '0009_floors_that_hold'),
    ]

    operations = [
        migrations.CreateModel(
            name='Purpose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.SmallIntegerField()),
                ('name', models.CharField(max_length=80)),
            ],
            options={
                'ordering': ('name',),
                'constraints': [models.UniqueConstraint(fields=('currency', 'name'), name='purpose_name_once_in_a_currency'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='purpose_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Earmark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transfer', models.BigIntegerField(unique=True)),
                ('cents', models.BigIntegerField()),
                ('left_cents', models.BigIntegerField()),
                ('expires_on', models.DateField()),
                ('wallet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='earmarks', to='currency.wallet')),
                ('purpose', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='earmarks', to='currency.purpose')),
            ],
            options={
                'ordering': ('expires_on', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Accepted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('branch', models.CharField(blank=True, max_length=20)),
                ('share_bp', models.PositiveIntegerField(default=10000)),
                ('wallet', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='currency.wallet')),
                ('purpose', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='currency.purpose')),
            ],
            options={
                'ordering': ('branch', 'wallet__name'),
            },
        ),
        migrations.CreateModel(
            name='EarmarkUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transfer', models.BigIntegerField(db_index=True)),
                ('cents', models.BigIntegerField()),
                ('earmark', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='currency.earmark')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('earmark', 'transfer'), name='earmark_used_once_by_a_transfer'), models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='earmark_use_is_of_something')],
            },
        ),
        migrations.AddIndex(
            model_name='earmark',
            index=models.Index(condition=models.Q(('left_cents__gt', 0)), fields=['wallet'], name='earmark_left'),
        ),
        migrations.AddConstraint(
            model_name='earmark',
            constraint=models.CheckConstraint(condition=models.Q(('cents__gt', 0)), name='earmark_is_of_something'),
        ),
        migrations.AddConstraint(
            model_name='earmark',
            constraint=models.CheckConstraint(condition=models.Q(('left_cents__gte', 0), ('left_cents__lte', models.F('cents'))), name='earmark_left_within_what_was_paid'),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.CheckConstraint(condition=models.Q(('wallet__isnull', True), ('branch', ''), _connector='XOR'), name='accepted_by_an_account_or_a_branch'),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.CheckConstraint(condition=models.Q(('share_bp__gte', 1), ('share_bp__lte', 10000)), name='accepted_share_of_a_basket'),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.UniqueConstraint(fields=('purpose', 'wallet'), name='accepted_once_by_an_account'),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.UniqueConstraint(condition=models.Q(('branch', ''), _negated=True), fields=('purpose', 'branch'), name='accepted_once_by_a_branch'),
        ),
    ]
