"""What was frozen or drawn never changes, whoever asks; a panel opened to registrations keeps its rule until it is drawn."""

from django.db import migrations

KEPT = """
CREATE FUNCTION panel_draw_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a frozen draw is not erased' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.panel_id, NEW.ordinal, NEW.source, NEW.draw_at, NEW.frozen, NEW.commitment_sha256, NEW.frozen_at)
     IS DISTINCT FROM
     (OLD.panel_id, OLD.ordinal, OLD.source, OLD.draw_at, OLD.frozen, OLD.commitment_sha256, OLD.frozen_at)
     OR (OLD.secret IS DISTINCT FROM NEW.secret AND NEW.secret IS NOT NULL)
     OR (OLD.drawn_at IS NOT NULL AND (NEW.transcript, NEW.drawn_at) IS DISTINCT FROM (OLD.transcript, OLD.drawn_at)) THEN
    RAISE EXCEPTION 'what was frozen or drawn does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER panel_draw_is_kept BEFORE UPDATE OR DELETE ON panel_draw
  FOR EACH ROW EXECUTE FUNCTION panel_draw_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("panel", "0001_first")]
    operations = [migrations.RunSQL(KEPT, "DROP TRIGGER panel_draw_is_kept ON panel_draw; DROP FUNCTION panel_draw_is_kept")]
