"""Page by page by the key of the last row: nobody is left out, nobody comes twice, and the index is where it starts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict

from accounts.models import User
from accounts.paging import count_up_to, page_of

pytestmark = pytest.mark.django_db

DAY = datetime(2027, 3, 3, 18, tzinfo=UTC)


@pytest.fixture
def everybody():
    """Seven people; three of them joined at the same moment."""
    moments = [DAY, DAY, DAY, *(DAY + timedelta(days=number) for number in range(1, 5))]
    return [User.objects.create_user(joined_at=moment) for moment in moments]


def read(link="", **more):
    return page_of(User.objects.all(), QueryDict(link.lstrip("?")), by=("joined_at", "pk"), per_page=3, **more)


def test_going_on_shows_each_row_once_and_going_back_shows_the_same_pages(everybody):
    pages = [read()]
    while pages[-1].on:
        pages.append(read(pages[-1].on))
    back = [pages[-1]]
    while back[-1].back:
        back.append(read(back[-1].back))

    assert [row for page in pages for row in page] == everybody
    assert [list(page) for page in back[::-1]] == [list(page) for page in pages]
    assert (pages[0].back, pages[-1].on, back[-1].back) == ("", "", "")


def test_newest_first_is_the_same_the_other_way_round(everybody):
    first = read(newest_first=True)
    second = read(first.on, newest_first=True)

    assert list(first) + list(second) == everybody[:0:-1]
    assert list(read(second.back, newest_first=True)) == list(first)


def test_a_row_that_comes_in_between_moves_nobody_off_a_later_page(everybody):
    first = read()
    User.objects.create_user(joined_at=DAY - timedelta(days=1))

    assert list(read(first.on)) == everybody[3:6]


@pytest.mark.parametrize("key", ["nonsense", "2027-03-03~x", "~", "9999-99-99~1", "2027-03-03T18:00:00+00:00~1~2"])
def test_a_key_that_makes_no_sense_is_the_first_page(everybody, key):
    assert list(read(f"?after={key}")) == everybody[:3]


def test_the_filters_stay_in_the_links_and_the_old_key_does_not(everybody):
    page = read("?q=an+drew&after=" + read().on.partition("after=")[2])

    assert page.on.startswith("?q=an+drew&after=") and page.on.count("after=") == 1
    assert page.back.startswith("?q=an+drew&before=")


def test_the_database_compares_the_whole_key_at_once(everybody, django_assert_num_queries):
    with django_assert_num_queries(1) as told:
        read("?after=2027-03-03T18%3A00%3A00%2B00%3A00~1")

    assert '("accounts_user"."joined_at", "accounts_user"."id") > ' in told.captured_queries[0]["sql"]
    assert connection.vendor == "postgresql"


def test_a_count_stops_where_it_is_told(everybody):
    assert count_up_to(User.objects.all(), 5) == 6
    assert count_up_to(User.objects.all(), 7) == 7
