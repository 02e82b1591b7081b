"""The table of rules: where each is given, why a visit fails it, what helps, and what checks it.

Nothing runs from this table. A test holds it together with the fields of the model, the columns that are
read, the reasons, the remedies, the rules of the checker and the page `docs/rules.md`: a row that names
something that is not there fails, and so does anything of theirs that no row names. `docs/add-a-rule.md`
says what to do for one more rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from doorroute.model.plan import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the day.

    name : its row in `docs/rules.md`.
    field, crew_field, setting : where it is given: fields of `Visit`, of `Team`, and of `Settings`
        ("service." and "wishes." for those tables); also of `Locks`, as "Locks.order".
    reason : why a visit is on no route that fails it.
    words : the columns that it is read from, as "residents.window"; `intake.header_words` lists their
        spellings.
    remedy : the functions of `planning.reasons` that offer what would help, as "changes.wider_window".
    check : the rules of the checker that hold a plan to it.
    """

    name: str
    field: tuple[str, ...] = ()
    crew_field: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    reason: tuple[Reason, ...] = ()
    words: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()
    check: tuple[str, ...] = ()


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        name="location",
        field=("address", "given"),
        setting=("min_score",),
        reason=(Reason.NO_LOCATION, Reason.LOW_GEOCODE_PRECISION),
        check=("steps_at_their_places",),
    ),
    Rule(
        name="once",
        field=("id", "residents"),
        reason=(Reason.DUPLICATE,),
        check=("each_visit_once", "residents_of_their_visit", "totals_add_up"),
    ),
    Rule(
        name="route",
        crew_field=("id", "start", "end", "profile", "open_end"),
        reason=(Reason.UNREACHABLE,),
        words=("teams.start", "teams.end", "teams.profile", "teams.open_end"),
        remedy=("explain.fails_alone",),
        check=("one_route_a_shift", "moves_like_its_team", "from_start_to_end", "streets_lead_there"),
    ),
    Rule(
        name="team",
        field=("only_teams", "not_teams"),
        reason=(Reason.NOT_ELIGIBLE,),
        words=("residents.team", "residents.not_team"),
        remedy=("changes.allowed",),
        check=("by_a_team_that_may",),
    ),
    Rule(
        name="class",
        field=("infection_class",),
        crew_field=("classes",),
        setting=("class_rule",),
        reason=(Reason.CLASS_CONFLICT,),
        words=("residents.class", "teams.classes"),
        remedy=("changes.allowed",),
        check=("takes_the_class", "classes_in_order", "classes_apart"),
    ),
    Rule(
        name="skills",
        field=("skills",),
        crew_field=("skills",),
        reason=(Reason.SKILL,),
        words=("residents.skills", "teams.skills"),
        remedy=("changes.allowed",),
        check=("has_skills",),
    ),
    Rule(
        name="goods",
        field=("kits", "suits", "tubes"),
        crew_field=("capacity", "suits", "tubes"),
        reason=(Reason.CAPACITY,),
        words=(
            *("residents.kits", "residents.suits", "residents.tubes"),
            *("teams.capacity", "teams.suits", "teams.tubes"),
        ),
        remedy=("changes.carry",),
        check=("load_counted", "within_capacity"),
    ),
    Rule(
        name="reloads",
        crew_field=("max_reloads", "reload"),
        setting=("service.reload_s",),
        words=("teams.reloads", "teams.reload"),
        check=("within_max_reloads",),
    ),
    Rule(
        name="number of visits",
        crew_field=("max_visits",),
        reason=(Reason.MAX_VISITS,),
        words=("teams.max_visits",),
        remedy=("changes.more_visits",),
        check=("within_max_visits",),
    ),
    Rule(
        name="travel",
        crew_field=("max_travel_s", "max_distance_m"),
        reason=(Reason.TOO_FAR,),
        words=("teams.max_travel_min", "teams.max_distance_m"),
        remedy=("changes.further",),
        check=("within_max_travel",),
    ),
    Rule(
        name="service",
        field=("service_s",),
        setting=("service.door_s", "service.resident_s", "service.kinds"),
        words=("residents.service_min", "residents.kind"),
        check=("service_as_asked", "times_add_up", "waiting_never_negative"),
    ),
    Rule(
        name="setup",
        field=("access",),
        setting=("service.entrance_s", "service.lift_s", "service.floor_s", "service.gear_s"),
        words=("residents.building", "residents.unit", "residents.floor", "residents.lift"),
        check=("setup_once_a_building",),
    ),
    Rule(
        name="window",
        field=("time_windows",),
        reason=(Reason.TIME_WINDOW,),
        words=("residents.window", "residents.window_start", "residents.window_end"),
        remedy=("changes.wider_window", "changes.another_time"),
        check=("inside_window",),
    ),
    Rule(
        name="shift",
        crew_field=("shift", "more_shifts"),
        reason=(Reason.SHIFT_TOO_SHORT,),
        words=("teams.shift", "teams.shift_start", "teams.shift_end"),
        remedy=("changes.longer", "changes.earlier"),
        check=("inside_shift",),
    ),
    Rule(
        name="breaks",
        crew_field=("breaks",),
        reason=(Reason.SHIFT_TOO_SHORT,),
        words=("teams.break",),
        remedy=("changes.longer",),
        check=("breaks_kept",),
    ),
    Rule(
        name="sample age",
        setting=("max_sample_age_s",),
        reason=(Reason.SAMPLE_AGE,),
        words=("depots.lab",),
        remedy=("changes.older_samples",),
        check=("sample_age_kept",),
    ),
    Rule(
        name="urgency",
        field=("priority",),
        reason=(Reason.NO_ROOM_LEFT,),
        words=("residents.priority",),
        remedy=("changes.for_room", "remedies.for_ever"),
    ),
    Rule(
        name="wishes",
        field=("area", "last_team"),
        crew_field=("home_area",),
        setting=("wishes.home_area_s", "wishes.same_team_s", "wishes.little_change_s", "wishes.compact_s"),
        words=("residents.area", "residents.last_team", "teams.home_area"),
        check=("totals_add_up",),
    ),
    Rule(
        name="locks",
        field=("Locks.done", "Locks.order", "Locks.left_s", "Locks.free_s"),
        reason=(Reason.LOCKED,),
        check=("history_kept", "order_kept", "goes_on_when_free", "locks_told"),
    ),
)
"""All rules, in the order of `docs/rules.md`."""
