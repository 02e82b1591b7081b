"""How tests open a locked page: by the code in the list beside it."""

from doorroute.handback.codes import read_codes

PHONE = (390, 844)


def lock_of(folder, name="T1"):
    """Return the lock of one team."""
    return next(page.lock for page in read_codes(folder) if page.lock.team == name)


def unlock(opened, code):
    """Type the code and wait until the map is drawn."""
    opened.page.fill("#code", code)
    opened.page.click("#unlock button")
    opened.page.wait_for_selector("html[data-map=drawn]")
    return opened


def tap(page, text):
    """Tap one of the large buttons below a door."""
    page.locator("#actions").get_by_role("button", name=text, exact=True).click()
