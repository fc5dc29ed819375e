"""HR is led through the preparation; what is missing is computed, and a launch without it needs a reason."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.domain.cycle import Stage
from bot.domain.team import Duty, line_above
from bot.handlers.setup import steps, views
from bot.slack.words import Words
from bot.store import announcements, audit, cycles, lessons, people, readiness, rules
from tests.cascades import company_objective
from tests.company import Company, Persona
from tests.goal_talks import press
from tests.stories import placed_people

ENGLISH = "Results are talked about first."
CHINESE = "结果先面谈。"


def hr(company: Company, language: str = "en") -> Persona:
    placed_people(company)
    company.knows(lambda session: people.choose_language(session, "U01MEI", language))
    return company.person("mei")


def ids(company: Company, *names: str) -> list[str]:
    return [company.person(name).id for name in names]


def closes_all(mei: Persona) -> None:
    while mei.modals:
        mei.closes()


def names_roles(company: Company, mei: Persona, calibrators: list[str], appeals: list[str]) -> None:
    mei.types("/cairn setup")
    mei.clicks("Name them", near="Roles")
    mei.submits(
        owner=ids(company, "jianguo"), calibrator=ids(company, *calibrators), appeal_handler=ids(company, *appeals)
    )


def publishes_rules(mei: Persona) -> None:
    mei.types("/cairn setup")
    mei.clicks("Write the rules")
    mei.submits(en=ENGLISH, zh=CHINESE)
    mei.clicks("Publish")
    mei.clicks("Back to the preparation")
    assert "Published, version" in mei.sees()
    closes_all(mei)


def announces(mei: Persona) -> None:
    mei.types("/cairn setup")
    mei.clicks("Write it")
    mei.submits()
    assert "in Messages, our direct messages, as everybody will see it" in mei.sees()
    assert "press *Send to everybody* there" in mei.sees()
    closes_all(mei)
    mei.clicks("Send to everybody")


def sends_course(mei: Persona) -> None:
    mei.types("/cairn setup")
    mei.clicks("Send the course")
    mei.clicks("Invite everybody")
    assert "The invitations go out in everybody's working hours." in mei.sees()
    closes_all(mei)


def prepared(company: Company) -> Persona:
    """林美 prepared everything."""
    mei = hr(company, "zh")
    company_objective(company)
    closes_all(mei)
    company.knows(lambda session: people.choose_language(session, "U01MEI", "en"))
    names_roles(company, mei, ["jing", "mei"], ["julia", "felix"])
    closes_all(mei)
    publishes_rules(mei)
    sends_course(mei)
    announces(mei)
    return mei


def opens_sales(mei: Persona) -> None:
    mei.types("/cairn cycle")
    mei.submits(departments=["Sales"])
    mei.submits()


LEADS_TO = {
    "Objectives": "Set a company objective",
    "Name them": "Calibrators",
    "Write the rules": "Results are grades, the best first: S, A, B, C, D.",
    "Send the course": "Invite everybody",
    "Write it": "Soon we begin a new cycle",
}

# What is missing ----------------------------------------------------------------------------


def test_everything_that_is_missing_has_its_button(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    assert "5 things are missing" in mei.sees()
    assert "Not named yet: Owner of the process, and 2 more" in mei.sees()
    assert "What the company wants this year is not written down yet." in mei.sees()
    for button, leads_to in LEADS_TO.items():
        mei.types("/cairn setup")
        mei.clicks(button)
        assert leads_to in mei.sees()


def test_the_preparation_speaks_chinese(company: Company) -> None:
    mei = hr(company, "zh")
    mei.types("/cairn setup")
    assert "尚未指定：流程负责人" in mei.sees()
    mei.clicks("检查常见误区")
    assert "考核指标单一" in mei.sees()
    assert "每个模板都符合" in mei.sees()


def test_home_says_how_to_begin(company: Company) -> None:
    mei = hr(company)
    mei.opens_home()
    assert "Prepare your first cycle: I lead you through it." in mei.home


def test_when_everything_stands_nothing_is_asked_at_the_launch(company: Company) -> None:
    mei = prepared(company)
    mei.types("/cairn setup")
    assert "Everything stands. You can open a cycle." in mei.sees()
    closes_all(mei)
    opens_sales(mei)
    assert "Not ready yet" not in mei.sees()
    mei.submits()
    (cycle,) = company.knows(cycles.every)
    assert cycle.launched
    assert company.knows(lambda session: readiness.reason_of(session, cycle.id)) is None
    mei.types("/cairn setup")
    assert f"{cycle.name} is open already. What you open here would be another cycle." in mei.sees()
    assert "You can open a cycle." not in mei.sees()
    mei.types("/cairn language zh")
    mei.types("/cairn setup")
    assert f"{cycle.name} 已经开启。在这里开启的是另一个周期。" in mei.sees()
    mei.clicks("开启另一个周期")


def test_a_launch_without_something_needs_a_reason_and_keeps_it(company: Company) -> None:
    mei = hr(company)
    opens_sales(mei)
    assert "Not ready yet" in mei.sees()
    mei.submits(reason="The board wants to begin on Monday")
    (cycle,) = company.knows(cycles.every)
    missing, reason = company.knows(lambda session: readiness.reason_of(session, cycle.id))
    assert reason == "The board wants to begin on Monday"
    assert missing == ["strategy", "roles", "rules", "announcement", "course"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Please say why; it is kept with the cycle."), ("zh", "请说明原因，它会随周期保存。")],
)
def test_without_a_reason_nothing_is_launched(company: Company, language: str, words: str) -> None:
    mei = hr(company, language)
    opens_sales(mei)
    mei.submits(reason="   ")
    assert mei.errors == {"reason": words}
    (cycle,) = company.knows(cycles.every)
    assert cycle.stage_on(cycle.opens[Stage.PLANNING]) is Stage.PREPARING


def test_the_pitfalls_are_checked_one_by_one(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Check for pitfalls")
    for pitfall in ("Unclear or unreasonable goals", "No communication", "One measure only", "Unfairness"):
        assert pitfall in mei.sees()


SAID = {
    "en": ("*Roles*  ·  missing", "*Pitfalls*  ·  ready", "Check for pitfalls", "needs a look",
           "Who may judge whom is checked with the roles", "*Pitfalls*  ·  missing", "Checks that found something: 1",
           "*No manager has too many people to talk to*  ·  needs a look"),
    "zh": ("*职责分工*  ·  待完成", "*常见误区检查*  ·  已就绪", "检查常见误区", "需要处理",
           "谁可以评判谁，在职责分工中检查", "*常见误区检查*  ·  待完成", "发现问题的检查：1 项",
           "*没有主管要面谈的人过多*  ·  需要处理"),
}  # fmt: skip


@pytest.mark.parametrize("language", SAID)
def test_the_page_of_pitfalls_says_what_the_list_says(company: Company, language: str) -> None:
    """While nobody is named to judge, which the roles tell; then when one manager has nearly everybody."""
    roles, ready, opens, look, with_roles, missing, one, too_many = SAID[language]
    mei = hr(company, language)
    mei.types("/cairn setup")
    assert roles in mei.sees()
    assert ready in mei.sees()
    mei.clicks(opens)
    assert with_roles in mei.sees()
    assert look not in mei.sees()
    closes_all(mei)
    company.knows(all_report_to_thomas)
    mei.types("/cairn setup")
    assert missing in mei.sees()
    assert one in mei.sees()
    mei.clicks(opens)
    assert too_many in mei.sees()
    assert mei.sees().count(look) == 1


def all_report_to_thomas(session: Session) -> None:
    stints = {one.person_id: one for one in people.stints_on(session, date(2027, 1, 4))}
    managers = {person_id: one.manager_id for person_id, one in stints.items()}
    others = stints.keys() - {"U01THOMAS", *line_above("U01THOMAS", managers)}
    people.place_all(session, [replace(stints[one], manager_id="U01THOMAS") for one in sorted(others)])


# Roles --------------------------------------------------------------------------------------


def test_roles_are_kept_and_leave_a_trace(company: Company) -> None:
    mei = hr(company)
    names_roles(company, mei, ["jing", "mei"], ["julia", "felix"])
    assert [one.name for one in company.knows(lambda session: people.holders(session, Duty.OWNER))] == ["周建国"]
    found = company.knows(lambda session: audit.about(session, company.person("jing").id))
    assert [(entry.act, entry.record) for entry in found] == [("grant_role", "calibrator")]


def test_nobody_may_be_left_without_an_independent_judge(company: Company) -> None:
    mei = hr(company)
    names_roles(company, mei, ["jianguo"], ["julia", "felix"])
    assert "may not judge there" in mei.errors["calibrator"]


def test_a_form_carries_as_many_holders_as_it_takes() -> None:
    held = {role: [f"U0{n:09}" for n in range(views.MOST_HOLDERS)] for role in (people.HR, *Duty)}
    sheet = views.roles(Words("en"), held, steps.save_roles).body()
    assert len(sheet["private_metadata"]) <= 3000
    assert {block["element"].get("max_selected_items") for block in sheet["blocks"] if "element" in block} == {48}


def test_hr_hands_hr_over(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Name them", near="Roles")
    judges = {"calibrator": ids(company, "jing", "mei"), "appeal_handler": ids(company, "julia", "felix")}
    mei.submits(hr=ids(company, "jing"), owner=ids(company, "jianguo"), **judges)
    assert "Done. HR is 何静 from now on, and no longer you." in mei.sees()
    assert [one.name for one in company.knows(lambda session: people.holders(session, people.HR))] == ["何静"]
    mei.types("/cairn setup")
    assert "This is not yours to do" in mei.last_words()


def test_who_was_named_while_the_form_stood_open_keeps_the_duty(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Name them", near="Roles")
    company.knows(lambda session: people.grant(session, "U01JULIA", people.HR))
    judges = {"calibrator": ids(company, "jing", "mei"), "appeal_handler": ids(company, "julia", "felix")}
    mei.submits(hr=ids(company, "jing"), owner=ids(company, "jianguo"), **judges)
    held = company.knows(lambda session: people.holders(session, people.HR))
    assert {one.id for one in held} == {"U01JULIA", "U01JING"}


def test_nobody_hears_appeals_about_what_they_calibrated(company: Company) -> None:
    mei = hr(company)
    names_roles(company, mei, ["jing", "mei", "julia"], ["julia", "felix"])
    assert mei.errors == {
        "appeal_handler": "Julia Brandt would hear appeals about what they calibrated. Please choose somebody else."
    }


# Rules --------------------------------------------------------------------------------------


def test_everybody_reads_the_rules_in_their_own_language(company: Company) -> None:
    mei = hr(company)
    publishes_rules(mei)
    company.person("emily").types("/cairn rules")
    assert ENGLISH in company.person("emily").last_words()
    company.person("qiang").types("/cairn rules")
    assert CHINESE in company.person("qiang").last_words()


@pytest.mark.parametrize(
    ("language", "labels", "not_yet", "published"),
    [
        (
            "en",
            ("Write the rules", "Change the text", "Publish", "Start anew"),
            "It is not published yet.",
            "Published as version 1.",
        ),
        ("zh", ("撰写规则", "修改文字", "公布", "重新开始"), "现在还没有公布", "已公布为第 1 版"),
    ],
)
def test_rules_are_seen_as_people_will_read_them_before_they_are_published(
    company: Company, language: str, labels: tuple[str, ...], not_yet: str, published: str
) -> None:
    mei = hr(company, language)
    mei.types("/cairn setup")
    mei.clicks(labels[0])
    mei.submits(en="A frist try.", zh="初稿。")
    assert not_yet in mei.sees()
    assert "A frist try." in mei.sees()
    assert company.knows(rules.newest) is None
    mei.clicks(labels[1])
    mei.closes()
    mei.clicks(labels[0])
    assert "A frist try." in mei.sees()
    mei.clicks(labels[3])
    assert "A frist try." not in mei.sees()
    mei.submits(en=ENGLISH, zh=CHINESE)
    mei.clicks(labels[2])
    assert not company.knows(lambda session: announcements.unsent(session, announcements.RULES, mei.id))
    assert published in mei.sees()
    assert company.knows(rules.newest).text == rules.Text(ENGLISH, CHINESE)


def test_an_announcement_is_not_published_as_rules(company: Company) -> None:
    mei = hr(company)
    company.knows(lambda session: announcements.draft(session, announcements.NEWS, rules.Text("New.", "新。"), mei.id))
    draft = company.knows(lambda session: session.query(announcements.AnnouncementRow).one().id)
    mei.types("hello")
    press(mei, "rules.publish", draft)
    assert "This text is not kept any more." in mei.sees()
    assert company.knows(rules.newest) is None


def test_rules_need_both_languages(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Write the rules")
    mei.submits(en=ENGLISH, zh="Only English")
    assert mei.errors == {"zh": "Please write the Chinese text here"}
    mei.submits(en=CHINESE, zh=CHINESE)
    assert mei.errors == {"en": "Please write the English text here"}


def test_a_running_cycle_keeps_the_rules_it_began_with(company: Company) -> None:
    mei = prepared(company)
    opens_sales(mei)
    mei.submits()
    mei.types("/cairn rules")
    company.knows(
        lambda session: rules.publish(session, rules.Text("Other.", "别的。"), by=mei.id, at=company.slack.clock.now())
    )
    emily = company.person("emily")
    company.winds(to="2027-01-05T10:00:00-05:00")
    emily.types("/cairn rules")
    assert ENGLISH in emily.last_words()
    assert "It holds for the cycle 2027-Q1" in emily.last_words()


# Announcement and course ----------------------------------------------------------------------


def test_an_announcement_is_seen_first_and_read_in_working_hours(company: Company) -> None:
    mei = hr(company)
    announces(mei)
    emily, qiang = company.person("emily"), company.person("qiang")
    company.winds(to="2027-01-04T09:31:00+08:00")
    assert "Soon we begin" not in emily.sees()
    assert "新的考核周期就要开始" in qiang.sees()
    company.winds(to="2027-01-04T09:31:00-05:00")
    assert "Soon we begin a new cycle" in emily.sees()
    assert emily.pushes[-1] == "There is news about goals and feedback."
    assert company.knows(lambda session: announcements.last_sent(session, announcements.NEWS))


@pytest.mark.parametrize(
    ("language", "first", "second", "writes"),
    [("en", "English", "Chinese", ("Write it", "Write the rules")), ("zh", "中文", "英文", ("撰写公告", "撰写规则"))],
)
def test_hr_writes_and_reads_what_is_in_both_languages_in_their_own_first(
    company: Company, language: str, first: str, second: str, writes: tuple[str, str]
) -> None:
    mei = hr(company, language)
    mei.types("hello")
    for label in writes:
        mei.types("/cairn setup")
        mei.clicks(label)
        assert next(one["block_id"] for one in mei.modal["blocks"] if one["block_id"] in {"en", "zh"}) == language
        mei.submits(en=ENGLISH, zh=CHINESE)
        if label == writes[0]:
            closes_all(mei)
        seen = mei.sees()
        assert seen.index(f"*{first}*") < seen.index(f"*{second}*")
        closes_all(mei)


def test_whoever_sends_to_everybody_reads_who_that_is(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Send the course")
    asked = [one["confirm"]["text"]["text"] for block in mei.modal["blocks"] for one in block.get("elements", ())
             if "confirm" in one]  # fmt: skip
    assert "That is everybody in Slack but guests, in a cycle or not." in asked[0]


def test_an_announcement_that_missed_its_hours_is_read_in_the_same_working_day(company: Company) -> None:
    """As after an outage, or when the clock was wound past them; but not in the evening."""
    announces(hr(company))
    qiang, emily = company.person("qiang"), company.person("emily")
    company.winds(to="2027-01-04T16:31:00+08:00")
    assert "新的考核周期就要开始" in qiang.sees()
    company.winds(to="2027-01-04T18:01:00-05:00")
    assert "Soon we begin" not in emily.sees()


BEGINS = {
    "emily": ("There is news about goals and feedback.", "2027-Q1 begins. Draft your goals."),
    "yang": ("关于目标和反馈，有新消息。", "2027-Q1 开始了，来起草你的目标吧。"),
}


@pytest.mark.parametrize(("name", "zone"), [("emily", "-05:00"), ("yang", "+08:00")])
def test_on_the_first_morning_the_news_comes_with_the_course_and_goals_after_it(
    company: Company, name: str, zone: str
) -> None:
    mei = prepared(company)
    opens_sales(mei)
    mei.submits()
    someone = company.person(name)
    for minute in ("31", "32", "45"):
        company.winds(to=f"2027-01-04T09:{minute}:00{zone}")
    assert tuple(someone.pushes) == BEGINS[name]
    someone.clicks("How it works, in ten minutes" if name == "emily" else "十分钟了解绩效管理")
    assert ("1 of 8" if name == "emily" else "第 1 步，共 8 步") in someone.sees()


def test_who_read_the_news_before_is_invited_to_the_course_by_itself(company: Company) -> None:
    mei = hr(company)
    announces(mei)
    company.winds(to="2027-01-04T09:31:00-05:00")
    sends_course(mei)
    company.winds(to="2027-01-05T09:31:00-05:00")
    assert "How it works, in about" in company.person("emily").pushes[-1]


def test_an_announcement_goes_out_once_and_needs_both_languages(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Write it")
    mei.submits(zh="none")
    assert mei.errors == {"zh": "Please write the Chinese text here"}


def test_a_typing_mistake_in_the_announcement_can_be_mended(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Write it")
    mei.submits(en="A text of mine wiht a mistake", zh="我写的一段话")
    mei.clicks("Back to the preparation")
    mei.clicks("Write it")
    assert "A text of mine wiht a mistake" in str(mei.modal)
    closes_all(mei)
    mei.clicks("Change the text")
    mei.submits(en="A text of mine without a mistake", zh="我写的一段话")
    closes_all(mei)
    (proof,) = [message for message in mei.messages if "This is your announcement" in str(message)]
    assert "without a mistake" in str(proof)
    mei.clicks("Send to everybody")
    company.winds(to="2027-01-04T09:31:00-05:00")
    assert "A text of mine without a mistake" in company.person("emily").last_words()
    mei.types("/cairn setup")
    mei.clicks("Write it")
    assert "Soon we begin" in str(mei.modal)


def test_an_announcement_that_could_not_be_shown_whole_is_refused_where_it_is_written(company: Company) -> None:
    mei = hr(company)
    mei.types("/cairn setup")
    mei.clicks("Write it")
    mei.submits(en="R&D " * 700 + "THE END", zh="完")
    assert mei.errors == {"en": "This is too long: 2,900 characters at most"}


def test_emily_goes_through_the_course_and_no_answer_is_kept(company: Company) -> None:
    sends_course(hr(company))
    emily = company.person("emily")
    company.winds(to="2027-01-04T09:31:00-05:00")
    emily.clicks("Begin")
    assert "What this is" in emily.sees()
    for _ in range(5):
        emily.clicks("Next")
    emily.clicks("Choose", near="Nothing, the manager decides")
    assert "Not quite. Nobody counts this." in emily.sees()
    emily.clicks("Next")
    emily.clicks("Choose", near="In the next check-in")
    assert "That is it." in emily.sees()
    emily.clicks("Next")
    emily.clicks("Choose", near="Press")
    emily.clicks("Finish")
    assert "That was all." in emily.sees()
    assert company.knows(lambda session: lessons.is_done(session, emily.id))
    assert company.knows(lessons.count_done) == 1


def test_a_manager_gets_two_more_cards_in_chinese(company: Company) -> None:
    placed_people(company)
    qiang = company.person("qiang")
    qiang.types("/cairn course")
    assert "第 1 步，共 10 步" in qiang.sees()
    company.knows(lambda session: lessons.reach(session, qiang.id, 8, done=False))
    qiang.closes()
    qiang.types("/cairn course")
    assert "给主管：写理由" in qiang.sees()


def test_the_course_goes_on_where_somebody_left_it(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn course")
    emily.clicks("Next")
    emily.closes()
    emily.types("/cairn course")
    assert "Why we do it" in emily.sees()


def test_only_hr_prepares(company: Company) -> None:
    placed_people(company)
    emily = company.person("emily")
    emily.types("/cairn setup")
    assert "This is not yours to do" in emily.last_words()
