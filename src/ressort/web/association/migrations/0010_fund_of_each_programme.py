"""Each programme has a fund of its own in the ledger; whoever comes back to one keeps what was written of before."""

import django.db.models.deletion
from django.db import migrations, models

# until now the programmes of a currency shared one account: those keep it, and their report says that it is shared
SHARED = """
UPDATE association_programme p SET pot = (
    SELECT min(a.id) FROM ledger.account a JOIN ledger.kind k ON k.id = a.kind WHERE a.currency = p.currency AND k.code = 'allowance_pot'
)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0009_lines_set_aside'),
        ('currency', '0012_keys_with_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='programme',
            name='pot',
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(SHARED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='programme',
            name='pot',
            field=models.BigIntegerField(),
        ),
        migrations.AddField(
            model_name='deed',
            name='programme',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='association.programme'),
        ),
        migrations.RemoveConstraint(
            model_name='beneficiary',
            name='beneficiary_once_in_a_programme',
        ),
        migrations.AddConstraint(
            model_name='beneficiary',
            constraint=models.UniqueConstraint(condition=models.Q(('left_on__isnull', True)), fields=('programme', 'wallet'), name='beneficiary_once_at_a_time'),
        ),
    ]
