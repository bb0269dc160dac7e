from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0010_calendars_hear_of_every_change"),
    ]

    operations = [
        migrations.AddField(
            model_name="course",
            name="flyer",
            field=models.FileField(blank=True, editable=False, upload_to="", verbose_name="flyer"),
        ),
    ]
