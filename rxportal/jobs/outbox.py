"""Delivers what the outbox holds: on one worker at a time, with no transaction open while the network is waited for."""

from __future__ import annotations

from rxportal.adapters.mail import Letter, Mail, MailFailed
from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.jobs.leader import lead
from rxportal.services.notices import Notice, due_notices, settle_notice

JOB = "outbox"
EVERY = 2.0
WHO = Operator(JOB)


async def deliver_forever(runtime: Runtime, mail: Mail) -> None:
    """Look every two seconds."""
    await lead(runtime, JOB, EVERY, lambda: deliver_once(runtime, mail))


async def deliver_once(runtime: Runtime, mail: Mail) -> int:
    """Send what is due; how many notices were settled."""
    perform = runtime.kernel.perform
    due = await runtime.off_loop(perform, due_notices, WHO, live=True, origin=runtime.settings.origin)
    for notice in due:
        problem = await runtime.off_loop(send, mail, notice)
        await runtime.off_loop(perform, settle_notice, WHO, message_id=str(notice.message_id), failed_because=problem)
    return len(due)


def send(mail: Mail, notice: Notice) -> str:
    """Why sending failed, or ""."""
    try:
        for number, address in enumerate(notice.addresses):
            mail.send(Letter(f"{notice.message_id}.{number}", address, notice.subject, notice.text))
    except MailFailed as fault:
        return str(fault)
    return ""
