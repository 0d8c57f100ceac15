"""Settings: typed, told apart by source, keys made once, unsafe production refused."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from rxportal.core.providers import providers_of
from rxportal.settings import Settings, SettingsError, load_settings
from rxportal.settings_checks import masked, refusals

SAFE = {
    "RXPORTAL_ENV": "production",
    "RXPORTAL_SECRET_KEY": "k3y-of-many-different-characters-0123456789",
    "RXPORTAL_DATABASE_KEY": "0123456789abcdef" * 4,
    "RXPORTAL_PUBLIC_URL": "https://portal.example.org",
    "RXPORTAL_SMTP_URL": "smtps://user:pass@mail.example.org",
    "RXPORTAL_PRACTICE_NAME": "Green Valley Practice",
    "RXPORTAL_SUPPORT_SIGN_IN_EMAIL": "help@example.org",
    "RXPORTAL_SUPPORT_SIGN_UP_EMAIL": "join@example.org",
}


def loaded(tmp_path: Path, **given: str) -> Settings:
    return load_settings({"RXPORTAL_VAR": str(tmp_path / "var"), **given}, None)


GOOGLE = {"RXPORTAL_OIDC_GOOGLE_CLIENT_ID": "g", "RXPORTAL_OIDC_GOOGLE_CLIENT_SECRET": "s"}
FACEBOOK = {"RXPORTAL_FACEBOOK_CLIENT_ID": "f", "RXPORTAL_FACEBOOK_CLIENT_SECRET": "s"}


def test_keys_are_made_once_and_are_their_owners_only(tmp_path: Path) -> None:
    first, second = loaded(tmp_path), loaded(tmp_path)
    assert first.database_key == second.database_key != first.secret_key
    assert len(first.database_key) == 64
    for name in ("database-key", "secret-key"):
        assert stat.S_IMODE((tmp_path / "var" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_a_lost_key_is_not_replaced_while_its_database_is_there(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    settings.database_file.touch()
    (settings.var / "database-key").unlink()
    with pytest.raises(SettingsError, match="put the key file back"):
        loaded(tmp_path)


def test_production_makes_no_keys(tmp_path: Path) -> None:
    settings = loaded(tmp_path, RXPORTAL_ENV="production")
    assert (settings.secret_key, settings.database_key) == ("", "")
    assert not (tmp_path / "var").exists()


def test_the_environment_wins_over_the_file_and_both_are_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# ours\nRXPORTAL_PORT=9000\nexport RXPORTAL_PRACTICE_NAME='Dr. Lee # and Co'\nRXPORTAL_WORKERS=2 # two\n"
    )
    settings = load_settings({"RXPORTAL_PORT": "9001", "RXPORTAL_VAR": str(tmp_path)}, file)
    assert (settings.port, settings.practice_name, settings.workers) == (9001, "Dr. Lee # and Co", 2)
    assert settings.sources["port"] == "environment"
    assert settings.sources["practice_name"] == ".env"
    assert settings.sources["host"] == "default"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RXPORTAL_PORT", "70000"),
        ("RXPORTAL_ENV", "staging"),
        ("RXPORTAL_DATABASE_KEY", "hunter2"),
        ("RXPORTAL_DATABASE_URL", "mysql://x"),
        ("RXPORTAL_REDIS_URL", "http://x"),
        ("RXPORTAL_PUBLIC_URL", "portal.example.org/path"),
        ("RXPORTAL_PRACTICE_TIME_ZONE", "Mars/Olympus"),
        ("RXPORTAL_PRACTICE_STATE", "California"),
        ("RXPORTAL_IDLE_MINUTES", "600"),
    ],
)
def test_a_bad_value_is_named_but_never_repeated(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as problem:
        loaded(tmp_path, **{name: value})
    assert value not in str(problem.value).replace(name, "")


def test_the_event_budget_is_lifted_in_tests_only(tmp_path: Path) -> None:
    assert loaded(tmp_path, RXPORTAL_ENV="test", RXPORTAL_BUDGET_OFF="1").budget_off
    for env in ("development", "production"):
        with pytest.raises(SettingsError, match="RXPORTAL_ENV=test"):
            loaded(tmp_path, RXPORTAL_ENV=env, RXPORTAL_BUDGET_OFF="1")


def test_a_safe_production_may_start(tmp_path: Path) -> None:
    assert refusals(loaded(tmp_path, **SAFE)) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"RXPORTAL_SECRET_KEY": "changeme"}, "RXPORTAL_SECRET_KEY"),
        ({"RXPORTAL_SECRET_KEY": "a" * 40}, "RXPORTAL_SECRET_KEY"),
        ({"RXPORTAL_DATABASE_KEY": ""}, "RXPORTAL_DATABASE_KEY"),
        ({"RXPORTAL_DATABASE_KEY": "0" * 64}, "RXPORTAL_DATABASE_KEY"),
        ({"RXPORTAL_PUBLIC_URL": "http://portal.example.org"}, "RXPORTAL_PUBLIC_URL"),
        ({"RXPORTAL_PUBLIC_URL": ""}, "RXPORTAL_PUBLIC_URL"),
        ({"RXPORTAL_SMTP_URL": ""}, "RXPORTAL_SMTP_URL"),
        ({"RXPORTAL_STRIPE_API_BASE": "http://localhost:9"}, "RXPORTAL_STRIPE_API_BASE"),
        ({"RXPORTAL_DATABASE_URL": "postgresql://app@db/x"}, "RXPORTAL_DATABASE_URL must say ?sslmode"),
        ({"RXPORTAL_REDIS_URL": "redis://cache:6379/0"}, "RXPORTAL_REDIS_URL must be a rediss://"),
        ({"RXPORTAL_DATABASE_URL": "postgresql://app@db/x"}, "RXPORTAL_DATABASE_ADMIN_URL"),
        ({"RXPORTAL_WORKERS": "2"}, "RXPORTAL_REDIS_URL and RXPORTAL_DATABASE_URL"),
        ({"RXPORTAL_IDLE_MINUTES": "2", "RXPORTAL_WARN_SECONDS": "120"}, "RXPORTAL_WARN_SECONDS"),
        ({"RXPORTAL_PRACTICE_NAME": ""}, "RXPORTAL_PRACTICE_NAME"),
        ({"RXPORTAL_STAFF_FACTOR": "optional"}, "RXPORTAL_STAFF_FACTOR"),
        ({**GOOGLE, "RXPORTAL_OIDC_GOOGLE_ISSUER": "http://localhost:9"}, "RXPORTAL_OIDC_GOOGLE_ISSUER"),
        ({**GOOGLE, "RXPORTAL_OIDC_GOOGLE_ISSUER": "https://localhost:9"}, "RXPORTAL_OIDC_GOOGLE_ISSUER"),
        ({"RXPORTAL_OIDC_CLINIC_CLIENT_ID": "x"}, "RXPORTAL_OIDC_CLINIC_ISSUER"),
        ({"RXPORTAL_OIDC_GOOGLE_CLIENT_ID": "x"}, "RXPORTAL_OIDC_GOOGLE_CLIENT_SECRET"),
        ({**FACEBOOK, "RXPORTAL_FACEBOOK_API_BASE": "http://127.0.0.1:9"}, "RXPORTAL_FACEBOOK_API_BASE"),
        ({**FACEBOOK, "RXPORTAL_FACEBOOK_CLIENT_SECRET": ""}, "RXPORTAL_FACEBOOK_CLIENT_SECRET"),
    ],
)
def test_an_unsafe_production_is_refused_by_name(tmp_path: Path, change: dict[str, str], named: str) -> None:
    assert any(named in reason for reason in refusals(loaded(tmp_path, **{**SAFE, **change})))


def test_production_offers_the_real_providers_that_are_set_and_no_stand_in(tmp_path: Path) -> None:
    assert providers_of(loaded(tmp_path, **SAFE)) == {}
    given = loaded(tmp_path, **SAFE, **GOOGLE, **FACEBOOK)
    assert refusals(given) == []
    found = providers_of(given)
    assert list(found) == ["google", "facebook"]
    assert found["google"].issuer == "https://accounts.google.com"
    assert not any(one.stand_in for one in found.values())


def test_development_plays_whoever_is_not_set_and_takes_further_providers_by_settings_alone(tmp_path: Path) -> None:
    clinic = {"CLIENT_ID": "c", "CLIENT_SECRET": "s", "ISSUER": "https://id.clinic.example", "LABEL": "Our clinic"}
    given = {f"RXPORTAL_OIDC_CLINIC_{name}": value for name, value in clinic.items()}
    found = providers_of(loaded(tmp_path, RXPORTAL_ENV="development", **GOOGLE, **given))
    assert list(found) == ["google", "microsoft", "yahoo", "facebook", "clinic"]
    assert [name for name, one in found.items() if one.stand_in] == ["microsoft", "yahoo", "facebook"]
    assert (found["clinic"].label, found["clinic"].trust_email) == ("Our clinic", False)


def test_microsoft_means_personal_accounts(tmp_path: Path) -> None:
    given = {"RXPORTAL_OIDC_MICROSOFT_CLIENT_ID": "m", "RXPORTAL_OIDC_MICROSOFT_CLIENT_SECRET": "s"}
    issuer = providers_of(loaded(tmp_path, **SAFE, **given))["microsoft"].issuer
    assert issuer == "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    given = {
        **SAFE,
        "RXPORTAL_DATABASE_URL": "postgresql://app:p4ssw0rd@db/x",
        "RXPORTAL_OIDC_GOOGLE_CLIENT_SECRET": "g00gle",
    }
    settings = loaded(tmp_path, **given)
    shown = repr(settings) + repr(masked(settings))
    for secret in ("k3y-of", "0123456789abcdef", "p4ssw0rd", "g00gle", "user:pass"):
        assert secret not in shown


def test_any_usual_postgresql_address_is_taken(tmp_path: Path) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"):
        settings = loaded(tmp_path, RXPORTAL_DATABASE_URL=f"{scheme}://u@h/d")
        assert settings.database_url == "postgresql+psycopg://u@h/d"


def test_the_example_file_lists_every_setting() -> None:
    listed = Path(".env.example").read_text()
    for name, _value, _source in masked(load_settings({"RXPORTAL_ENV": "production"}, None)):
        assert f"{name}=" in listed, name
