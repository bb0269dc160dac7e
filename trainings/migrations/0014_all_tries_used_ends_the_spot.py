"""Whoever used all tries before was left without an ending, and could not sign up again."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def end_spots(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    Registration = apps.get_model("trainings", "Registration")
    used_up = apps.get_model("trainings", "ExamAttempt").objects.filter(passed=False, next_try_on=None)
    still_open = Registration.objects.filter(status="confirmed", outcome__in=["", "make_up"])
    still_open.filter(pk__in=used_up.values("registration_id")).update(outcome="not_passed")


class Migration(migrations.Migration):
    dependencies = [
        ("trainings", "0013_a_number_to_call_in"),
    ]

    operations = [
        migrations.AlterField(
            model_name="registration",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("completed", "Completed"),
                    ("make_up", "Make-up open"),
                    ("ended_early", "Ended early"),
                    ("did_not_attend", "Did not attend"),
                    ("not_passed", "Not passed yet"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(end_spots, migrations.RunPython.noop),
    ]
