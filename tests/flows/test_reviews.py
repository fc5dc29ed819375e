"""Reviews: one's own first, then the manager's; every step is kept, and nothing comes as a surprise."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from bot.domain.checkin import Checkin, Confidence, Item
from bot.domain.checkin import Kind as Answered
from bot.domain.cycle import Cycle, CycleKind, Participant, Stage, opening, propose_stages
from bot.domain.goal import Goal, Sheet, SheetState
from bot.domain.measure import Anchor, Direction
from bot.domain.org import Stint
from bot.domain.refusal import Refused
from bot.domain.review import Kind, Review, State
from bot.domain.template_document import document_of
from bot.handlers.reviews.case import case_of
from bot.sources.templates import shipped
from bot.store import audit, checkins, cycles, goals, people, reviews, templates, timers
from tests.company import Company, Persona, shown
from tests.stories import placed_people

FIRST, LAST = date(2027, 1, 4), date(2027, 3, 31)
TEAM = {"U01EMILY": "U01THOMAS", "U01LENA": "U01THOMAS", "U01YANG": "U01LI"}
FULL = "She called the customer on the same day, wrote down what was broken, and came back with a date that held."
GOALS = (
    Goal("g1", "Sales revenue", "Orders", "CNY", Direction.HIGHER, Decimal(70), LAST, target=Decimal(3000000)),
    Goal(
        "g2",
        "Account plans",
        "By rubric",
        "",
        Direction.RUBRIC,
        Decimal(30),
        LAST,
        target=Decimal(2),
        levels=(
            Anchor(Decimal(1), "A list of contacts", Decimal("0.5")),
            Anchor(Decimal(2), "A plan per key account", Decimal(1)),
        ),
    ),
)


def reviews_are_open(company: Company) -> Cycle:
    """1 April: Emily, Lena and 刘洋 have goals agreed and can write their reviews; Thomas leads the first two."""
    placed_people(company)
    cycle = company.knows(lambda session: _launched(session, datetime.fromisoformat("2027-01-04T09:00:00+08:00")))
    company.winds(to="2027-04-01T09:35:00+08:00")
    company.winds(to="2027-04-01T09:35:00-04:00")
    return cycle


def _launched(session, now: datetime) -> Cycle:
    sales = shipped()["sales"]
    templates.keep(session, sales.content_hash, "sales", document_of(sales), now)
    opens = propose_stages(FIRST, LAST)
    cycle = cycles.create(session, "2027 Q1", CycleKind.QUARTER, (FIRST, LAST), opens, by="U01MEI", at=now)
    cycles.launch(
        session,
        cycle.id,
        [Participant(cycle.id, one, "Sales", boss, sales.content_hash) for one, boss in TEAM.items()],
        now,
    )
    for one, boss in TEAM.items():
        goals.opened(session, cycle.id, one)
        goals.speak(session, Sheet(cycle.id, one, SheetState.AGREED, 1, GOALS, GOALS, "rules", 1, one), one, now)
        zone = people.get(session, one).tz
        timers.remind(session, "reviews.invite_self", one, cycle.id, opening(opens[Stage.ASSESSING], zone))
        zone = people.get(session, boss).tz
        timers.remind(session, "reviews.invite_manager", boss, cycle.id, opening(date(2027, 4, 8), zone))
    return cycles.get(session, cycle.id)


def writes_own(person: Persona, *, grade: str = "B") -> None:
    """Somebody writes their self-review to the end and sends it."""
    person.clicks("Write my self-review")
    person.submits(rating_customer="3", rating_selling="4", rating_honesty="3")
    person.submits(level_g2="2")
    person.submits(well="Two new customers signed", not_well="The Hamburg order came late", grade=grade)
    person.submits()


def managers_are_asked(company: Company) -> None:
    """8 April, half past nine in Berlin."""
    company.winds(to="2027-04-08T09:35:00+02:00")


def rates(thomas: Persona, **last: str) -> None:
    """Thomas goes through the pages up to the grade, and sends that with what is given."""
    thomas.submits(rating_customer="3", rating_selling="4")
    thomas.submits(rating_honesty="3")
    thomas.submits(level_g2="2")
    thomas.submits(
        **{"strength": "Keeps every promise to customers", "gap": "Offers often come too late", "gap_day": "2027-02-12"}
        | last
    )


def of(company: Company, cycle: Cycle, person_id: str, kind: Kind) -> Review | None:
    return company.knows(lambda session: reviews.get(session, cycle.id, person_id, kind))


# One's own ---------------------------------------------------------------------------------


def test_everybody_is_asked_at_half_past_nine_where_they_are(company: Company) -> None:
    reviews_are_open(company)
    emily, yang, mei = company.person("emily"), company.person("yang"), company.person("mei")
    assert "Your self-review for 2027 Q1 is open until Wed 14 Apr." in emily.last_words()
    assert "2027 Q1 的自评已开放，请在4月14日 周三前完成。" in yang.last_words()
    assert mei.messages == []


def test_a_self_review_is_written_in_steps_and_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    writes_own(emily)
    assert "Your self-review is sent." in emily.sees()
    emily.closes()
    assert "Thank you. Your self-review for 2027 Q1 is sent." in emily.last_words()
    kept = of(company, cycle, "U01EMILY", Kind.SELF)
    assert kept is not None
    assert kept.state is State.SENT
    assert kept.competencies == {"customer": 3, "selling": 4, "honesty": 3}
    assert kept.levels == {"g2": Decimal(2)}
    assert kept.overall == "B"
    assert kept.note("well") == "Two new customers signed"


def test_the_anchors_are_read_in_ones_own_language(company: Company) -> None:
    reviews_are_open(company)
    emily, yang = company.person("emily"), company.person("yang")
    emily.clicks("Write my self-review")
    assert "3 · Can say what each key customer wants and shapes the offer to it." in emily.sees()
    yang.clicks("写自评")
    assert "3 · 说得清重点客户要什么，并据此调整方案。" in yang.sees()


def test_what_was_typed_survives_a_closed_window(company: Company) -> None:
    reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling="Won the Hamburg deal")
    emily.closes()
    emily.clicks("Write my self-review")
    assert "page 2 of 3" in emily.sees()
    emily.clicks("Back")
    assert "Won the Hamburg deal" in emily.sees()


def test_an_end_without_an_example_is_refused_under_its_field_and_kept(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="5", rating_selling="4", rating_honesty="3", reason_selling="Won a deal")
    assert emily.errors == {"reason_customer": "A rating at either end needs an example of at least 4 words."}
    draft = of(company, cycle, "U01EMILY", Kind.SELF)
    assert draft is not None
    assert draft.note("reason_selling") == "Won a deal"


def test_the_same_refusal_in_chinese(company: Company) -> None:
    reviews_are_open(company)
    yang = company.person("yang")
    yang.clicks("写自评")
    yang.submits(rating_customer="1", rating_selling="4", rating_honesty="3")
    assert yang.errors == {"reason_customer": "评最高或最低时，请写一个实例，至少 7 个字。"}


def test_a_self_review_can_be_reopened_until_the_managers_is_sent(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    emily.clicks("Reopen")
    assert "All there. One last look?" in emily.sees()
    emily.submits()
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    rates(thomas, grade="B")
    thomas.submits()
    emily.clicks("Reopen")
    assert "Your manager has sent their review, so yours stands as it is." in emily.sees()
    emily.closes()
    emily.closes()
    emily.clicks("Look at it")
    assert "It stands as it was sent." in emily.sees()
    acts = company.knows(lambda session: [one.record for one in audit.about(session, "U01EMILY")])
    assert acts == [f"review/{cycle.id}/{what}" for what in ("sent", "reopened", "sent")] + [
        f"review/{cycle.id}",
        f"review/{cycle.id}/sent",
    ]


def test_a_reminder_comes_once_after_three_working_days_unless_it_is_sent(company: Company) -> None:
    reviews_are_open(company)
    emily, lena = company.person("emily"), company.person("lena")
    writes_own(emily)
    for day in ("06", "07", "08", "09"):
        company.winds(to=f"2027-04-{day}T09:35:00+02:00")
        company.winds(to=f"2027-04-{day}T09:35:00-04:00")
    again = [message for message in lena.messages if "This is the only reminder." in shown(message)]
    assert len(again) == 1
    assert not [message for message in emily.messages if "reminder" in shown(message)]


def test_who_is_away_is_asked_when_they_are_back(company: Company) -> None:
    company.knows(lambda session: people.take_leave(session, "U01EMILY", date(2027, 3, 30), date(2027, 4, 5)))
    reviews_are_open(company)
    emily = company.person("emily")
    assert emily.messages == []
    company.winds(to="2027-04-06T09:35:00-04:00")
    assert "Your self-review for 2027 Q1 is open" in emily.last_words()


# The manager's -----------------------------------------------------------------------------


def test_a_manager_gets_one_list_that_shows_how_far_everybody_is(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    assert thomas.messages == []
    managers_are_asked(company)
    assert len(thomas.messages) == 1
    assert "0 of 2 sent" in thomas.last_words()
    assert "Emily Carter*\nSelf-review sent  ·  Yours: not begun" in thomas.last_words()
    assert "Lena Hoffmann*\nNo self-review yet" in thomas.last_words()
    writes_own(company.person("lena"))
    assert "Lena Hoffmann*\nSelf-review sent" in thomas.last_words()
    assert len(thomas.messages) == 1


def test_the_manager_sees_target_actual_history_and_self_review_side_by_side(company: Company) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: _checked_in(session, cycle))
    writes_own(company.person("emily"), grade="A")
    managers_are_asked(company)
    thomas = company.person("thomas")
    thomas.clicks("Review Emily Carter")
    for words in (
        "Target: 3,000,000 CNY",
        "Target: 3,000,000 CNY  ·  no actual value yet",
        "800,000 CNY  ·  At risk",
        "Hamburg may walk away",
        "Expected grade: *A*",
        "Two new customers signed",
    ):
        assert words in thomas.sees()


def _checked_in(session, cycle: Cycle) -> None:
    one = Checkin(cycle.id, "U01EMILY", date(2027, 2, 11), manager_id="U01THOMAS")
    at = datetime.fromisoformat("2027-02-11T10:00:00-05:00")
    checkins.begin(session, one, at)
    items = (Item("g1", Decimal(800000), Confidence.AT_RISK),)
    answer = Checkin(cycle.id, "U01EMILY", one.day, Answered.UPDATE, items, note="Hamburg may walk away")
    checkins.answer(session, answer, at)


def test_a_self_review_is_not_seen_before_it_is_sent(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.clicks("Write my self-review")
    emily.submits(rating_customer="3", rating_selling="4", rating_honesty="3", reason_selling="Won the Hamburg deal")
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    assert "Emily Carter has not sent a self-review yet." in thomas.sees()
    assert "Won the Hamburg deal" not in thomas.sees()


def starts_on_emily(company: Company, *, grade: str = "B") -> Persona:
    """Emily's self-review is in, and Thomas has the first page of his open."""
    writes_own(company.person("emily"), grade=grade)
    managers_are_asked(company)
    thomas = company.person("thomas")
    thomas.clicks("Review Emily Carter")
    thomas.clicks("Write my review")
    return thomas


@pytest.mark.parametrize("end", ["1", "5"])
def test_a_rating_at_either_end_needs_a_reason_and_a_day(company: Company, end: str) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer="Excellent with customers")
    assert thomas.errors == {
        "reason_customer": "A 1 or a 5 needs a reason of about 20 words: what did you see, and when?",
        "day_customer": "On which day was it?",
    }
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer=FULL, day_customer="2026-12-12")
    assert thomas.errors == {"day_customer": "Please choose a day from 4 Jan 2027 to 8 Apr 2027."}
    thomas.submits(rating_customer=end, rating_selling="4", reason_customer=FULL, day_customer="2027-02-12")
    assert "page 2 of 4" in thomas.sees()


def test_a_plain_review_is_sent_and_the_list_says_so(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company)
    rates(thomas, grade="B")
    assert "All there. One last look?" in thomas.sees()
    thomas.submits()
    assert "Your review of Emily Carter is sent." in thomas.sees()
    thomas.closes()
    thomas.closes()
    assert "1 of 2 sent" in thomas.last_words()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert (kept.state, kept.author_id, kept.overall) == (State.SENT, "U01THOMAS", "B")
    assert kept.note("gap_day") == "2027-02-12"


def test_the_employee_learns_nothing_of_it_before_the_release(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    emily = company.person("emily")
    before = [shown(message) for message in emily.messages]
    rates(thomas, grade="B")
    thomas.submits()
    assert [shown(message) for message in emily.messages] == before
    assert not any("Offers" in push or "Keeps every promise" in push for push in emily.pushes + thomas.pushes)


@pytest.mark.parametrize(("own", "given"), [("A", "B"), ("C", "C")])
def test_a_surprising_or_low_grade_asks_for_its_reasons(company: Company, own: str, given: str) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: _checked_in(session, cycle))
    thomas = starts_on_emily(company, grade=own)
    rates(thomas, grade=given)
    assert "reasons, page 1 of 2" in thomas.sees()
    assert "no actual value yet" in thomas.sees()
    thomas.submits(why_g1="Too little", why_g2="Half of the key accounts had no plan by the end")
    assert thomas.errors == {"why_g1": "This grade needs a reason for each indicator, of about 8 words."}
    thomas.submits(
        why_g1="Revenue stayed a third below what we agreed in January",
        why_g2="Half of the key accounts had no plan by the end",
    )
    thomas.submits(example="The Hamburg order was lost", example_day="2027-04-20", earlier="2027-02-11")
    assert thomas.errors == {"example_day": "Please choose a day from 4 Jan 2027 to 8 Apr 2027."}
    thomas.submits(example="The Hamburg order was lost", example_day="2027-03-03", earlier="2027-02-11")
    assert "Raised in the check-in of 11 Feb 2027." in thomas.sees()
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.sent
    assert kept.note("earlier") == "2027-02-11"


def goes_through_the_gate(thomas: Persona, **heard: str) -> None:
    """Thomas gives the reasons for his grade, and says what the gate asks last."""
    thomas.submits(
        why_g1="Revenue stayed a third below what we agreed in January",
        why_g2="Half of the key accounts had no plan by the end",
    )
    thomas.submits(example="The Hamburg order was lost", example_day="2027-03-03", **heard)


def test_not_raised_before_is_recorded(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company, grade="A")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="Not raised before")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.note("earlier") == "not_raised"


def test_a_talk_needs_its_day(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company, grade="A")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="In a talk, on the day below")
    assert thomas.errors == {"raised_on": "On which day did you talk about it?"}


def test_reasons_for_a_grade_since_changed_are_not_kept(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company, grade="B")
    rates(thomas, grade="C")
    goes_through_the_gate(thomas, earlier="Not raised before")
    for _ in range(3):
        thomas.clicks("Back")
    assert "page 4 of 4" in thomas.sees()
    assert "A low grade (C, D), or one that differs from the self-review, needs reasons" in thomas.sees()
    thomas.submits(grade="B")
    thomas.submits()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert kept.overall == "B"
    assert not kept.note("why_g1")


def test_a_self_review_that_changes_meanwhile_closes_the_gate_again(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily = company.person("emily")
    thomas = starts_on_emily(company, grade="B")
    rates(thomas, grade="B")
    emily.clicks("Reopen")
    emily.clicks("Back")
    emily.submits(grade="S")
    emily.submits()
    thomas.submits()
    assert "Still needed here" in thomas.sees()
    kept = of(company, cycle, "U01EMILY", Kind.MANAGER)
    assert kept is not None
    assert not kept.sent


def test_many_middle_ratings_and_vague_words_get_a_hint_and_no_refusal(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    for name in ("Emily Carter", "Lena Hoffmann"):
        if name != "Emily Carter":
            thomas.clicks(f"Review {name}")
            thomas.clicks("Write my review")
        thomas.submits(rating_customer="3", rating_selling="3")
        thomas.submits(rating_honesty="3")
        thomas.submits(level_g2="2")
        thomas.submits(
            grade="B", strength="She is always nice to everyone", gap="Offers often come too late", gap_day="2027-02-12"
        )
        seen = thomas.sees()
        thomas.submits()
        thomas.closes()
        thomas.closes()
    assert "100% of your ratings are the middle one." in seen
    assert "Which behaviour did you see?" in seen
    assert "All your reviews for 2027 Q1 are sent." in thomas.last_words()


def test_the_gate_speaks_chinese_to_a_chinese_manager(company: Company) -> None:
    reviews_are_open(company)
    yang, li = company.person("yang"), company.person("li")
    yang.clicks("写自评")
    yang.submits(rating_customer="3", rating_selling="4", rating_honesty="3")
    yang.submits(level_g2="2")
    yang.submits(well="签了两个新客户", not_well="汉堡的订单晚了", grade="A")
    yang.submits()
    company.winds(to="2027-04-08T09:35:00+08:00")
    li.clicks("评价刘洋")
    assert "目标值：3,000,000 CNY" in li.sees()
    li.clicks("写评价")
    li.submits(rating_customer="3", rating_selling="4")
    li.submits(rating_honesty="3")
    li.submits(level_g2="1")
    li.submits(grade="C", strength="对客户的承诺都兑现了", gap="报价常常晚两三天才发出", gap_day="2027-02-12")
    assert "你预期 C，自评是 A。为了不让人意外，请写下：" in li.sees()
    li.submits(why_g1="差得多", why_g2="一半的重点客户到期末都没有客户计划")
    assert li.errors == {"why_g1": "评这个等级，每个指标都要写理由，13 字左右。"}


# Rights and dates --------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["U01MEI", "U01JULIA", "U01QIANG", "U01LENA", "U01EMILY"])
def test_nobody_but_the_manager_writes_a_managers_review(company: Company, who: str) -> None:
    cycle = reviews_are_open(company)
    refused(company, who, cycle, Kind.MANAGER, "This is not yours to do.")


@pytest.mark.parametrize("who", ["U01MEI", "U01THOMAS", "U01LENA"])
def test_nobody_but_oneself_writes_ones_self_review(company: Company, who: str) -> None:
    cycle = reviews_are_open(company)
    refused(company, who, cycle, Kind.SELF, "This is not yours to do.")


def refused(company: Company, who: str, cycle: Cycle, kind: Kind, words: str) -> None:
    """Somebody is refused Emily's review, whatever brings them there."""

    def tries(session) -> None:
        person = people.get(session, who)
        assert person is not None
        case_of(company.cairn.desk.turn(session, person), cycle.id, "U01EMILY", kind)

    with pytest.raises(Refused, match=words):
        company.knows(tries)


def test_hr_reads_what_was_sent_and_the_audit_says_so(company: Company) -> None:
    cycle = reviews_are_open(company)
    thomas = starts_on_emily(company)
    julia = company.person("julia")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    rates(thomas, grade="B")
    julia.types("/cairn reviews")
    julia.submits(whose="U01EMILY")
    assert "Two new customers signed" in julia.sees()
    assert "The manager has not sent a review yet." in julia.sees()
    thomas.submits()
    julia.closes()
    julia.types("/cairn reviews")
    julia.submits(whose="U01EMILY")
    assert "Offers often come too late" in julia.sees()
    looked = company.knows(
        lambda session: [one for one in audit.about(session, "U01EMILY") if one.actor_id == "U01JULIA"]
    )
    assert [(one.act, one.record) for one in looked] == [("see_review", f"review/{cycle.id}")] * 2


def test_hr_is_told_when_there_is_nothing_to_read(company: Company) -> None:
    mei = company.person("mei")
    mei.types("/cairn reviews")
    mei.submits(whose="U01JIANGUO")
    assert mei.errors == {"whose": "还没有关于此人的评价。"}


def test_only_hr_reads_anybodys_reviews(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn reviews")
    assert "This is not yours to do." in emily.last_words()


def test_of_their_own_reviews_hr_reads_the_self_review_alone(company: Company) -> None:
    cycle = reviews_are_open(company)
    company.knows(lambda session: people.grant(session, "U01EMILY", people.HR))
    thomas = starts_on_emily(company)
    rates(thomas, grade="B")
    thomas.submits()
    emily = company.person("emily")
    emily.closes()
    emily.types("/cairn reviews")
    emily.submits(whose="U01EMILY")
    assert "Two new customers signed" in emily.sees()
    assert "Offers often come too late" not in emily.sees()
    assert of(company, cycle, "U01EMILY", Kind.MANAGER) is not None


def test_a_new_manager_may_review_whom_they_lead_today(company: Company) -> None:
    reviews_are_open(company)
    moved = Stint("U01EMILY", "Sales", "Senior account manager", "U01LI", date(2027, 3, 1))
    company.knows(lambda session: people.place(session, moved))
    managers_are_asked(company)
    li, thomas = company.person("li"), company.person("thomas")
    li.types("/cairn review")
    li.clicks("评价Emily Carter")
    li.clicks("写评价")
    li.submits(rating_customer="3", rating_selling="4")
    thomas.clicks("Review Emily Carter")
    assert "陈丽 is writing this review, or has sent it." in thomas.sees()


def test_after_the_last_day_nothing_changes_any_more(company: Company) -> None:
    cycle = reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    writes_own(emily)
    managers_are_asked(company)
    thomas.clicks("Review Emily Carter")
    company.winds(to="2027-04-15T09:35:00-04:00")
    thomas.clicks("Write my review")
    assert "Reviews closed on 14 Apr 2027; what was sent stands as it is." in thomas.sees()
    emily.clicks("Reopen")
    assert "Reviews closed on 14 Apr 2027" in emily.sees()
    kept = of(company, cycle, "U01EMILY", Kind.SELF)
    assert kept is not None
    assert kept.sent


def test_before_the_reviews_open_the_command_says_so(company: Company) -> None:
    emily = company.person("emily")
    emily.types("/cairn review")
    assert "No review is open for you now." in emily.last_words()


def test_the_command_opens_ones_own_first_and_then_the_team(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn review")
    assert "page 1 of 3" in emily.sees()
    thomas.types("/cairn review")
    assert "Your reviews for 2027 Q1 are open until Wed 14 Apr." in thomas.last_words()


def test_what_waits_is_the_one_thing_to_do_now(company: Company) -> None:
    reviews_are_open(company)
    emily, thomas = company.person("emily"), company.person("thomas")
    emily.types("/cairn")
    assert "Write your self-review for 2027 Q1, until Wed 14 Apr." in emily.last_words()
    managers_are_asked(company)
    thomas.opens_home()
    assert "2 reviews for 2027 Q1 wait for you." in thomas.home


def test_a_manager_is_reminded_once(company: Company) -> None:
    reviews_are_open(company)
    managers_are_asked(company)
    thomas = company.person("thomas")
    for day in ("12", "13", "14"):
        company.winds(to=f"2027-04-{day}T09:35:00+02:00")
    again = [message for message in thomas.messages if "2 reviews for 2027 Q1 wait" in shown(message)]
    assert len(again) == 1
    thomas.clicks("Show my reviews")
    assert "0 of 2 sent" in thomas.sees()
    thomas.clicks("Review Lena Hoffmann")
    assert "Lena Hoffmann has not sent a self-review yet." in thomas.sees()
    thomas.clicks("Write my review")
    assert "Lena Hoffmann · page 1 of 4" in thomas.sees()


def test_a_strength_that_is_too_short_hears_what_is_missing(company: Company) -> None:
    reviews_are_open(company)
    thomas = starts_on_emily(company)
    rates(thomas, grade="B", strength="Very kind", gap="Late")
    assert thomas.errors == {
        "strength": "Please write the strength as a full sentence: what did you see? At least 4 words.",
        "gap": "Please write the gap as a full sentence with an example. At least 4 words.",
    }
