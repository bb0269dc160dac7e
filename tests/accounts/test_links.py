from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.links import link_token, open_link
from audit.reasons import NotAllowed

NOON = datetime(2027, 3, 2, 18, 0, tzinfo=UTC)
FORTNIGHT = timedelta(days=14)


def test_a_link_says_which_record_and_version_it_was_made_for():
    token = link_token(42, 3, purpose="job")

    assert open_link(token, purpose="job", max_age=FORTNIGHT) == (42, 3)


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "x", lambda token: "nonsense", lambda token: ""])
def test_a_changed_link_opens_nothing(change):
    with pytest.raises(NotAllowed, match="link_bad"):
        open_link(change(link_token(42, 3, purpose="job")), purpose="job", max_age=FORTNIGHT)


def test_a_link_for_one_purpose_does_not_serve_another():
    with pytest.raises(NotAllowed, match="link_bad"):
        open_link(link_token(42, 3, purpose="job"), purpose="reference", max_age=FORTNIGHT)


@pytest.mark.parametrize(("after", "is_open"), [(timedelta(days=14), True), (timedelta(days=14, seconds=1), False)])
def test_a_link_ends_after_its_fortnight(after, is_open):
    with time_machine.travel(NOON, tick=False):
        token = link_token(42, 3, purpose="job")
    with time_machine.travel(NOON + after, tick=False):
        if is_open:
            assert open_link(token, purpose="job", max_age=FORTNIGHT).pk == 42
        else:
            with pytest.raises(NotAllowed, match="link_expired"):
                open_link(token, purpose="job", max_age=FORTNIGHT)
