"""Letters to people: plain words as text and as HTML, written into the outbox with the act that they tell of.

No letter carries a health fact. What the portal is called and where it stands is filled in at delivery, because no use
case knows its own address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from string import Template
from uuid import UUID

from sqlmodel import col, select

from rxportal.core.access import Permission
from rxportal.core.scopes import Desk, Scope
from rxportal.core.text import _
from rxportal.core.usecase import use_case
from rxportal.models.mail import Letter

AT_ONCE = 20
TRIED_FOR = timedelta(days=7)
FIRST_WAIT = 30
LONGEST_WAIT = timedelta(hours=1)
HTML = Template(
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"><title>$title</title></head>'
    '<body style="font:16px/1.5 sans-serif;max-width:36em;margin:1em auto;padding:0 1em">$body</body></html>'
)
BUTTON = Template('<p><a href="$href" style="font-weight:bold">$label</a></p>')


@dataclass(frozen=True)
class Words:
    """What a letter says: paragraphs, then a link if there is one, then paragraphs below it.

    `link`: its label and its path on the portal ("/confirm/…").
    """

    subject: str
    above: tuple[str, ...]
    link: tuple[str, str] | None = None
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class DueLetter:
    """A letter to be sent now, with nothing left open in its words."""

    letter_id: UUID
    to: str
    subject: str
    text: str
    html: str


def write_letter(scope: Scope, to: str, words: Words, *, account_id: UUID | None = None) -> Letter:
    """Put a letter into the outbox of this transaction; it leaves only when the act is committed."""
    text, html = _as_text(words), _as_html(words)
    letter = Letter(
        account_id=account_id, to=to, subject=_kept(words.subject), text=text, html=html, created_at=scope.now,
        due_at=scope.now,
    )  # fmt: skip
    return scope.add(letter)


def filled(words: Words, open_words: dict[str, str]) -> tuple[str, str, str]:
    """Words as they are sent now, for what waits in no outbox: subject, text, HTML. `open_words`: see `Letter`."""
    return _filled(_kept(words.subject), _as_text(words), _as_html(words), open_words)


def _filled(subject: str, text: str, html: str, open_words: dict[str, str]) -> tuple[str, str, str]:
    markup = {name: escape(value) for name, value in open_words.items()}
    return (
        Template(subject).substitute(open_words),
        Template(text).substitute(open_words),
        Template(html).substitute(markup),
    )


def next_try(now: datetime, tries: int, first_wait: float) -> datetime:
    """When to try again after so many tries that failed: twice as late each time, an hour at most (RFC 5321, 4.5.4.1).

    `first_wait`: in seconds, after the first.
    """
    return now + min(timedelta(seconds=first_wait * 2 ** min(tries - 1, 20)), LONGEST_WAIT)


def _kept(said: str) -> str:
    """Words with every dollar sign doubled, so that filling in at delivery changes nothing that a person typed."""
    return said.replace("$", "$$")


def _signature() -> tuple[str, str]:
    return _("$practice, patient portal"), _(
        "Questions? Call us: $phone. Trouble signing in? Call $support. This mailbox is not read."
    )


def _as_text(words: Words) -> str:
    parts = [_kept(one) for one in words.above]
    if words.link:
        parts.append(f"{_kept(words.link[0])}:\n$origin{_kept(words.link[1])}")
    parts += [_kept(one) for one in words.below]
    return "\n\n".join([*parts, "\n".join(("-- ", *_signature()))]) + "\n"


def _as_html(words: Words) -> str:
    parts = [f"<p>{_kept(escape(one))}</p>" for one in words.above]
    if words.link:
        label, path = (_kept(escape(one)) for one in words.link)
        parts.append(BUTTON.substitute(href=f"$origin{path}", label=label))
    parts += [f"<p>{_kept(escape(one))}</p>" for one in words.below]
    parts.append("<hr>" + "".join(f"<p>{one}</p>" for one in _signature()))
    return HTML.substitute(title=_kept(escape(words.subject)), body="".join(parts))


@use_case(Permission.DELIVER_NOTICES, audited=False)
def due_letters(desk: Desk, *, origin: str, phone: str, support: str) -> list[DueLetter]:
    """The letters that are due now, oldest first. `phone`: the practice's; `support`: for trouble with signing in."""
    due = select(Letter).where(col(Letter.sent_at).is_(None), col(Letter.due_at) <= desk.now)
    due = (
        due.where(col(Letter.created_at) > desk.now - TRIED_FOR)
        .order_by(col(Letter.due_at), col(Letter.id))
        .limit(AT_ONCE)
    )
    open_words = {"origin": origin, "phone": phone, "support": support, "practice": desk.practice.name}
    return [
        DueLetter(one.id, one.to, *_filled(one.subject, one.text, one.html, open_words))
        for one in desk.session.exec(due)
    ]


@use_case(Permission.DELIVER_NOTICES, kind="write", audited=False)
def settle_letter(desk: Desk, *, letter_id: UUID, failed_because: str = "", first_wait: float = FIRST_WAIT) -> None:
    """Remember that a letter was taken, and empty it; or when to try again, see `next_try`."""
    letter = desk.session.get(Letter, letter_id)
    if letter is None or letter.sent_at is not None:
        return
    letter.tries += 1
    letter.failed_because = failed_because[:100]
    if failed_because:
        letter.due_at = next_try(desk.now, letter.tries, first_wait)
    else:
        letter.sent_at, letter.to, letter.subject, letter.text, letter.html = desk.now, "", "", "", ""
