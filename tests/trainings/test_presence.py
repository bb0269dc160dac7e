"""The meeting platform's file: every way it comes, what is wrong in it by line, and whose stay it is."""

from datetime import UTC, date, datetime

import pytest

from trainings import presence
from trainings.presence import Known

MORNING = datetime(2027, 9, 13, 14, 1, tzinfo=UTC)  # 9:01 Central
NOON = datetime(2027, 9, 13, 17, tzinfo=UTC)

FILES = {
    "one platform, with a block above": (
        b"Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\n"
        b"123,Class,09/13/2027 08:55:00 AM,09/13/2027 04:00:00 PM,host@example.org,425,2\n\n"
        b"Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest\n"
        b"Zo\xc3\xab Nu\xc3\xb1ez,zoe@example.org,09/13/2027 09:01:00 AM,09/13/2027 12:00:00 PM,179,Yes\n"
    ),
    "with a byte order mark": (
        b"\xef\xbb\xbfName,Email,Join Time,Leave Time\n"
        b"Zo\xc3\xab Nu\xc3\xb1ez,zoe@example.org,2027-09-13 09:01,2027-09-13 12:00\n"
    ),
    "old Windows letters and semicolons, 24 hours": (
        "Participant;E-mail;Joined;Left\nZoë Nuñez;ZOE@example.org;13.09.2027 09:01;13.09.2027 12:00\n".encode("cp1252")
    ),
    "another platform, UTF-16 and tabs, sections": (
        "1. Summary\nMeeting title\tClass\n\n2. Participants\n"
        "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tRole\n"
        "Zoë Nuñez\t9/13/27, 9:01:00 AM\t9/13/27, 12:00:00 PM\t2h 59m\tzoe@example.org\tAttendee\n\n"
        "3. In-Meeting Activities\nName\tJoin Time\tLeave Time\nsomebody\tx\ty\n"
    ).encode("utf-16"),
    "a third, times only, two name columns": (
        "First name,Last name,Email,Duration,Time joined,Time exited\n"
        "Zoë,Nuñez,zoe@example.org,2 hr 59 min,9:01 AM,12:00 PM\n"
    ).encode(),
    "the zone written out, and only how long": (
        "Name,Email,Joined,Duration\nZoë Nuñez,zoe@example.org,2027-09-13T14:01:00Z,179\n".encode()
    ),
    "a month in letters": (
        "Name,Email,Join Time,Leave Time\n"
        'Zoë Nuñez,zoe@example.org,"Sep 13, 2027 09:01:00 AM","Sep 13, 2027 12:00:00 PM"\n'
    ).encode(),
}


@pytest.mark.parametrize("raw", FILES.values(), ids=FILES.keys())
def test_a_list_is_read_whatever_platform_wrote_it(raw):
    read = presence.read_list(raw, day=date(2027, 9, 13))

    assert read.errors == ()
    [stay] = read.stays
    assert (stay.name, stay.email, stay.phone) == ("Zoë Nuñez", "zoe@example.org", "")
    assert (stay.joined_at, stay.left_at) == (MORNING, NOON)


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("16015550101", "16015550101"),
        ("+1 (601) 555-0101", "16015550101"),
        ("1601***0101", "1601***0101"),
        ("Call-in user 601-555-0101", "6015550101"),
        ("Room 12", ""),
        ("Ada", ""),
    ],
)
def test_who_called_in_is_known_by_a_number(name, digits):
    raw = f"Name,Join Time,Leave Time\n{name},09/13/2027 09:01 AM,09/13/2027 12:00 PM\n".encode()

    assert presence.read_list(raw).stays[0].phone == digits


def test_errors_are_told_by_line_and_nothing_else_comes_back():
    raw = (
        b"Name,Join Time,Leave Time\n"
        b"Ada,09/13/2027 09:00 AM,09/13/2027 12:00 PM\n"
        b"Bo,tomorrow,09/13/2027 12:00 PM\n"
        b"Cy,09/13/2027 09:00 AM,\n"
        b"Di,09/13/2027 01:00 PM,09/13/2027 12:00 PM\n"
        b",09/13/2027 01:00 PM,09/13/2027 02:00 PM\n"
    )

    read = presence.read_list(raw)

    assert read.stays == ()
    assert [(line, reason.code) for line, reason in read.errors] == [
        (3, "row_without_join_time"),
        (4, "row_without_end"),
        (5, "row_ends_before_it_begins"),
        (6, "row_without_name"),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "list_is_empty"),
        (b"Name,Join Time,Leave Time\n", "list_is_empty"),
        (b"PK\x03\x04 a workbook", "list_not_csv"),
        (b"Name,Favourite color\nAda,green\n", "list_without_columns"),
        (b"x" * (presence.MOST_BYTES + 1), "list_too_long"),
        (bytes(range(256)) * 4, "list_without_columns"),
    ],
)
def test_a_file_that_is_no_list_says_what_it_should_be(raw, code):
    read = presence.read_list(raw)

    assert read.stays == ()
    assert [reason.code for _line, reason in read.errors] == [code]


def test_a_time_alone_needs_a_day():
    raw = b"Name,Join Time,Leave Time\nAda,9:01 AM,12:00 PM\n"

    assert [reason.code for _line, reason in presence.read_list(raw).errors] == ["list_without_days"]


def test_the_hour_the_clock_repeats_is_read_and_not_refused():
    raw = b"Name,Join Time,Leave Time\nAda,11/07/2027 01:30 AM,11/07/2027 02:30 AM\n"

    [stay] = presence.read_list(raw).stays

    assert (stay.left_at - stay.joined_at).total_seconds() in (3600, 7200)


ZOE = Known(
    1, frozenset({"zoe@example.org"}), frozenset({"nunez zoe"}), frozenset({"maria nunez"}), frozenset({"+16015550101"})
)
ADA = Known(
    2, frozenset({"ada@example.org"}), frozenset({"ada"}), frozenset({"ada person"}), frozenset({"+16015550102"})
)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"name": "somebody", "email": "Zoe@Example.org"}, (1, "email")),
        ({"name": "Zoë Núñez (she/her)"}, (1, "name_in_use")),
        ({"name": "Nuñez, Maria"}, (1, "legal_name")),
        ({"name": "16015550102", "phone": "16015550102"}, (2, "phone")),
        ({"name": "1601***0102", "phone": "1601***0102"}, (2, "phone")),
        ({"name": "1601***", "phone": "1601***0199"}, (None, "")),
        ({"name": "iPhone"}, (None, "")),
    ],
)
def test_whose_stay_it_is_goes_by_email_then_names_then_phone(who, expected):
    assert presence.propose(**{"email": "", "phone": "", **who}, people=[ZOE, ADA]) == expected


def test_where_it_could_be_two_people_nobody_is_proposed():
    twin = Known(3, name_in_use=frozenset({"ada"}))

    assert presence.propose(name="Ada", email="", phone="", people=[ADA, twin]) == (None, "")


def test_minutes_are_counted_once_for_two_devices_and_only_inside_the_half_day():
    at = [MORNING.replace(minute=minute) for minute in (0, 10, 20, 40)]

    assert presence.minutes_in([(at[0], at[2]), (at[1], at[3])], at[0], NOON) == 40
    assert presence.minutes_in([(at[0], at[1]), (at[2], at[3])], at[0], NOON) == 30
    assert presence.minutes_in([(at[0], NOON)], at[3], at[3]) == 0
    assert presence.minutes_in([(at[0], NOON.replace(hour=23))], at[0], NOON) == 180
    assert presence.minutes_in([], at[0], NOON) == 0
