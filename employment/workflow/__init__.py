"""Changes to jobs, to the questions asked about them, and to the provider register."""

from audit.reasons import NotAllowed as NotAllowed
from employment.workflow.jobs import change_job as change_job
from employment.workflow.jobs import end_job as end_job
from employment.workflow.jobs import name_job as name_job
from employment.workflow.jobs import take_back_job as take_back_job
from employment.workflow.providers import change_provider as change_provider
from employment.workflow.providers import list_officer as list_officer
from employment.workflow.providers import list_provider as list_provider
from employment.workflow.providers import officer_left as officer_left
from employment.workflow.requests import answer as answer
from employment.workflow.requests import answer_by_phone as answer_by_phone
from employment.workflow.requests import answer_deadline as answer_deadline
from employment.workflow.requests import correct_verifier as correct_verifier
from employment.workflow.requests import mark_opened as mark_opened
from employment.workflow.requests import refuse_dead as refuse_dead
from employment.workflow.requests import run_out as run_out
from employment.workflow.requests import send_again as send_again
from employment.workflow.requests import send_request as send_request
from employment.workflow.requests import settle_address as settle_address
