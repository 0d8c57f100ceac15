"""Forged and odd answers of a provider: every one proves nobody, and a good one among them still does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from joserfc import jwt

from rxportal.adapters.outside_discovery import OutsideFault
from rxportal.adapters.outside_person import OutsidePerson
from tests.counts import proved
from tests.outside.forging import (
    CLIENT,
    CURVE,
    EC,
    ISSUER,
    NOW,
    RSA,
    SHORT,
    THEIRS,
    Change,
    Forge,
    part,
    public,
    shifted,
    with_claims,
    with_public_key_as_secret,
    with_shared_secret,
)

TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
OTHER_TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47"


def sets(**fields: Any) -> Change:
    """Other facts of the forge."""

    def change(forge: Forge) -> None:
        for name, value in fields.items():
            setattr(forge, name, value)

    return change


def answers(**fields: Any) -> Change:
    """Another token answer; None leaves a field out."""
    return lambda forge: forge.answer.update(fields)


def discovers(**fields: Any) -> Change:
    """Another discovery document."""
    return lambda forge: forge.document.update(fields)


def signs(how: Callable[[Forge], str]) -> Change:
    """Another signature."""
    return lambda forge: setattr(forge, "signs", how)


def header(**more: Any) -> Change:
    """Well signed, with more in the header."""
    return signs(lambda forge: forge.with_header(**more))


def says_none(forge: Forge) -> None:
    forge.header = {"alg": "none"}
    forge.document["id_token_signing_alg_values_supported"] = ["none"]
    forge.signs = Forge.unsigned


def says_none_in_capitals(forge: Forge) -> None:
    forge.header = {"alg": "NoNe", "kid": "rsa"}
    forge.signs = Forge.unsigned


def foreign_key(forge: Forge) -> None:
    forge.key = THEIRS


def unpublished_key(forge: Forge) -> None:
    forge.key, forge.header = THEIRS, {"alg": "RS256", "kid": "other"}


def short_key(forge: Forge) -> None:
    forge.key, forge.header, forge.keys = SHORT, {"alg": "RS256", "kid": "short"}, public(SHORT)


def other_algorithm(forge: Forge) -> None:
    forge.header = {"alg": "RS512", "kid": "rsa"}
    forge.keys = [{name: value for name, value in public(RSA)[0].items() if name != "alg"}]
    forge.document["id_token_signing_alg_values_supported"] = ["RS512"]
    forge.signs = lambda one: jwt.encode(
        one.header, one.claims, type(RSA).import_key({k: v for k, v in RSA.as_dict(private=True).items() if k != "alg"}),
        algorithms=["RS512"],
    )  # fmt: skip


def other_curve(forge: Forge) -> None:
    forge.key, forge.header, forge.keys = CURVE, {"alg": "ES384", "kid": "p384"}, public(CURVE)
    forge.signs = lambda one: jwt.encode(one.header, one.claims, CURVE, algorithms=["ES384"])


def encryption_key(forge: Forge) -> None:
    forge.keys = [{**public(RSA)[0], "use": "enc"}]


def two_keys_of_one_name(forge: Forge) -> None:
    forge.keys = [*public(THEIRS), *public(RSA)]


def changed_after_signing(forge: Forge) -> None:
    def token(one: Forge) -> str:
        head, _, signature = jwt.encode(one.header, one.claims, RSA, algorithms=["RS256"]).split(".")
        return f"{head}.{part({**one.claims, 'sub': 'somebody-else'})}.{signature}"

    forge.signs = token


def other_tenant(forge: Forge) -> None:
    microsoft(forge)
    forge.claims["iss"] = f"https://login.example/{OTHER_TENANT}/v2.0"


def no_tenant(forge: Forge) -> None:
    microsoft(forge)
    forge.claims.pop("tid")


def path_as_tenant(forge: Forge) -> None:
    microsoft(forge)
    forge.claims.update(tid="evil/../x", iss="https://login.example/evil/../x/v2.0")


def microsoft(forge: Forge) -> None:
    """Everybody's tenants: the issuer is a template."""
    forge.provider = type(forge.provider)(
        name="microsoft",
        label="Microsoft",
        issuer="https://login.example/common/v2.0",
        client_id=CLIENT,
        client_secret="x",
    )
    forge.document["issuer"] = "https://login.example/{tenantid}/v2.0"
    forge.claims.update(tid=TENANT, iss=f"https://login.example/{TENANT}/v2.0")


def another_subject_at_userinfo(forge: Forge) -> None:
    forge.claims.pop("email")
    forge.userinfo = {"sub": "subject-2", "email": "victim@mail.example", "email_verified": True}


def no_subject_at_userinfo(forge: Forge) -> None:
    forge.claims.pop("email")
    forge.userinfo = {"email": "victim@mail.example", "email_verified": True}


def old_proof(forge: Forge) -> None:
    forge.fresh = True
    forge.claims["auth_time"] = int(NOW.timestamp()) - 3_600


FORGED: dict[str, tuple[Change, str]] = {
    "no ID token": (answers(id_token=None), "no ID token"),
    "ID token is false": (answers(id_token=False), "no ID token"),
    "ID token is a number": (answers(id_token=5), "no ID token"),
    "ID token is empty": (answers(id_token=""), "no ID token"),
    "ID token is a list": (answers(id_token=["x"]), "no ID token"),
    "not three parts": (sets(raw_token="abc.def"), "not three parts"),
    "five parts, encrypted": (sets(raw_token="a.b.c.d.e"), "not three parts"),
    "not base64": (sets(raw_token="!!!.???.***"), "signature: DecodeError"),
    "not ASCII": (sets(raw_token="é.é.é"), "shape: UnicodeEncodeError"),
    "claims are a list": (signs(Forge.of_a_list), "signature: InvalidPayloadError"),
    "a hundred kilobytes": (sets(raw_token=f"{'a' * 100_000}.b.c"), "no ID token"),
    "alg none, and discovery lists it": (says_none, "algorithm"),
    "alg NoNe": (says_none_in_capitals, "algorithm"),
    "signature taken off": (
        signs(lambda forge: f"{part(forge.header)}.{part(forge.claims)}."),
        "signature: BadSignatureError",
    ),
    "HS256 with our client secret": (signs(with_shared_secret), "algorithm"),
    "HS256 with the public key": (signs(with_public_key_as_secret), "algorithm"),
    "RS512, and discovery lists it": (other_algorithm, "algorithm"),
    "ES384": (other_curve, "algorithm"),
    "signed with another key of the same name": (foreign_key, "signature: BadSignatureError"),
    "signed with a key that nobody publishes": (unpublished_key, "a key that the provider does not publish"),
    "a key of 1024 bits": (short_key, "short key"),
    "a key for encryption": (encryption_key, "a key that the provider does not publish"),
    "two keys of one name": (two_keys_of_one_name, "more than one key"),
    "claims changed after signing": (changed_after_signing, "signature: BadSignatureError"),
    "header brings its own key": (header(jwk=public(EC)[0]), "header"),
    "header says where the key is": (header(jku="https://evil.example/keys"), "header"),
    "header brings a certificate": (header(x5c=["MIIB"]), "header"),
    "header says where the certificate is": (header(x5u="https://evil.example/x.pem"), "header"),
    "header asks for unknown rules": (header(crit=["exp"], exp=1), "header"),
    "header says unencoded": (header(b64=False), "signature: MissingCritHeaderError"),
    "an access token in its place": (header(typ="at+jwt"), "type of token"),
    "a logout token in its place": (header(typ="logout+jwt"), "type of token"),
    "another audience": (with_claims(aud="other-client"), "audience"),
    "another audience, we are authorized": (with_claims(aud="other-client", azp=CLIENT), "audience"),
    "ours and another audience": (with_claims(aud=[CLIENT, "other-client"]), "audience"),
    "no audience": (with_claims(aud=...), "audience"),
    "an empty list of audiences": (with_claims(aud=[]), "audience"),
    "another authorized party": (with_claims(azp="other-client"), "authorized party"),
    "another issuer": (with_claims(iss="https://evil.example"), "issuer"),
    "issuer with a slash more": (with_claims(iss=f"{ISSUER}/"), "issuer"),
    "no issuer": (with_claims(iss=...), "issuer"),
    "issuer is a list": (with_claims(iss=[ISSUER]), "issuer"),
    "discovery calls itself another": (discovers(issuer="https://evil.example"), "discovery is another issuer's"),
    "discovery calls itself nothing": (discovers(issuer=None), "discovery is another issuer's"),
    "discovery leads to plain http": (
        discovers(token_endpoint="http://id.provider.example/token"),
        "discovery: token_endpoint",
    ),
    "discovery leads to a file": (discovers(jwks_uri="file:///etc/passwd"), "discovery: jwks_uri"),
    "another tenant": (other_tenant, "issuer"),
    "no tenant": (no_tenant, "tenant"),
    "a path as tenant": (path_as_tenant, "tenant"),
    "empty subject": (with_claims(sub=""), "subject"),
    "blank subject": (with_claims(sub="  "), "subject"),
    "no subject": (with_claims(sub=...), "subject"),
    "subject is a number": (with_claims(sub=17), "subject"),
    "subject of a thousand letters": (with_claims(sub="x" * 1000), "subject"),
    "expired": (shifted(iat=-120, exp=-31), "expired"),
    "no expiry": (with_claims(exp=...), "exp"),
    "expiry is a word": (with_claims(exp="tomorrow"), "exp"),
    "expiry is true": (with_claims(exp=True), "exp"),
    "issued a year ago, still running": (shifted(iat=-365 * 86_400, exp=600), "issued at"),
    "issued tomorrow": (shifted(iat=86_400, exp=90_000), "issued at"),
    "no time of issue": (with_claims(iat=...), "iat"),
    "not valid yet": (shifted(nbf=120), "not yet"),
    "another nonce": (with_claims(nonce="of-another-trip"), "nonce"),
    "no nonce": (with_claims(nonce=...), "nonce"),
    "nonce is a list": (with_claims(nonce=["nonce-of-this-trip"]), "nonce"),
    "bound to another access token": (with_claims(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "access token"),
    "userinfo of another subject": (another_subject_at_userinfo, "userinfo is another person's"),
    "userinfo without a subject": (no_subject_at_userinfo, "userinfo is another person's"),
    "a proof an hour old where a fresh one was asked for": (old_proof, "proof is old"),
    "the answer names another issuer": (
        sets(query={"code": "a", "state": "state", "iss": "https://evil.example"}),
        "the answer is another issuer's",
    ),
    "the answer names none and must": (
        discovers(authorization_response_iss_parameter_supported=True),
        "the answer names no issuer",
    ),
    "the provider refused": (sets(query={"error": "access_denied", "state": "state"}), "refused by the provider"),
    "both a code and an error": (
        sets(query={"code": "a", "error": "server_error", "state": "state"}),
        "refused by the provider",
    ),
    "no code": (sets(query={"state": "state"}), "refused by the provider"),
}
ODD: dict[str, tuple[Change, str]] = {
    "discovery answers 500": (lambda forge: forge.statuses.update({"openid-configuration": 500}), "status 500"),
    "discovery redirects": (lambda forge: forge.statuses.update({"openid-configuration": 302}), "status 302"),
    "discovery is not JSON": (
        lambda forge: forge.bodies.update({"openid-configuration": b"<html>"}),
        "JSONDecodeError",
    ),
    "discovery is a list": (lambda forge: forge.bodies.update({"openid-configuration": b"[]"}), "not an object"),
    "discovery is deep": (lambda forge: forge.bodies.update({"openid-configuration": b"[" * 50_000}), "RecursionError"),
    "discovery is large": (
        lambda forge: forge.bodies.update({"openid-configuration": b'"' + b"x" * 300_000 + b'"'}),
        "too long",
    ),
    "discovery is bad UTF-8": (
        lambda forge: forge.bodies.update({"openid-configuration": b'{"issuer": "\xff"}'}),
        "UnicodeDecodeError",
    ),
    "discovery times out": (
        lambda forge: forge.fault.update({"openid-configuration": httpx2.ReadTimeout("slow")}),
        "ReadTimeout",
    ),
    "keys answer 500": (lambda forge: forge.statuses.update({"keys": 500}), "status 500"),
    "keys are no list": (
        lambda forge: forge.bodies.update({"keys": b'{"keys": "all"}'}),
        "a key that the provider does not publish",
    ),
    "keys are empty": (sets(keys=[]), "a key that the provider does not publish"),
    "keys time out": (lambda forge: forge.fault.update({"keys": httpx2.ConnectTimeout("slow")}), "ConnectTimeout"),
    "token answers 500": (lambda forge: forge.statuses.update({"token": 500}), "HTTPStatusError"),
    "token answers an error": (
        lambda forge: forge.bodies.update({"token": b'{"error": "invalid_grant"}'}),
        "OAuthError",
    ),
    "token answers nothing": (lambda forge: forge.bodies.update({"token": b""}), "ValueError"),
    "token answers HTML": (lambda forge: forge.bodies.update({"token": b"<html>busy</html>"}), "ValueError"),
    "token answers a list": (lambda forge: forge.bodies.update({"token": b"[1]"}), "ValueError"),
    "token answers null": (lambda forge: forge.bodies.update({"token": b"null"}), "ValueError"),
    "token times out": (lambda forge: forge.fault.update({"token": httpx2.ReadTimeout("slow")}), "ReadTimeout"),
    "token ends the connection": (
        lambda forge: forge.fault.update({"token": httpx2.RemoteProtocolError("gone")}),
        "RemoteProtocolError",
    ),
}


def refused(forge: Forge) -> str:
    with pytest.raises(OutsideFault) as told:
        asyncio.run(forge.person())
    return str(told.value)


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_or_odd_answer_proves_nobody(name: str) -> None:
    forge, (change, why) = Forge(), FORGED[name]
    change(forge)
    # twice: nothing that was read the first time makes the second one pass
    assert (refused(forge), refused(forge)) == (why, why)
    proved("forged or odd tokens and answers of a provider, refused the first and the second time")


@pytest.mark.parametrize("name", ODD)
def test_a_provider_that_fails_proves_nobody(name: str) -> None:
    forge, (change, why) = Forge(), ODD[name]
    change(forge)
    assert refused(forge) == why
    proved("faults of a provider: one sentence each, nothing changed")


def good(forge: Forge) -> OutsidePerson:
    return asyncio.run(forge.person())


def test_the_good_answer_proves_its_person() -> None:
    assert good(Forge()) == OutsidePerson(ISSUER, "subject-1", "ann@mail.example", True, "Ann Outside")


GOOD: dict[str, Change] = {
    "ES256": sets(key=EC, header={"alg": "ES256", "kid": "ec"}),
    "no kid, one key that fits": sets(header={"alg": "RS256"}),
    "audience as a list of one": with_claims(aud=[CLIENT]),
    "authorized party is ours": with_claims(azp=CLIENT),
    "expired 29 seconds ago": shifted(iat=-100, exp=-29),
    "issued 29 seconds ahead": shifted(iat=29),
    "names its issuer": sets(query={"code": "a", "state": "state", "iss": ISSUER}),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_the_standards_allow_is_taken(name: str) -> None:
    forge = Forge()
    GOOD[name](forge)
    assert good(forge).subject == "subject-1"


@pytest.mark.parametrize(
    ("claims", "verified"),
    [
        ({"email_verified": True}, True), ({"email_verified": "true"}, True), ({"email_verified": False}, False),
        ({"email_verified": "false"}, False), ({"email_verified": 1}, False), ({"email_verified": ...}, False),
        ({"email_verified": None}, False), ({"email_verified": ["true"]}, False),
    ],
)  # fmt: skip
def test_an_address_is_verified_only_where_the_provider_says_so(claims: dict[str, Any], verified: bool) -> None:
    forge = Forge()
    with_claims(**claims)(forge)
    assert good(forge).email_verified is verified


@pytest.mark.parametrize(
    ("claims", "verified"),
    [({}, False), ({"xms_edov": True}, True), ({"xms_edov": "1"}, True), ({"xms_edov": 0}, False)],
)
def test_microsoft_says_it_by_a_claim_of_its_own_and_by_no_other(claims: dict[str, Any], verified: bool) -> None:
    forge = Forge()
    microsoft(forge)
    forge.claims.update(claims)
    who = good(forge)
    assert (who.issuer, who.email_verified) == (f"https://login.example/{TENANT}/v2.0", verified)


def test_a_setting_may_trust_the_addresses_of_a_provider() -> None:
    forge = Forge()
    forge.provider = type(forge.provider)(
        name="clinic", label="Clinic", issuer=ISSUER, client_id=CLIENT, client_secret="x", trust_email=True
    )
    with_claims(email_verified=...)(forge)
    assert good(forge).email_verified is True


def test_an_address_that_is_none_is_not_kept_and_no_name_turns_the_line() -> None:
    forge = Forge()
    with_claims(email="not an address", name="Ann\u202e\nOut")(forge)
    forge.userinfo = {"sub": "subject-1"}
    who = good(forge)
    assert (who.email, who.email_verified, who.name) == ("", False, "Ann Out")


def test_the_address_of_userinfo_is_taken_where_the_token_has_none() -> None:
    forge = Forge()
    with_claims(email=..., email_verified=...)(forge)
    forge.userinfo = {"sub": "subject-1", "email": "ann@mail.example", "email_verified": True}
    assert (good(forge).email, good(forge).email_verified) == ("ann@mail.example", True)


def test_a_new_key_is_looked_for_once_a_minute_and_discovery_once_an_hour() -> None:
    forge = Forge()
    good(forge)
    good(forge)
    assert (forge.asked.count("openid-configuration"), forge.asked.count("keys")) == (1, 1)
    forge.key, forge.header = THEIRS, {"alg": "RS256", "kid": "new"}
    forge.keys = [{**public(THEIRS)[0], "kid": "new"}]
    refused(forge)
    assert forge.asked.count("keys") == 1, "asked a moment ago"
    forge.now = NOW + timedelta(seconds=61)
    assert good(forge).subject == "subject-1"
    assert forge.asked.count("keys") == 2
    forge.now = NOW + timedelta(minutes=62)
    shifted(iat=62 * 60, exp=65 * 60)(forge)
    good(forge)
    assert forge.asked.count("openid-configuration") == 2


def test_the_code_goes_with_the_verifier_and_our_callback() -> None:
    forge = Forge()
    good(forge)
    (form,) = forge.forms
    assert (form["code_verifier"], form["redirect_uri"]) == ("v" * 43, "https://portal.example/auth/google/callback")
    assert "client_secret" not in form, "the secret is in the header that the provider asked for"


def test_the_way_out_carries_state_nonce_and_challenge_and_asks_for_a_fresh_proof_where_wanted() -> None:
    forge = Forge()
    address = asyncio.run(forge.outside.address(forge.provider, forge.trip))
    for wanted in (
        "state=state",
        "nonce=nonce-of-this-trip",
        "code_challenge_method=S256",
        "code_challenge=",
        "openid",
    ):
        assert wanted in address
    assert "verifier" not in address
    assert "max_age" not in address
    forge.fresh = True
    fresh = asyncio.run(forge.outside.address(forge.provider, forge.trip))
    assert "max_age=0" in fresh
    assert "prompt=" in fresh
