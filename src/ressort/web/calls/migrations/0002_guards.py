"""What the database itself refuses, whoever asks: rules changed after publication, payments edited or that do not sum up."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION calls_rules_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.published_at IS NOT NULL AND
     (NEW.kind, NEW.code, NEW.eligibility, NEW.opens_at, NEW.closes_at, NEW.envelope_cents, NEW.rules, NEW.grid, NEW.questions,
      NEW.commitments, NEW.is_blind, NEW.published_at)
     IS DISTINCT FROM
     (OLD.kind, OLD.code, OLD.eligibility, OLD.opens_at, OLD.closes_at, OLD.envelope_cents, OLD.rules, OLD.grid, OLD.questions,
      OLD.commitments, OLD.is_blind, OLD.published_at) THEN
    RAISE EXCEPTION 'the rules of a published call do not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calls_rules_are_frozen BEFORE UPDATE ON calls_call FOR EACH ROW EXECUTE FUNCTION calls_rules_are_frozen();
"""
KEPT = """
CREATE FUNCTION calls_money_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'calls_payment' THEN
    IF OLD.paid_on IS NULL AND (NEW.decision_id, NEW.label, NEW.due_on, NEW.amount_cents)
       IS NOT DISTINCT FROM (OLD.decision_id, OLD.label, OLD.due_on, OLD.amount_cents) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'what was planned, paid or taken back is neither edited nor erased' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER calls_payment_is_kept BEFORE UPDATE OR DELETE ON calls_payment
  FOR EACH ROW EXECUTE FUNCTION calls_money_is_kept();
CREATE TRIGGER calls_recovery_is_kept BEFORE UPDATE OR DELETE ON calls_recovery
  FOR EACH ROW EXECUTE FUNCTION calls_money_is_kept();
"""
WHOLE = """
CREATE FUNCTION calls_payments_sum_to_the_grant() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  whole bigint;
  parts numeric;
BEGIN
  SELECT base_cents + bonus_cents INTO whole FROM calls_decision WHERE id = NEW.decision_id;
  SELECT sum(amount_cents) INTO parts FROM calls_payment WHERE decision_id = NEW.decision_id;
  IF parts IS DISTINCT FROM whole THEN
    RAISE EXCEPTION 'the payments of a grant sum to it' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER calls_payments_sum_to_the_grant AFTER INSERT ON calls_payment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION calls_payments_sum_to_the_grant();
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_first")]
    operations = [
        migrations.RunSQL(FROZEN, "DROP TRIGGER calls_rules_are_frozen ON calls_call; DROP FUNCTION calls_rules_are_frozen"),
        migrations.RunSQL(
            KEPT,
            "DROP TRIGGER calls_payment_is_kept ON calls_payment; DROP TRIGGER calls_recovery_is_kept ON calls_recovery; "
            "DROP FUNCTION calls_money_is_kept",
        ),
        migrations.RunSQL(
            WHOLE,
            "DROP TRIGGER calls_payments_sum_to_the_grant ON calls_payment; DROP FUNCTION calls_payments_sum_to_the_grant",
        ),
    ]
