"""Addresses of certification: the person's, the office's, the Board's, the public's."""

from django.urls import path

from accounts.desk import both
from certification.views import board, file, office, person, public

app_name = "certification"

# /certification/… and /staff/people/<person>/certification/…
_FILE = "certification/<str:reference>/"
urlpatterns = [
    *both("certification/", file.mine, name="mine"),
    *both("certification/start/<str:designation>/", person.start, name="start"),
    *both("certification/papers/<str:reference>/", file.document, name="document"),
    *both(_FILE, file.file, name="file"),
    *both(_FILE + "questions/", person.answers, name="answers"),
    *both(_FILE + "ethics/", person.ethics, name="ethics"),
    *both(_FILE + "time/", person.time, name="time"),
    *both(_FILE + "send/", person.send, name="send"),
    *both(_FILE + "sent/", person.sent, name="sent"),
    *both(_FILE + "take-back/", person.withdraw, name="withdraw"),
]

# /staff/certification/… and /staff/meetings/…
_OFFICE = "staff/certification/<str:reference>/"
urlpatterns += [
    path("staff/certification/", office.files, name="office"),
    path(_OFFICE, office.file, name="office_file"),
    path(_OFFICE + "payment/", office.payment, name="payment"),
    path(_OFFICE + "payment/<int:pk>/back/", office.payment_back, name="payment_back"),
    path(_OFFICE + "missing/", office.missing, name="missing"),
    path(_OFFICE + "missing/<int:pk>/here/", office.fixed, name="fixed"),
    path(_OFFICE + "cosigned/", office.cosigned, name="cosigned"),
    path(_OFFICE + "complete/", office.complete, name="complete"),
    path(_OFFICE + "agenda/", office.on_agenda, name="on_agenda"),
    path("staff/meetings/", office.meetings, name="meetings"),
    path("staff/meetings/<str:reference>/", office.meeting, name="meeting"),
    path("staff/meetings/<str:reference>/cancel/", office.cancel_meeting, name="cancel_meeting"),
]

# /board/…
_LINE = "board/<str:meeting>/<int:number>/"
urlpatterns += [
    path("board/", board.board, name="board"),
    path("board/decide/", board.decide, name="decide"),
    path("board/decide/<str:reference>/", board.decide_file, name="decide_file"),
    path(_LINE, board.packet, name="packet"),
    path(_LINE + "vote/", board.vote, name="vote"),
    path(_LINE + "step-back/", board.recuse, name="recuse"),
    path(_LINE + "recommend/", board.recommend, name="recommend"),
]

# public
urlpatterns += [
    path("verify/", public.check_page, name="check"),
    path("api/v1/verify", public.check_api, name="check_api"),
    path("review-board/", public.review_board, name="review_board"),
    path("review-board/<str:reference>/", public.agenda, name="agenda"),
]
