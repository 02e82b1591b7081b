"""The fixed words of a team's page; a page carries them in every language, so that it can change over without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorroute.texts import Text, msg

STUCK: Final[Mapping[str, Text]] = {
    "title": msg("This page did not start"),
    "browser": msg(
        "Open the file in a browser (Chrome, Edge, Firefox, Safari), not in the preview of a chat, a mail or an iPhone's Files."
    ),
    "again": msg("If it still does not start, the file was cut off on its way: ask for it again."),
    "pdf": msg("Or use the PDF {name} (it has a code of its own), or the paper sheet."),
    "paper": msg("Or use the paper sheet."),
    "call": msg("Dispatcher"),
}
"""What a page says that runs no script: where scripts are switched off, the file is cut off, or the browser is too old. It stands in the page in both languages."""
NEXT_DAY: Final = msg("+1: after midnight, the next day.")
"""What stands behind a time of the next day."""

WORDS: Final[Mapping[str, Text]] = {
    # locked
    "doors": msg("Doors: {n}"),
    "as_of": msg("as of {time}"),
    "changed_plan": msg("Changed plan"),
    "ask": msg("Today's code"),
    "told": msg("The dispatcher tells you the code by voice. Do not write it in a message."),
    "open": msg("Open"),
    "opening": msg("Opening …"),
    "wrong": msg("That is not the code of this page. Ask again, letter by letter."),
    "changed_file": msg(
        "Somebody changed this file after it was made. Do not use it: ask the dispatcher for it again."
    ),
    "broken": msg("This file is damaged. Ask for it again."),
    "too_old": msg(
        "This phone's browser is too old for this page. Use another phone, the PDF or the paper sheet."
    ),
    "fault": msg(
        "Something on this page failed. Lock it and open it again; if that does not help, use the PDF or the paper sheet."
    ),
    "idle": msg("Locked, as nobody touched it for {minutes} minutes. Nothing is lost."),
    # places
    "map": msg("Map"),
    "door": msg("Door"),
    "list": msg("List"),
    "send": msg("Hand in"),
    "menu": msg("More"),
    "close": msg("Close"),
    "all": msg("Whole route"),
    "here": msg("Where am I"),
    "no_position": msg("This phone does not tell where it is."),
    # what changed
    "changes": msg("What changed"),
    "changes_none": msg("Nothing changed for this team."),
    "new": msg("New"),
    "moved": msg("Moved"),
    "was": msg("was {time}"),
    "now_new": msg("New doors"),
    "now_moved": msg("In another order"),
    "now_gone": msg("No longer yours"),
    "gone_to": msg("now {team}"),
    "gone_nobody": msg("nobody goes there now"),
    "understood": msg("Understood"),
    "taken_over": msg("{n} marks came over from the page before."),
    # at a door
    "only": msg("only {hours}"),
    "walk": msg("{m} m"),
    "to_sample": msg("{n} to sample"),
    "call": msg("Call"),
    "phones": msg("Call whom"),
    "navigate": msg("Navigate"),
    "navigate_hint": msg("The app opens with this door. It learns the position, and nothing else."),
    "copy_place": msg("Copy coordinates"),
    "done": msg("Done"),
    "away": msg("Not home"),
    "refused": msg("Refused"),
    "partly": msg("Partly"),
    "pending": msg("To do"),
    "note": msg("Note"),
    "note_of": msg("Note on door {number}"),
    "note_hint": msg("What should the dispatcher know?"),
    "note_1": msg("Rang twice, nobody answered."),
    "note_2": msg("Please come again in the afternoon."),
    "note_3": msg("In hospital"),
    "note_4": msg("Has moved away"),
    "save": msg("Save"),
    "noted": msg("Note saved"),
    "undo": msg("Undo"),
    "undone": msg("{number} · taken back"),
    "known": msg("The dispatcher knows this already. If it is wrong, call."),
    "next": msg("Next door"),
    "all_marked": msg("All doors are marked"),
    "all_marked_hint": msg("Now hand in the results, then bring the samples back."),
    # list
    "progress": msg("{done} of {all} doors marked"),
    # handing in
    "results": msg("Results: {done} of {all}"),
    "left": msg("{n} doors are still open"),
    "none_left": msg("Every door is marked"),
    "scan": msg("Have the dispatcher photograph this code, or send a screenshot."),
    "part": msg("Picture {number} of {of}"),
    "next_part": msg("Next picture"),
    "sealed": msg("It is sealed: only the dispatcher can read it."),
    "post": msg("Send to the dispatcher's computer"),
    "posted": msg("Received by the dispatcher's computer"),
    "not_posted": msg(
        "The dispatcher's computer was not reached. Nothing is lost: show the picture, or save the file."
    ),
    "file": msg("Save as file"),
    "copy": msg("Copy as text"),
    "share": msg("Share"),
    "copied": msg("Copied"),
    "not_copied": msg("This phone does not allow copying."),
    "saved": msg("Saved among the downloads"),
    "erase": msg("Erase the results from this phone"),
    "erase_hint": msg("Only after the dispatcher has read them. This cannot be taken back."),
    "erase_yes": msg("Erase for good"),
    "erased": msg("Erased"),
    # settings and warnings
    "dark": msg("Dark"),
    "light": msg("Light"),
    "large": msg("Large text"),
    "normal": msg("Normal text"),
    "lock": msg("Lock now"),
    "credit": msg("Map data © OpenStreetMap contributors, ODbL, openstreetmap.org/copyright"),
    "private": msg("This file holds names and addresses. Pass it to nobody, and delete it after the day."),
    "no_storage": msg("This phone keeps no results: leave the page open until you have handed them in."),
    "old": msg(
        "There is a newer page for this team, as of {time}. Go on with that one. Your marks here are kept: hand them in too."
    ),
    "next_day": NEXT_DAY,
    "clock": msg("This phone's clock says {date}; the route is for {planned}."),
}
