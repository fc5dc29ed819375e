"""The scenes of a quarter at Slack's page: one story in two languages, for the tests and for the pictures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator

from scripts.browser import Seat
from scripts.processes import LANTERN

CHINESE = {
    "Apply": "应用",
    "Done. People: {added} new, {changed} changed.": "完成。人员：新增 {added}，变更 {changed}。",
    "Done. Actual values: {added} new, {changed} changed.": "完成。实际值：新增 {added}，变更 {changed}。",
    "Open a cycle": "开启一个考核周期",
    "Dates": "日期",
    "Ready to launch?": "可以启动了吗？",
    "Why launch all the same?": "为什么仍要启动？",
    "We begin small, with sales.": "先从销售部小范围开始。",
    "0 of {people} have agreed goals": "{people} 人中已有 0 人商定目标",
    "Draft your goals": "起草目标",
    "Goals": "目标",
    "Edit": "修改",
    "Sales revenue": "销售额",
    "Edit goal": "修改目标",
    "Target (CNY)": "目标值（元）",
    "Propose to {name}": "提交给{name}",
    "A last look": "最后看一眼",
    "A word to {name}": "想对{name}说的话",
    "Agree": "同意",
    "Your goals for 2027-Q1 are agreed with {name}.": "你和{name}已商定 2027-Q1 的目标。",
    "how is it going?": "进展如何？",
    "thank you": "已收到，谢谢",
    "Update": "更新",
    "Your check-in": "进展汇报",
    "Blocked": "遇到阻碍",
    "What is in the way?": "遇到了什么阻碍？",
    "What is blocking you?": "是什么阻碍了你？",
    "Price or terms": "价格或条款",
    "Check-ins of your team": "团队进展汇报",
    "Help": "帮助",
    "My team": "我的团队",
    "Sales revenue: where it stands (CNY)": "销售额：目前数值（元）",
    "One line for your manager": "给主管的一句话",
    "Propose colleagues": "提名同事",
    "Feedback on my work": "关于我的反馈",
    "Approve": "确认",
    "Start": "开始",
    "Confidential feedback": "保密反馈",
    "Situation: when did you work together on something?": "情境：你们什么时候一起做过什么事？",
    "Behaviour: what did you see or hear?": "行为：你看到或听到了什么？",
    "It is sealed until": "它已密封",
    "Write my self-review": "写自评",
    "My self-review": "我的自评",
    "Review {name}": "评价{name}",
    "Review": "评价",
    "Write my review": "写评价",
    "My review": "我的评价",
    "{name} · page {n} of": "{name} · 第 {n} 页，共",
    "{name} · reasons, page {n} of": "{name} · 补充理由第 {n} 页，共",
    "All there. One last look?": "都写好了，再看一眼？",
    "Release results": "发布结果",
    "Release": "发布",
    "{name} has released the results of {cycle}.": "{name}发布了 {cycle} 的结果。",
    "Open my result": "打开我的结果",
    "Your result": "你的绩效结果",
    "Why?": "为什么？",
    "Why this number?": "为什么是这个数？",
    "Seen and agree": "看过，同意",
    "My goals": "我的目标",
    "Two minutes: Writing a goal": "两分钟：写目标",
    "Two minutes": "两分钟",
    "Say thanks": "说声谢谢",
    "Give feedback": "给同事反馈",
    "My evidence": "我的事例",
    "Ask a question": "提问",
    "Ask HR": "问 HR",
    "Make a suggestion": "提建议",
    "Sealed: HR does not learn who it is": "密封：HR 不知道是谁",
    "Thank you": "谢谢",
    "Suggestions": "建议",
    "Suggestion": "建议",
    "Answer": "答复",
    "Is there an answer?": "有答复了吗？",
    "Only you see this": "只有你看得到这些提示",
    "One-on-one": "一对一",
    "Add a point": "添加话题",
    "A point": "话题",
    "Add an action": "添加待办",
    "What will be done?": "要做什么？",
    "What exactly do you promise?": "具体承诺什么？",
    "By when?": "什么时候之前？",
    "One promise to your team is due.": "你对团队的 1 项承诺到期了。",
    "Delivered": "已兑现",
    "Was it useful?": "对你有帮助吗？",
    "Add a line": "加一句话",
    "A line for them": "写给对方的一句话",
    "Also waiting for you": "件事等你处理",
    "Calendar": "工作日历",
    "Enter days": "录入日期",
    "Figures": "消息统计",
    "Give the reasons": "写理由",
    "The reasons": "理由",
    "Not raised before": "之前没有提过",
}
"""What 赵敏 and 陈丽 read where Emily and Thomas read the English."""


@dataclass(frozen=True)
class Part:
    """Whose quarter it is: their manager, a colleague at the page, and the others who are asked about them."""

    person_id: str
    email: str
    manager_id: str
    manager_name: str
    name: str
    rater_id: str
    others: tuple[str, ...]
    sentences: tuple[str, ...]
    """A word with the goals, a line for the check-in, a colleague's situation and behaviour, a line for the reviews,
    what is in the way."""
    said: tuple[str, ...]
    """What the others say of what they saw."""
    wishes: tuple[str, ...]
    """What a colleague thanks for, a situation and what they saw; a question; a suggestion, HR's answer to all, and
    to its author."""
    together: tuple[str, ...]
    """Hasty words about a colleague; a point and an action of a one-on-one; a promise, and what it changed."""
    words: Mapping[str, str] = field(default_factory=dict)
    grade: str = "B"  # what they and their manager expect, and the numbers give


EMILY = Part(
    "U01EMILY", "emily@lantern.example", "U01THOMAS", "Thomas Keller", "Emily Carter", "U01LENA",
    ("U01JONAS", "U01SOFIA", "U01PIERRE", "U01MARCUS"),
    (
        "I know these customers well; a little more is possible.",
        "Two large orders wait for a signature.",
        "We prepared the offer for Harbour Hotels together in February.",
        "She listened first, wrote down every open point and sent the answers the same evening.",
        "On 18 March all 24 crates reached Harbour Hotels complete and on the very day that we had named in January.",
        "Harbour Hotels waits for prices, and I have no access to the new list.",
    ),
    (
        "In the price talk in March she named the next step before anyone asked.",
        "When a delivery was late she called the customer herself and told us what had been said.",
        "She shared her notes on three customers with me before I went there.",
        "Her forecast for March was right to the week, so that we could plan the lorries.",
    ),
    (
        "On Tuesday you took my call with Harbour Hotels when I was stuck in the train, and they stayed.",
        "The price talk with Harbour Hotels on 26 January",
        "You let them finish, wrote down every open point and sent the answers the same evening.",
        "When are the self-reviews written?",
        "One afternoon a week without meetings.",
        "We try it in February, on Wednesdays.",
        "Would the morning be better for you?",
    ),
    (
        "You do not care about details, and you are always stubborn about prices. Communicate more.",
        "Which of my customers may get the new terms?",
        "Write down the open points of Harbour Hotels",
        "The new price list, with the terms for hotels",
        "The offer went out the same day.",
    ),
    grade="A",
)  # fmt: skip
MIN = Part(
    "U01MIN", "min@lantern.example", "U01LI", "陈丽", "赵敏", "U01YANG",
    ("U01HAO", "U01QIAN", "U01KAI", "U01LEI"),
    (
        "这几家客户我熟悉，可以再多争取一点。",
        "两个大单就差签字了。",
        "二月我们一起准备了海港酒店的报价。",
        "她先听客户讲完，把没定的事一条条记下，当晚就给了答复。",
        "三月十八日，二十四箱货在一月约定的那天全部送到海港酒店，一箱不少，客户当场签收。",
        "海港酒店在等报价，可我还看不到新价格表。",
    ),
    (
        "三月谈价格时，没等别人问，她就先说清了下一步。",
        "有一次货晚到，她自己给客户打电话，回来把对方的原话告诉了我们。",
        "我去拜访三家客户之前，她把自己的记录都发给了我。",
        "她三月的预测准到了周，我们排车心里有数。",
    ),
    (
        "周二我堵在路上，你替我接了海港酒店的电话，客户留住了。",
        "一月二十六日和海港酒店谈价格",
        "你先听他们讲完，把没定的事一条条记下，当晚就发去了答复。",
        "写自评和主管评价是哪几天？",
        "每周留一个下午不开会。",
        "二月先在周三下午试行。",
        "对你来说，上午会不会更好？",
    ),
    (
        "你不在乎细节，谈价格总是很固执，以后要多沟通。",
        "我的客户里，哪几家可以用新条款？",
        "整理海港酒店还没谈定的事项",
        "新价格表，附酒店客户的条款",
        "报价当天就发出去了。",
    ),
    CHINESE,
)  # fmt: skip

# Mei leads HR and reads Chinese --------------------------------------------------------------


def brings_people(mei: Seat) -> None:
    """Drop people.csv, look at the preview, apply it."""
    mei.drops(LANTERN / "people.csv")
    mei.presses("Apply")
    mei.confirms("Apply")
    mei.card("Done. People: {added} new, {changed} changed.", added="40", changed="0").wait_for()


def launches(mei: Seat) -> None:
    """Open a quarter for sales, with the dates that Cairn proposes."""
    mei.types("/cairn cycle")
    period = mei.window("Open a cycle")
    for department in ("Finance", "HR", "Logistics", "R&D"):
        period.get_by_label(department).uncheck()
    for title in ("Open a cycle", "Dates"):
        mei.sends(mei.window(title))
    last = mei.window("Ready to launch?")
    last.get_by_label(mei.t("Why launch all the same?")).fill(mei.t("We begin small, with sales."))
    mei.sends(last)
    mei.card("0 of {people} have agreed goals", people="16").wait_for()


def values_of(emails: Iterable[str], folder: Path) -> Path:
    """The lines of actuals.csv about these people, as a file of its own."""
    heading, *rows = (LANTERN / "actuals.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if row.split(",")[0] in set(emails)]
    file = folder / "actuals.csv"
    file.write_text("\n".join([heading, *kept]), encoding="utf-8")
    return file


def brings_values(mei: Seat, file: Path, count: int) -> None:
    """Drop the actual values and apply them."""
    mei.drops(file)
    mei.presses("Apply")
    mei.confirms("Apply")
    mei.card("Done. Actual values: {added} new, {changed} changed.", added=str(count), changed="0").wait_for()


def releases(mei: Seat) -> None:
    """Release the results, and say so once more when asked."""
    mei.presses("Release results")
    mei.confirms("Release")
    mei.card("{name} has released the results of {cycle}.", name="林美", cycle="2027-Q1").wait_for()


# Goals and check-ins -------------------------------------------------------------------------


def opens_revenue(seat: Seat) -> Locator:
    """Open the list of goals and in it the one about revenue."""
    seat.presses("Draft your goals")
    revenue = seat.window("Goals").locator(".block-section").filter(has_text=seat.t("Sales revenue"))
    seat.presses("Edit", revenue)
    goal = seat.window("Edit goal")
    goal.wait_for()
    return goal


def proposes(seat: Seat, goal: Locator, target: str, part: Part) -> None:
    """Ask a little more of oneself, and propose the goals."""
    goal.get_by_label(seat.t("Target (CNY)")).fill(target)
    seat.sends(goal)
    seat.presses("Propose to {name}", seat.window("Goals"), name=part.manager_name)
    look = seat.window("A last look")
    look.get_by_label(seat.t("A word to {name}", name=part.manager_name)).fill(part.sentences[0])
    seat.sends(look)
    look.wait_for(state="detached")


def checks_in(seat: Seat, value: str, part: Part) -> None:
    """Say where revenue stands and that all is on track."""
    seat.presses("Update", seat.card("how is it going?"))
    sheet = seat.window("Your check-in")
    choose(sheet, 0)
    sheet.get_by_label(seat.t("Sales revenue: where it stands (CNY)")).fill(value)
    sheet.get_by_label(seat.t("One line for your manager")).fill(part.sentences[1])
    seat.sends(sheet)
    seat.card("thank you").wait_for()


def is_blocked(seat: Seat, part: Part) -> None:
    """Say what is in the way, and what would help."""
    seat.presses("Blocked", seat.card("how is it going?"))
    form = seat.window("What is in the way?")
    form.get_by_label(seat.t("What is blocking you?")).fill(part.sentences[5])
    form.get_by_label(seat.t("Price or terms")).check()
    seat.sends(form)
    form.wait_for(state="detached")


# Feedback and reviews ------------------------------------------------------------------------


def asks_colleagues(seat: Seat) -> None:
    """Propose the colleagues whom Cairn put in."""
    seat.presses("Propose colleagues")
    seat.sends(seat.window("Feedback on my work"))
    seat.window("Feedback on my work").wait_for(state="detached")


def answers(rater: Seat, part: Part) -> Locator:
    """Fill in the confidential form, and leave it open."""
    rater.presses("Start")
    sheet = rater.window("Confidential feedback")
    choose(sheet, 3)
    sheet.get_by_label(rater.t("Situation: when did you work together on something?")).fill(part.sentences[2])
    sheet.get_by_label(rater.t("Behaviour: what did you see or hear?")).fill(part.sentences[3])
    return sheet


def reviews_self(seat: Seat, part: Part) -> None:
    """Write one's own review and send it."""
    seat.presses("Write my self-review")
    writes(seat, seat.window("My self-review"), part)


def reviews_report(manager: Seat, part: Part) -> None:
    """Look at what is known, write the review and send it."""
    manager.presses("Review {name}", name=part.name)
    manager.presses("Write my review", manager.window("Review"))
    writes(manager, manager.window("My review"), part)


def writes(seat: Seat, review: Locator, part: Part) -> None:
    """Page after page, the same good grade everywhere; the reasons, where any are asked for; then send."""
    pages = 1
    page = 0
    while page < pages:
        page += 1
        place = review.get_by_text(seat.t("{name} · page {n} of", name=part.name, n=str(page)))
        pages = int(place.inner_text().replace("页", "").split()[-1])
        choose(review, 3)
        for grade in review.get_by_label(re.compile(f"^{part.grade}[:：]")).all():
            grade.check()
        fills_required(seat, review, part)
    last = review.get_by_text(seat.t("All there. One last look?"))
    reasons = review.get_by_text(seat.t("{name} · reasons, page {n} of", name=part.name, n="1"))
    last.or_(reasons).wait_for()
    if reasons.is_visible():
        fills_required(seat, review, part)
    last.wait_for()
    seat.sends(review)
    review.get_by_test_id("modal-submit").wait_for(state="detached")
    review.get_by_test_id("modal-close").click()


def fills_required(seat: Seat, review: Locator, part: Part) -> None:
    """Say the same where words are asked for, with its day, and go on."""
    for words in review.locator("textarea[aria-required=true]").all():
        words.fill(part.sentences[4])
    for day in review.locator("input[type=date][aria-required=true]").all():
        day.fill("2027-03-18")
    seat.sends(review)


def choose(form: Locator, nth: int) -> None:
    """Choose the same option in every row of options."""
    form.get_by_role("radiogroup").first.wait_for()
    for group in form.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(nth).check()


# The result ----------------------------------------------------------------------------------


def opens_result(seat: Seat) -> Locator:
    """Open one's own result."""
    seat.presses("Open my result")
    result = seat.window("Your result")
    result.wait_for()
    return result


def asks_why(seat: Seat, result: Locator, line: str) -> Locator:
    """Ask why a line of the result says what it says."""
    seat.presses("Why?", result.locator(".block-section").filter(has_text=seat.t(line)))
    why = seat.window("Why this number?")
    why.wait_for()
    return why
