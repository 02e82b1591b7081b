"""The fixed words of a team's page, which has them in every language to switch without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from doorroute.texts import Text, msg

STUCK: Final[Mapping[str, Text]] = {
    "title": msg("This page did not start"),
    "browser": msg(
        "Open the file in a browser (Chrome, Edge, Firefox, Safari), not in the preview of a chat, a mail "
        "or the Files app."
    ),
    "again": msg("If it still does not start, the file is incomplete: ask for it again."),
    "pdf": msg("Or use the PDF {name} (it has its own code), or the paper sheet."),
    "paper": msg("Or use the paper sheet."),
    "call": msg("Dispatcher"),
}
"""Shown in every language if no script runs: scripts off, file incomplete, or browser too old."""
NEXT_DAY: Final = msg("+1: after midnight, the next day.")
"""Explains the mark after a time of the next day."""

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
        "Something on this page failed. Lock it and open it again; if that does not help, use the PDF or "
        "the paper sheet."
    ),
    "idle": msg("Locked after {minutes} minutes without use. Nothing is lost."),
    # places
    "map": msg("Map"),
    "door": msg("Door"),
    "list": msg("List"),
    "send": msg("Hand in"),
    "menu": msg("More"),
    "close": msg("Close"),
    "all": msg("Whole route"),
    "here": msg("Where am I"),
    "no_position": msg("This phone does not give its position."),
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
    "taken_over": msg("{n} marks were taken over from the previous page."),
    # at a door
    "only": msg("only {hours}"),
    "walk": msg("{m} m"),
    "to_sample": msg("{n} to sample"),
    "call": msg("Call"),
    "phones": msg("Call whom"),
    "navigate": msg("Navigate"),
    "navigate_hint": msg("The app opens with this door. It gets the position and nothing else."),
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
    "undone": msg("{number} · undone"),
    "known": msg("The dispatcher already has this result. If it is wrong, call."),
    "next": msg("Next door"),
    "all_marked": msg("All doors are marked"),
    "all_marked_hint": msg("Now hand in the results, then take the samples back."),
    # list
    "progress": msg("{done} of {all} doors marked"),
    # handing in
    "results": msg("Results: {done} of {all}"),
    "left": msg("{n} doors are still open"),
    "none_left": msg("Every door is marked"),
    "scan": msg("Ask the dispatcher to photograph this code, or send a screenshot."),
    "part": msg("Picture {number} of {of}"),
    "next_part": msg("Next picture"),
    "sealed": msg("It is sealed: only the dispatcher can read it."),
    "post": msg("Send to the dispatcher's computer"),
    "posted": msg("Received by the dispatcher's computer"),
    "not_posted": msg(
        "The dispatcher's computer could not be reached. Nothing is lost: show the picture, or save the file."
    ),
    "file": msg("Save as file"),
    "copy": msg("Copy as text"),
    "share": msg("Share"),
    "copied": msg("Copied"),
    "not_copied": msg("This phone does not allow copying."),
    "saved": msg("Saved to Downloads"),
    "erase": msg("Erase the results from this phone"),
    "erase_hint": msg("Only after the dispatcher has read them. This cannot be undone."),
    "erase_yes": msg("Erase for good"),
    "erased": msg("Erased"),
    # settings and warnings
    "dark": msg("Dark"),
    "light": msg("Light"),
    "large": msg("Large text"),
    "normal": msg("Normal text"),
    "lock": msg("Lock now"),
    "credit": msg("Map data © OpenStreetMap contributors, ODbL, openstreetmap.org/copyright"),
    "private": msg(
        "This file contains names and addresses. Do not pass it on, and delete it at the end of the day."
    ),
    "no_storage": msg("This phone cannot store results: leave the page open until you have handed them in."),
    "old": msg(
        "There is a newer page for this team, as of {time}. Use that one. Your marks here are kept: hand "
        "them in too."
    ),
    "next_day": NEXT_DAY,
    "clock": msg("This phone's clock says {date}; the route is for {planned}."),
}
