"""What is stored: one module per feature, no queries. Importing this package registers every table."""

from rxportal.models import accounts, audit, live, mail, policies, records, releases

__all__ = ["accounts", "audit", "live", "mail", "policies", "records", "releases"]
