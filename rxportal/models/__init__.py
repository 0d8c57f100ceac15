"""What is stored: one module per feature, no queries. Importing this package registers every table."""

from rxportal.models import accounts, audit, credentials, live, mail, people, policies, preferences, records, releases

__all__ = [
    "accounts", "audit", "credentials", "live", "mail", "people", "policies", "preferences", "records", "releases",
]  # fmt: skip
