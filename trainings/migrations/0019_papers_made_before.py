"""Papers about earlier completions are made, or about to be: the scores they rest on stay as they are."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_certificates(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    completions = apps.get_model("trainings", "Completion").objects.filter(certificate_at=None)
    completions.update(certificate_at=models.F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [("trainings", "0018_a_score_is_put_right")]

    operations = [migrations.RunPython(note_certificates, migrations.RunPython.noop)]
