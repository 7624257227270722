"""Mandates, monthly credits and direct debits; dues paid at the bank."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


ONCE = """
CREATE FUNCTION association_debit_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_agreed boolean;
BEGIN
    SELECT agreed_at IS NOT NULL INTO is_agreed FROM association_collection WHERE id = OLD.collection_id;
    IF TG_OP = 'DELETE' THEN
        IF is_agreed THEN RAISE EXCEPTION 'a debit agreed to is not erased' USING ERRCODE = 'RL001'; END IF;
        RETURN OLD;
    END IF;
    -- what is collected from whom stays; links to a member who left may be cut; an outcome goes forward only
    IF (NEW.collection_id, NEW.account, NEW.amount_cents, NEW.mandate_reference, NEW.period)
       IS DISTINCT FROM (OLD.collection_id, OLD.account, OLD.amount_cents, OLD.mandate_reference, OLD.period)
       OR NEW.outcome <> OLD.outcome AND NOT (OLD.outcome = 'waiting' AND NEW.outcome IN ('collected', 'rejected')
                                              OR OLD.outcome = 'collected' AND NEW.outcome = 'returned')
       OR OLD.deed_id IS NOT NULL AND NEW.deed_id IS DISTINCT FROM OLD.deed_id THEN
        RAISE EXCEPTION 'a debit goes forward only' USING ERRCODE = 'RL001';
    END IF;
    IF NOT is_agreed AND NEW.outcome <> 'waiting' THEN
        RAISE EXCEPTION 'nothing is collected before two people agreed' USING ERRCODE = 'RL004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goes_forward BEFORE UPDATE OR DELETE ON association_debit FOR EACH ROW EXECUTE FUNCTION association_debit_once();

CREATE FUNCTION association_collection_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.agreed_at IS NOT NULL THEN RAISE EXCEPTION 'a collection agreed to is not erased' USING ERRCODE = 'RL001'; END IF;
        RETURN OLD;
    END IF;
    IF (NEW.currency, NEW.purpose, NEW."on", NEW.made_at) IS DISTINCT FROM (OLD.currency, OLD.purpose, OLD."on", OLD.made_at)
       OR OLD.agreed_at IS NOT NULL AND NEW.agreed_at IS DISTINCT FROM OLD.agreed_at
       OR OLD.bank_line_id IS NOT NULL AND NEW.bank_line_id IS DISTINCT FROM OLD.bank_line_id
       OR OLD.agreed_at IS NULL AND NEW.agreed_at IS NOT NULL AND (NEW.made_by_id IS NULL OR NEW.agreed_by_id IS NULL) THEN
        RAISE EXCEPTION 'a collection is written once, and agreed to by somebody else' USING ERRCODE = 'RL004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON association_collection FOR EACH ROW EXECUTE FUNCTION association_collection_once();
"""
UNDO = """
DROP TRIGGER goes_forward ON association_debit; DROP FUNCTION association_debit_once();
DROP TRIGGER written_once ON association_collection; DROP FUNCTION association_collection_once();
"""
OPERATION = "INSERT INTO ledger.operation (id, code) VALUES (40, 'dues_at_bank') ON CONFLICT DO NOTHING"


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0004_public_money'),
        ('currency', '0006_telephones'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.SmallIntegerField()),
                ('purpose', models.CharField(choices=[('credits', 'monthly credits'), ('dues', 'dues')], max_length=7)),
                ('on', models.DateField()),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('agreed_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='Debit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mandate_reference', models.CharField(max_length=35)),
                ('account', models.BigIntegerField()),
                ('amount_cents', models.BigIntegerField()),
                ('period', models.DateField()),
                ('outcome', models.CharField(choices=[('waiting', 'waiting'), ('collected', 'collected'), ('rejected', 'rejected by the bank'), ('returned', 'returned after it was collected')], default='waiting', max_length=9)),
                ('reason', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='MonthlyCredit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount_cents', models.BigIntegerField()),
                ('since', models.DateField()),
                ('stopped_on', models.DateField(null=True)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='SepaMandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=35, unique=True)),
                ('holder', models.CharField(max_length=70)),
                ('iban', models.CharField(max_length=34)),
                ('signed_on', models.DateField(null=True)),
                ('revoked_on', models.DateField(null=True)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('-pk',),
            },
        ),
        migrations.AddField(
            model_name='bankline',
            name='reason',
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AddField(
            model_name='rules',
            name='credit_least_cents',
            field=models.BigIntegerField(default=2000),
        ),
        migrations.AddField(
            model_name='rules',
            name='prenotice_days',
            field=models.PositiveIntegerField(default=14),
        ),
        migrations.AddConstraint(
            model_name='rules',
            constraint=models.CheckConstraint(condition=models.Q(('credit_least_cents__gt', 0)), name='rules_least_credit_of_something'),
        ),
        migrations.AddField(
            model_name='collection',
            name='agreed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collection',
            name='bank_line',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='collection', to='association.bankline'),
        ),
        migrations.AddField(
            model_name='collection',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='debit',
            name='back',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debit_returned', to='association.deed'),
        ),
        migrations.AddField(
            model_name='debit',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='debits', to='association.collection'),
        ),
        migrations.AddField(
            model_name='debit',
            name='deed',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='debit', to='association.deed'),
        ),
        migrations.AddField(
            model_name='debit',
            name='dues',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debits', to='association.dues'),
        ),
        migrations.AddField(
            model_name='monthlycredit',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='monthly_credits', to='association.member'),
        ),
        migrations.AddField(
            model_name='debit',
            name='credit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debits', to='association.monthlycredit'),
        ),
        migrations.AddField(
            model_name='sepamandate',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sepa_mandates', to='association.member'),
        ),
        migrations.AddField(
            model_name='sepamandate',
            name='recorded_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='debit',
            name='mandate',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='debits', to='association.sepamandate'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['credits', 'dues'])), name='collection_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by__isnull', True), models.Q(('agreed_by', models.F('made_by')), _negated=True), _connector='OR'), name='collection_needs_two'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(('agreed_by__isnull', True), ('agreed_at__isnull', False), _connector='OR'), name='collection_agreed_at_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(('bank_line__isnull', True), ('agreed_at__isnull', False), _connector='OR'), name='collection_settled_once_agreed'),
        ),
        migrations.AddConstraint(
            model_name='monthlycredit',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_on__isnull', True)), fields=('member',), name='monthly_credit_running_once'),
        ),
        migrations.AddConstraint(
            model_name='monthlycredit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='monthly_credit_of_something'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_on__isnull', True)), fields=('member',), name='sepa_mandate_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reference', ''), _negated=True), models.Q(('holder', ''), _negated=True), models.Q(('iban', ''), _negated=True)), name='sepa_mandate_names_all'),
        ),
        migrations.AddConstraint(
            model_name='sepamandate',
            constraint=models.CheckConstraint(condition=models.Q(('revoked_on__isnull', True), ('signed_on__isnull', True), ('revoked_on__gte', models.F('signed_on')), _connector='OR'), name='sepa_mandate_revoked_after_signed'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_cents__gt', 0)), name='debit_of_something'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['waiting', 'collected', 'rejected', 'returned'])), name='debit_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deed__isnull', False), ('outcome__in', ['collected', 'returned'])), models.Q(('deed__isnull', True), ('outcome__in', ['waiting', 'rejected'])), _connector='OR'), name='debit_collected_by_a_deed'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('back__isnull', False), ('outcome', 'returned')), models.Q(models.Q(('outcome', 'returned'), _negated=True), ('back__isnull', True)), _connector='OR'), name='debit_returned_by_a_deed'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.UniqueConstraint(fields=('collection', 'account'), name='debit_once_in_a_collection'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome__in', ['waiting', 'collected'])), fields=('credit', 'period'), name='debit_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='debit',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome__in', ['waiting', 'collected'])), fields=('dues',), name='debit_of_dues_once'),
        ),
        migrations.RunSQL(OPERATION, migrations.RunSQL.noop),
        migrations.RunSQL(ONCE, UNDO),
    ]
