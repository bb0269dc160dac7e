"""The whole path, from “I am interested” to a certificate an employer can check, walked by everyone it takes.

Each step is what one person does at their own browser. `walk_the_whole_path` puts the steps in their order and moves
the calendar in between. What the portal looks like underneath is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.journeys.papers import photo_of_a_paper
from tests.journeys.people import PHONE, House, Person, link_in, new_password, text_of

ESSAY = "Somebody sat with me when nobody else did. I want to sit with the next one, here in the Delta, for years."
BOARD = ("Harold Stokes", "Ruth Adeyemi", "Samuel Trent", "Gloria Pike", "Noel Farris", "Edith Quan")
CENTRAL = ZoneInfo("America/Chicago")


def central(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=CENTRAL)


@dataclass
class Dates:
    """One class, its round and its meeting, on ordinary working days of 2027."""

    opening: date = date(2027, 2, 1)
    round_closes: date = date(2027, 2, 12)
    scoring: date = date(2027, 2, 16)
    round_decides: date = date(2027, 2, 18)
    closes: date = date(2027, 2, 19)
    documents: date = date(2027, 2, 24)
    allocation: date = date(2027, 2, 26)
    link: date = date(2027, 3, 8)
    first: date = date(2027, 3, 15)
    last: date = date(2027, 3, 19)
    hired: date = date(2027, 3, 22)
    packets: date = date(2027, 4, 1)
    meeting: date = date(2027, 4, 15)
    decision: date = date(2027, 4, 16)


@dataclass
class Names:
    """Who walks, and whom they meet. Names as people have them."""

    given: str = "Renée-Łucja"
    family: str = "O’Dell & Söhne"
    called: str = "Renée"
    address: str = "renee.odell@example.org"
    references: tuple[tuple[str, str], ...] = (
        ("Pastor Joe Lyle", "joe.lyle@example.org"),
        ("Wilma Tate", "wilma.tate@example.org"),
    )
    provider: str = "Catfish Point Services"
    officer: str = "Dora Finch"
    verifier: tuple[str, str] = ("Dora Finch", "dora.finch@catfish-point.example.org")


@dataclass
class Found:
    """Numbers and addresses people wrote down on the way."""

    session: str = ""
    round: str = ""
    scholarship: str = ""
    application: str = ""
    person: str = ""
    job: str = ""
    file: str = ""
    meeting: str = ""
    credential: str = ""
    certificate_url: str = ""
    papers: dict[str, bytes] = field(default_factory=dict)


class Walk:
    def __init__(self, house: House, *, dates: Dates | None = None, names: Names | None = None) -> None:
        self.house = house
        self.dates, self.names, self.found = dates or Dates(), names or Names(), Found()
        self.password = new_password()

    # -- who -----------------------------------------------------------------------------------------------

    @property
    def applicant(self) -> Person:
        return self.house.person(self.names.address, password=self.password)

    side = ""  # of the desk: where the pages of this person begin

    @property
    def training_page(self) -> str:
        return f"/trainings/{self.found.session}/"

    def staff(self, mailbox: str) -> Person:
        return self.house.person(f"{mailbox}@example.org").signs_in()

    def at(self, day: date, hour: int = 10, minute: int = 0) -> None:
        self.house.travel_to(central(day, hour, minute))

    # -- before anybody comes: the office opens --------------------------------------------------------------

    def the_office_lists_a_provider(self) -> None:
        place = self.staff("place").opens("/staff/providers/").follows("Add a provider")
        place.presses_too_early("Add it to the list")
        place.writes("Name", self.names.provider).picks("Kind", "Community mental health center")
        place.writes("City or region", "Greenwood").writes_day("Certified from", date(2024, 7, 1))
        place.writes("Work e-mail domains", self.names.verifier[1].partition("@")[2])
        place.presses("Add it to the list").reads(self.names.provider)

    def the_training_office_plans_a_session(self) -> None:
        training, dates = self.staff("training"), self.dates
        training.opens("/staff/trainings/").follows("Plan a session")
        training.presses_too_early("Save")
        training.picks("Training", "Peer Support Specialist training")
        training.writes_day("First day", dates.first).writes_day("Last day", dates.last)
        training.chooses("Online").writes("Meeting link, when online", "https://meet.example.org/spring-class")
        training.writes("Seats", "1").writes("Cost in dollars", "150")
        training.writes_day("Sign-up opens on", dates.opening).writes_day("Last day to apply", dates.closes)
        training.writes_day("Last day for papers", dates.documents).writes_day("Seats are set on", dates.allocation)
        training.presses("Save")
        if "I looked at these days" in training.text:
            training.chooses("I looked at these days. They are right.").presses("Save")
        training.presses("Put it on the calendar")
        self.found.session = training.finds(r"TS-[0-9A-Z]+")

    def the_board_is_called_together(self) -> None:
        """By the office of certification, on its own page."""
        place, dates = self.staff("place"), self.dates
        place.opens("/staff/meetings/").presses_too_early("Put it on the calendar")
        place.writes_day("Day of the meeting", dates.meeting).writes("At what time?", "10:00")
        place.writes_day("Packets are due on", dates.packets).writes("Until what time?", "17:00")
        place.writes("Where", "239 North Lamar Street, Jackson").presses("Put it on the calendar")
        self.found.meeting = place.path.strip("/").rpartition("/")[2]

    def an_administrator_seats_the_board(self) -> None:
        """Six of seven seats; one stays vacant."""
        admin, dates = self.staff("admin"), self.dates
        for seat, name in enumerate(BOARD, start=1):
            admin.opens("/admin/").follows("Board members").follows(re.compile("Add board member"))
            if seat == 1:
                admin.presses("Save").reads("Please correct the error")
            admin.picks("Person", name).writes("Seat", str(seat)).writes("Starts on", dates.opening.isoformat())
            if seat == 1:
                admin.chooses(re.compile("chair", re.I))
            admin.presses("Save").reads("was added successfully")

    def the_scholarship_officer_opens_a_round(self) -> None:
        officer, dates = self.staff("scholarships"), self.dates
        officer.opens("/admin/").follows("Scholarship rounds").follows(re.compile("Add scholarship round"))
        officer.presses("Save").reads("Please correct the errors below.")
        officer.writes("Title", "Spring round").writes("Scholarship seats", "1").writes(
            "Covers", "The cost of the class."
        )
        officer.picks("Session", re.compile(rf"^Peer Support Specialist training, .+ \({self.found.session}\)$"))
        officer.writes("Budget, in cents", "15000").writes("One award, in cents", "15000")
        officer.writes_moment("Opens at", dates.opening, "08:00:00")
        officer.writes_moment("Closes at", dates.round_closes, "23:59:59")
        officer.writes("Decides on", dates.round_decides.isoformat())
        officer.writes("Prompt", "Why do you want this training?").writes("Min words", "10").writes("Max words", "60")
        for label, words in (
            ("Name", "Your reason"),
            ("About", "We can tell why you want this."),
            ("Weight, in percent", "100"),
            ("0 means", "No reason given."),
            ("2 means", "A wish to help."),
            ("4 means", "A clear reason of your own."),
        ):
            officer.writes(label, words)
        officer.presses("Save and continue editing").presses("Open this round").reads("The round is open")
        self.found.round = officer.finds(r"SR-[0-9A-Z]+")

    # -- step 1: home and trainings --------------------------------------------------------------------------

    def a_visitor_reads_what_it_is_and_looks_for_a_training(self) -> None:
        visitor = self.applicant.opens("/")
        visitor.reads("What peer support is", "The steps to your certificate", "Next trainings")
        visitor.follows("Read more about peer support")
        visitor.opens("/trainings/").opens(f"/trainings/{self.found.session}/")
        visitor.reads("Apply by", "Start my application")
        calendar = visitor.context.request.get(f"{self.house.stack.url}/trainings/calendar.ics")
        assert "BEGIN:VEVENT" in calendar.text() and self.dates.first.strftime("%Y%m%d") in calendar.text()

    # -- step 2: account -------------------------------------------------------------------------------------

    def the_visitor_makes_an_account(self) -> None:
        person = self.applicant.follows("Start my application")
        person.follows("Make an account").presses_too_early("Make my account")
        person.writes("Your e-mail", self.names.address).writes("Choose a password", self.password)
        person.presses("Make my account").reads("Type the code we sent")
        person.writes("Code", "WRONG1").presses("Go on").reads("Type the code we sent")
        code = re.search(
            r"^\s*([A-Z0-9]{4,8}(?:-[A-Z0-9]{3,4})?)\s*$",
            text_of(self.house.wait_for_mail(self.names.address, "code")),
            re.M,
        )
        assert code
        person.writes("Code", code[1]).presses("Go on")
        person.signed_in_at = self.house.stack.now

    def they_say_who_they_are(self) -> None:
        person, names = self.applicant, self.names
        person.opens("/me/").reads("First, tell us your name").follows("Start my profile")
        person.presses_too_early("Save and go on")
        person.writes("Legal first and middle names", names.given).writes("Legal last name", names.family)
        person.writes("The name I use", names.called).presses("Save and go on")
        person.presses_too_early("Save and go on")
        person.chooses("E-mail").writes("Phone", "601-555-0177").chooses("No", of="May we leave a voicemail?")
        person.chooses("Yes", of="Keep our messages private?").presses("Save and go on")
        person.presses_too_early("Save and go on")
        person.picks("Your county", "Leflore").chooses("Care of someone else").writes(
            "Care of whom?", "Mt. Zion Church"
        )
        person.writes("Street or P.O. box", "12 Grand Blvd").writes("City or town", "Greenwood")
        person.writes("State", "MS").writes("ZIP code", "38930").presses("Save and go on")
        person.presses_too_early("Save and go on")
        person.writes_day("Date of birth", date(1988, 2, 29)).presses("Save and go on")
        person.reads(names.family, "Mt. Zion Church")

    def they_ask_for_what_helps_them_take_part(self) -> None:
        person = self.applicant.opens("/me/").follows("What would help you take part?")
        person.presses_too_early("Send it")
        person.writes("What would help you take part?", "Captions, please.").presses("Send it")

    # -- step 3: the training application ---------------------------------------------------------------------

    def they_start_an_application(self) -> None:
        person = self.applicant.signs_in().opens(self.training_page).follows("Start my application")
        person.presses_too_early("Start").chooses("Mental Health").presses("Start")
        person.reads("Your training application")
        self.found.application = person.path.strip("/").rpartition("/")[2]

    @property
    def application_page(self) -> str:
        return f"{self.side}/applications/{self.found.application}/"

    def _on_page(self, task: str) -> Person:
        return self.applicant.opens(self.application_page).follows(task)

    def they_fill_it_in_page_by_page(self) -> None:
        save = "Save and go on"
        self._on_page("You have been there").presses_too_early(save)
        self.applicant.chooses("Yes").writes("Your recovery story, if you want to", "A long road, and a good friend.")
        self.applicant.presses(save)
        self._on_page("High school, a GED, or in school now").presses_too_early(save)
        self.applicant.chooses("A high school diploma").presses(save)
        self._on_page("Your word that all is true").presses_too_early(save).chooses("Yes").presses_too_early(save)
        self.applicant.writes("Sign with your full name", f"{self.names.given} {self.names.family}").presses(save)
        self._on_page("Say yes to the ethics rules").presses_too_early(save).chooses("Yes").presses(save)
        self._on_page("A person who signs with you, if the law asks for one").presses_too_early(save)
        self.applicant.chooses("Only I sign").presses(save)

    def they_send_a_photo_of_their_diploma(self) -> None:
        person = self._on_page("A paper from your school")
        person.presses_too_early("Send this paper")
        person.attaches("Choose the file", "diploma.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
        person.presses_too_early("Send this paper")
        person.attaches("Choose the file", "IMG_0042.JPG", photo_of_a_paper(), "image/jpeg").presses("Send this paper")
        person.waits_until_it_reads("Here")

    def they_name_two_people_who_speak_for_them(self) -> None:
        person = self._on_page("Two people who speak for you")
        person.presses_too_early("Save, and read the message")
        for name, address in self.names.references:
            person.opens(f"{self.application_page}references/")
            person.writes("Their name", name).chooses("A friend").writes("Their e-mail", address)
            person.presses("Save, and read the message").reads(f"This is what {name} will read")
            assert self.house.mail_to(address) == [], "a reference is asked only after Send was pressed"
            person.presses("Send").reads(f"Sent to {name}")

    def a_reference_answers_by_the_link_in_their_mail(self, number: int) -> None:
        _, address = self.names.references[number]
        friend = self.house.person(address)
        friend.opens(link_in(self.house.wait_for_mail(address, "/references/"), "/references/"))
        friend.reads("A few words about").presses_too_early("Sign and send")
        friend.chooses("Yes, they are ready").writes(
            "Tell us how you know them, and what they do well", "Ten years. Kind."
        )
        friend.chooses("I am not a family member, and this is what I think.").presses("Sign and send")
        friend.reads("Thank you")

    def they_check_their_answers_and_send_it(self) -> None:
        person = self.applicant.signs_in().opens(self.application_page).follows("Check and send")
        person.reads("Check your answers", self.names.family).does_not_read("A long road")
        person.presses("Send my application").reads("We have your application", self.found.application)

    # -- step 4: the scholarship -------------------------------------------------------------------------------

    def they_ask_for_a_scholarship(self) -> None:
        person = self.applicant.signs_in().opens(f"{self.application_page}sent/")
        person.follows(re.compile("Ask for a scholarship: Spring round")).follows("Start")
        person.reads("Before you write", "988").presses("Start writing")
        if self.house.scripts:
            person.writes("Your essay", "Somebody sat with me")
            expect(person.page.locator("[data-saved]")).to_contain_text("Saved at")
        person.writes("Your essay", "word " * 61).presses("Save and go on")
        person.presses_too_early("Send my essay").follows("Change it")
        person.writes("Your essay", "Too short.").presses("Save and go on").presses_too_early("Send my essay")
        person.follows("Change it").writes("Your essay", ESSAY).presses("Save and go on")
        person.reads(ESSAY).presses("Send my essay").reads("We have your essay", "Nobody yet.")
        self.found.scholarship = person.path.strip("/").rpartition("/")[2]

    def the_officer_gives_the_essays_to_readers(self) -> None:
        officer = self.staff("scholarships").opens("/admin/").follows("Scholarship rounds").follows(self.found.round)
        officer.follows("Ranking and decisions").presses("Give essays to readers").reads("1 essay given out.")

    def a_reviewer_reads_and_scores_it(self, mailbox: str) -> None:
        reviewer = self.staff(mailbox).opens("/admin/").follows(re.compile("[Rr]eviews"))
        reviewer.follows(self.found.scholarship).reads(ESSAY).does_not_read(self.names.family)
        reviewer.presses("File my score")
        reviewer.page.get_by_role("group", name=re.compile("Your reason")).get_by_label("4", exact=True).check()
        reviewer.presses("File my score").reads("Your scores are filed.")

    def the_officer_awards_it(self) -> None:
        officer = self.staff("scholarships").opens("/admin/").follows("Scholarship rounds").follows(self.found.round)
        officer.follows("Ranking and decisions").reads("4.0")
        officer.presses(re.compile("^Prepare")).reads("Choose a decision")
        officer.page.get_by_label("Decision", exact=True).first.select_option("award")
        officer.presses(re.compile("^Prepare")).reads("is prepared").presses("Tell everyone now").reads(
            "1 person is told."
        )

    def they_accept_the_scholarship(self) -> None:
        person = self.applicant.signs_in().opens(f"/scholarships/{self.found.scholarship}/")
        person.reads("You have a scholarship, if you want it").presses("Yes, I take it")
        person.reads("The scholarship is yours", "A reader")

    # -- step 5: the session -----------------------------------------------------------------------------------

    def training_staff_accept_the_application(self) -> None:
        training = self.staff("training").opens("/staff/applications/").follows(re.compile(self.found.application))
        training.presses_too_early("Not this time")
        training.presses("Accept").reads(f"{self.found.application} is accepted")

    def the_seats_are_set(self) -> None:
        """By the portal itself at eight, or by whoever is earlier."""
        training = self.staff("training").opens(f"/staff/trainings/{self.found.session}/")
        if "Set the seats" in training.text:
            training.presses("Set the seats")
        training.reads("Seats set", "Confirmed, seat")

    def they_read_that_they_have_a_seat(self) -> None:
        person = self.applicant.signs_in().opens("/me/")
        person.follows("See my spot").reads("You have a seat")

    def the_meeting_link_comes_seven_days_before(self) -> None:
        """As a message that says nothing on the outside; the link itself stands behind the sign-in."""
        person = self.applicant.signs_in().opens("/me/messages/").waits_until_it_reads("How to join")
        for message in self.house.mail_to(self.names.address):
            assert "meet.example.org" not in text_of(message)
        person.follows(re.compile("How to join"))

    def they_join_the_class(self) -> None:
        """The button leads into the meeting itself; the way there stands on no page."""
        page = self.applicant.signs_in().opens("/me/").follows("See my spot").page
        assert "meet.example.org" not in page.content()
        with page.expect_request("https://meet.example.org/spring-class"):
            page.get_by_role("button", name="Join", exact=True).click()

    def the_trainer_marks_who_was_there(self) -> None:
        training = self.staff("training").opens(f"/staff/trainings/{self.found.session}/")
        training.follows("Mark who was there")
        for box in training.page.get_by_role("checkbox", name=re.compile(re.escape(self.names.called))).all():
            training.ticks(box)
        training.presses("Save").reads("Saved.")

    def the_trainer_enters_the_test_scores(self) -> None:
        training = self.staff("training").opens(f"/staff/trainings/{self.found.session}/").follows("Enter test scores")
        score = training.page.get_by_label(re.compile(re.escape(self.names.family))).first
        score.fill("300")
        training.presses_too_early("Save scores")
        training.page.get_by_label(re.compile(re.escape(self.names.family))).first.fill("88")
        training.presses("Save scores").reads("Passed")

    def the_trainer_records_who_is_done(self) -> None:
        training = self.staff("training").opens(f"/staff/trainings/{self.found.session}/").follows("Who is done")
        training.presses("Record that they are done").reads("Done and over", self.names.family)

    def they_get_their_certificate_of_completion(self) -> None:
        person = self.applicant.signs_in().opens("/certification/")
        self.found.papers["completion"] = person.downloads(re.compile("Certificate of completion"))

    # -- step 6: employment ------------------------------------------------------------------------------------

    def they_name_their_job(self) -> None:
        person, names = self.applicant.signs_in().opens("/employment/new/"), self.names
        person.writes("Name or city", "Greenwood").presses("Find").follows(names.provider)
        person.presses_too_early("Save and go on")
        person.writes("Job title", "Peer support specialist")
        person.picks("What kind of work is it?", "Peer support specialist").writes_day(
            "First day of work", self.dates.hired
        )
        person.writes("Who can say that this is right?", names.verifier[0])
        person.writes("Their work e-mail", names.verifier[1]).presses("Save and go on")
        self.found.job = person.path.strip("/").split("/")[1]

    def they_read_the_message_and_press_send(self) -> None:
        person = self.applicant
        person.reads("Read the message, then send it", self.names.verifier[1])
        assert self.house.mail_to(self.names.verifier[1]) == [], "an employer is asked only after Send was pressed"
        person.presses("Send").reads("Sent.")

    def the_supervisor_answers_on_a_phone_without_an_account(self) -> None:
        address = self.names.verifier[1]
        boss = self.house.person(address, device=PHONE)
        boss.opens(link_in(self.house.wait_for_mail(address, "/employment/verify/"), "/employment/verify/"))
        boss.reads("work for you?", self.names.provider).presses("Start")
        boss.presses_too_early("Sign and send")
        boss.chooses("Yes, all of this is right").writes("Type your full name to sign", self.names.verifier[0])
        boss.presses("Sign and send").reads("Thank you. We have your answer.")

    # -- step 7: certification ---------------------------------------------------------------------------------

    def they_start_their_file_and_see_what_is_still_asked(self) -> None:
        person = self.applicant.signs_in().opens("/certification/").presses("Start")
        person.reads("Your certification checklist", "Pay the fee", "Send a check or a money order")
        self.found.file = person.path.strip("/").rpartition("/")[2]

    @property
    def file_page(self) -> str:
        return f"/certification/{self.found.file}/"

    def they_answer_what_certification_asks_anew(self) -> None:
        person, add = self.applicant, "250 hours of helping others, or a year of school"
        person.opens(self.file_page + "questions/").presses_too_early("Save")
        person.chooses("Yes", of="Do you live in").chooses("No", of="Does the law say").presses("Save")
        person.opens(self.file_page + "ethics/").presses_too_early("I say yes")
        person.chooses("I have read the ethics rules. I will keep them.").presses("I say yes")
        person.opens(self.file_page).follows(add).presses_too_early("Add it")
        person.chooses("Hours of helping others, paid or not").writes("Where was it?", "Mt. Zion Church")
        person.writes_day("First day", date(2026, 1, 5)).writes_day("Last day", date(2026, 12, 18))
        person.writes("How many?", "260").presses("Add it")

    def they_sign_and_send_their_file(self) -> None:
        person = self.applicant.opens(self.file_page).follows("Check and send").presses_too_early("Sign and send")
        person.chooses("What I told you is true.")
        person.writes("Type your legal name to sign", f"{self.names.given} {self.names.family}")
        person.presses("Sign and send").reads(self.found.file)

    def the_office_writes_down_the_fee_and_marks_the_file_complete(self) -> None:
        place = self.staff("place").opens(f"/staff/certification/{self.found.file}/")
        place.writes("Amount in dollars", "").presses_too_early("Write it down")
        place.writes("Amount in dollars", "30").chooses("Money order").writes("Number on it", "MO-20417")
        place.presses("Write it down").reads("The payment is written down.")
        place.presses("Mark complete").reads("Complete, and on the next agenda.")

    def board_members_vote(self) -> None:
        for number in range(1, 5):
            member = self.staff(f"board{number}").opens("/board/").follows(re.compile(self.found.file))
            member.presses_too_early("Record my vote")
            member.chooses("Recommend approval").presses("Record my vote").reads("Your vote is filed.")

    def the_chair_records_what_the_board_says(self) -> None:
        chair = self.staff("board1").opens("/board/").follows(re.compile(self.found.file))
        chair.presses("Record the recommendation").reads("Recorded.")

    def the_director_approves(self) -> None:
        director = self.staff("director").opens("/board/").follows(re.compile(self.found.file))
        director.presses_too_early("Sign my decision")
        director.chooses("Approve").presses("Sign my decision").reads("Decided.")
        self.found.credential = director.finds(r"MS-\d{4}-\d{5}-[0-9A-Z]{3}")

    # -- step 8: certificate -----------------------------------------------------------------------------------

    def they_download_their_certificate_and_their_letter(self) -> None:
        person = self.applicant.signs_in().opens("/certification/")
        for title in ("Certificate", "Credential award letter"):
            self.found.papers[title] = person.downloads(re.compile(rf"^{title}( MS-|$)"))
        self.found.certificate_url = (
            person.page.get_by_role("link", name=re.compile("^Certificate MS-")).get_attribute("href") or ""
        )

    def an_employer_checks_the_certificate(self) -> None:
        employer = self.house.person("employer without an account")
        employer.opens("/verify/").presses_too_early("Check")
        employer.writes("Number on the certificate", self.found.credential)
        employer.writes("Last name, as it is printed", "Somebody Else").presses("Check").reads("We have no certificate")
        employer.writes("Number on the certificate", self.found.credential)
        employer.writes("Last name, as it is printed", self.names.family).presses("Check")
        employer.reads("Valid", f"{self.names.given} {self.names.family}")

    # -- step 9: messages --------------------------------------------------------------------------------------

    def they_read_my_messages(self) -> list[str]:
        """The titles, the newest first, as the page lists them."""
        person = self.applicant.signs_in().opens("/me/messages/")
        titles = [" ".join(one.split()) for one in person.page.locator(".cp-tasks h2").all_inner_texts()]
        while person.page.get_by_role("link", name=re.compile("^Next")).count():
            person.follows(re.compile("^Next"))
            titles += [" ".join(one.split()) for one in person.page.locator(".cp-tasks h2").all_inner_texts()]
        return titles

    # -- step 10: /me/ says who acts next, at every moment -------------------------------------------------------

    def my_pathway_says_next(self, who: str) -> None:
        """Who acts next, and by when."""
        self.applicant.signs_in().opens("/me/").finds(rf"Next: [^.]*{re.escape(who)}[^.]*, by \w+day, ")

    # -- the whole way -----------------------------------------------------------------------------------------

    def the_office_opens(self) -> None:
        self.the_office_lists_a_provider()
        self.the_training_office_plans_a_session()
        self.the_board_is_called_together()
        self.an_administrator_seats_the_board()
        self.the_scholarship_officer_opens_a_round()

    def until_the_application_is_sent(self) -> None:
        self.a_visitor_reads_what_it_is_and_looks_for_a_training()
        self.the_visitor_makes_an_account()
        self.they_say_who_they_are()
        self.they_ask_for_what_helps_them_take_part()
        self.they_start_an_application()
        self.my_pathway_says_next("you")
        self.they_fill_it_in_page_by_page()
        self.they_send_a_photo_of_their_diploma()
        self.they_name_two_people_who_speak_for_them()
        self.a_reference_answers_by_the_link_in_their_mail(0)
        self.a_reference_answers_by_the_link_in_their_mail(1)
        self.they_check_their_answers_and_send_it()

    def somebody_applies_by_phone_and_waits(self) -> ByPhone:
        """The office types it; the application joins the same line."""
        caller = ByPhone(self.house, names=CALLER)
        caller.found.session = self.found.session
        caller.the_office_opens_a_record()
        caller.they_start_an_application()
        caller.they_fill_it_in_page_by_page()
        caller.they_send_a_photo_of_their_diploma()
        caller.they_name_two_people_who_speak_for_them()
        caller.a_reference_answers_by_the_link_in_their_mail(0)
        caller.a_reference_answers_by_the_link_in_their_mail(1)
        caller.they_check_their_answers_and_send_it()
        caller.training_staff_accept_the_application()
        return caller

    def until_they_have_a_seat(self) -> None:
        self.they_ask_for_a_scholarship()
        self.my_pathway_says_next("Training Office")
        self.training_staff_accept_the_application()
        self.at(self.dates.scoring)
        self.the_officer_gives_the_essays_to_readers()
        self.a_reviewer_reads_and_scores_it("reviewer")
        self.a_reviewer_reads_and_scores_it("reviewer2")
        self.the_officer_awards_it()
        self.they_accept_the_scholarship()
        self.at(self.dates.allocation)
        self.the_seats_are_set()
        self.they_read_that_they_have_a_seat()

    def until_they_are_trained(self) -> None:
        self.at(self.dates.link)
        self.the_meeting_link_comes_seven_days_before()
        self.at(self.dates.first, 9)
        self.they_join_the_class()
        self.at(self.dates.last, 17)
        self.the_trainer_marks_who_was_there()
        self.the_trainer_enters_the_test_scores()
        self.the_trainer_records_who_is_done()
        self.they_get_their_certificate_of_completion()

    def until_they_are_employed(self) -> None:
        self.at(self.dates.hired)
        self.they_name_their_job()
        self.they_read_the_message_and_press_send()
        self.my_pathway_says_next(self.names.verifier[0])
        self.the_supervisor_answers_on_a_phone_without_an_account()

    def until_they_are_certified(self) -> None:
        self.they_start_their_file_and_see_what_is_still_asked()
        self.they_answer_what_certification_asks_anew()
        self.they_sign_and_send_their_file()
        self.the_office_writes_down_the_fee_and_marks_the_file_complete()
        self.my_pathway_says_next("Review Board")
        self.at(self.dates.meeting, 11)
        self.board_members_vote()
        self.the_chair_records_what_the_board_says()
        self.at(self.dates.decision)
        self.the_director_approves()
        self.they_download_their_certificate_and_their_letter()
        self.an_employer_checks_the_certificate()


CALLER = Names(
    given="Otis",
    family="Vance-Lee",
    called="Otis",
    references=(("Ada Moss", "ada.moss@example.org"), ("Hal Reed", "hal.reed@example.org")),
)


class ByPhone(Walk):
    """Somebody without e-mail: they tell it on the phone, and training staff type it on their side of the desk."""

    @property
    def applicant(self) -> Person:
        return self.staff("training")

    @property
    def side(self) -> str:  # type: ignore[override]
        return f"/staff/people/{self.found.person}"

    @property
    def training_page(self) -> str:
        return f"/trainings/{self.found.session}/?for={self.found.person}"

    def _says_when_it_came(self, desk: Person) -> Person:
        told = self.house.stack.now.astimezone(CENTRAL)
        desk.chooses("By phone").writes_day("Which day did it come?", told.date())
        return desk.writes("At what time?", f"{told:%H:%M}")

    def the_office_opens_a_record(self) -> None:
        desk = self.staff("training").opens("/staff/people/new/").presses_too_early("Open the record")
        desk.writes("Legal first and middle names", self.names.given)
        desk.writes("Legal last name", self.names.family).writes("Phone", "662-555-0108")
        desk.writes_day("Date of birth", date(1962, 2, 14))
        self._says_when_it_came(desk).presses("Open the record")
        self.found.person = desk.finds(r"P-[0-9A-Z]+")
        desk.follows("Names, contact, address, birth date")
        desk.opens(f"{self.side}/profile/address/").presses_too_early("Save and go on")
        desk.picks("Your county", "Bolivar").chooses("My home address").writes("Street or P.O. box", "4 Church St")
        desk.writes("City or town", "Cleveland").writes("State", "MS").writes("ZIP code", "38732")
        self._says_when_it_came(desk).presses("Save and go on").reads("Saved.")

    def they_check_their_answers_and_send_it(self) -> None:
        desk = self.applicant.opens(self.application_page).follows("Check and send")
        desk.presses_too_early("Send my application")
        self._says_when_it_came(desk).presses("Send my application").reads(
            "We have your application", self.found.application
        )

    def they_read_their_spot_in_line(self) -> None:
        desk = self.applicant.opens(f"/staff/trainings/{self.found.session}/").reads("Waiting, number 1")
        desk.follows(re.compile(self.names.family)).reads("Waiting in line")


def walk_the_whole_path(walk: Walk) -> None:
    walk.the_office_opens()
    walk.until_the_application_is_sent()
    caller = walk.somebody_applies_by_phone_and_waits()
    walk.until_they_have_a_seat()
    caller.they_read_their_spot_in_line()
    walk.until_they_are_trained()
    walk.until_they_are_employed()
    walk.until_they_are_certified()
