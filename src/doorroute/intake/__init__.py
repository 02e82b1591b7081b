"""Stage intake: spreadsheets to residents, visits, teams and depots.

Every row becomes a resident, team or depot, or is rejected with row, column and code.

File to cells:  `table_files` opens a file, with `workbook_child` (xlsx, xls, ods, xlsb; `workbook_flags`) or
                `csv_text` (encoding) and `csv_rows` (quotes).
Header:         `header_rows` finds the header row; `header_meanings` maps a header to a field by the words of
                `header_words`.
Table in cells: `data_rows` reads the rows below a header; `table_layout` finds one table in a file,
                `people_lists` every list of people on every sheet.
Cells:          `row_reader` reads the cells of a row; `values`, `numbers`, `coordinates`, `addresses` and
                `times` (`clock_words`, `clock_grammar`, `clock_meaning`) read a text; `number_cells`,
                `phone_cells`, `coordinate_cells` and `time_window_cells` add findings.
Tables:         `residents` (`resident_row`, `names_in_cell`, `duplicates`), `teams`, `depots`; `unread_parts`
                reports what is not read; `cross_checks` compares the tables.
After reading:  `visits` groups residents by door (`door_keys`); `identity` keeps ids the same all day;
                `sheets_as_read` and `original_rows` keep cells for the findings workbook and the carry-over.
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
    "IdRecord",
    "KnownPerson",
    "Originals",
    "ResidentTable",
    "SheetAsRead",
    "TeamTable",
    "VisitTable",
    "check_labs",
    "combine_originals",
    "contradictions",
    "default_teams",
    "match_people",
    "match_visits",
    "parse_record",
    "read_depots",
    "read_originals",
    "read_residents",
    "read_teams",
    "seconds_each",
    "updated_record",
    "visit_of",
    "visits_of",
    "with_known_teams",
]
