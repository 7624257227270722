"""What was asked and what became of it never change; and what needs two people has two."""

from django.db import migrations

ONCE = """
CREATE FUNCTION association_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- a person who leaves is forgotten: that alone may change
    IF TG_OP = 'UPDATE' AND coalesce(to_jsonb(NEW) ->> 'made_by_id', to_jsonb(NEW) ->> 'by_id') IS NULL
       AND to_jsonb(NEW) - 'made_by_id' - 'by_id' = to_jsonb(OLD) - 'made_by_id' - 'by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'RL001';
END $$;
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON association_deed FOR EACH ROW EXECUTE FUNCTION association_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON association_decision FOR EACH ROW EXECUTE FUNCTION association_refuse();
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON association_notemove FOR EACH ROW EXECUTE FUNCTION association_refuse();

CREATE FUNCTION association_two_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.outcome = 'done' AND EXISTS (
        SELECT FROM association_deed d WHERE d.id = NEW.deed_id AND d.needs_two AND (d.made_by_id IS NULL OR d.made_by_id = NEW.by_id OR NEW.by_id IS NULL)
    ) THEN
        RAISE EXCEPTION 'two different people are needed' USING ERRCODE = 'RL004';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER two_people BEFORE INSERT ON association_decision FOR EACH ROW EXECUTE FUNCTION association_two_people();
"""

UNDO = """
DROP TRIGGER two_people ON association_decision; DROP FUNCTION association_two_people();
DROP TRIGGER written_once ON association_deed; DROP TRIGGER written_once ON association_decision;
DROP TRIGGER written_once ON association_notemove; DROP FUNCTION association_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("association", "0001_first")]
    operations = [migrations.RunSQL(ONCE, UNDO)]
