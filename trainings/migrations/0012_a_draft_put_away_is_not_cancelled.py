"""A draft that is not used gets a status of its own; those cancelled before without having been published get it too."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def put_away(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    published = apps.get_model("audit", "Entry").objects.filter(
        event="trainings.session_published", subject_kind="trainings.trainingsession"
    )
    cancelled = apps.get_model("trainings", "TrainingSession").objects.filter(status="cancelled")
    cancelled.exclude(pk__in=published.values("subject_id")).update(status="discarded")


def cancel_again(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("trainings", "TrainingSession").objects.filter(status="discarded").update(status="cancelled")


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0011_a_course_has_a_flyer"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="trainingsession",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("published", "On the calendar"),
                    ("cancelled", "Cancelled"),
                    ("held", "Held"),
                    ("discarded", "Draft not used"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.RunPython(put_away, cancel_again),
    ]
