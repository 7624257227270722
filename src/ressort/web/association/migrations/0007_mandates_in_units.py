"""Mandates in units: what is taken, from when, and what became of each period."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

ONCE = """
-- what was asked is what is accepted; a person who leaves is forgotten
CREATE TRIGGER written_once BEFORE UPDATE ON association_mandate FOR EACH ROW EXECUTE FUNCTION association_refuse();
CREATE TRIGGER written_once BEFORE UPDATE ON association_mandatechange FOR EACH ROW EXECUTE FUNCTION association_refuse();

CREATE FUNCTION association_mandate_debit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.outcome = 'paid' OR NEW.mandate_id <> OLD.mandate_id OR NEW.period <> OLD.period) THEN
        RAISE EXCEPTION 'a debit that was paid does not change' USING ERRCODE = 'RL001';
    END IF;
    IF NEW.outcome = 'paid' AND NOT EXISTS (SELECT FROM association_mandatechange WHERE mandate_id = NEW.mandate_id AND state = 'accepted')
       OR NEW.outcome = 'paid' AND EXISTS (SELECT FROM association_mandatechange WHERE mandate_id = NEW.mandate_id AND state = 'revoked') THEN
        RAISE EXCEPTION 'nothing is taken without a mandate in force' USING ERRCODE = 'RL004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_force BEFORE INSERT OR UPDATE ON association_mandatedebit FOR EACH ROW EXECUTE FUNCTION association_mandate_debit();
"""
UNDO = """
DROP TRIGGER written_once ON association_mandate; DROP TRIGGER written_once ON association_mandatechange;
DROP TRIGGER in_force ON association_mandatedebit; DROP FUNCTION association_mandate_debit();
"""


class Migration(migrations.Migration):
    dependencies = [("association", "0006_kept_for_a_purpose")]
    operations = [
        migrations.RemoveField(model_name="mandate", name="next_on"),
        migrations.RemoveField(model_name="mandate", name="tried"),
        migrations.AddField(
            model_name="mandate", name="first_on", field=models.DateField(default=django.utils.timezone.localdate), preserve_default=False
        ),
        migrations.AddField(model_name="mandate", name="for_dues", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="deed", name="payee", field=models.BigIntegerField(null=True)),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(for_dues=False) | models.Q(is_recurring=True), name="mandate_of_dues_goes_on"
            ),
        ),
        migrations.CreateModel(
            name="MandateDebit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("period", models.DateField()),
                ("due_on", models.DateField()),
                ("amount_cents", models.BigIntegerField()),
                ("outcome", models.CharField(choices=[("paid", "paid"), ("refused", "refused")], max_length=7)),
                ("reason", models.CharField(blank=True, max_length=40)),
                ("tried", models.PositiveSmallIntegerField()),
                ("tried_on", models.DateField()),
                ("retry_on", models.DateField(null=True)),
                (
                    "deed",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mandate_debit", to="association.deed"
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="debits", to="association.mandate"),
                ),
            ],
            options={
                "ordering": ("-due_on", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("mandate", "period"), name="mandate_debit_once_a_period"),
                    models.CheckConstraint(condition=models.Q(amount_cents__gt=0), name="mandate_debit_of_something"),
                    models.CheckConstraint(
                        condition=models.Q(outcome="paid", deed__isnull=False, retry_on__isnull=True)
                        | models.Q(outcome="refused", deed__isnull=True),
                        name="mandate_debit_paid_by_a_deed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ONCE, UNDO),
    ]
