"""Words to find people by, compared byte by byte on both databases; notes, which the database keeps as written."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Our words are folded already. SQLite compares bytes anyway; PostgreSQL would ask the language how to order them, and
# then one index could not serve both the start of a word and the order of the page.
BYTE_BY_BYTE = 'ALTER TABLE accounts_searchword ALTER COLUMN word TYPE varchar(100) COLLATE "C"'

POSTGRESQL = """
CREATE FUNCTION notes_stay_as_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notes stay as written' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER notes_stay_as_written BEFORE UPDATE OR DELETE ON accounts_note
    FOR EACH ROW EXECUTE FUNCTION notes_stay_as_written();
"""
POSTGRESQL_BACK = """
DROP TRIGGER notes_stay_as_written ON accounts_note;
DROP FUNCTION notes_stay_as_written();
"""
SQLITE = tuple(
    f"CREATE TRIGGER notes_refuse_{verb.lower()} BEFORE {verb} ON accounts_note "
    "BEGIN SELECT RAISE(ABORT, 'notes stay as written'); END"
    for verb in ("UPDATE", "DELETE")
)
SQLITE_BACK = ("DROP TRIGGER notes_refuse_update", "DROP TRIGGER notes_refuse_delete")


def forwards(apps: Any, schema_editor: Any) -> None:
    statements = (BYTE_BY_BYTE, POSTGRESQL) if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps: Any, schema_editor: Any) -> None:
    for statement in (POSTGRESQL_BACK,) if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_letters_kept_at_the_office"),
    ]

    operations = [
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("text", models.CharField(max_length=1000, verbose_name="note")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["person", "at", "id"], name="notes_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("by")), _negated=True), name="no_note_about_oneself"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=100)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["person", "word"], name="search_words_of")],
                "constraints": [models.UniqueConstraint(fields=("word", "person"), name="search_word_once")],
            },
        ),
        migrations.RunPython(forwards, backwards),
    ]
