from datetime import UTC, datetime

from audit.sweep import each_alone

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)


def test_a_part_that_stumbles_stops_no_other_and_is_named_in_the_log(caplog):
    done = []

    def first(at):
        done.append(("first", at))

    def broken(at):
        raise RuntimeError("out of order")

    def last(at):
        done.append(("last", at))

    each_alone("a room", (first, broken, last), at=NOON)

    assert done == [("first", NOON), ("last", NOON)]
    assert "a room: broken" in caplog.text and "out of order" in caplog.text
