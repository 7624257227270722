"""A line of the bank knows its file, and whether another file may have told it; gifts know their operations; a month refused is not paid."""

from django.db import migrations, models

# which file told the lines kept until now is not known: those of one account, day and amount are doubted, until somebody says
DOUBTED = """
UPDATE association_bankline l SET doubted = true WHERE EXISTS (
    SELECT FROM association_bankline o
     WHERE o.id <> l.id AND (o.currency, o.account, o.day, o.amount_cents) = (l.currency, l.account, l.day, l.amount_cents)
)
"""
# gifts name their operations: those decided before are found by the days written in their reason
DEEDS = """
INSERT INTO association_gifts_deeds (gifts_id, deed_id)
SELECT g.id, d.id FROM association_gifts g JOIN association_deed d ON d.currency = g.currency AND d.operation = 'donation_in_local'
   AND d.reverses_id IS NULL AND d.reason = to_char(g.since, 'YYYY-MM-DD') || ' – ' || to_char(g.until, 'YYYY-MM-DD')
"""

# a month that was refused is not paid: it may be asked for again
REFUSED = """
DELETE FROM association_allowance a USING association_decision d WHERE d.deed_id = a.deed_id AND d.outcome = 'refused'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0011_gifts'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankline',
            name='doubted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='bankline',
            name='file',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.RunSQL(DOUBTED, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='gifts',
            name='deeds',
            field=models.ManyToManyField(related_name='+', to='association.deed'),
        ),
        migrations.RunSQL(DEEDS, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSED, migrations.RunSQL.noop),
    ]
