"""Names of what can happen to a job and to the question asked about it."""

from enum import StrEnum


class EmploymentEvent(StrEnum):
    JOB_NAMED = "employment.job_named"
    JOB_CHANGED = "employment.job_changed"
    JOB_TAKEN_BACK = "employment.job_taken_back"
    JOB_ENDED = "employment.job_ended"
    ADDRESS_ASKED = "employment.address_asked"
    ADDRESS_APPROVED = "employment.address_approved"
    ADDRESS_REFUSED = "employment.address_refused"
    REQUEST_SENT = "employment.request_sent"
    REQUEST_OPENED = "employment.request_opened"
    REQUEST_REPLACED = "employment.request_replaced"
    REQUEST_RAN_OUT = "employment.request_ran_out"
    JOB_VERIFIED = "employment.job_verified"  # as the person had said it
    JOB_CORRECTED = "employment.job_corrected"  # verified too, with the verifier's facts
    MISADDRESSED = "employment.misaddressed"
    NOT_EMPLOYED = "employment.not_employed"
    PROVIDER_LISTED = "employment.provider_listed"
    PROVIDER_CHANGED = "employment.provider_changed"
    OFFICER_LISTED = "employment.officer_listed"
    OFFICER_LEFT = "employment.officer_left"
