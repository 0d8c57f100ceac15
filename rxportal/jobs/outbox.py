"""Delivers what the outbox holds: on one worker at a time, with no transaction open while the network is waited for."""

from __future__ import annotations

import asyncio
import logging
import secrets

from rxportal.adapters.mail import Letter, Mail, MailFailed
from rxportal.core.errors import PortalError
from rxportal.core.identity import Operator
from rxportal.core.runtime import Runtime
from rxportal.services.notices import Notice, due_notices, settle_notice, take_lease

log = logging.getLogger(__name__)
EVERY = 2.0
LEASE_SECONDS = 30
WHO = Operator("outbox")


async def deliver_forever(runtime: Runtime, mail: Mail) -> None:
    """Look every two seconds; a database that is away is tried again."""
    holder, until = secrets.token_hex(8), 0.0
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(EVERY)
        try:
            if loop.time() >= until - LEASE_SECONDS / 2:
                until = loop.time() + LEASE_SECONDS if await lead(runtime, holder) else 0.0
            if loop.time() < until:
                await deliver_once(runtime, mail)
        except PortalError as fault:
            log.warning("the outbox waits: %s", fault.code)


async def lead(runtime: Runtime, holder: str) -> bool:
    """Whether this worker delivers for the next seconds."""
    return await runtime.off_loop(
        runtime.kernel.perform, take_lease, WHO, name="outbox", holder=holder, seconds=LEASE_SECONDS
    )


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
