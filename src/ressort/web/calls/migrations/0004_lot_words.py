"""The public words of the lot, written once: from then on neither they nor the order they give can change."""

from django.db import migrations, models

DRAWN_ONCE = """
CREATE FUNCTION calls_lot_is_drawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.lot_words <> '' AND (NEW.lot_words, NEW.draw) IS DISTINCT FROM (OLD.lot_words, OLD.draw) THEN
    RAISE EXCEPTION 'the lot of a call is drawn once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER calls_lot_is_drawn_once BEFORE UPDATE ON calls_call FOR EACH ROW EXECUTE FUNCTION calls_lot_is_drawn_once();
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_spare_link_and_effect")]
    operations = [
        migrations.AddField(
            model_name="call", name="lot_words", field=models.CharField(blank=True, max_length=120)
        ),
        migrations.RunSQL(
            DRAWN_ONCE, "DROP TRIGGER calls_lot_is_drawn_once ON calls_call; DROP FUNCTION calls_lot_is_drawn_once"
        ),
    ]
