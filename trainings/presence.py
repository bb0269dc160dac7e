"""The meeting platform's list of who was there: read from its file, matched with people, counted in minutes."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from audit.reasons import Reason
from programs.calendar import local_moment

MOST_BYTES = 2_000_000
MOST_ROWS = 5_000
LONGEST_STAY = timedelta(hours=24)
ANY_DAY = date(2000, 1, 3)

# What the platforms call their columns, without case, marks and what stands in brackets.
COLUMNS = {
    "name": ("name", "participant", "participant name", "full name", "user name", "display name", "attendee"),
    "first": ("first name", "given name"),
    "last": ("last name", "surname", "family name"),
    "email": ("email", "e mail", "user email", "email address", "participant email", "attendee email", "mail"),
    "phone": ("phone", "phone number", "caller id", "call in number"),
    "joined": (
        "join time",
        "joined",
        "time joined",
        "joined at",
        "first join",
        "first join time",
        "join",
        "entry time",
    ),
    "left": ("leave time", "left", "time left", "left at", "time exited", "last leave", "last leave time", "exit time"),
    "lasted": (
        "duration",
        "duration minutes",
        "attendance duration",
        "in meeting duration",
        "total duration",
        "minutes",
    ),
}
NAMES = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}

DAYS = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d", "%b %d %Y", "%B %d %Y", "%d.%m.%Y", "%d %b %Y")
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p")


@dataclass(frozen=True)
class Stay:
    """One line of the file: somebody, from when until when. Who called in has a number, perhaps with stars in it."""

    line: int
    name: str
    email: str
    phone: str
    joined_at: datetime
    left_at: datetime


@dataclass(frozen=True)
class Read:
    """The file as a whole: stays, or what is wrong in which line. Never some of each."""

    stays: tuple[Stay, ...] = ()
    errors: tuple[tuple[int, Reason], ...] = ()  # line 0: the file itself


# -- Reading -----------------------------------------------------------------------------------------------


def read_list(raw: bytes, *, day: date | None = None) -> Read:
    """`day` is for platforms that write only the time."""
    problem = _not_a_list(raw)
    if problem:
        return Read(errors=((0, Reason(problem)),))
    try:
        rows = list(_rows(_decoded(raw)))
    except csv.Error:
        return Read(errors=((0, Reason("list_not_csv")),))
    found = _header(rows)
    if found is None:
        return Read(errors=((0, Reason("list_without_columns")),))
    start, columns = found
    stays, errors = [], []
    for line, cells in rows[start:]:
        if not any(cells):
            break  # after the people some platforms list what else happened
        row = {column: cells[at].strip() for column, at in columns.items() if at < len(cells)}
        stay = _stay(line, row, day)
        if isinstance(stay, Stay):
            stays.append(stay)
        else:
            errors.append((line, stay))
    if not stays and not errors:
        return Read(errors=((0, Reason("list_is_empty")),))
    if len(stays) > MOST_ROWS:
        return Read(errors=((0, Reason("list_too_long")),))
    if errors and day is None and not read_list(raw, day=ANY_DAY).errors:
        return Read(errors=((0, Reason("list_without_days")),))
    return Read(errors=tuple(errors)) if errors else Read(stays=tuple(stays))


def _not_a_list(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        return "list_too_long"
    if raw[:2] == b"PK" or raw[:4] in (b"%PDF", b"\xd0\xcf\x11\xe0"):
        return "list_not_csv"
    return "" if raw.strip() else "list_is_empty"


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterable[tuple[int, list[str]]]:
    text = text.replace("\x00", "")
    lines = text.splitlines()
    marks = {mark: max((line.count(mark) for line in lines[:20]), default=0) for mark in ",;\t"}
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=max(marks, key=lambda mark: marks[mark]))
    for cells in reader:
        yield reader.line_num, [_bare(cell) for cell in cells]


def _bare(cell: str) -> str:
    """Some platforms write ="words" so that a spreadsheet leaves them alone."""
    cell = cell.strip()
    return cell[2:-1].strip() if cell.startswith('="') and cell.endswith('"') else cell


def _header(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, dict[str, int]] | None:
    """Where the people begin: the first line that names a person and when they came."""
    for at, (_line, cells) in enumerate(rows):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            column = NAMES.get(_plain(re.sub(r"\(.*?\)", " ", cell)))
            if column:
                columns.setdefault(column, place)
        names_somebody = columns.keys() & {"name", "first", "email", "phone"}
        if names_somebody and "joined" in columns and columns.keys() & {"left", "lasted"}:
            return at + 1, columns
    return None


def _stay(line: int, row: Mapping[str, str], day: date | None) -> Stay | Reason:
    name = row.get("name") or f"{row.get('first', '')} {row.get('last', '')}".strip()
    email, phone = row.get("email", "").lower(), phone_in(row.get("phone", "")) or phone_in(name)
    if not (name or email or phone):
        return Reason("row_without_name")
    joined_at = _moment(row.get("joined", ""), day)
    if joined_at is None:
        return Reason("row_without_join_time", written=row.get("joined", ""))
    left_at = _end(row, joined_at, day)
    if left_at is None:
        return Reason("row_without_end", written=row.get("left", "") or row.get("lasted", ""))
    if not joined_at <= left_at <= joined_at + LONGEST_STAY:
        return Reason("row_ends_before_it_begins")
    return Stay(line, name[:200], email[:254], phone, joined_at, left_at)


def _end(row: Mapping[str, str], joined_at: datetime, day: date | None) -> datetime | None:
    if row.get("left"):
        return _moment(row["left"], day)
    try:
        lasted = _lasted(row.get("lasted", ""))
        return None if lasted is None else joined_at + lasted
    except OverflowError:  # longer than any calendar
        return None


def _moment(written: str, day: date | None) -> datetime | None:
    """A time as platforms write it, in the program's zone unless it says another."""
    words = " ".join(written.replace(",", " ").replace("T", " ", 1 if re.match(r"\d{4}-", written) else 0).split())
    offset = re.search(r"(?:Z|[+-]\d\d:?\d\d)$", words) if re.match(r"\d{4}-", words) else None
    is_utc = words.endswith((" UTC", " GMT"))
    words = words[: offset.start()].strip() if offset else re.sub(r" (?:UTC|GMT|C[SD]?T)$", "", words)
    words = re.sub(r"\.\d+$", "", words)
    on, at = _day_and_clock(words, day)
    if on is None or at is None:
        return None
    if offset:
        zone = offset.group().replace("Z", "+00:00")
        try:
            return datetime.fromisoformat(f"{on.isoformat()}T{at.isoformat()}{zone}").astimezone(UTC)
        except ValueError:  # no such zone
            return None
    return datetime.combine(on, at, tzinfo=UTC) if is_utc else local_moment(on, at)


def _day_and_clock(words: str, day: date | None) -> tuple[date | None, time | None]:
    for clock_words in (1, 2):
        parts = words.split(" ")
        if len(parts) < clock_words:
            continue
        at = _parsed(" ".join(parts[-clock_words:]).upper(), CLOCKS)
        if at is None:
            continue
        rest = " ".join(parts[:-clock_words])
        on = _parsed(rest, DAYS)
        if on is not None or not rest:
            return (on.date() if on else day), at.time()
    return None, None


def _parsed(words: str, shapes: Iterable[str]) -> datetime | None:
    for shape in shapes:
        try:
            return datetime.strptime(words, shape)  # noqa: DTZ007 - the zone is put on by the caller
        except ValueError:
            continue
    return None


def _lasted(written: str) -> timedelta | None:
    """ "172", "172 mins", "2h 52m 10s", "2:52:10" or "02:52"."""
    words = written.strip().lower()
    if re.fullmatch(r"\d+(?:\.\d+)?(?: *min(?:ute)?s?)?", words):
        return timedelta(minutes=float(re.match(r"[\d.]+", words).group()))  # type: ignore[union-attr]
    clock = re.fullmatch(r"(\d+):(\d\d)(?::(\d\d))?", words)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    parts = re.findall(r"(\d+) *(h|m|s)", words)
    if not parts or re.sub(r"\d+ *(?:h(?:ours?|r?s?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)|[ ,]", "", words):
        return None
    unit = {"h": 3600, "m": 60, "s": 1}
    return timedelta(seconds=sum(int(number) * unit[name] for number, name in parts))


def phone_in(words: str) -> str:
    """The digits where the words are a phone number and nothing else; the platforms put stars for some of them."""
    marks = re.sub(r"[\s().+\-]", "", re.sub(r"^(?:call-?in user|phone|tel)[ :]*", "", words.strip().lower()))
    if not re.fullmatch(r"[\d*]{7,15}", marks) or not marks[-4:].isdigit():
        return ""
    return marks


# -- Whose stay it is --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """Somebody with a seat, by all a list might know them by."""

    key: int
    emails: frozenset[str] = frozenset()
    name_in_use: frozenset[str] = frozenset()
    legal_name: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


def name_key(words: str) -> str:
    """A name without accents, case, order, brackets and marks: "Núñez, Zoë (she/her)" is "nunez zoe"."""
    return " ".join(sorted(_plain(re.sub(r"\(.*?\)", " ", words)).split()))


def _plain(words: str) -> str:
    folded = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return " ".join(re.sub(r"[^\w]|_", " ", kept).split())


def propose(*, name: str, email: str, phone: str, people: Sequence[Known]) -> tuple[int | None, str]:
    """Whose stay it looks like, and by what. Where it could be two people, nobody is proposed."""
    wanted = name_key(name)
    questions = (
        ("email", [one.key for one in people if email and email.lower() in one.emails]),
        ("name_in_use", [one.key for one in people if wanted and wanted in one.name_in_use]),
        ("legal_name", [one.key for one in people if wanted and wanted in one.legal_name]),
        ("phone", [one.key for one in people if phone and any(same_phone(phone, mine) for mine in one.phones)]),
    )
    for by, found in questions:
        if len(set(found)) == 1:
            return found[0], by
        if found:
            return None, ""
    return None, ""


def same_phone(listed: str, mine: str) -> bool:
    """The last ten digits agree; a star agrees with any digit."""
    ours = re.sub(r"\D", "", mine)[-10:]
    theirs = listed[-10:]
    return (
        len(ours) == 10
        and len(theirs) >= 7
        and all(a in ("*", b) for a, b in zip(theirs[::-1], ours[::-1], strict=False))
    )


# -- Minutes -----------------------------------------------------------------------------------------------


def minutes_in(stays: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> int:
    """How long somebody was seen between two moments; two devices at once count once."""
    seen, until = timedelta(), start
    for joined_at, left_at in sorted(stays):
        begins, ends = max(joined_at, until), min(left_at, end)
        if ends > begins:
            seen += ends - begins
            until = ends
    return int(seen.total_seconds() // 60)
