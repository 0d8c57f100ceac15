"""What people type as their name and their e-mail address: one form for what means the same, and what can be used."""

from __future__ import annotations

import re
import unicodedata

import idna

LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64
LONGEST_NAME = 300
ATOM = r'[^\s"(),:;<>@\[\\\]\x00-\x20\x7f]'
LOCAL = re.compile(rf'{ATOM}+|"(?:[^"\\\x00-\x1f\x7f]|\\[^\x00-\x1f\x7f])+"')
# They turn the direction of what stands after them, so that one name could be read as another
TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def normal_address(typed: str) -> str:
    """An e-mail address as it is stored: NFKC, trimmed, lower case, the domain in its own script."""
    address = unicodedata.normalize("NFKC", typed).strip().lower()
    local, sign, domain = address.rpartition("@")
    if "xn--" in domain:
        try:
            domain = idna.decode(domain)
        except (idna.IDNAError, UnicodeError):
            return address
    return f"{local}{sign}{domain}"


def is_address(address: str) -> bool:
    """Whether a letter can be sent there, as far as one can tell (RFC 5321, 6531): any script, quotes too."""
    local, _sign, domain = address.rpartition("@")
    wire = wire_domain(domain)
    if not wire or "." not in wire or len(local.encode()) > LONGEST_LOCAL:
        return False
    if len(local.encode()) + 1 + len(wire) > LONGEST_ADDRESS or local.startswith(".") or local.endswith("."):
        return False
    return LOCAL.fullmatch(local) is not None and (local.startswith('"') or ".." not in local)


def wire_domain(domain: str) -> str:
    """A domain as it is asked for on the network (bücher.example is xn--bcher-kva.example); "" when it can be none."""
    try:
        return idna.encode(domain, uts46=True).decode() if domain else ""
    except (idna.IDNAError, UnicodeError):
        return ""


def wire_address(address: str) -> str:
    """An address as a mail server takes it; what is before the @ stays as it is."""
    local, sign, domain = address.rpartition("@")
    return f"{local}{sign}{wire_domain(domain) or domain}"


def person_name(typed: str) -> str:
    """A name as it is kept: any script, one space between words, nothing that can't be seen or turns the line."""
    shown = unicodedata.normalize("NFC", typed).translate(TURNS)
    visible = "".join(" " if unicodedata.category(one) in {"Cc", "Zl", "Zp"} else one for one in shown)
    return " ".join(visible.split())
