"""An appeal against a result: on a frozen record, decided by somebody who has no part in it, never to one's harm."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.domain.appeal import Kind, State
from bot.domain.cycle import Cycle
from bot.domain.proof import mistakes
from bot.domain.team import Duty
from bot.store import appeal_facts, appeals, audit, export, leaves, people, result_versions, results
from bot.store.appeals import RecordRow
from tests.beginnings import lived_once
from tests.company import Company, Persona, shown
from tests.flows.test_delivery import GAP, SENTENCE, released_quarter
from tests.stories import planned, reviewed

WRONG = "The contract with Rotterdam was signed on 30 March, and the order system does not have it."
REASON = (
    "The signed contract of 30 March lies in the order system under another customer number; with it the revenue of "
    "the quarter is higher than what was imported, so the value was wrong."
)
AGAIN = (
    "I looked at the four offers of the quarter again with the customers' answers beside them; two of them were better "
    "than I had remembered when I wrote the review in April."
)


@lived_once
def heard_by(company: Company, *handlers: str) -> Cycle:
    """Emily has seen her released result; these people hear appeals."""
    cycle = released_quarter(company, "emily")
    for name in handlers:
        company.knows(lambda session, name=name: people.grant(session, company.person(name).id, Duty.APPEALS))
    company.person("emily").clicks("Open my result")
    company.person("emily").closes()
    return cycle


def files(company: Company, kind: Kind = Kind.DATA) -> Persona:
    """Emily appeals, from the page of her result."""
    emily = company.person("emily")
    emily.clicks("Open my result")
    emily.clicks("Appeal")
    emily.submits(kind=kind.value, words=WRONG, wish="Please count it")
    emily.closes()
    while emily.modals:
        emily.closes()
    return emily


def appeal_of(company: Company, cycle: Cycle) -> appeals.Appeal:
    return company.knows(lambda session: appeals.of_person(session, cycle.id, "U01EMILY"))


def result_of(company: Company, cycle: Cycle) -> results.Result:
    return company.knows(lambda session: results.result(session, cycle.id, "U01EMILY"))


def next_morning(company: Company) -> None:
    """Whoever has to hear something hears it in a working hour."""
    company.winds(to="2027-04-26T10:00:00+02:00")


def test_an_appeal_on_data_corrects_the_result_and_keeps_the_original_beside_it(company: Company) -> None:
    cycle = heard_by(company, "katrin")
    before = result_of(company, cycle).outcome
    emily = files(company)
    assert "Katrin Schulz decides it by Mon 10 May" in emily.last_words()
    assert "Nobody may be treated worse" in emily.last_words()
    next_morning(company)
    katrin = company.person("katrin")
    assert katrin.pushes == ["An appeal about 2027-Q1 is yours to decide, by Mon 10 May."]
    katrin.clicks("Open the record")
    record = katrin.sees()
    assert WRONG in record
    assert GAP in record
    assert "5 of 5 answered" in record
    for hidden in (SENTENCE, "Thomas", "U01THOMAS", "U01MEI", "林美"):
        assert hidden not in record
    katrin.clicks("Correct a value")
    value = next(one["block_id"] for one in katrin.modal["blocks"] if "Sales revenue" in shown({"blocks": [one]}))
    katrin.submits(**{value: "4,000,000", "reason": "It was wrong."})
    assert "reason in full" in katrin.errors["reason"]
    katrin.submits(**{value: "", "reason": REASON})
    assert "Nothing changes by this" in str(katrin.errors) + katrin.sees()
    katrin.submits(**{value: "1", "reason": REASON})
    assert "would make the result lower" in str(katrin.errors) + katrin.sees()
    katrin.submits(**{value: "3,400,000", "reason": REASON})
    assert "It is decided." in katrin.sees()
    company.winds(to="2027-04-26T10:00:00-04:00")
    after = result_of(company, cycle).outcome
    assert before.score
    assert after.score
    assert before.score < after.score
    assert emily.pushes[-1] == "Your appeal about 2027-Q1 is decided."
    assert str(after.score) not in emily.last_words()
    emily.clicks("Open my result")
    page = emily.sees()
    for words in (f"Before: {before.score}, grade", f"Since then: {after.score}, grade", REASON, "Seen and agree"):
        assert words in page
    emily.clicks("Why?", near="Sales revenue")
    emily.clicks("Why?")
    emily.clicks("Why?")
    assert "appeal/" in emily.sees()
    assert "from Katrin Schulz" in emily.sees()
    assert_proved(company, cycle, before.score)
    thomas = company.person("thomas")
    assert thomas.pushes[-1] == "The result of Emily Carter for 2027-Q1 was changed after an appeal."
    thomas.clicks("Open the result", near="was changed after an appeal")
    assert REASON in thomas.sees()
    assert_a_second_question_that_is_taken_back_leaves_the_first_decision(company, cycle)
    looked = company.knows(lambda session: audit.about(session, "U01EMILY"))
    assert ("see_appeal", "U01KATRIN") in {(one.act, one.actor_id) for one in looked}


def assert_a_second_question_that_is_taken_back_leaves_the_first_decision(company: Company, cycle: Cycle) -> None:
    """It is asked once; and two weeks after the first look the corrected result can still be answered."""
    emily = company.person("emily")
    while emily.modals:
        emily.closes()
    emily.clicks("Have somebody else decide")
    emily.submits(words="The second contract is still not in it")
    emily.closes()
    emily.clicks("Withdraw the appeal")
    assert "You took the second question back, so the first decision stands." in emily.last_words()
    assert appeal_of(company, cycle).state is State.ADJUSTED
    assert "Have somebody else decide" not in emily.last_words()
    emily.types("/cairn appeal")
    assert "Katrin Schulz has decided: the result was corrected." in emily.sees()
    emily.closes()
    company.winds(to="2027-05-10T10:00:00-04:00")
    emily.types("/cairn result")
    assert REASON in emily.sees()
    emily.clicks("Seen and agree")
    assert result_of(company, cycle).answer is results.Answer.AGREES


def assert_proved(company: Company, cycle: Cycle, original: Decimal) -> None:
    """The export holds both results and the appeal between them; whoever changes one of the three is found."""
    document = json.loads(json.dumps(company.knows(lambda session: export.results_of(session, cycle))))
    assert mistakes(document) == []
    (one,) = document["results"]
    assert [each["score"] for each in one["versions"]] == [str(original)]
    assert WRONG not in json.dumps(document)
    for forge in (
        lambda: one.update(appeals=[]),
        lambda: one.update(versions=[]),
        lambda: one["versions"][0].update(score="1.00"),
    ):
        kept = json.loads(json.dumps(one))
        forge()
        assert mistakes(document)
        one.update(kept)
    assert mistakes(document) == []


def test_a_rating_is_given_anew_and_somebody_else_decides_once_more(company: Company) -> None:
    cycle = heard_by(company, "katrin", "lan")
    emily = files(company, Kind.RATING)
    first = appeal_of(company, cycle).handler_id
    assert first == "U01KATRIN"
    next_morning(company)
    katrin, thomas = company.person("katrin"), company.person("thomas")
    katrin.clicks("Open the record")
    katrin.clicks("Have the rating given anew")
    katrin.submits(reason=REASON)
    katrin.closes()
    company.settles()
    assert thomas.pushes[-1] == "Please give a rating of 2027-Q1 anew, after an appeal."
    assert "Katrin Schulz has asked Thomas Keller" in "\n".join(shown(one) for one in emily.messages)
    before = result_of(company, cycle).outcome.score
    thomas.clicks("Give the rating")
    inputs = [one["block_id"] for one in thomas.modal["blocks"] if one["block_id"].startswith("rating_")]
    thomas.submits(**dict.fromkeys(inputs, "2"), reason=AGAIN)
    assert "would make the result lower" in str(thomas.errors) + thomas.sees()
    thomas.submits(**dict.fromkeys(inputs, "5"), reason=AGAIN)
    assert result_of(company, cycle).outcome.score > before
    company.winds(to="2027-04-26T10:00:00-04:00")
    emily.clicks("Have somebody else decide")
    emily.submits(words="The procedure was left out of it altogether")
    again = appeal_of(company, cycle)
    assert (again.level, again.state, again.handler_id) == (2, State.DECIDING, "U01LAN")
    company.winds(to="2027-04-27T10:00:00+08:00")
    lan = company.person("lan")
    lan.clicks("打开记录")
    assert AGAIN in lan.sees()
    lan.clicks("维持结果")
    lan.submits(reason=REASON)
    company.winds(to="2027-04-27T10:00:00-04:00")
    assert "张岚 has decided: the result stands." in emily.last_words()
    assert company.knows(lambda session: appeals.counts(session, cycle.id)) == {(State.UPHELD, True): 1}
    assert "Have somebody else decide" not in emily.last_words()
    document = json.loads(json.dumps(company.knows(lambda session: export.results_of(session, cycle))))
    assert mistakes(document) == []


def test_where_nobody_is_independent_person_and_hr_read_so_and_hr_names_somebody(company: Company) -> None:
    cycle = heard_by(company, "thomas", "qiang")
    emily = files(company)
    assert "Nobody who hears appeals here is independent of this one" in emily.last_words()
    company.winds(to="2027-04-26T10:00:00+08:00")
    mei = company.person("mei")
    assert "一份关于 2027-Q1 的申诉还没有处理人。" in mei.pushes
    assert WRONG not in "".join(shown(one) for one in mei.messages)
    mei.clicks("指定处理人")
    for name in ("thomas", "jianguo", "emily"):
        mei.submits(whom=company.person(name).id)
        assert "与这份结果有关" in mei.errors["whom"]
    company.knows(lambda session: leaves.take(session, "U01LAN", date(2027, 4, 20), date(2027, 7, 20)))
    mei.submits(whom="U01LAN")
    assert "离开的时间太长" in mei.errors["whom"]
    mei.submits(whom="U01FELIX")
    assert appeal_of(company, cycle).named_by == mei.id
    next_morning(company)
    felix = company.person("felix")
    felix.clicks("Open the record")
    assert WRONG in felix.sees()


def test_who_becomes_the_manager_decides_no_more_and_late_ones_are_reminded(company: Company) -> None:
    cycle = heard_by(company, "katrin", "lan")
    files(company)
    next_morning(company)
    katrin = company.person("katrin")
    company.knows(lambda session: move_under(session, "U01KATRIN"))
    katrin.clicks("Open the record")
    assert "By now you have a part in this result yourself" in katrin.sees()
    katrin.closes()
    company.winds(plus="1d")
    assert appeal_of(company, cycle).handler_id == "U01LAN"
    assert "somebody else decides it now" in katrin.sees()
    assert "Emily Carter reports to you now: the talk about 2027-Q1 goes on with you." in katrin.last_words()
    company.winds(to="2027-05-17T10:00:00+08:00")
    lan = company.person("lan")
    assert any("逾期" in one or "应在" in one for one in lan.pushes)
    assert "is late" in "\n".join(shown(one) for one in company.person("emily").messages)


def move_under(session, manager_id: str) -> None:
    """Emily reports to somebody else from that Monday on."""
    stint = people.stint_on(session, "U01EMILY", date(2027, 4, 26))
    people.place(session, replace(stint, manager_id=manager_id, starts_on=date(2027, 4, 26), ends_on=None))


def test_the_manager_of_an_earlier_stint_is_barred_and_so_is_whoever_calibrated(company: Company) -> None:
    cycle = heard_by(company, "thomas")
    barred = company.knows(lambda session: appeal_facts.barred_from(session, cycle, "U01EMILY", date(2027, 4, 26)))
    assert {"U01EMILY", "U01THOMAS", "U01QIANG", "U01JIANGUO"} <= barred
    company.knows(lambda session: move_under(session, "U01KATRIN"))
    moved = company.knows(lambda session: appeal_facts.barred_from(session, cycle, "U01EMILY", date(2027, 4, 26)))
    assert {*barred, "U01KATRIN", "U01WEI"} <= moved


def test_it_is_taken_back_and_filed_again_while_there_is_time_and_then_no_more(company: Company) -> None:
    cycle = heard_by(company, "katrin")
    emily = files(company)
    emily.clicks("Withdraw the appeal")
    assert "You took it back." in emily.last_words()
    assert company.knows(lambda session: appeals.open_of(session, cycle.id, emily.id)) is None
    company.winds(to="2027-05-07T10:00:00-04:00")
    emily.types("/cairn appeal")
    assert "You can appeal until Fri 7 May." in emily.sees()
    emily.closes()
    company.winds(to="2027-05-08T10:00:00-04:00")
    emily.types("/cairn appeal")
    assert "were possible until 7 May 2027" in emily.sees()
    assert "told from five up" in emily.sees()
    company.person("marcus").types("/cairn appeal")
    assert "no released result of yours" in company.person("marcus").sees()


def test_a_record_that_was_changed_behind_its_back_is_not_shown(company: Company) -> None:
    cycle = heard_by(company, "katrin")
    files(company)
    one = appeal_of(company, cycle)

    def change(session) -> None:
        row = session.get(RecordRow, one.id)
        row.document = {**row.document, "checkins": ["2027-02-02"]}

    company.knows(change)
    next_morning(company)
    company.person("katrin").clicks("Open the record")
    assert "not what was frozen" in company.person("katrin").sees()


def test_a_result_that_is_completed_after_the_release_keeps_what_was_shown_before(company: Company) -> None:
    cycle = released_quarter(company, "emily", without_review=("emily",))
    shown_first = company.knows(lambda session: results.rows_of(session, cycle.id))[0].computed_at
    reviewed(company, cycle, "emily")
    planned(company, "scoring.compute", cycle.id)
    kept = company.knows(lambda session: result_versions.of(session, cycle.id))["U01EMILY"]
    assert [(one.because, one.document["rated"]) for one in kept] == [("completed", "incomplete")]
    assert kept[0].document["computed_at"] == shown_first.isoformat()
    document = json.loads(json.dumps(company.knows(lambda session: export.results_of(session, cycle))))
    assert mistakes(document) == []
