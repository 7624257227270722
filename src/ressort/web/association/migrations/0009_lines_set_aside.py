"""Lines of the bank that concern no operation, set aside with a reason."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('association', '0008_households'),
    ]

    operations = [
        migrations.AddField(
            model_name='bankline',
            name='aside',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('aside', ''), ('deed__isnull', True), _connector='OR'), name='bank_line_aside_settles_nothing'),
        ),
    ]
