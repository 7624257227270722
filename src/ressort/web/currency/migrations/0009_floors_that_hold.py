"""A floor may stand above zero: it then holds units back, as those of an allowance are."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"
WIDER = """
ALTER DOMAIN ledger.floor DROP CONSTRAINT floor_within_range;
ALTER DOMAIN ledger.floor ADD CONSTRAINT floor_within_range CHECK (VALUE BETWEEN -1000000000000000000 AND 1000000000000000000);
"""


def _widen(apps, schema_editor):
    schema_editor.execute(WIDER, params=None)
    for name in ("door.sql", "roles.sql"):
        schema_editor.execute((SQL / name).read_text("utf-8"), params=None)


class Migration(migrations.Migration):
    dependencies = [("currency", "0008_door_again")]
    operations = [migrations.RunPython(_widen, migrations.RunPython.noop)]
