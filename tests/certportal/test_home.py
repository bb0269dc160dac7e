"""The front page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_front_page_leads_to_trainings_scholarships_and_the_check_of_certificates(client: Client) -> None:
    page = client.get("/").content.decode()

    assert {'href="/trainings/"', 'href="/scholarships/"', 'href="/verify/"'} == {
        link for link in ('href="/trainings/"', 'href="/scholarships/"', 'href="/verify/"') if link in page
    }
