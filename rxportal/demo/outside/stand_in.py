"""Stand-ins of outside providers: OpenID Connect with code, PKCE and ID token; Facebook's dialog and Graph API.

A browser reaches the one page of each; what the portal asks them behind its back goes over a transport in the process.
They keep nothing: whoever somebody is there stands in the sealed code. Not there in production.
"""

from __future__ import annotations

import base64
import hashlib
import time
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from rxportal.core.providers import STAND_IN_CLIENT, STAND_INS, callback_of
from rxportal.demo.outside.pages import chooser
from rxportal.demo.outside.people import StandInPerson, person_of
from rxportal.demo.outside.sealed import Seal
from rxportal.settings import Settings
from rxportal.settings_providers import FACEBOOK, LABELS

CODE_SECONDS: Final = 300
TOKEN_SECONDS: Final = 600
BASE: Final = f"{STAND_INS}/{{provider:str}}"
KEY_NAME: Final = "stand-in"
ASKED: Final = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
                "code_challenge_method", "prompt", "max_age", "auth_type")  # fmt: skip


def stand_in_pages(settings: Settings) -> list[Route]:
    """What a browser reaches: the page of each stand-in. Nothing in production."""
    if settings.production:
        return []
    made = StandIn(settings)
    return [
        Route(f"{BASE}/authorize", made.ask, methods=["GET"]),
        Route(f"{STAND_INS}/facebook/{{version:str}}/dialog/oauth", made.ask, methods=["GET"]),
    ]


def stand_in_app(settings: Settings) -> Starlette:
    """What the portal itself reaches: discovery, keys, tokens, userinfo, and Facebook's Graph API."""
    made = StandIn(settings)
    facebook = f"{STAND_INS}/facebook/{{version:str}}"
    return Starlette(
        routes=[
            *stand_in_pages(settings),
            Route(f"{BASE}/.well-known/openid-configuration", made.discovery, methods=["GET"]),
            Route(f"{BASE}/keys", made.keys, methods=["GET"]),
            Route(f"{BASE}/token", made.token, methods=["POST"]),
            Route(f"{BASE}/userinfo", made.userinfo, methods=["GET"]),
            Route(f"{facebook}/oauth/access_token", made.token, methods=["GET", "POST"]),
            Route(f"{facebook}/me", made.userinfo, methods=["GET"]),
        ]
    )


@cache
def signing_key() -> ECKey:
    """This process's key: what it signs, it checks itself."""
    return ECKey.generate_key("P-256", {"kid": KEY_NAME, "use": "sig", "alg": "ES256"})


class StandIn:
    """All the stand-ins of one portal."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._codes = Seal(settings.secret_key, "code")
        self._tokens = Seal(settings.secret_key, "token")
        self._used: set[str] = set()

    async def ask(self, request: Request) -> Response:
        """Who shall it say that you are? With an answer: back to the portal."""
        name = _name(request)
        query = request.query_params
        asked = {one: query[one] for one in ASKED if one in query}
        callback = callback_of(self._settings, name)
        known = query.get("client_id") == STAND_IN_CLIENT and query.get("redirect_uri") == callback
        if name not in LABELS or not known or query.get("code_challenge_method") != "S256":
            return Response("unknown client", 400, media_type="text/plain")
        state = {"state": query.get("state", "")}
        named = {} if name == FACEBOOK else {"iss": self._issuer(name)}
        if query.get("refuse"):
            return RedirectResponse(f"{callback}?{urlencode({'error': 'access_denied', **state, **named})}", 303)
        who = _chosen(request)
        if who is None:
            return HTMLResponse(chooser(LABELS[name], asked))
        code = self._codes.close({"provider": name, **asked, "person": who.facts(), "at": int(time.time())})
        return RedirectResponse(f"{callback}?{urlencode({'code': code, **state, **named})}", 303)

    async def discovery(self, request: Request) -> Response:
        """OpenID Connect Discovery 1.0."""
        issuer = self._issuer(_name(request))
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def keys(self, _request: Request) -> Response:
        """The public key."""
        return JSONResponse({"keys": [signing_key().as_dict(private=False)]})

    async def token(self, request: Request) -> Response:
        """A code for an access token, and an ID token where the protocol has one. RFC 6749 4.1.3, RFC 7636 4.6."""
        name = _name(request)
        form: Any = request.query_params if request.method == "GET" else await request.form()
        code = str(form.get("code", ""))
        given = self._codes.open(code, CODE_SECONDS)
        if not self._client_is_right(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(str(form.get("code_verifier", "")).encode()).digest())
        fits = (
            given is not None
            and code not in self._used
            and given["provider"] == name
            and given["redirect_uri"] == form.get("redirect_uri")
            and given["code_challenge"] == challenge.rstrip(b"=").decode()
        )
        if not fits or given is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self._used.add(code)
        access = self._tokens.close({"provider": name, "person": given["person"]})
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        if name != FACEBOOK:
            answer["id_token"] = self._id_token(name, given, access)
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    async def userinfo(self, request: Request) -> Response:
        """Who the access token stands for, as OpenID Connect or the Graph API says it."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        given = self._tokens.open(token, TOKEN_SECONDS)
        if given is None or given["provider"] != _name(request):
            return JSONResponse({"error": "invalid_token"}, 401)
        person = StandInPerson(**given["person"])
        if given["provider"] != FACEBOOK:
            return JSONResponse({"sub": person.subject, "name": person.name, **_mail(person)})
        facts = {"id": person.subject, "name": person.name}
        return JSONResponse({**facts, "email": person.email} if person.email else facts)

    def _client_is_right(self, request: Request, form: Any) -> bool:
        basic = base64.b64encode(f"{STAND_IN_CLIENT}:{self._settings.secret_key}".encode()).decode()
        posted = form.get("client_id") == STAND_IN_CLIENT and form.get("client_secret") == self._settings.secret_key
        return posted or request.headers.get("authorization") == f"Basic {basic}"

    def _id_token(self, name: str, given: dict[str, Any], access: str) -> str:
        now, person = int(time.time()), StandInPerson(**given["person"])
        half = base64.urlsafe_b64encode(hashlib.sha256(access.encode()).digest()[:16]).rstrip(b"=").decode()
        claims = {
            "iss": self._issuer(name), "aud": STAND_IN_CLIENT, "sub": person.subject, "iat": now,
            "exp": now + TOKEN_SECONDS, "auth_time": given["at"], "nonce": given.get("nonce", ""), "at_hash": half,
            "name": person.name, **_mail(person),
        }  # fmt: skip
        return jwt.encode({"alg": "ES256", "kid": KEY_NAME}, claims, signing_key(), algorithms=["ES256"])

    def _issuer(self, name: str) -> str:
        return f"{self._settings.origin}{STAND_INS}/{name}"


def _name(request: Request) -> str:
    return str(request.path_params.get("provider", FACEBOOK))


def _mail(person: StandInPerson) -> dict[str, Any]:
    if not person.email:
        return {}
    return {"email": person.email, "email_verified": person.vouched, "xms_edov": person.vouched}


def _chosen(request: Request) -> StandInPerson | None:
    """One of the made-up people, or somebody typed: the same address is the same person each time."""
    query = request.query_params
    if query.get("person") != "new":
        return person_of(query.get("person", ""))
    email, name = query.get("email", "").strip(), query.get("name", "").strip()
    number = int(hashlib.sha256(f"{email}\n{name if not email else ''}".encode()).hexdigest()[:12], 16)
    return StandInPerson(str(number), name, email, query.get("vouched") == "1")
