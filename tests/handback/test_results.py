"""Results come back exactly, however they travel: in any order, twice, in a chat, in a picture; and nothing
else is believed.
"""

import json
from dataclasses import MISSING, fields

import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorroute.errors import BadInputError
from doorroute.handback.marks import DoorResult, PhoneResults, Status, from_base45, newest, pieces_in, unpack
from doorroute.handback.reading import read_results
from doorroute.handback.seal import PageLock
from doorroute.model.plan import Plan, Route, Step, StepType, Summary
from doorroute.model.plan_json import plan_to_json
from doorroute.model.resident import ResidentId, TeamId, VisitId
from doorroute.model.settings import Objective
from doorroute.model.team import Profile
from tests.helpers.handed_in import LOCK, OTHER, base45, packed, travelling

statuses = st.sampled_from(Status)
doors = st.lists(
    st.tuples(statuses, st.integers(0, 1439), st.lists(statuses, max_size=4), st.text(max_size=30)),
    max_size=120,
)


@pytest.fixture
def folder(tmp_path):
    doors = [[f"V{number}", [f"R{number}"]] for number in range(1, 101)]
    pages = [
        {
            "team": lock.team,
            "code": lock.code,
            "route": lock.route,
            "date": "2022-04-06",
            "current": True,
            "doors": doors,
        }
        for lock in (LOCK, OTHER)
    ]
    (tmp_path / "codes.json").write_text(json.dumps({"doorroute/codes/1": pages}), encoding="utf-8")
    return tmp_path


def write_plan(folder):
    """Write the plan whose team LOCK has the doors of the folder."""
    steps = tuple(
        Step(
            type=StepType.VISIT,
            visit=VisitId(f"V{number}"),
            residents=(ResidentId(f"R{number}"),),
            arrival_s=30_000,
            start_service_s=30_000,
            departure_s=30_000,
        )
        for number in range(1, 101)
    )
    zero = dict.fromkeys(("start_s", "finish_s", "travel_s", "service_s", "waiting_s", "distance_m"), 0)
    plan = Plan(
        date="2022-04-06",
        objective=Objective.FINISH,
        seed=1,
        routes=(Route(team=TeamId(LOCK.team), profile=Profile.FOOT, steps=steps, **zero),),
        unassigned=(),
        summary=Summary(**{field.name: 0 for field in fields(Summary) if field.default is MISSING}),
    )
    (folder / "plan.json").write_text(json.dumps(plan_to_json(plan, "en")), encoding="utf-8")


def written(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@given(doors)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_phone_packs_is_read_exactly(given_doors):
    read = unpack(packed(given_doors))
    assert [(door.status, door.minute, list(door.people), door.note) for door in read.doors] == given_doors
    assert [door.number for door in read.doors] == list(range(1, len(given_doors) + 1))
    assert (read.revision, read.device, read.sent_min) == (7, "01020304", 29_000_000)


@given(doors, st.data())
def test_results_cut_short_are_refused(given_doors, data):
    whole = packed(given_doors)
    with pytest.raises(ValueError, match=r".+"):
        unpack(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.binary(max_size=300))
def test_base_45_is_that_of_the_rfc(data):
    assert from_base45(base45(data)) == data
    assert from_base45("QED8WEX0") == b"ietf!"  # RFC 9285, 4.4


@pytest.mark.parametrize("text", ["DR1:::::", "DR1:A", "doorroute1:", "doorroute1:AAAA", "DR2:QED8WEX0", ""])
def test_other_texts_are_no_results(folder, text):
    teams, unread = read_results([written(folder, "x.txt", text)], folder)
    assert teams == ()
    assert [one.code for one in unread] in (["NO_RESULTS"], ["RESULTS_UNREADABLE"])


@pytest.mark.parametrize("count", [1, 30, 100])
def test_a_file_and_a_chat_give_the_same_as_was_marked(folder, count):
    marked = [(Status.DONE, 500 + at, [], "家里没人，下午再来" if at % 3 == 0 else "") for at in range(count)]
    _, text = travelling(packed(marked))
    chat = written(folder, "chat.txt", f"小王：\n{text}\n好的 {text}")
    ((team,), unread) = read_results([chat], folder)
    assert (team.team, unread) == ("第3医疗队", ())
    assert [(d.status, d.minute, [], d.note) for d in team.phones[0].doors] == marked


def test_pictures_are_read_in_any_order_and_a_missing_one_is_named(folder):
    marked = [(Status.REFUSED, 600, [Status.REFUSED], "备注" * 40)] * 12
    pictures, _ = travelling(packed(marked))
    assert len(pictures) > 2
    files = []
    for number, text in enumerate(pictures):
        files.append(folder / f"{number}.png")
        segno.make(text, error="m").save(files[-1], scale=4)
    ((team,), unread) = read_results([*reversed(files), files[0]], folder)
    assert (len(team.phones[0].doors), team.phones[0].doors[0].people, unread) == (12, (3,), ())
    teams, (missing,) = read_results(files[1:], folder)
    assert (teams, missing.code) == ((), "RESULTS_IN_PART")
    assert "1" in str(missing.message)


@pytest.mark.parametrize(
    "marked",
    [
        [(Status.DONE, 600, [], "")] * 101,  # more doors than the page has
        [(Status.PARTLY, 600, [Status.DONE, Status.OPEN], "")],  # two people where one lives
        [(Status.DONE, 2040, [], "")],  # ten o'clock of the next day
    ],
)
def test_results_that_their_page_cannot_have_told_are_refused_by_name(folder, marked):
    _, text = travelling(packed(marked))
    teams, (refused,) = read_results([written(folder, "chat.txt", text)], folder)
    assert (teams, refused.code) == ((), "RESULTS_DO_NOT_FIT")
    assert refused.advice.into("zh") != refused.advice.into("en")


@pytest.mark.parametrize("plain", [packed([]) + b"\0", packed([], revision=2**60), packed([], sent=2**70)])
def test_what_no_phone_packs_is_no_result(folder, plain):
    _, text = travelling(plain)
    teams, (refused,) = read_results([written(folder, "chat.txt", text)], folder)
    assert (teams, refused.code) == ((), "RESULTS_OF_ANOTHER_PLAN")


def test_a_tilted_small_photograph_is_read(folder):
    from PIL import Image

    (text,), _ = travelling(packed([(Status.DONE, 500, [], "")] * 30))
    segno.make(text, error="m").save(folder / "code.png", scale=6)
    photo = Image.new("L", (900, 900), 210)
    photo.paste(Image.open(folder / "code.png").convert("L"), (120, 140))
    photo.rotate(11, fillcolor=190, resample=Image.Resampling.BICUBIC).save(folder / "photo.jpg", quality=70)
    ((team,), _) = read_results([folder / "photo.jpg"], folder)
    assert len(team.phones[0].doors) == 30


def test_of_one_phone_the_latest_holds_and_two_phones_both_count():
    def said(device, revision, status):
        door = DoorResult(number=1, status=status, minute=600)
        return PhoneResults(revision=revision, device=device, sent_min=1, doors=(door,))

    late, early, other = said("aa", 9, Status.DONE), said("aa", 2, Status.OPEN), said("bb", 1, Status.REFUSED)
    for order in ([late, early, other, late], [other, early, late]):
        assert newest(order) == (late, other)


def test_results_of_another_plan_or_changed_on_the_way_are_told_and_do_not_stop_the_rest(folder):
    _, good = travelling(packed([(Status.DONE, 500, [], "")]))
    _, foreign = travelling(packed([]), PageLock("T1", "99" * 16, "ABCDEFGHJK"))
    changed = good[:-3] + ("AAA" if good[-3:] != "AAA" else "BBB")
    paths = [written(folder, f"{i}.txt", text) for i, text in enumerate([foreign, good])]
    teams, unread = read_results(paths, folder)
    assert [team.team for team in teams] == ["第3医疗队"]
    assert [(one.file, one.code) for one in unread] == [("0.txt", "RESULTS_OF_ANOTHER_PLAN")]
    _, unread = read_results([written(folder, "changed.txt", changed)], folder)
    assert [one.code for one in unread] == ["RESULTS_OF_ANOTHER_PLAN"]


def test_a_file_that_is_gone_or_no_picture_is_told(folder):
    (folder / "broken.png").write_bytes(b"\x89PNG no")
    _, unread = read_results([folder / "gone.txt", folder / "broken.png"], folder)
    assert [one.code for one in unread] == ["FILE_NOT_FOUND", "RESULTS_UNREADABLE"]


def test_a_folder_without_codes_is_an_error(tmp_path):
    with pytest.raises(BadInputError, match="codes"):
        read_results([], tmp_path)


def test_a_text_in_which_pieces_are_written_wrong_is_harmless():
    assert list(pieces_in("doorroute1:" + "A" * 3)) == []


def test_the_command_prints_the_last_word_on_each_door(folder, capsys):
    from doorroute.cli import main

    write_plan(folder)
    _, text = travelling(
        packed([(Status.DONE, 545, [], ""), (Status.NOBODY_HOME, 560, [], "敲门无人"), (0, 0, [], "")])
    )
    file = written(folder, "chat.txt", f"见附件 {text}")
    assert main(["results", str(folder), str(file), str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["log"] == {"new": 2, "known": 0, "late": 0, "late_results": []}
    doors = told["teams"][0]["phones"][0]["doors"]
    assert [(door["number"], door["status"], door["minute"]) for door in doors[:2]] == [
        (1, "done", 545),
        (2, "nobody_home", 560),
    ]
    assert main(["results", str(folder), str(file), "--lang", "zh"]) == 0
    assert "无人在家  敲门无人" in capsys.readouterr().out
    assert len((folder / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert main(["results", str(folder), str(written(folder, "nothing.txt", "hello"))]) == 2
    assert "NO_RESULTS" in capsys.readouterr().err
