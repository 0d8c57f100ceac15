"""Every route of the app, who may stand there, and how to bring it into each state that it can show."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from tests.browsing import Visitor

NOBODY = ""


@dataclass(frozen=True)
class Stop:
    """One route. `who` opens it filled, `empty` opens it with nothing on it, `refused` may not open it.

    `always`: it is about one's own account, so that no address makes it fail.
    """

    route: str
    who: str = NOBODY
    empty: str = ""
    refused: str = ""
    always: bool = False

    @property
    def states(self) -> tuple[str, ...]:
        """The states to look at; pages without data of a person have only one."""
        if not self.who:
            return ("ready",)
        failed, empty = ([] if self.always else ["failed"]), (["empty"] if self.empty else [])
        return ("ready", "loading", *failed, *empty)

    def reader(self, state: str) -> str:
        """Who looks at it in this state."""
        if state == "empty":
            return self.empty
        return self.refused if state == "failed" and self.refused else self.who

    def path(self, visitor: Visitor, state: str) -> str:
        """Its address in this state. A chart that is not theirs, and a result that is nobody's, are how it fails."""
        if state == "failed" and not self.refused:
            stranger = str(uuid4())
            return self.route.replace("[id]", stranger) + ("" if "[id]" in self.route else f"?for={stranger}")
        if "[id]" not in self.route:
            return self.route
        return FIRST[self.route](visitor)


STOPS = (
    Stop("/"),
    Stop("/sign-in"),
    Stop("/sign-in/second"),
    Stop("/sign-up"),
    Stop("/forgot-password"),
    Stop("/help"),
    Stop("/404"),
    Stop("/home", "maya", empty="nora"),
    Stop("/results", "maya", empty="nora"),
    Stop("/results/[id]", "maya"),
    Stop("/medicines", "maya", empty="nora"),
    Stop("/appointments", "maya", empty="nora"),
    Stop("/visits/[id]", "maya"),
    Stop("/notes/[id]", "maya"),
    Stop("/record", "maya", empty="nora"),
    Stop("/account/access-log", "maya"),
    Stop("/account/security", "maya", always=True),
    Stop("/account/verify", "olive", always=True),
    Stop("/account/connections", "maya", empty="nora", always=True),
    Stop("/account/invite", "maya", always=True),
    Stop("/invitations/[id]"),
    Stop("/account/preferences", "maya", always=True),
    Stop("/account/remove", "maya", always=True),
    Stop("/account/support", "maya", always=True),
    Stop("/desk/results", "dr.lee", refused="fran"),
    Stop("/desk/claims", "fran", refused="dr.lee"),
    Stop("/desk/codes", "fran", refused="dr.lee"),
    Stop("/desk/access", "fran", refused="dr.lee"),
    Stop("/desk/sign-ins", "fran", refused="dr.lee"),
)


def first_result(visitor: Visitor) -> str:
    """The address of the first result on the list with a trend: Maya's metabolic panel."""
    page = visitor.go("/results")
    link = page.get_by_role("link", name="Basic metabolic panel").first
    link.wait_for()
    href = link.get_attribute("href")
    assert href
    return href


def first_visit(visitor: Visitor) -> str:
    """The address of the newest past visit with something to read: Maya's."""
    page = visitor.go("/appointments")
    link = page.get_by_role("list").get_by_role("link", name="After-visit summary").first
    link.wait_for()
    href = link.get_attribute("href")
    assert href
    return href


def first_note(visitor: Visitor) -> str:
    """The address of a document of that visit."""
    page = visitor.go(first_visit(visitor))
    link = page.get_by_role("heading", name="After-visit summary").get_by_role("link")
    link.wait_for()
    href = link.get_attribute("href")
    assert href
    return href


def used_invitation(_visitor: Visitor) -> str:
    """A link that leads to no invitation any more."""
    return "/invitations/used-long-ago"


FIRST = {
    "/invitations/[id]": used_invitation,
    "/results/[id]": first_result,
    "/visits/[id]": first_visit,
    "/notes/[id]": first_note,
}
