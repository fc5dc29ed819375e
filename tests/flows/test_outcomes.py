"""What follows from a result: proposed by the published rules, decided by a person, read by whom it is about."""

import pytest

from bot.domain.cycle import Cycle
from bot.domain.policy import with_result_shown
from bot.store import audit, kudos, outcomes, people, policy, rules
from tests.company import Company, Persona, shown
from tests.flows.test_kudos import CHANNEL as KUDOS
from tests.forging import Forger
from tests.outcomes import graded_quarter, month_beside
from tests.stories import placed_people, planned
from tests.working_quarters import presses

QUARTER = (("emily", "S"), ("marcus", "B"), ("jonas", "D"), ("mei", "S"))
AS_RULES_SAY = "As the rules say it"
REASON = "Two of his three markets were closed to us from February on"
WORDS = "Kept the Hansa fair alive when everybody else had given up"


@pytest.fixture
def quarter(company: Company) -> Cycle:
    return graded_quarter(company, *QUARTER)


def decides(mei: Persona, person: Persona, near: str, press: str = "Decide", **values: str) -> None:
    mei.types(f"/cairn outcomes <@{person.id}>")
    mei.clicks(press, near=near)
    mei.submits(**values)


def test_hr_decides_for_a_group_and_for_one_and_the_person_reads_the_rule_and_the_reason(
    company: Company, quarter: Cycle
) -> None:
    mei, jonas, marcus = (company.person(name) for name in ("mei", "jonas", "marcus"))
    planned(company, "outcomes.begin_deciding", quarter.id)
    assert mei.pushes == ["2027-Q1: 7 proposals from results wait for a decision."], "not those about herself"
    mei.clicks("Look at the proposals")
    assert "0 of 10 proposals are decided." in mei.sees()
    assert "By the rules, version 1: coefficient 1.5 with grade S\n2 people" in mei.sees()
    mei.clicks("Look at them", near="with grade B")
    assert "Marcus" in mei.sees()
    mei.clicks("Decide for all of them")
    mei.submits(reason=AS_RULES_SAY)
    assert "1 of 10 proposals are decided." in mei.sees()
    mei.closes()
    decides(mei, jonas, "coefficient 0", value="0.3", reason=AS_RULES_SAY)
    assert mei.errors == {"reason": "Please say why, in about 8 words"}
    mei.submits(reason=REASON)
    assert "林美 decided on 0.3" in mei.sees()
    mei.closes()
    decides(mei, jonas, "*Training*", granted="Yes, as proposed", reason=AS_RULES_SAY)
    mei.closes()
    company.winds(to="2027-05-06T10:00:00-04:00")
    assert jonas.pushes == [], "as long as something is open there is nothing to read"
    decides(mei, jonas, "*Plan of improvement*", granted="No, not this time", reason=REASON)
    company.winds(to="2027-05-07T10:00:00-04:00")
    assert jonas.pushes == marcus.pushes == ["What follows from your result of 2027-Q1 is decided."]
    jonas.clicks("Read what was decided")
    assert "By the rules, version 1: coefficient 0 with grade D" in jonas.sees()
    assert "decided on 0.3" in jonas.sees()
    assert REASON in jonas.sees()
    assert "decided: not this time" in jonas.sees()
    about = company.knows(lambda session: audit.about(session, jonas.id))
    assert [one.act for one in about].count("decide_outcome") == 3
    assert not any(REASON in one.record for one in about)


def test_nobody_decides_for_themself_and_colleagues_see_nothing(company: Company, quarter: Cycle) -> None:
    mei, emily, thomas = (company.person(name) for name in ("mei", "emily", "thomas"))
    mei.types("/cairn outcomes")
    mei.clicks("Look at them", near="coefficient 1.5")
    assert "What follows from your own result is decided by somebody else of HR." in mei.sees()
    mei.clicks("Decide for all of them")
    mei.submits(reason=AS_RULES_SAY)
    decided = company.knows(lambda session: outcomes.decisions(session, quarter.id))
    assert list(decided) == [emily.id]
    forged = Forger(company, mei.id).reads("outcomes.decide_form", f"{quarter.id}/{mei.id}/coefficient", {})
    assert "This is not yours to do" in forged
    emily.types("/cairn outcomes")
    assert "Nobody has decided this yet." in emily.sees()
    assert "Decide" not in [one["text"]["text"] for one in buttons_of(emily)]
    company.person("katrin").types(f"/cairn outcomes <@{emily.id}>")
    assert "This is not yours to do" in company.person("katrin").sees()
    thomas.types("/cairn outcomes emily carter")
    assert "decided on 1.5" in thomas.sees()


def test_a_cycle_of_others_hides_none_that_waits(company: Company, quarter: Cycle) -> None:
    month_beside(company, quarter, ("lena", "B"))
    mei = company.person("mei")
    mei.opens_home()
    for waits in ("2027-Q1: 7 proposals", "2027-04: one proposal"):
        assert waits in mei.home
    mei.types("/cairn outcomes")
    assert "0 of 1 proposals are decided." in mei.sees()
    mei.clicks("2027-Q1")
    assert "0 of 10 proposals are decided." in mei.sees()
    mei.closes()
    decides(mei, company.person("lena"), "coefficient 1", value="1", reason=AS_RULES_SAY)
    mei.closes()
    mei.types("/cairn outcomes")
    assert "0 of 10 proposals are decided." in mei.sees(), "the one that still waits"


def buttons_of(person: Persona) -> list[dict]:
    inside = [[*block.get("elements", ()), block.get("accessory") or {}] for block in person.modal["blocks"]]
    return [one for some in inside for one in some if one.get("type") == "button"]


def in_channel(company: Company) -> str:
    return "\n".join(one.text + shown({"blocks": one.blocks}) for one in
                     company.slack.channels[KUDOS].messages.values())  # fmt: skip


def test_a_commendation_is_shown_only_to_whom_its_person_agreed(company: Company) -> None:
    cycle = graded_quarter(company, ("emily", "S"), ("marcus", "S"))
    mei, emily, marcus = (company.person(name) for name in ("mei", "emily", "marcus"))
    decides(mei, emily, "*Commendation*", granted="Yes, as proposed", reason=AS_RULES_SAY, words=WORDS)
    assert "No channel is named yet." in mei.errors["words"]
    channel_for_kudos(company)
    mei.submits()
    assert "Emily Carter was asked whether it may be shown, and has not answered yet." in mei.sees()
    mei.closes()
    decides(mei, marcus, "*Commendation*", granted="Yes, as proposed", reason=AS_RULES_SAY, words=f"{WORDS}, too")
    company.winds(to="2027-05-07T10:00:00-04:00")
    assert emily.pushes[-1] == marcus.pushes[-1] == "May a commendation for you be shown to others?"
    assert WORDS in emily.last_words()
    assert WORDS not in in_channel(company)
    mei.closes()
    decides(mei, emily, "*Commendation*", "Change", granted="No, not this time", reason=REASON)
    mei.closes()
    assert "This is not asked any more" in emily.last_words()
    agreed = presses(company, "outcomes.agree", emily, f"{cycle.id}/{emily.id}")
    assert "This is not asked any more" in agreed
    assert WORDS not in in_channel(company), "it was taken back"
    decides(mei, emily, "*Commendation*", "Change", granted="Yes, as proposed", reason=AS_RULES_SAY)
    company.settles()
    emily.clicks("Yes, show it")
    marcus.clicks("No, keep it private")
    assert "It is shown now." in emily.last_words()
    assert "It stays private." in marcus.last_words()
    assert f"is commended by the company.\n>{WORDS}" in in_channel(company)
    assert "too" not in in_channel(company)
    assert "112" not in in_channel(company)
    mei.closes()
    mei.types(f"/cairn outcomes <@{marcus.id}>")
    assert "Marcus Reed prefers that it is not shown to others." in mei.sees()


def test_where_results_are_shown_at_the_talk_nothing_that_follows_is_told_before(
    company: Company, quarter: Cycle
) -> None:
    mei, emily, marcus = (company.person(name) for name in ("mei", "emily", "marcus"))
    channel_for_kudos(company)
    shown_at_the_talk(company)
    decides(mei, marcus, "coefficient 1", value="1", reason=AS_RULES_SAY)
    mei.closes()
    decides(mei, emily, "*Commendation*", granted="Yes, as proposed", reason=AS_RULES_SAY, words=WORDS)
    company.winds(to="2027-05-10T10:00:00-04:00")
    assert emily.pushes == marcus.pushes == []
    marcus.types("/cairn outcomes")
    assert "You see your result in the talk with" in marcus.last_words()
    assert "grade B" not in marcus.last_words()
    company.winds(to="2027-05-21T12:00:00-04:00")
    assert emily.pushes == ["May a commendation for you be shown to others?"], "ten working days have passed"
    assert marcus.pushes == ["What follows from your result of 2027-Q1 is decided."]
    marcus.clicks("Read what was decided")
    assert "decided on 1" in marcus.sees()


def test_hr_learns_nothing_of_their_own_grade_from_the_groups_before_their_talk(
    company: Company, quarter: Cycle
) -> None:
    mei = company.person("mei")
    shown_at_the_talk(company)
    mei.types("/cairn outcomes")
    assert "0 of 7 proposals are decided." in mei.sees()
    assert "coefficient 1.5 with grade S\nOne person" in mei.sees()
    mei.clicks("Look at them", near="coefficient 1.5")
    assert "Emily Carter" in mei.sees()
    assert "your own result" not in mei.sees()
    mei.clicks("Decide for all of them")
    mei.submits(reason=AS_RULES_SAY)
    assert "coefficient 1.5" not in mei.sees()
    mei.closes()
    company.winds(to="2027-05-21T15:00:00+08:00")
    mei.types("/cairn outcomes")
    assert "1 of 10 proposals are decided." in mei.sees(), "ten working days have passed"
    assert "coefficient 1.5 with grade S\nOne person" in mei.sees(), "her own, for somebody else of HR"


def shown_at_the_talk(company: Company) -> None:
    at = company.slack.clock.now()
    company.knows(lambda session: policy.keep(session, with_result_shown(policy.current(session), "at_talk"),
                                              by="U01MEI", at=at))  # fmt: skip


def channel_for_kudos(company: Company) -> None:
    company.slack.channels[KUDOS].members.add("U0CAIRN")
    company.knows(lambda session: kudos.keep_terms(session, kudos.Terms("", "", KUDOS)))


def test_terms_are_published_with_the_text_and_a_running_cycle_keeps_its_own(company: Company) -> None:
    placed_people(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", "en"))
    mei = company.person("mei")
    mei.types("/cairn rules")
    mei.clicks("Write the rules")
    mei.submits(**{"coefficient-A": "1.6"})
    assert mei.errors == {"coefficient-A": "A better grade cannot have the smaller coefficient"}
    mei.submits(**{"coefficient-S": "2", "coefficient-A": "1.6", "grades-training": ["C"]})
    assert "Bonus coefficient: S 2  ·  A 1.6  ·  B 1  ·  C 0.6  ·  D 0" in mei.sees()
    mei.clicks("Change the text")
    mei.submits(**{"grades-plan": ["C", "D"]})
    mei.clicks("Publish")
    qiang = company.person("qiang")
    qiang.types("/cairn rules")
    assert "•  改进计划：C、D" in qiang.last_words()
    assert "•  培训：C\n" in qiang.last_words()
    cycle = graded_quarter(company, ("emily", "S"))
    held = company.knows(lambda session: outcomes.terms_of(session, cycle.id))
    now, later = company.slack.clock.now(), rules.Text("Now.", "现在。")
    company.knows(lambda session: rules.publish(session, later, by="U01MEI", at=now))
    assert company.knows(lambda session: outcomes.terms_of(session, cycle.id)) == held
    assert company.knows(rules.newest).terms is None


def test_a_decision_that_is_changed_shows_as_it_is_now(company: Company) -> None:
    graded_quarter(company, ("marcus", "B"))
    mei, marcus = company.person("mei"), company.person("marcus")
    mei.types("/cairn language en")
    decides(mei, marcus, "coefficient 1", value="1", reason=AS_RULES_SAY)
    mei.closes()
    mei.types(f"/cairn outcomes <@{marcus.id}>")
    mei.clicks("Change", near="coefficient")
    mei.submits(value="0.5", reason=REASON)
    assert "decided on 0.5" in mei.sees()
