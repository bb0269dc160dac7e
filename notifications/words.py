"""The sentence for each reason this app gives, and what the office reads about a message that did not leave."""

from django.utils.translation import gettext as _

SENTENCES = {
    "message_not_stuck": lambda: _("This message has left already, or is not needed any more."),
    "sign_in_mail_is_old": lambda: _("A sign-in message is not sent again. The person asks for a new one."),
}

PROBLEMS = {
    "refused": lambda: _("The mail server does not take mail for this address. Ask the person for another one."),
    "not_taken": lambda: _("The mail server did not take this message."),
    "bad_address": lambda: _("This is not an address mail can go to. Ask the person for another one."),
    "not_written": lambda: _("We could not write this message. Tell the people who run this site."),
    "too_often": lambda: _("We tried many times. The mail server did not answer."),
}


def problem(code: str) -> str:
    """In words; a code we do not know is a note of the mail server and stands as it is."""
    sentence = PROBLEMS.get(code)
    return str(sentence()) if sentence else code
