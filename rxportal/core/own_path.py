"""Where somebody may be sent after signing in: an address of ours, said by a browser, so believed only in this form."""

from __future__ import annotations

import re

LONGEST = 200
# One slash, never two or a backslash: a browser reads those as another host
PAGE = r"/(?![/\\])[A-Za-z0-9/_-]*"
CHART = r"(\?for=[0-9a-fA-F-]{0,36})?"
OWN_PAGE = re.compile(PAGE)
OWN_PATH = re.compile(PAGE + CHART)


def is_own_path(wanted: str) -> bool:
    """Whether this is a page of ours, with or without the chart that it shows."""
    return len(wanted) <= LONGEST and OWN_PATH.fullmatch(wanted) is not None


def is_own_page(wanted: str) -> bool:
    """Whether this is a page of ours and says nothing of a chart: it may stand in an address bar."""
    return len(wanted) <= LONGEST and OWN_PAGE.fullmatch(wanted) is not None


def with_next(path: str, after: str) -> str:
    """The address of a page of ours, from which somebody goes on to the page that they wanted ("" for none)."""
    return f"{path}?next={after}" if after and is_own_page(after) else path
