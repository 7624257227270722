"""The door of a ledger founded by an earlier version becomes that of this one: same rules, written in fewer steps."""

from pathlib import Path

from django.db import migrations

DOOR = Path(__file__).parent.parent / "sql" / "door.sql"


def _replace(apps, schema_editor):
    schema_editor.execute(DOOR.read_text("utf-8"), params=None)


class Migration(migrations.Migration):
    dependencies = [("currency", "0007_purses")]
    #: nothing to undo: an earlier version finds functions of the same names and rules
    operations = [migrations.RunPython(_replace, migrations.RunPython.noop)]
