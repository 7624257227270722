"""The table of what all workers must know together: codes already used, tries counted."""

from django.core.management import call_command
from django.db import migrations


def _create(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("people", "0002_sign_in")]
    operations = [migrations.RunPython(_create, migrations.RunPython.noop)]
