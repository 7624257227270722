"""The door of a ledger founded by an earlier version becomes that of this one: a request is of one currency, days are days."""

from pathlib import Path

from django.db import migrations

DOOR = Path(__file__).parent.parent / "sql" / "door.sql"


def _replace(apps, schema_editor):
    schema_editor.execute(DOOR.read_text("utf-8"), params=None)


class Migration(migrations.Migration):
    dependencies = [("currency", "0012_keys_with_terms")]
    operations = [migrations.RunPython(_replace, migrations.RunPython.noop)]
