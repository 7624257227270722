"""An operation for what an association held before it came here; and who proposed it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("association", "0002_written_once"), ("currency", "0001_ledger"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.RunSQL("INSERT INTO ledger.operation (id, code) VALUES (39, 'opening_balance') ON CONFLICT DO NOTHING", migrations.RunSQL.noop),
    ]
