"""The database itself refuses to change or delete history, whoever asks."""

from typing import Any

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION history_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is written once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER history_is_written_once BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION history_is_written_once();
"""
POSTGRESQL_BACK = """
DROP TRIGGER history_is_written_once ON audit_entry;
DROP FUNCTION history_is_written_once();
"""
SQLITE = tuple(
    f"CREATE TRIGGER history_refuses_{verb.lower()} BEFORE {verb} ON audit_entry "
    "BEGIN SELECT RAISE(ABORT, 'history is written once'); END"
    for verb in ("UPDATE", "DELETE")
)
SQLITE_BACK = ("DROP TRIGGER history_refuses_update", "DROP TRIGGER history_refuses_delete")


def forwards(apps: Any, schema_editor: Any) -> None:
    for statement in (POSTGRESQL,) if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in (POSTGRESQL_BACK,) if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
