"""The tools of the browser tests: each can fail."""

import pytest
from playwright.sync_api import expect

BAD = "<!doctype html><html lang='en'><title>t</title><main><h1>h</h1><img src='x.png'><a href='#'></a></main></html>"
GOOD = "<!doctype html><html lang='en'><title>t</title><main><h1>h</h1><p>Words.</p></main></html>"


@pytest.mark.parametrize("scripts", [True, False])
def test_the_accessibility_check_sees_what_is_wrong_with_scripts_on_and_off(open_page, axe, scripts):
    page = open_page(scripts=scripts)
    page.set_content(BAD)

    assert sorted(one.rule for one in axe(page)) == ["image-alt", "link-name"]


@pytest.mark.parametrize("scripts", [True, False])
def test_the_accessibility_check_lets_a_good_page_pass(open_page, axe, scripts):
    page = open_page(scripts=scripts)
    page.set_content(GOOD)

    assert axe(page) == []


def test_small_targets_are_seen(page, axe):
    page.set_content(
        "<!doctype html><html lang='en'><title>t</title><main><h1>h</h1>"
        "<style>button { width: 9px; height: 9px; padding: 0 }</style><button>a</button><button>b</button>"
        "</main></html>"
    )

    assert "target-size" in [one.rule for one in axe(page)]


def test_the_worker_does_what_it_is_told(worker, transactional_db):
    from django.core.cache import cache

    from certportal.tasks import heartbeat
    from tests.stack import wait_until

    heartbeat.delay()

    wait_until(lambda: cache.get("worker-heartbeat") is not None, 60)


def test_the_mail_sink_keeps_what_it_gets_and_can_be_away(smtp_sink):
    from django.core.mail import EmailMessage, get_connection

    server = get_connection("django.core.mail.backends.smtp.EmailBackend", host="127.0.0.1", port=smtp_sink.port)
    EmailMessage("One", "Words.", to=["a@example.org"], connection=server).send()

    smtp_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        EmailMessage("Two", "Words.", to=["a@example.org"], connection=server).send()
    smtp_sink.start()

    assert [message["Subject"] for message in smtp_sink.messages] == ["One"]


def test_an_unscripted_page_still_answers_the_test(open_page):
    page = open_page(scripts=False, width=320)
    page.set_content("<noscript><p>No scripts here.</p></noscript>")

    expect(page.get_by_text("No scripts here.")).to_be_visible()
