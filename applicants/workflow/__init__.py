"""Changes to applications and scholarships, one function per verb, split by what they change."""

from applicants.workflow.applications import (
    accept,
    answer,
    move_to_next,
    not_accept,
    return_to_person,
    send_for_next,
    start,
    submit,
    withdraw,
)
from applicants.workflow.awards import (
    accept_award,
    decline_award,
    give_back_money,
    offer_award,
    offer_next,
    release,
    settle_awards,
    stage,
)
from applicants.workflow.documents import add_spell, receive_document, remove_document, remove_spell, settle_document
from applicants.workflow.essays import keep_copy, save_essay, start_scholarship, submit_essay, withdraw_scholarship
from applicants.workflow.references import answer_reference, ask_reference, name_reference, take_back_reference
from applicants.workflow.reviews import assign, assign_round, declare_conflict, file_review, save_review
from applicants.workflow.rounds import close_rounds, end_rounds, open_round, record_round_change
from audit.reasons import NotAllowed

__all__ = [
    "NotAllowed",
    "accept",
    "accept_award",
    "add_spell",
    "answer",
    "answer_reference",
    "ask_reference",
    "assign",
    "assign_round",
    "close_rounds",
    "declare_conflict",
    "decline_award",
    "end_rounds",
    "file_review",
    "give_back_money",
    "keep_copy",
    "move_to_next",
    "name_reference",
    "not_accept",
    "offer_award",
    "offer_next",
    "open_round",
    "receive_document",
    "record_round_change",
    "release",
    "remove_document",
    "remove_spell",
    "return_to_person",
    "save_essay",
    "save_review",
    "send_for_next",
    "settle_awards",
    "settle_document",
    "stage",
    "start",
    "start_scholarship",
    "submit",
    "submit_essay",
    "take_back_reference",
    "withdraw",
    "withdraw_scholarship",
]
