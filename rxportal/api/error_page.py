"""The page for everything that is not a page: what happened and what to do, in our look, without JavaScript."""

from __future__ import annotations

from html import escape

from rxportal.core.text import _


def words(status: int) -> tuple[str, str]:
    """Title and sentence for a status."""
    known = {
        400: (_("We could not read that"), _("Go back, reload the page and try again.")),
        403: (
            _("That did not come from our page"),
            _("For your safety we stopped it. Open the page here and try again."),
        ),
        404: (_("We can’t find that page"), _("The address may be old or mistyped.")),
        405: (_("That can’t be done here"), _("Go back and use the buttons on the page.")),
        413: (_("That is too large"), _("Send less at once, or a smaller file.")),
        429: (_("That was too fast"), _("Wait a minute, then try again.")),
        503: (_("The portal is away for a moment"), _("Nothing was lost. Try again in a minute.")),
    }
    if status in known:
        return known[status]
    if status < 500:
        return known[400]
    return _("Something went wrong on our side"), _("Nothing was changed. Try again in a minute, or call the practice.")


def error_page(status: int, *, stylesheet: str, practice: str, phone: str, reference: str = "") -> bytes:
    """A whole HTML page for one status; `reference` is the code that leads to the log line."""
    title, sentence = words(status)
    style = f'<link rel="stylesheet" href="{escape(stylesheet)}">' if stylesheet else ""
    code = f'<p class="quiet">{escape(_("Reference"))}: {escape(reference)}</p>' if reference else ""
    call = _("{practice}: {phone}").format(practice=practice, phone=phone)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · {escape(practice)}</title>{style}</head>
<body><header class="top"><a class="brand" href="/">{escape(practice)}</a></header>
<main id="main"><div class="card"><h1>{escape(title)}</h1><p>{escape(sentence)}</p>
<p><a class="button" href="/">{escape(_("Go to the front page"))}</a></p>
{code}</div></main><footer><p>{escape(call)}</p></footer></body></html>
""".encode()
