"""What Cairn answers to anything typed."""

import re
from pathlib import Path

import pytest

from bot.handlers.home import AT_HAND, HERE_ALREADY, troubles_of
from bot.slack.menu import CHINESE, GROUPS, IN_A_QUESTION, LABELS
from bot.slack.words import Words
from bot.store.timers import TimerRow
from tests.company import Company, Persona
from tests.stories import ended_quarter, launched_quarter, placed_people


@pytest.fixture
def emily(company: Company) -> Persona:
    """Emily Carter, who has met Cairn before."""
    return acquainted(company, "emily")


def acquainted(company: Company, name: str) -> Persona:
    someone = company.person(name)
    someone.types("hello")
    return someone


def test_the_bare_command_says_that_nothing_waits(emily: Persona) -> None:
    emily.types("/cairn")
    assert "Nothing waits for you" in emily.last_words()


def test_the_bare_command_says_it_in_chinese_to_who_reads_chinese(company: Company) -> None:
    yang = acquainted(company, "yang")
    yang.types("/cairn")
    assert "现在没有要你处理的事" in yang.last_words()


def test_the_bare_command_gives_the_one_thing_with_its_button(company: Company) -> None:
    mei = acquainted(company, "mei")
    mei.types("/cairn")
    assert "现在要做的一件事" in mei.last_words()
    mei.clicks("导入人员")
    assert "导入文件" in mei.sees()


def test_a_near_miss_offers_the_command_with_a_button(emily: Persona) -> None:
    emily.types("/cairn hepl me")
    assert "Did you mean `/cairn help`" in emily.last_words()
    emily.clicks("What you can do here")
    assert "`/cairn now`" in emily.sees()


def test_plain_words_in_the_dm_are_answered_like_a_command(emily: Persona) -> None:
    emily.types("what is this")
    assert "I do not know “what …”" in emily.last_words()
    emily.types("help")
    assert "What you can type" in emily.last_words()


def test_a_notification_repeats_nothing_that_was_typed(company: Company, emily: Persona) -> None:
    emily.types("salary of Thomas")
    emily.types("hepl")
    yang = acquainted(company, "yang")
    yang.types("工资")
    assert emily.pushes[-2:] == ["I did not understand that."] * 2
    assert yang.pushes[-1] == "这句话我没看懂。"


def test_a_notification_shows_no_marks(company: Company, emily: Persona) -> None:
    mei = acquainted(company, "mei")
    for someone in (emily, mei):
        for typed in ("now", "help", "hepl", "hello"):
            someone.types(typed)
    assert not [push for push in emily.pushes + mei.pushes if "`" in push or "*" in push]


def test_help_says_first_what_can_be_done_now(company: Company) -> None:
    emily, mei, yang = (acquainted(company, name) for name in ("emily", "mei", "yang"))
    for someone in (emily, mei, yang):
        someone.types("/cairn help")
    assert "`/cairn course`" in emily.last_words()
    assert "`/cairn goals`" not in emily.last_words(), "there is no cycle yet"
    assert "`/cairn 导入`  导入人员或实际值" in mei.last_words()
    launched_quarter(company)
    for someone in (emily, mei, yang):
        someone.types("/cairn help")
        assert 3 <= someone.last_words().count("`/cairn ") <= 7
        assert len(someone.last_words().splitlines()) <= 11, "heading, words, the button and a line"
    assert "`/cairn goals`  Your goals" in emily.last_words()
    assert "`/cairn 团队`" not in yang.last_words()
    assert "`/cairn 目标`  你的目标" in yang.last_words()
    assert "`/cairn 结果发布`" in mei.last_words()


def test_a_manager_s_help_names_the_team(company: Company) -> None:
    placed_people(company)
    thomas = acquainted(company, "thomas")
    thomas.types("/cairn help")
    assert "`/cairn team`" in thomas.last_words()


def test_help_lists_the_words_of_hr_for_hr_alone(company: Company, emily: Persona) -> None:
    emily.types("/cairn help")
    emily.clicks("Everything")
    assert "/cairn import" not in emily.sees()
    assert "*With each other*\n`/cairn talk`" in emily.sees(), "in the groups of Home"
    mei = acquainted(company, "mei")
    mei.types("/cairn help")
    mei.clicks("全部功能")
    assert "*人员和数值*\n`/cairn 人员`" in mei.sees(), "in the groups of Home"
    assert "`/cairn 导入`" in mei.sees()
    assert "例如 `/cairn goals`" in mei.sees()


# In Chinese, and in one's own words -------------------------------------------------------


def test_every_word_has_a_chinese_one_of_its_own(company: Company) -> None:
    own = [words[0] for words in CHINESE.values()]
    every = [one for words in CHINESE.values() for one in words]
    assert set(CHINESE) == set(company.cairn.desk.flows.commands)
    assert [one for one in own if every.count(one) > 1] == []
    assert set(IN_A_QUESTION) < set(CHINESE)


@pytest.mark.parametrize("name", ["mei", "yang", "emily"])
def test_a_chinese_word_does_what_the_english_one_does(company: Company, name: str) -> None:
    launched_quarter(company)
    someone = acquainted(company, name)
    for word, (chinese, *_) in CHINESE.items():
        seen = []
        for typed in (word, chinese):
            someone.types(f"/cairn {typed}")
            seen.append(someone.modals[-1]["blocks"] and someone.sees() if someone.modals else someone.last_words())
            while someone.modals:
                someone.closes()
        assert seen[0] == seen[1], word


def test_what_follows_a_chinese_word_is_taken_along(emily: Persona) -> None:
    emily.types("/cairn 语言　中文")
    assert "从现在起，我用中文和你交流" in emily.last_words()


def test_a_chinese_word_in_the_dm_is_a_command_too(company: Company) -> None:
    yang = acquainted(company, "yang")
    yang.types("帮助")
    assert "你可以输入" in yang.last_words()


def test_a_word_that_stands_for_several_leads_to_the_one_that_is_theirs(company: Company) -> None:
    mei, yang = acquainted(company, "mei"), acquainted(company, "yang")
    for someone in (mei, yang):
        someone.types("/cairn 设置")
    assert "`/cairn" not in yang.last_words()
    yang.chooses("English")
    assert "From now on I write to you in English." in yang.sees()
    assert "`/cairn 语言`" in mei.last_words()
    assert "`/cairn 准备`" in mei.last_words()
    mei.clicks("周期准备")
    assert len(mei.modals) == 1


@pytest.mark.parametrize(
    ("name", "question", "word", "button"),
    [
        ("emily", "how do I change my goal?", "goals", "Goals"),
        ("emily", "/cairn where can I see who sees my data", "privacy", "Privacy"),
        ("yang", "我的目标在哪里", "目标", "目标"),
        ("yang", "/cairn 怎么申诉？", "申诉", "申诉"),
    ],
)
def test_a_question_gets_the_words_that_are_in_it(
    company: Company, name: str, question: str, word: str, button: str
) -> None:
    placed_people(company)
    someone = acquainted(company, name)
    someone.types(question)
    assert f"`/cairn {word}`" in someone.last_words()
    assert "I do not know" not in someone.last_words()
    assert "我不认识" not in someone.last_words()
    assert ("Ask a question" if name == "emily" else "提问") in someone.last_words()
    someone.clicks(button)
    assert someone.modals or word not in someone.last_words()


def test_a_question_gets_no_word_of_hr_unless_hr_asks(company: Company, emily: Persona) -> None:
    emily.types("where do I import people")
    assert "`/cairn" in emily.last_words()
    assert "/cairn import" not in emily.last_words()
    mei = acquainted(company, "mei")
    mei.types("人员怎么导入")
    assert "`/cairn 导入`" in mei.last_words()


def test_what_nobody_understands_has_two_ways_on_and_no_sentence_is_repeated(company: Company, emily: Persona) -> None:
    emily.types("qwertz")
    emily.clicks("Help")
    assert "What you can type" in emily.sees()
    yang = acquainted(company, "yang")
    yang.types("张三昨天晚上在饭桌上跟所有人大声说他很快就要走了")
    assert "张三昨天晚上在饭桌上跟所有人大声说他很快…" in yang.last_words()


def test_a_near_miss_of_a_word_of_hr_is_not_offered_to_others(company: Company, emily: Persona) -> None:
    emily.types("/cairn inport")
    assert "I do not know “inport”" in emily.last_words()
    assert "Did you mean" not in emily.last_words()
    mei = acquainted(company, "mei")
    mei.types("/cairn inport")
    assert "`/cairn 导入`" in mei.last_words()
    mei.types("/cairn language en")
    mei.types("/cairn inport")
    assert "`/cairn import`" in mei.last_words()


def test_home_greets_in_the_language_of_slack(company: Company) -> None:
    emily, yang = company.person("emily"), company.person("yang")
    emily.opens_home()
    yang.opens_home()
    assert "Waiting for you" in emily.home
    assert "等你处理" in yang.home


def test_home_says_the_zone_and_where_to_read_about_privacy(emily: Persona) -> None:
    emily.opens_home()
    assert "America/New_York" in emily.home
    assert "/cairn privacy" in emily.home


def test_a_typed_channel_ping_is_shown_and_pings_nobody(emily: Persona) -> None:
    emily.types("/cairn <!channel>")
    assert "&lt;!channel&gt;" in emily.last_words()


@pytest.mark.parametrize("word", ["payload", "ssl_check=1"])
def test_no_word_loses_a_command(emily: Persona, word: str) -> None:
    emily.types(f"/cairn {word}")
    assert word in emily.last_words()


# Everything in Home ----------------------------------------------------------------------


MOST_AT_HAND = 5
PAGE = Path(__file__).parent.parent.parent / "docs" / "flows.md"


def test_the_page_of_conversations_names_every_word(company: Company) -> None:
    rows = [row.split("|") for row in PAGE.read_text(encoding="utf-8").splitlines() if row.startswith("| `")]
    named = {word for row in rows for word in re.findall("`([a-z]+)`", row[-2])}
    assert set(company.cairn.desk.flows.commands) <= named
    both = {pair for row in rows for pair in re.findall("`([a-z]+)` `([^`]+)`", row[-2])}
    assert both == {(word, chinese[0]) for word, chinese in CHINESE.items()}


def test_every_word_has_its_button_and_its_group(company: Company) -> None:
    words = set(company.cairn.desk.flows.commands) - HERE_ALREADY
    grouped = [word for group in GROUPS.values() for word in group]
    assert sorted(grouped) == sorted(words) == sorted(LABELS)
    assert set(AT_HAND) < words


@pytest.mark.parametrize(("name", "more"), [("emily", "More…"), ("mei", "更多…")])
def test_home_begins_with_a_handful_of_buttons(company: Company, name: str, more: str) -> None:
    someone = acquainted(company, name)
    someone.opens_home()
    rows = [block for block in someone.home_view["blocks"] if block["type"] == "actions"]
    few = [one["text"]["text"] for one in rows[0]["elements"]]
    assert few[-1] == more
    assert len(few) <= MOST_AT_HAND
    assert [one["type"] for row in rows[1:] for one in row["elements"]] == ["static_select"], "the language alone"


def test_everything_else_is_one_press_further_and_hr_s_words_are_for_hr(company: Company, emily: Persona) -> None:
    mei = acquainted(company, "mei")
    mei.types("/cairn language en")
    for someone in (emily, mei):
        someone.opens_home()
        someone.clicks("More…")
    assert words_behind_more(emily) == words_of(company, hr=False)
    assert words_behind_more(mei) == words_of(company, hr=True) | words_of(company, hr=False)
    assert "My work" in emily.sees()
    assert "This cycle" not in emily.sees()
    assert "People and values" in mei.sees()


def test_what_is_chosen_there_comes_in_its_place(company: Company, emily: Persona) -> None:
    placed_people(company)
    for chosen, shown in (("Privacy", "What I keep about you"), ("Help", "What you can type"), ("The course", "1 of")):
        emily.opens_home()
        emily.clicks("More…")
        emily.clicks(chosen)
        assert shown in emily.sees()
        assert len(emily.modals) == 1
        emily.closes()


def test_hr_chooses_in_chinese_and_goes_as_deep_as_slack_lets_them(company: Company) -> None:
    placed_people(company)
    mei = acquainted(company, "mei")
    mei.opens_home()
    for label in ("更多…", "考核模板", "看一下", "下载为文本"):
        mei.clicks(label)
    assert len(mei.modals) == 3


def test_home_tells_hr_where_to_begin(company: Company) -> None:
    mei = acquainted(company, "mei")
    mei.opens_home()
    assert "还没有考核周期" in mei.home
    mei.clicks("周期准备")
    assert len(mei.modals) == 1


def test_home_says_no_more_where_to_begin_once_a_cycle_runs(company: Company) -> None:
    launched_quarter(company)
    mei = acquainted(company, "mei")
    mei.opens_home()
    assert "还没有考核周期" not in mei.home
    mei.clicks("更多…")
    mei.clicks("结果")
    assert "还没有结果" in mei.sees()


def test_home_tells_hr_alone_what_failed_for_good(company: Company, emily: Persona) -> None:
    mei = acquainted(company, "mei")
    mei.types("/cairn language en")
    now = company.slack.clock.now()
    failed = TimerRow(step="help.none", person_id="", carry="x", due=now, error="KeyError", attempts=99)
    company.knows(lambda session: session.add(failed))
    for someone in (mei, emily):
        someone.opens_home()
    assert "One planned step failed. The operator's log has the reasons." in mei.home
    assert "failed" not in emily.home


def test_what_failed_for_good_is_counted_by_kind() -> None:
    assert troubles_of(Words("en"), 0, 0) == []
    assert troubles_of(Words("en"), 3, 1) == ["3 messages could not be sent.", "One planned step failed."]
    assert troubles_of(Words("en"), 0, 0, 1) == ["One message is in doubt: Slack does not say whether it arrived."]


def words_of(company: Company, *, hr: bool) -> set[str]:
    """The words that Home does not show in another way."""
    known = company.cairn.desk.flows.commands.values()
    return {one.word for one in known if one.for_hr == hr and one.word not in HERE_ALREADY}


def words_behind_more(who: Persona) -> set[str]:
    rows = [block for block in who.modal["blocks"] if block["type"] == "actions"]
    return {one["value"] for row in rows for one in row["elements"]}


# Language ---------------------------------------------------------------------------------


def test_a_language_is_chosen_by_a_word(emily: Persona) -> None:
    emily.types("/cairn language zh")
    assert "从现在起，我用中文和你交流" in emily.last_words()
    emily.types("/cairn language English")
    assert "From now on I write to you in English." in emily.last_words()


def test_an_unknown_language_gets_the_choice(emily: Persona) -> None:
    emily.types("/cairn language klingon")
    assert "Which language shall I use with you?" in emily.last_words()
    emily.chooses("中文")
    assert "从现在起，我用中文和你交流" in emily.sees()


def test_a_language_chosen_in_home_turns_home(emily: Persona) -> None:
    emily.opens_home()
    emily.chooses("zh")
    assert "等你处理" in emily.home


# Privacy ----------------------------------------------------------------------------------


def test_privacy_says_what_is_kept_and_who_sees_it(company: Company, emily: Persona) -> None:
    placed_people(company)
    emily.types("/cairn privacy")
    assert "Your manager sees most of it, HR what results rest on." in emily.sees()
    assert "•" not in emily.sees(), "the answer first, the lists behind buttons"
    emily.clicks("What is kept")
    assert "emily@lantern.example" in emily.sees()
    assert "Since 15 Apr 2019: Sales, Senior account manager" in emily.sees()
    emily.closes()
    emily.clicks("Who can see it")
    assert "Your check-ins: you, your manager" in emily.sees()
    emily.closes()
    emily.clicks("What is confidential")
    assert "confidential towards the person it is about, managers and HR" in emily.sees()
    assert "Ratings are shown from 3 answers, sentences from 4." in emily.sees()


def test_privacy_counts_values_by_hand_and_objectives_and_says_how_long_they_stay(company: Company) -> None:
    ended_quarter(company, "emily")
    emily, mei = company.person("emily"), company.person("mei")
    emily.types("/cairn report")
    emily.chooses("Customer visits")
    emily.submits(period="2027-Q1", value="57", evidence="https://crm.lantern.example/visits")
    mei.types("/cairn language en")
    mei.types("/cairn objectives")
    mei.clicks("Set a company objective")
    mei.submits(title="Sales +20 %", unit="CNY", baseline="100", target="+20 %", owner=emily.id)
    emily.types("/cairn privacy")
    emily.clicks("What is kept")
    words = emily.sees()
    assert "One value reported by hand for a goal of yours, with its evidence and what became of it" in words
    assert "One objective, or part of one, that you answer for" in words
    emily.closes()
    emily.clicks("Who can see it")
    reported = "Values of your goals that one of you two reports by hand, with the evidence: you, your manager"
    assert reported in emily.sees()
    emily.closes()
    emily.clicks("How long")
    assert "up to 3 rows of its answer are kept until HR has seen them" in emily.sees()
    emily.types("/cairn language zh")
    emily.types("/cairn privacy")
    emily.clicks("保存了什么")
    assert "为你的目标手工上报的 1 个数值" in emily.sees()
    emily.closes()
    emily.clicks("保留多久")
    assert "最多保留其回答中的 3 行" in emily.sees()


def test_privacy_says_first_how_long_the_record_stays_as_hr_decided(company: Company) -> None:
    emily, mei = acquainted(company, "emily"), acquainted(company, "mei")
    placed_people(company)
    emily.types("/cairn privacy")
    emily.clicks("How long")
    words = emily.sees()
    parts = [
        "Your goals, check-ins, reviews and results",
        "HR has not decided yet for how long they stay",
        "then their key is destroyed",
        "the audit of who did what stays whole",
        "Values reported by hand",
    ]
    assert parts == sorted(parts, key=words.index), "the record first, then what differs"
    assert "days after you leave" not in words
    mei.types("/cairn leavers")
    mei.clicks("设定期限")
    mei.submits(days="90")
    emily.types("/cairn privacy")
    emily.clicks("How long")
    assert "90 days after you leave, at the earliest, they are erased" in emily.sees()
    assert "HR has not decided" not in emily.sees()
    emily.types("/cairn ask How long are my check-ins and results kept after I leave?")
    assert "90 days after you leave" in emily.sees()
    emily.types("/cairn language zh")
    emily.types("/cairn privacy")
    emily.clicks("保留多久")
    assert "离职后最早满 90 天清除" in emily.sees()
    assert "随后销毁密钥" in emily.sees()


def test_privacy_is_readable_in_chinese(company: Company) -> None:
    yang = acquainted(company, "yang")
    yang.types("/cairn privacy")
    yang.clicks("哪些内容保密")
    assert "对被评人、主管和 HR 保密" in yang.sees()
