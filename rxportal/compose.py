"""The composition root: settings → kernel and the adapters behind it. Shared by the app and the command line."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import httpx2

from rxportal.adapters.mail import Letter, Mail, MailboxMail, SmtpMail
from rxportal.adapters.outside import OutsideSignIn
from rxportal.core.database import check, is_sqlite, open_engine
from rxportal.core.identity import Limits, Operator
from rxportal.core.kernel import Kernel, PracticeFacts
from rxportal.core.live import open_bus
from rxportal.core.migrate import pending, upgrade
from rxportal.core.providers import Provider
from rxportal.core.runtime import Runtime
from rxportal.demo.outside.stand_in import stand_in_app
from rxportal.services.notices import keep_letter
from rxportal.settings import Settings


def audit_key(settings: Settings) -> bytes:
    """The key of the audit chain, a different one than anything else made of the secret."""
    return hashlib.blake2b(b"audit", key=settings.secret_key.encode()[:64], digest_size=32).digest()


def prepare_database(settings: Settings) -> None:
    """Check that the database opens and bring its schema up; on PostgreSQL as its owner where that is set.

    Raises:
        StartRefused: in words.
    """
    settings.var.mkdir(mode=0o700, parents=True, exist_ok=True)
    app = open_engine(settings.database_url, settings.database_key, settings.var)
    owner = open_engine(settings.database_admin_url, "", None) if settings.database_admin_url else app
    try:
        check(owner)
        role = app.url.username or "" if owner is not app else ""
        if pending(owner) or role:
            upgrade(owner, app_role=role)
        check(app)
        if is_sqlite(app):
            settings.database_file.chmod(0o600)
    finally:
        owner.dispose()
        app.dispose()


def compose(settings: Settings) -> Runtime:
    """A runtime of this process's own: never shared across a fork."""
    kernel = Kernel(
        engine=open_engine(settings.database_url, settings.database_key, settings.var),
        audit_key=audit_key(settings),
        bus=open_bus(settings.redis_url),
        limits=Limits(timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.absolute_hours)),
        staff_factor=settings.staff_factor == "required",
        practice=PracticeFacts(settings.practice_name, settings.practice_state, settings.practice_time_zone),
    )
    return Runtime(kernel, settings)


def compose_mail(runtime: Runtime) -> Mail:
    """SMTP where a server is set, else the development mailbox."""
    settings = runtime.settings
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.support_sign_in_email)

    def keep(letter: Letter) -> None:
        who = Operator("mailbox")
        runtime.kernel.perform(
            keep_letter, who, to=letter.to, subject=letter.subject, text=letter.text, html=letter.html
        )

    return MailboxMail(keep)


def compose_outside(settings: Settings) -> OutsideSignIn:
    """Sign-in with outside providers: over the network, and to stand-ins within this process."""
    within = None if settings.production else httpx2.ASGITransport(app=stand_in_app(settings))

    def transport(provider: Provider) -> httpx2.AsyncBaseTransport | None:
        return within if provider.stand_in else None

    return OutsideSignIn(transport=transport)
