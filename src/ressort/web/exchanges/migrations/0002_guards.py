"""Whoever writes: what is proposed does not change, a line goes between parties of its own agreement, a signature is never rewritten."""

from django.db import migrations

KEPT = """
CREATE FUNCTION exchanges_agreement_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'an agreement once proposed is not erased' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state <> 'draft'
     AND (NEW.type, NEW.title, NEW.purpose, NEW.first_year, NEW.last_year, NEW.tolerance_bp, NEW.shadow_rate_cents, NEW.conditions, NEW.governance)
     IS DISTINCT FROM
     (OLD.type, OLD.title, OLD.purpose, OLD.first_year, OLD.last_year, OLD.tolerance_bp, OLD.shadow_rate_cents, OLD.conditions, OLD.governance) THEN
    RAISE EXCEPTION 'what was proposed does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER exchanges_agreement_is_kept BEFORE UPDATE OR DELETE ON exchanges_agreement
  FOR EACH ROW EXECUTE FUNCTION exchanges_agreement_is_kept();

CREATE FUNCTION exchanges_draft_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text; about bigint;
BEGIN
  about := CASE WHEN TG_OP = 'DELETE' THEN OLD.agreement_id ELSE NEW.agreement_id END;
  SELECT state INTO held FROM exchanges_agreement WHERE id = about;
  IF held IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'what was proposed does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER exchanges_line_draft_only BEFORE INSERT OR UPDATE OR DELETE ON exchanges_line
  FOR EACH ROW EXECUTE FUNCTION exchanges_draft_only();
CREATE TRIGGER exchanges_party_draft_only BEFORE INSERT OR UPDATE OR DELETE ON exchanges_party
  FOR EACH ROW EXECUTE FUNCTION exchanges_draft_only();
CREATE TRIGGER exchanges_indicator_draft_only BEFORE INSERT OR UPDATE OR DELETE ON exchanges_indicator
  FOR EACH ROW EXECUTE FUNCTION exchanges_draft_only();

CREATE FUNCTION exchanges_line_between_its_parties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM exchanges_party WHERE id IN (NEW.giver_id, NEW.receiver_id) AND agreement_id = NEW.agreement_id) <> 2 THEN
    RAISE EXCEPTION 'a line goes between two parties of its agreement' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER exchanges_line_between_its_parties BEFORE INSERT OR UPDATE ON exchanges_line
  FOR EACH ROW EXECUTE FUNCTION exchanges_line_between_its_parties();

CREATE FUNCTION exchanges_signature_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text; about bigint;
BEGIN
  about := CASE WHEN TG_OP = 'DELETE' THEN OLD.party_id ELSE NEW.party_id END;
  SELECT state INTO held FROM exchanges_agreement JOIN exchanges_party ON exchanges_party.agreement_id = exchanges_agreement.id
    WHERE exchanges_party.id = about;
  IF TG_OP = 'INSERT' AND held IS DISTINCT FROM 'proposed' OR TG_OP = 'DELETE' AND held IS DISTINCT FROM 'draft' THEN
    RAISE EXCEPTION 'a signature is given to what is proposed, and withdrawn with it only' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.party_id, NEW.name, NEW.role, NEW.signed_on, NEW.reference, NEW.recorded_at)
     IS DISTINCT FROM (OLD.party_id, OLD.name, OLD.role, OLD.signed_on, OLD.reference, OLD.recorded_at) THEN
    RAISE EXCEPTION 'a signature is not rewritten' USING ERRCODE = 'check_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER exchanges_signature_is_kept BEFORE INSERT OR UPDATE OR DELETE ON exchanges_signature
  FOR EACH ROW EXECUTE FUNCTION exchanges_signature_is_kept();
"""
UNDONE = """
DROP TRIGGER exchanges_signature_is_kept ON exchanges_signature; DROP FUNCTION exchanges_signature_is_kept;
DROP TRIGGER exchanges_line_between_its_parties ON exchanges_line; DROP FUNCTION exchanges_line_between_its_parties;
DROP TRIGGER exchanges_indicator_draft_only ON exchanges_indicator; DROP TRIGGER exchanges_party_draft_only ON exchanges_party;
DROP TRIGGER exchanges_line_draft_only ON exchanges_line; DROP FUNCTION exchanges_draft_only;
DROP TRIGGER exchanges_agreement_is_kept ON exchanges_agreement; DROP FUNCTION exchanges_agreement_is_kept;
"""


class Migration(migrations.Migration):
    dependencies = [("exchanges", "0001_first")]
    operations = [migrations.RunSQL(KEPT, UNDONE)]
