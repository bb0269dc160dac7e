"""The label of a block's last day reads as on the screens."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trainings", "0016_a_session_has_a_team")]

    operations = [
        migrations.AlterField(
            model_name="block",
            name="until_on",
            field=models.DateField(verbose_name="they can sign up until the end of"),
        ),
    ]
