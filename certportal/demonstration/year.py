"""The year: who does what on which day, relative to today."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import applicants.papers
import applicants.workflow
import certification.workflow
import employment.workflow
import trainings.workflow
from accounts.models import User
from applicants.models import Award, ScholarshipRound, TrainingApplication
from certification.models import CertificationApplication, Meeting
from certportal.demonstration import places, stories
from certportal.demonstration.clock import Clock, weekday_near
from certportal.demonstration.people import PEERS, open_sign_ins
from employment.models import Provider
from notifications import reminders, sending
from notifications import workflow as messages
from notifications.models import Message
from programs.calendar import local_day
from trainings.models import TrainingSession

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = range(4)
CPSS = ("CPSSP-MH", "CPSSP-SU", "CPSSP-Y", "CPSSP-P")


def daily_round(at: datetime) -> None:
    """What the worker's schedule does, at this moment of the demonstration's clock."""
    trainings.workflow.keep_time(at=at)
    applicants.papers.check_all(at=at)
    applicants.workflow.close_rounds(at=at)
    applicants.workflow.settle_awards(at=at)
    applicants.workflow.end_rounds(at=at)
    employment.workflow.run_out(at)
    certification.workflow.fill_agendas(at=at)
    certification.workflow.make_papers(at=at)
    reminders.plan(at=at)
    while sending.send_due(at=at):
        pass


class Year:
    """Everything is planned first, then lived through in time order."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = local_day(now)
        self.clock = Clock(daily_round)
        self.people: dict[str, User] = {}
        self.staff: dict[str, User] = {}
        self.providers: dict[str, Provider] = {}
        self.sessions: dict[str, TrainingSession] = {}
        self.rounds: dict[str, ScholarshipRound] = {}
        self.meetings: dict[str, Meeting] = {}
        self.files: dict[str, CertificationApplication] = {}

    def live(self) -> None:
        self.clock.every_day(self.day(-230), self.today)
        self._prepare()
        self._past_class()
        self._jobs()
        self._certifications()
        self._coming_class()
        self._open_class()
        self._later_classes()
        self._mail()
        self.clock.run(self.now)

    def day(self, number: int) -> date:
        """So many days from today; weekends move to Monday."""
        day = self.today + timedelta(days=number)
        return weekday_near(day, MONDAY) if day.weekday() > 4 else day

    # -- the ground --------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        def open_the_house(at: datetime) -> None:
            self.staff = open_sign_ins()
            self.providers = places.list_providers(self.staff["place"], at)
            places.seat_the_board(self.staff, at)

        self.clock.at(self.day(-230), 8, open_the_house)

    def _plan(self, name: str, kind: str, first: date, planned_on: int, **plan: object) -> None:
        def act(at: datetime) -> None:
            self.sessions[name] = places.plan_class(kind, first, by=self.staff["training"], at=at, **plan)  # type: ignore[arg-type]

        self.clock.at(self.day(planned_on), 9, act)

    # -- nine people who finished the class in the spring of the demonstration ----------------------------

    PAST = ("Whitfield", "Pettaway", "Rhodes", "Núñez", "Raman", "Ortega", "Holloway", "Albright", "Nguyễn")
    AWAY = {"Albright": 5}  # on Wednesday morning; made up in the coming class

    def _past_class(self) -> None:
        first = weekday_near(self.today - timedelta(days=136), MONDAY)
        self._plan(
            "past", "cpss", first, -225, days=5, capacity=12, closes_before=28, designations=CPSS, cost_cents=15_000
        )
        for turn, family in enumerate(self.PAST):
            self._apply(family, "past", start=-212 + turn, send=-185 + turn)
        trainer = lambda: self.staff["training"]  # noqa: E731  (the sign-ins open on the first day)
        for number in range(5):
            self.clock.at(
                first + timedelta(days=number),
                17,
                lambda at: stories.mark_class(self.sessions["past"], by=trainer(), at=at, away=self.AWAY),
            )
        last = first + timedelta(days=4)
        self.clock.at(
            last, 17, lambda at: stories.give_exam(self.sessions["past"], low={"Albright"}, by=trainer(), at=at), 20
        )
        self.clock.at(last, 17, lambda at: stories.finish_class(self.sessions["past"], by=trainer(), at=at), 40)

    def _apply(self, family: str, session: str, *, start: int, send: int | None, accept: bool = True) -> None:
        """From the first page to the office's yes, over some days."""
        peer = PEERS[family]
        begun: list[TrainingApplication] = []

        def by() -> User:
            return self.people[family] if peer.email else self.staff["training"]

        def begin(at: datetime) -> None:
            if family not in self.people:
                self.people[family] = stories.sign_up(peer, desk=self.staff["training"], at=at)
            begun.append(
                stories.start_application(self.people[family], self.sessions[session], peer.designation, by=by(), at=at)
            )

        self.clock.at(self.day(start), 10, begin)
        if send is None:
            return
        self.clock.at(self.day(start), 11, lambda at: stories.ask_references(begun[0], by=by(), at=at))
        self.clock.at(self.day(start), 12, lambda at: stories.add_paper(begun[0], by=by(), at=at))
        self.clock.at(self.day(start + 4), 9, lambda at: stories.answer_references(begun[0], at))
        self.clock.at(self.day(send), 14, lambda at: stories.send_application(begun[0], by=by(), at=at))
        if accept:
            self.clock.at(
                self.day(send + 2),
                15,
                lambda at: applicants.workflow.accept(begun[0].pk, by=self.staff["training"], at=at),
            )

    # -- their jobs --------------------------------------------------------------------------------------

    def _jobs(self) -> None:
        at_work = {
            "Whitfield": ("Tallahala Community Care", "peer_bridger", -122, -118),
            "Pettaway": ("Yazoo Bluff House", "peer_support_specialist", -121, -117),
            "Rhodes": ("Cypress Bend Services", "peer_support_specialist", -100, -96),
            "Núñez": ("Pine Ridge State Program", "peer_support_specialist", -80, -76),
            "Raman": ("Gulf Lantern Peers", "peer_support_specialist", -60, -57),
            "Ortega": ("Cypress Bend Services", "peer_support_specialist", -40, -36),
            "Holloway": ("Cypress Bend Services", "peer_support_specialist", -5, None),
        }
        for family, (provider, role, asked, answered) in at_work.items():
            self._job(family, provider, role, asked, answered)

    def _job(self, family: str, provider: str, role: str, asked: int, answered: int | None) -> None:
        asking = []

        def ask(at: datetime) -> None:
            hired = local_day(at) - timedelta(days=7)
            asking.append(
                stories.ask_employer(self.people[family], self.providers[provider], role=role, hired_on=hired, at=at)
            )

        self.clock.at(self.day(asked), 11, ask)
        if answered is not None:
            self.clock.at(self.day(answered), 16, lambda at: stories.answer_yes(asking[0], at))
        else:
            self.clock.at(self.day(asked + 2), 14, lambda at: employment.workflow.mark_opened(asking[0].pk, at=at))

    # -- the Board ---------------------------------------------------------------------------------------

    def _certifications(self) -> None:
        spring, lately = weekday_near(self.day(-75), THURSDAY), weekday_near(self.day(-10), THURSDAY)
        ahead = weekday_near(self.day(21), THURSDAY)
        for name, meets_on, called in (("spring", spring, -140), ("lately", lately, -70), ("ahead", ahead, -40)):
            self._call(name, meets_on, called)
        for family, sent, paid, complete in (
            ("Whitfield", -112, -110, -105),
            ("Pettaway", -111, -109, -104),
            ("Rhodes", -60, -57, -52),
            ("Núñez", -24, -20, -16),
            ("Ortega", -6, None, None),
            ("Raman", -14, None, None),
        ):
            self._certify(family, sent, paid, complete)
        self._meet("spring", spring)
        self._meet("lately", lately)
        approved_on = self.day((spring - self.today).days + 3)
        for family in ("Whitfield", "Pettaway"):
            self.clock.at(
                approved_on,
                11,
                lambda at, family=family: certification.workflow.approve(  # type: ignore[misc]
                    self.files[family].pk, by=self.staff["director"], at=at
                ),
            )
        self.clock.at(self.day(-9), 10, self._ask_raman_for_the_fee)

    def _call(self, name: str, meets_on: date, called: int) -> None:
        def act(at: datetime) -> None:
            self.meetings[name] = places.call_meeting(meets_on, by=self.staff["place"], at=at)

        self.clock.at(self.day(called), 9, act)

    def _certify(self, family: str, sent: int, paid: int | None, complete: int | None) -> None:
        def send(at: datetime) -> None:
            self.files[family] = stories.send_file(self.people[family], PEERS[family].designation, at)

        self.clock.at(self.day(sent), 9, send)
        if paid is not None:
            self.clock.at(
                self.day(paid), 10, lambda at: stories.pay_fee(self.files[family], by=self.staff["place"], at=at)
            )
        if complete is not None:
            self.clock.at(
                self.day(complete),
                14,
                lambda at: certification.workflow.mark_complete(self.files[family].pk, by=self.staff["place"], at=at),
            )

    def _meet(self, name: str, day: date) -> None:
        self.clock.at(
            day,
            11,
            lambda at: stories.hold_meeting(
                self.meetings[name], [self.staff[f"board{seat}"] for seat in range(1, 7)], at
            ),
        )

    def _ask_raman_for_the_fee(self, at: datetime) -> None:
        missing = [certification.workflow.Missing("application_fee", "The $30 fee is not here yet.")]
        certification.workflow.note_missing(
            self.files["Raman"].pk, missing, due_on=self.day(12), by=self.staff["place"], at=at
        )

    # -- seven people for five seats, two of them kept for a scholarship -----------------------------------

    COMING = ("Moody", "Ferris", "O’Neal", "Sessums", "Vance", "Barnes-Okeke", "Prentiss")
    ESSAYS = ("Moody", "Sessums", "Prentiss")

    def _coming_class(self) -> None:
        first = weekday_near(self.today + timedelta(days=10), MONDAY)
        closes = (first - self.today).days - 24
        self._plan(
            "coming", "cpss", first, -75, days=5, capacity=5, closes_before=24, designations=CPSS, cost_cents=15_000
        )
        self.clock.at(
            self.day(-60),
            10,
            lambda at: trainings.workflow.join_team(
                self.sessions["coming"].pk,
                self.staff["facilitator"].pk,
                "facilitator",
                by=self.staff["training"],
                at=at,
            ),
        )
        for family, number in self.AWAY.items():
            self.clock.at(
                self.day(-58),
                10,
                lambda at, family=family, number=number: stories.make_up(  # type: ignore[misc]
                    self.people[family], self.sessions["past"], number, later=self.sessions["coming"], at=at
                ),
            )
        for turn, family in enumerate(self.COMING):
            self._apply(family, "coming", start=-62 + turn, send=closes - 18 + turn)
        self.clock.at(
            self.day(-50),
            11,
            lambda at: stories.arrange_help(self.people["Moody"], by=self.staff["training"], at=at),
        )
        self._round("first", "First round", "coming", opens=-70, closes=closes - 9, decides=closes - 2, seats=2)
        for family in self.ESSAYS:
            self._essay(family, "first", written=closes - 14, sent=closes - 12)
        officer = lambda: self.staff["scholarships"]  # noqa: E731  (the sign-ins open on the first day)
        self.clock.at(
            self.day(closes - 8),
            9,
            lambda at: applicants.workflow.assign_round(
                self.rounds["first"].pk, due_on=self.day(closes - 4), by=officer(), at=at
            ),
        )
        self.clock.at(self.day(closes - 6), 13, lambda at: stories.score_all(self.rounds["first"], at))
        self.clock.at(
            self.day(closes - 3), 10, lambda at: stories.decide(self.rounds["first"], awards=2, by=officer(), at=at)
        )
        self.clock.at(self.day(closes - 1), 10, self._answer_awards)

    def _round(self, name: str, title: str, session: str, *, opens: int, closes: int, decides: int, seats: int) -> None:
        def act(at: datetime) -> None:
            self.rounds[name] = places.plan_round(
                title,
                self.sessions[session],
                opens_on=self.day(opens),
                closes_on=self.day(closes),
                decides_on=self.day(decides),
                seats=seats,
                by=self.staff["scholarships"],
                at=at,
            )

        self.clock.at(self.day(opens), 10, act)

    def _essay(self, family: str, round_: str, *, written: int, sent: int | None) -> None:
        wishes = []
        self.clock.at(
            self.day(written),
            10,
            lambda at: wishes.append(
                stories.write_essay(self.people[family], self.rounds[round_], by=self.people[family], at=at)
            ),
        )
        if sent is not None:
            self.clock.at(self.day(sent), 11, lambda at: stories.send_essay(wishes[0], by=self.people[family], at=at))

    def _answer_awards(self, at: datetime) -> None:
        """One says yes; one finds another way to pay and says no."""
        awards = Award.objects.filter(application__round=self.rounds["first"], status=Award.Status.OFFERED)
        for number, award in enumerate(awards.order_by("pk")):
            answer = applicants.workflow.accept_award if number == 0 else applicants.workflow.decline_award
            answer(award.pk, by=award.application.person, at=at)

    # -- a class that takes applications now, with a round that is open -------------------------------------

    def _open_class(self) -> None:
        first = weekday_near(self.today + timedelta(days=45), MONDAY)
        self._plan(
            "open",
            "cpss",
            first,
            -35,
            days=5,
            capacity=20,
            closes_before=26,
            designations=CPSS,
            cost_cents=15_000,
            who_may_pay="Your employer may pay it. Ask before you sign up.",
            covered="The class, the workbook and the test.",
            data_and_device="A phone, tablet or computer with a camera. A full day uses about 3 GB of data.",
            mailed_before=12,
            runs_with=6,
        )
        self._round("second", "Second round", "open", opens=-30, closes=9, decides=16, seats=4)
        self._apply("Tolliver", "open", start=-20, send=-3, accept=False)
        self._apply("Castille", "open", start=-19, send=-6)
        self._apply("Delacroix", "open", start=-18, send=-7, accept=False)
        self._apply("Mabry", "open", start=-4, send=None)
        self.clock.at(self.day(-4), 15, self._return_to_kai)
        self._essay("Tolliver", "second", written=-8, sent=-2)
        self._essay("Castille", "second", written=-3, sent=None)

    def _return_to_kai(self, at: datetime) -> None:
        application = TrainingApplication.objects.get(person=self.people["Delacroix"])
        applicants.workflow.return_to_person(
            application.pk,
            missing=["school_paper"],
            note="The photo is too dark to read. Please send it again.",
            by=self.staff["training"],
            at=at,
        )

    def _later_classes(self) -> None:
        """One of every other kind on the calendar, and people who are in line for some."""
        near = lambda days, weekday: weekday_near(self.today + timedelta(days=days), weekday)  # noqa: E731
        self._plan(
            "next",
            "cpss",
            near(108, MONDAY),
            -15,
            days=5,
            capacity=20,
            closes_before=27,
            designations=CPSS,
            cost_cents=15_000,
        )
        self._plan(
            "supervisors",
            "cpss_supervisor",
            near(33, THURSDAY),
            -15,
            days=1,
            capacity=25,
            closes_before=20,
            mode="in_person",
            location="Cypress Hall, 210 Oak Street, Jackson",
            county="Hinds",
            host_sites=("Public library, meeting room 2, Tupelo", "Gulf Lantern Peers, Gulfport"),
        )
        self.clock.at(self.day(-13), 10, self._keep_seats_for_new_staff)
        self._plan("bridgers", "peer_bridger", near(40, TUESDAY), -15, days=2, capacity=3, closes_before=21)
        for number, (name, kind, days) in enumerate(
            (
                ("one_a", "components_1", 52),
                ("one_b", "components_1", 59),
                ("two_a", "components_2", 73),
                ("two_b", "components_2", 80),
            )
        ):
            self._plan(
                name,
                kind,
                near(days, WEDNESDAY),
                -14,
                days=1,
                capacity=15 + number,
                closes_before=14,
                hours=places.MORNING,
            )
        for turn, family in enumerate(("Rhodes", "Pettaway", "Nguyễn", "Whitfield")):
            self._sign_up_for(family, "bridgers", -9 + turn)
        self._sign_up_for("Pettaway", "one_a", -4)
        self.clock.at(self.day(-5), 9, self._count_a_call_that_was_typed_later)

    def _keep_seats_for_new_staff(self, at: datetime) -> None:
        """A provider's officer asks for seats and sends one of them on."""
        session, provider = self.sessions["supervisors"], self.providers["Cypress Bend Services"]
        trainings.workflow.make_block(
            session.pk, provider.pk, count=4, until_on=session.registration_closes_on, by=self.staff["training"], at=at
        )
        trainings.workflow.invite(
            session.pk,
            provider.pk,
            name="Gail Purvis",
            email="gail.purvis@example.org",
            by=self.staff["supervisor"],
            at=at,
        )

    def _count_a_call_that_was_typed_later(self, at: datetime) -> None:
        spot = stories.spot_of(self.people["Nguyễn"], self.sessions["bridgers"])
        called_at = spot.received_at - timedelta(hours=3)
        why = "The call came in the morning. We wrote it down at noon."
        trainings.workflow.count_from(spot.pk, called_at, because=why, by=self.staff["training"], at=at)

    def _sign_up_for(self, family: str, session: str, day: int) -> None:
        def act(at: datetime) -> None:
            person = self.people[family]
            trainings.workflow.register(
                self.sessions[session].pk, person_id=person.pk, designation="", received_at=at, by=person, at=at
            )

        self.clock.at(self.day(day), 12, act)

    # -- the mail desk -----------------------------------------------------------------------------------

    def _mail(self) -> None:
        """Letters leave on the next morning; yesterday's and today's still wait."""
        for number in range(-228, -1):
            if self.day(number) == self.today + timedelta(days=number):
                self.clock.at(self.day(number), 8, self._mail_letters)

    def _mail_letters(self, at: datetime) -> None:
        letters = list(Message.objects.letters().filter(mailed_at=None).values_list("pk", flat=True))
        if letters:
            messages.mark_mailed(letters, by=self.staff["training"], at=at)
