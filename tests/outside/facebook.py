"""Facebook's documented endpoints, as a process of its own: the login dialog, the token, `/me`. Knows nothing of us.

Written after "Manually Build a Login Flow", "Securing Graph API Requests" and the reference of `/me`: numbers of people are
decimal text, the e-mail address may be absent, `appsecret_proof` is required, a code counts once and for five minutes, errors
are objects, a refusal says `error_reason=user_denied`, and the way back ends with `#_=_`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

CODE_SECONDS = 300


@dataclass
class Facebook:
    """One app there, and the people who may log in. `granted`: what each agreed to, by their number."""

    app: str
    secret: str
    callback: str
    version: str
    people: dict[str, dict[str, str]]
    granted: dict[str, set[str]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def code_for(self, who: str, asked: dict[str, str]) -> str:
        """A new code, bound to what was asked."""
        code = secrets.token_urlsafe(40)
        self.codes[code] = {"who": who, "until": time.time() + CODE_SECONDS, **asked}
        return code

    def token_for(self, said: dict[str, str]) -> dict[str, Any] | str:
        """What a code is changed into; a sentence when it is not."""
        if said.get("client_id") != self.app or said.get("client_secret") != self.secret:
            return "Error validating client secret."
        kept = self.codes.pop(said.get("code", ""), None)
        if kept is None or kept["until"] < time.time():
            return "This authorization code has been used."
        if said.get("redirect_uri") != kept["redirect_uri"]:
            return "Error validating verification code. Please make sure your redirect_uri is identical."
        proof = urlsafe_b64encode(hashlib.sha256(said.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if kept.get("code_challenge") and proof != kept["code_challenge"]:
            return "Code verifier is not right."
        token = "EAA" + secrets.token_hex(60)
        self.tokens[token] = kept["who"]
        return {"access_token": token, "token_type": "bearer", "expires_in": 5_183_944}

    def me(self, said: dict[str, str], bearer: str) -> dict[str, Any] | str:
        """Who a token stands for: the fields that were asked for, so far as they were granted."""
        token = said.get("access_token") or bearer
        who = self.tokens.get(token)
        if who is None:
            return "Invalid OAuth access token."
        proof = hmac.new(self.secret.encode(), token.encode(), "sha256").hexdigest()
        if not hmac.compare_digest(said.get("appsecret_proof", ""), proof):
            return "API calls from the server require an appsecret_proof argument"
        facts = {"id": who, **self.people[who]}
        if "email" not in self.granted[who]:
            facts.pop("email", None)
        return {name: facts[name] for name in said.get("fields", "id,name").split(",") if name in facts}


class Talk(BaseHTTPRequestHandler):
    """One request."""

    facebook: Facebook

    def do_GET(self) -> None:
        """Answer a page or a question of the Graph API."""
        at = urlsplit(self.path)
        self._answer(at.path, dict(parse_qsl(at.query)))

    def do_POST(self) -> None:
        """Take a form."""
        at = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self._answer(at.path, {**dict(parse_qsl(at.query)), **dict(parse_qsl(body))})

    def _answer(self, path: str, said: dict[str, str]) -> None:
        version = self.facebook.version
        if path == f"/{version}/dialog/oauth":
            self._dialog(said)
        elif path == f"/{version}/oauth/access_token":
            self._say(self.facebook.token_for(said))
        elif path == f"/{version}/me":
            self._say(self.facebook.me(said, self.headers.get("authorization", "").removeprefix("Bearer ")))
        else:
            self._send(404, "text/plain", "nothing here")

    def _dialog(self, said: dict[str, str]) -> None:
        """Log in where nobody is, agree where that was not done yet, then back."""
        facebook = self.facebook
        if said.get("client_id") != facebook.app or said.get("redirect_uri") != facebook.callback:
            self._send(400, "text/html", "<h1>URL blocked</h1>")
            return
        if said.get("pressed") == "cancel":
            refused = {
                "error_reason": "user_denied",
                "error": "access_denied",
                "error_description": "Permissions error",
            }
            self._back({**refused, "state": said["state"]})
            return
        cookie = SimpleCookie(self.headers.get("cookie", "")).get("c_user")
        who = said.get("login") or ("" if said.get("auth_type") == "reauthenticate" or cookie is None else cookie.value)
        if who not in facebook.people:
            self._page(said, '<label>Email or phone<input name="login"></label>', "Log in")
        elif said.get("pressed") == "agree":
            facebook.granted[who] = {"public_profile", *([] if said.get("without_email") else ["email"])}
            self._back({"code": facebook.code_for(who, said), "state": said["state"]}, who)
        elif who in facebook.granted:
            self._back({"code": facebook.code_for(who, said), "state": said["state"]}, who)
        else:
            asked = f'<input type="hidden" name="login" value="{escape(who)}">'
            asked += (
                '<label><input type="checkbox" name="without_email" value="1">Keep my email address to myself</label>'
            )
            self._page(said, asked, f"Continue as {facebook.people[who]['name']}", "agree")

    def _page(self, said: dict[str, str], fields: str, button: str, pressed: str = "") -> None:
        kept = {name: value for name, value in said.items() if name not in {"login", "pressed"}}
        hidden = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in kept.items())
        buttons = f'<button name="pressed" value="{pressed}">{escape(button)}</button>'
        buttons += '<button name="pressed" value="cancel">Cancel</button>'
        self._send(200, "text/html", f"<h1>Log in with Facebook</h1><form>{hidden}{fields}{buttons}</form>")

    def _back(self, answer: dict[str, str], who: str = "") -> None:
        self.send_response(302)
        self.send_header("location", f"{self.facebook.callback}?{urlencode(answer)}#_=_")
        if who:
            self.send_header("set-cookie", f"c_user={who}; Path=/; HttpOnly")
        self.send_header("content-length", "0")
        self.end_headers()

    def _say(self, answer: dict[str, Any] | str) -> None:
        """An object, or the error object of the Graph API."""
        if isinstance(answer, str):
            fault = {"message": answer, "type": "OAuthException", "code": 100, "fbtrace_id": secrets.token_hex(6)}
            self._send(400, "application/json", json.dumps({"error": fault}))
        else:
            self._send(200, "application/json; charset=UTF-8", json.dumps(answer))

    def _send(self, status: int, kind: str, body: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: Any) -> None:
        """Nothing: what is asked carries codes."""


if __name__ == "__main__":
    facts = json.loads(sys.argv[1])
    port = facts.pop("port")
    Talk.facebook = Facebook(**facts)
    ThreadingHTTPServer(("127.0.0.1", port), Talk).serve_forever()
