"""The one page of a stand-in: who shall it say that you are?"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode

from rxportal.core.text import _
from rxportal.demo.outside.people import PEOPLE, StandInPerson

STYLE = (
    ":root{color-scheme:light dark;font:1.0625rem/1.55 system-ui,sans-serif}"
    "body{max-width:36rem;margin:1.5rem auto;padding:0 1rem}"
    ".note{border:2px dashed #8a4b00;border-radius:.5rem;padding:.75rem}"
    "li{margin:.75rem 0}a,button,input{font:inherit}a,button{display:inline-block;min-height:2.75rem}"
    "label{display:block;margin:.5rem 0}input:not([type=checkbox]){width:100%;min-height:2.75rem;box-sizing:border-box}"
)


def chooser(label: str, asked: Mapping[str, str]) -> str:
    """Links for the made-up people, a form for anybody else, and the way back without signing in."""
    title = _("Stand-in for {label}").format(label=label)
    note = escape(_("Development: this is not {label}. Nobody real can sign in here.").format(label=label))
    people = "".join(f"<li>{_link(one, asked)}</li>" for one in PEOPLE)
    refuse = f"?{urlencode({**asked, 'refuse': '1'})}"
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>"
        f'<p class="note">{note}</p>'
        f"<h2>{escape(_('Who are you?'))}</h2><ul>{people}</ul>"
        f'<h2>{escape(_("Somebody else"))}</h2><form method="get">{hidden}'
        f'<label>{escape(_("Name"))}<input name="name" maxlength="300" autocomplete="off"></label>'
        f'<label>{escape(_("E-mail address"))}<input name="email" maxlength="254" autocomplete="off"></label>'
        f'<label><input type="checkbox" name="vouched" value="1"> {escape(_("The address is confirmed"))}</label>'
        f'<p><button name="person" value="new">{escape(_("Go on as this person"))}</button></p></form>'
        f'<p><a href="{escape(refuse)}">{escape(_("Go back without signing in"))}</a></p></main></body></html>'
    )


def _link(one: StandInPerson, asked: Mapping[str, str]) -> str:
    address = f"?{urlencode({**asked, 'person': one.subject})}"
    told = one.email or _("no e-mail address")
    if one.email and not one.vouched:
        told += ", " + _("not confirmed")
    return f'<a href="{escape(address)}">{escape(one.name)}</a> ({escape(told)})'
