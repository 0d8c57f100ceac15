"""Delivers what the outbox holds: on one worker at a time, with no transaction open while the network is waited for."""

from __future__ import annotations

from rxportal.adapters.mail import Letter, Mail, MailFailed
from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.jobs.leader import lead
from rxportal.services.letters import due_letters, settle_letter
from rxportal.services.notices import Notice, Reader, due_notices, note_told, settle_notice

JOB = "outbox"
EVERY = 2.0
WHO = Operator(JOB)


async def deliver_forever(runtime: Runtime, mail: Mail) -> None:
    """Look every two seconds."""
    await lead(runtime, JOB, EVERY, lambda: deliver_once(runtime, mail))


async def deliver_once(runtime: Runtime, mail: Mail) -> int:
    """Send what is due; how many notices were settled."""
    perform, wait = runtime.kernel.perform, runtime.settings.smtp_retry_seconds
    due = await runtime.off_loop(perform, due_notices, WHO, live=True, **open_words(runtime))
    for notice in due:
        problems = [await deliver(runtime, mail, notice, reader) for reader in notice.readers]
        problem = next((one for one in problems if one), "")
        ids = {"message_id": str(notice.message_id), "failed_because": problem, "first_wait": wait}
        await runtime.off_loop(perform, settle_notice, WHO, **ids)
    return len(due) + await send_letters(runtime, mail)


async def send_letters(runtime: Runtime, mail: Mail) -> int:
    """Send the letters that are due, each settled before the next: a crash repeats one at most."""
    perform, wait = runtime.kernel.perform, runtime.settings.smtp_retry_seconds
    due = await runtime.off_loop(perform, due_letters, WHO, live=True, **open_words(runtime))
    for one in due:
        letter = Letter(str(one.letter_id), one.to, one.subject, one.text, one.html)
        problem = await runtime.off_loop(handed_over, mail, letter)
        ids = {"letter_id": str(one.letter_id), "failed_because": problem, "first_wait": wait}
        await runtime.off_loop(perform, settle_letter, WHO, **ids)
    return len(due)


def open_words(runtime: Runtime) -> dict[str, str]:
    """What a letter leaves open: where the portal stands, and whom its reader may call."""
    settings = runtime.settings
    return {
        "origin": settings.origin, "phone": settings.practice_phone, "support": settings.support_sign_in_phone,
    }  # fmt: skip


async def deliver(runtime: Runtime, mail: Mail, notice: Notice, reader: Reader) -> str:
    """Tell one person, and remember it before the next one is told; why sending failed, or ""."""
    problem = await runtime.off_loop(send, mail, notice, reader)
    if not problem:
        ids = {"message_id": str(notice.message_id), "account_id": str(reader.account_id)}
        await runtime.off_loop(runtime.kernel.perform, note_told, WHO, **ids)
    return problem


def send(mail: Mail, notice: Notice, reader: Reader) -> str:
    """Why sending failed, or ""."""
    ident = f"{notice.message_id}.{reader.account_id}"
    return handed_over(mail, Letter(ident, reader.email, notice.subject, notice.text, notice.html))


def handed_over(mail: Mail, letter: Letter) -> str:
    """Why the server did not take a letter, or ""."""
    try:
        mail.send(letter)
    except MailFailed as fault:
        return str(fault)
    return ""
