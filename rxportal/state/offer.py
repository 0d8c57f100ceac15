"""A secret for an authenticator app, as a person can take it over: by a picture, a link or by hand."""

from __future__ import annotations

import segno

from rxportal.rules.factors import address_of_secret
from rxportal.services.factors_view import Offer


def offer_of(secret: str, practice: str, email: str = "") -> Offer:
    """The secret in groups of four, its picture (black on white, whatever the page's colours are), its link."""
    link = address_of_secret(secret, email or practice, practice)
    picture = segno.make(link, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Offer(groups, picture, link)
