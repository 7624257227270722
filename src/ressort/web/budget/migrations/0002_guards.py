"""What no query, however it comes, may do to a vote."""

from django.db import migrations

GUARD = """
CREATE FUNCTION budget_ballot_guard() RETURNS trigger AS $$
DECLARE
    one budget_campaign%ROWTYPE;
BEGIN
    IF coalesce(current_setting('ressort.sealing', true), '') = 'on' THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'a ballot in the box cannot be touched' USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO one FROM budget_campaign WHERE id = NEW.campaign_id FOR SHARE;
    IF one.sealed_at IS NOT NULL THEN
        RAISE EXCEPTION 'the box is sealed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.method = 'internet' AND (clock_timestamp() < one.vote_opens_at OR clock_timestamp() >= one.vote_closes_at) THEN
        RAISE EXCEPTION 'the vote is not open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER budget_ballot_guard BEFORE INSERT OR UPDATE OR DELETE ON budget_ballot
    FOR EACH ROW EXECUTE FUNCTION budget_ballot_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("budget", "0001_first")]
    operations = [
        migrations.RunSQL(
            GUARD, "DROP TRIGGER budget_ballot_guard ON budget_ballot; DROP FUNCTION budget_ballot_guard();"
        )
    ]
