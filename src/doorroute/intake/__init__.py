"""Spreadsheets in: every row accepted, or rejected with row, column and code.

tables      a file -> sheets of cells: workbooks through `workbook_child`, text through `csv_text` (encoding) and `csv_rows` (quotes)
words       which field a header means (spellings: `headers`); `heads` which row is the header; `below` the rows under it
columns     one table in a file; `lists` all lists of people in it, on all sheets, side by side or below one another
residents   rows -> residents (`person`, `crowds`); `teams`, `depots` likewise; `unread` tells what is not read, with its place
asked       what the lists ask of one another: teams, shifts, skills, labs
times       clock times (words: `clock_words`, sentences: `clock_grammar`); `numbers`, `coordinates`, `telephones` likewise
visits      residents behind one door -> one visit
identity    the ids of people and doors, the same in every plan of a day
as_read     the sheets as they were read, for the workbook of findings
originals   the cells of the list as they stand, for one that is made of it
"""

from doorroute.intake.cross_checks import check_labs, contradictions, with_known_teams
from doorroute.intake.depots import DepotTable, read_depots
from doorroute.intake.identity import (
    IdRecord,
    KnownPerson,
    match_people,
    match_visits,
    parse_record,
    updated_record,
)
from doorroute.intake.original_rows import Originals, combine_originals, read_originals
from doorroute.intake.residents import ResidentTable, read_residents
from doorroute.intake.sheets_as_read import SheetAsRead
from doorroute.intake.teams import TeamTable, default_teams, read_teams
from doorroute.intake.times import USUAL_DAY
from doorroute.intake.visits import VisitTable, seconds_each, visit_of, visits_of

__all__ = [
    "USUAL_DAY",
    "DepotTable",
    "KnownPerson",
    "Originals",
    "IdRecord",
    "ResidentTable",
    "SheetAsRead",
    "TeamTable",
    "VisitTable",
    "default_teams",
    "check_labs",
    "contradictions",
    "match_people",
    "read_depots",
    "read_originals",
    "read_residents",
    "read_teams",
    "parse_record",
    "updated_record",
    "seconds_each",
    "combine_originals",
    "visit_of",
    "match_visits",
    "visits_of",
    "with_known_teams",
]
