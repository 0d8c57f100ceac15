"""A person without a mouse: nothing but Tab, until the wanted control has the focus."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browsing import settled

LOOK = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect();
  const labels = it.labels ? [...it.labels].map(label => label.innerText).join(' ') : '';
  const ids = (it.getAttribute('aria-labelledby') || '').split(' ');
  const named = ids.map(id => document.getElementById(id)?.innerText || '');
  const tag = it.tagName.toLowerCase();
  const roles = {a: 'link', button: 'button', summary: 'disclosure', select: 'combobox', textarea: 'textbox'};
  const kinds = {search: 'searchbox', submit: 'button', checkbox: 'checkbox', radio: 'radio'};
  const middle = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  const style = getComputedStyle(it);
  return {
    role: it.getAttribute('role') || (tag === 'input' ? kinds[it.type] || 'textbox' : roles[tag] || tag),
    name: (it.getAttribute('aria-label') || named.join(' ').trim() || labels || it.innerText || '').trim(),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    covered: !(middle && (it.contains(middle) || middle.contains(it))),
    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
  };
}"""


def landed(page: Page, title: str) -> None:
    """Wait until a link of the app has led to the page of that heading, and its content has the focus.

    A Tab pressed earlier would begin on the page before.
    """
    settled(page, title)
    expect(page.locator("#main")).to_be_focused()


def press_to(page: Page, role: str, name: re.Pattern[str], most: int = 120) -> None:
    """Press Tab until a control of that role and name has the focus.

    On the way every control must be on the screen, uncovered, and show that it has the focus.
    """
    seen: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(LOOK)
        if focused is None:
            continue
        seen.append(f"{focused['role']} {focused['name']!r}")
        assert focused["inside"], f"focus outside the window: {seen[-1]}"
        assert not focused["covered"], f"focus under something else: {seen[-1]}"
        assert focused["marked"], f"focus does not show: {seen[-1]}"
        kinds = {role, "button"} if role == "disclosure" else {role}
        if focused["role"] in kinds and name.search(focused["name"]):
            return
    raise AssertionError(f"no {role} {name.pattern!r} by Tab; met: {seen}")
