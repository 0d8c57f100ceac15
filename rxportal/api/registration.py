"""POST /registration asks for an account; the link of the letter makes it (`api/confirmation.py`).

What is answered is the same whether the address has an account or not, and takes as long: the password is hashed either
way, and the letter leaves later.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rxportal.adapters.passwords import Passwords
from rxportal.api.public_form import back_to, read_form, registering, subjects_of
from rxportal.core.errors import PortalError, TooMany
from rxportal.core.identity import Anonymous, token_hash
from rxportal.core.own_path import is_own_page
from rxportal.core.runtime import Runtime, current
from rxportal.rules.addresses import LONGEST_NAME, is_address, person_name
from rxportal.rules.passwords import weakness
from rxportal.services.registration import admit_registration, register
from rxportal.services.sessions import normal_email

SIGN_UP = "/sign-up"


def registration_routes(passwords: Passwords) -> list[Route]:
    """POST /registration."""

    async def ask(request: Request) -> Response:
        fields = await read_form(request)
        runtime, email, name = current(), normal_email(fields.get("email", "")), person_name(fields.get("name", ""))
        typed = {"name": fields.get("name", "")[:LONGEST_NAME], "email": fields.get("email", "")[:320].strip()}
        wanted = fields.get("next", "")
        problem = problem_with(runtime, name, email, fields.get("password", ""))
        if problem:
            return back_to(SIGN_UP, f"problem={problem}", typed, wanted)
        answer = back_to(SIGN_UP, "sent=1", {"email": typed["email"]}, wanted)
        try:
            perform, who = runtime.kernel.perform, Anonymous()
            # counted first: hashing costs 64 MiB and a tenth of a second
            await runtime.off_loop(perform, admit_registration, who, **subjects_of(runtime, request, "register", email))
            hashed = await runtime.hash_off_loop(passwords.hash, fields["password"])
            mark = token_hash(registering(request, answer, wanted))
            after = wanted if is_own_page(wanted) else ""
            wish = {"email": email, "name": name, "password_hash": hashed, "browser_hash": mark, "after": after}
            await runtime.off_loop(perform, register, who, **wish)
        except TooMany:
            return back_to(SIGN_UP, "problem=slow", typed, wanted)
        except PortalError:
            return back_to(SIGN_UP, "problem=away", typed, wanted)
        return answer

    return [Route("/registration", ask, methods=["POST"])]


def problem_with(runtime: Runtime, name: str, email: str, password: str) -> str:
    """The code of what is not right in the form, or ""; nothing of it depends on who has an account."""
    if not 0 < len(name) <= LONGEST_NAME:
        return "name"
    if not is_address(email):
        return "email"
    return weakness(password, (runtime.settings.practice_name, email, name)).value
