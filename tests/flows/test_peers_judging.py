"""Technical peers choose the level of a goal in words: sealed with their answer, and it enters the score."""

from datetime import date

from bot.domain.result import JUDGED, Facts, assessment_of
from bot.store import cycles, facts, released
from tests.company import Company, Persona
from tests.peer_rounds import CLOSING, GOOD, ids, launched
from tests.stories import agreed_goals_for, placed_people

FELLOWS = ("felix", "marta", "yue", "lan")


def says(person: Persona, goal_id: str, level: str) -> None:
    chinese = person.member.locale.startswith("zh")
    person.clicks("开始" if chinese else "Start", near="David Kim")
    chosen = dict.fromkeys(("quality", "helping", "clarity", "openness"), "4")
    person.submits(
        **chosen,
        **{f"level-{goal_id}": level},
        behaviour="那次接口改动前先问了我们，周三就上线了。" if chinese else GOOD,
    )


def test_technical_peers_choose_the_level_of_a_goal_and_it_enters_the_score(company: Company) -> None:
    placed_people(company)
    cycle_id = launched(company, "U01DAVID", department="rnd")
    depth = next(one for one in agreed_goals_for(company, "david") if one.kpi == "technical_depth")
    david, katrin = company.person("david"), company.person("katrin")
    david.clicks("Propose colleagues")
    assert f"Those in your own field also choose the level of {depth.title}" in david.sees()
    david.submits(raters=ids(company, *FELLOWS, "emily"))
    katrin.clicks("Approve")
    company.winds(to="2027-04-02T10:00:00+08:00")
    company.winds(to="2027-04-02T10:00:00+02:00")
    felix = company.person("felix")
    felix.clicks("Start", near="David Kim")
    assert depth.title in felix.sees()
    assert "A clear advantage over competing products" in felix.sees()
    felix.closes()
    company.winds(to="2027-04-02T10:00:00-04:00")
    emily = company.person("emily")
    emily.clicks("Start", near="David Kim")
    assert "Your answer counts in the group “Colleagues”." in emily.sees(), "who is alone in a group is put with others"
    assert depth.title not in emily.sees(), "but chooses the level of no goal in a field that is not her own"
    emily.closes()
    for name, level in zip(FELLOWS, ("3", "3", "4", "5"), strict=True):
        says(company.person(name), depth.id, level)
    assert company.knows(lambda session: released.levels(session, cycle_id)) == {}
    company.winds(to=CLOSING)

    def known(session) -> Facts:
        cycle, calendar = cycles.get(session, cycle_id), company.cairn.desk.calendar.country_days(session)
        return facts.gather(session, cycle, date(2027, 4, 16), calendar, [david.id])[david.id]

    counted = assessment_of(company.knows(known)).actuals[depth.id]
    assert (counted.value, counted.source.name) == (4, JUDGED)
