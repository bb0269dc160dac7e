"""The sentence for each reason this app gives."""

from django.utils.translation import gettext as _

SENTENCES = {
    "own_matter": lambda: _("This is about you, so someone else has to do it."),
    "story_closed": lambda: _("These words are private. You may not open them."),
    "email_taken": lambda: _("Another record has this e-mail. Look the person up by e-mail first."),
    "helper_is_yourself": lambda: _("This is your own e-mail. Write the e-mail of the person who helps you."),
    "too_many_helpers": lambda: _("You named many people today. Try again tomorrow, or call us."),
    "link_expired": lambda: _("This link is too old to use. Ask us to send you a new one."),
    "link_bad": lambda: _("This link does not work. A newer one may have taken its place."),
}
