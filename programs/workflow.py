"""Changes of the rules: loading a pack, the next version of a row, the words of a page."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from audit.models import Entry
from audit.reasons import NotAllowed as NotAllowed
from audit.reasons import Reason
from audit.trail import record
from programs.calendar import local_day
from programs.events import ProgramEvent
from programs.models import Page, RuleVersion, checksum
from programs.program import prove, rules_of

PACKS = Path(__file__).parent / "packs"
Origin = RuleVersion.Origin


# -- Loading a pack ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What loading did, or what kept it from doing anything."""

    added: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()  # the administration says one thing, the pack another
    stopped: bool = False  # the pack brings something new, and a difference is to be decided first


@dataclass
class _Plan:
    rows: list[RuleVersion] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    contested: bool = False  # a difference where the pack is new, too

    @property
    def adds(self) -> bool:
        return bool(self.rows or self.pages)


@transaction.atomic
def load_pack(path: Path, *, take_pack: bool = False, by: User | None = None, at: datetime) -> Report:
    """Add the versions this database has not seen. What the administration changed is never overwritten unless
    `take_pack` says so: then nothing at all is added until somebody decides."""
    pack = tomllib.loads(path.read_text(encoding="utf-8"))
    known = list(RuleVersion.objects.select_for_update().order_by("pk"))
    plan = _Plan()
    _plan_rows(plan, _rows_of(pack, at), known, take_pack=take_pack)
    _plan_pages(plan, pack.get("page", []), take_pack=take_pack, at=at)
    if plan.differences and not take_pack:
        return Report(differences=tuple(plan.differences), stopped=plan.contested or plan.adds)
    _prove([*known, *plan.rows], at)
    RuleVersion.objects.bulk_create(plan.rows)
    for page in plan.pages:
        page.save()
    added = tuple(str(row) for row in [*plan.rows, *plan.pages])
    if plan.adds:
        subject = (plan.rows or plan.pages)[-1]
        record(Entry.of(ProgramEvent.PACK_LOADED, subject, by=by, at=at, pack=path.stem, added=list(added)))
    return Report(added=added, differences=tuple(plan.differences))


def _rows_of(pack: dict[str, Any], at: datetime) -> Iterator[RuleVersion]:
    sources, starts_on, evidence_class = pack["sources"], pack["from"], pack["class"]
    for kind, rows in pack.items():
        if not isinstance(rows, list) or kind == "page":
            continue
        for raw in rows:
            body = dict(raw)
            source = sources[body.pop("cite")] if "cite" in body else {"title": "", "url": ""}
            yield RuleVersion.draft(
                kind=kind,
                code=body.pop("code"),
                starts_on=body.pop("from", starts_on),
                ends_on=body.pop("until", None),
                evidence_class=body.pop("class", evidence_class),
                citation_title=source["title"],
                citation_url=source["url"],
                body=body,
                origin=Origin.PACK,
                loaded_at=at,
            )


def _plan_rows(plan: _Plan, rows: Iterable[RuleVersion], known: list[RuleVersion], *, take_pack: bool) -> None:
    """Number what is new. Where the administration wrote the newest version, and other than the pack, it differs."""
    newest = {(row.kind, row.code): row for row in sorted(known, key=lambda row: row.version)}
    loaded = {row.checksum for row in known}
    of_pack: dict[tuple[str, str], list[RuleVersion]] = {}
    for row in rows:
        of_pack.setdefault((row.kind, row.code), []).append(row)
    for name, versions in of_pack.items():
        current, last = newest.get(name), versions[-1]
        fresh = [row for row in versions if row.checksum not in loaded]
        if current and current.origin == Origin.ADMIN and current.checksum != last.checksum:
            plan.differences.append(_difference(current, last, is_new=bool(fresh)))
            plan.contested |= bool(fresh)
            last.begin_no_earlier(current.starts_on)  # taken, it speaks from where the administration's began
            fresh = [row for row in fresh if row is not last] + [last] if take_pack else []
        for number, row in enumerate(fresh, start=current.version + 1 if current else 1):
            row.version = number
            plan.rows.append(row)


def _difference(ours: RuleVersion, theirs: RuleVersion, *, is_new: bool) -> str:
    names = sorted(name for name in {*ours.content["body"], *theirs.content["body"]} if _differs(ours, theirs, name))
    names += [part for part in ("citation", "dates") if ours.content[part] != theirs.content[part]]
    news = "the pack is new" if is_new else "the pack has not changed"
    why = f" ({ours.reason})" if ours.reason else ""
    return f"{ours}, by the administration{why}, differs in {', '.join(names)}; {news}"


def _differs(ours: RuleVersion, theirs: RuleVersion, name: str) -> bool:
    return ours.body.get(name) != theirs.body.get(name)


def _plan_pages(plan: _Plan, raw_pages: list[dict[str, Any]], *, take_pack: bool, at: datetime) -> None:
    known = {page.slug: page for page in Page.objects.select_for_update()}
    for order, raw in enumerate(raw_pages, start=1):
        theirs = Page(slug=raw["slug"], title=raw["title"], body=raw["body"], order=order)
        theirs.pack_checksum = checksum(theirs.content)
        ours = known.get(theirs.slug) or Page(slug=theirs.slug)
        if checksum(ours.content) == theirs.pack_checksum:
            continue
        is_new = theirs.pack_checksum != ours.pack_checksum
        if ours.pk and checksum(ours.content) != ours.pack_checksum:
            news = "the pack is new" if is_new else "the pack has not changed"
            plan.differences.append(f"page {ours.slug}: the administration's words differ; {news}")
            plan.contested |= is_new
            if not take_pack:
                continue
        theirs.pk, theirs.changed_at = ours.pk, at
        theirs._state.adding = ours.pk is None
        plan.pages.append(theirs)


def _prove(rows: list[RuleVersion], at: datetime) -> None:
    """Read the rules as they will stand today and on every day something begins."""
    for day in {row.starts_on for row in rows} | {local_day(at)}:
        rules = rules_of(rows, day)
        prove(rules)
        if rules.is_loaded and rules.zone.key != settings.TIME_ZONE:
            raise ValueError(f"the pack says {rules.zone.key}, TIME_ZONE says {settings.TIME_ZONE}")


# -- Changing one row --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wording:
    """Everything a new version may say otherwise."""

    body: dict[str, Any]
    citation_title: str
    citation_url: str
    evidence_class: str
    starts_on: date
    ends_on: date | None = None


@transaction.atomic
def change_rule(kind: str, code: str, wording: Wording, *, reason: str, by: User, at: datetime) -> RuleVersion:
    """Write the next version of a row; the earlier ones stay and still speak for their days."""
    before = RuleVersion.objects.select_for_update().of(kind, code).latest("version")
    row = next_version(before, wording, reason=reason, at=at)
    row.save()
    facts = {"version": row.version, "reason": row.reason, "before": before.content, "after": row.content}
    record(Entry.of(ProgramEvent.RULE_CHANGED, row, by=by, at=at, **facts))
    return row


def next_version(before: RuleVersion, wording: Wording, *, reason: str, at: datetime) -> RuleVersion:
    """The version that would follow, not yet written; raises NotAllowed where it may not."""
    row = RuleVersion.draft(
        kind=before.kind,
        code=before.code,
        version=before.version + 1,
        **vars(wording),
        origin=Origin.ADMIN,
        reason=reason.strip(),
        loaded_at=at,
    )
    refusals = _reasons_against(row, before)
    if refusals:
        raise NotAllowed(*refusals)
    _require_sound(row, at)
    return row


def _reasons_against(row: RuleVersion, before: RuleVersion) -> list[Reason]:
    reasons = []
    if not row.reason:
        reasons.append(Reason("row_needs_a_reason"))
    if row.checksum == before.checksum:
        reasons.append(Reason("row_is_the_same"))
    if row.starts_on < before.starts_on:
        reasons.append(Reason("row_starts_too_early", newest=before.starts_on))
    if row.ends_on is not None and row.ends_on <= row.starts_on:
        reasons.append(Reason("row_ends_before_start"))
    return reasons


def _require_sound(row: RuleVersion, at: datetime) -> None:
    try:
        _prove([*RuleVersion.objects.all(), row], at)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as trouble:
        raise NotAllowed(Reason("row_is_not_sound", problem=f"{type(trouble).__name__}: {trouble}")) from trouble


@transaction.atomic
def change_page(page_id: int, *, title: dict[str, str], body: dict[str, str], by: User, at: datetime) -> Page:
    """New words for a page; the history keeps the old ones."""
    page = Page.objects.select_for_update().get(pk=page_id)
    before = page.content
    page.title, page.body, page.changed_at = title, body, at
    if page.content == before:
        raise NotAllowed(Reason("row_is_the_same"))
    page.save(update_fields=["title", "body", "changed_at"])
    record(Entry.of(ProgramEvent.PAGE_CHANGED, page, by=by, at=at, before=before, after=page.content))
    return page
