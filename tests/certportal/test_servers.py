"""The tests run on the servers the portal runs on in production."""

import redis
from django.conf import settings
from django.db import connection


def test_the_database_of_the_tests_is_postgresql(db):
    with connection.cursor() as cursor:
        cursor.execute("select version()")

        assert cursor.fetchone()[0].startswith("PostgreSQL")


def test_the_broker_of_the_tests_answers_as_redis_does():
    assert redis.Redis.from_url(settings.REDIS_URL).ping()
