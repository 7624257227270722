"""The ledger, in a schema of its own: its tables, its door, its chain, its roles."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql"


def _run(apps, schema_editor):
    for name in ("tables", "chart", "door", "seal", "roles"):
        schema_editor.execute((SQL / f"{name}.sql").read_text("utf-8"), params=None)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("people", "0001_first")]
    #: no way back: a ledger is not dropped by a migration
    operations = [migrations.RunPython(_run)]
