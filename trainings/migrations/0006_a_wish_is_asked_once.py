from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0005_what_moves_and_what_stays"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="asked_for",
            field=models.CharField(default="", editable=False, max_length=450),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="watch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("told_at", None)), fields=("asked_for",), name="one_open_watch_for_each_wish"
            ),
        ),
    ]
