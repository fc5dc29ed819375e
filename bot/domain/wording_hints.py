"""Hints to the author about words that help nobody: vague, about the person, reading minds, absolute.

They go to the author alone, before submitting, and never stop anything; they are neither stored nor counted.
"""

import re
import unicodedata

from bot.domain.refusal import N_, Sentence, sentence


def goal_hints(text: str) -> list[Sentence]:
    """Return hints about the wording of a goal, in English or Chinese."""
    plain = _plain(text)
    return _hints(plain, (_VAGUE,) if _NUMBER.search(plain) else (_VAGUE, _SOFT))


def feedback_hints(text: str) -> list[Sentence]:
    """Return hints about the wording of feedback on a person, in English or Chinese."""
    return _hints(_plain(text), (_GENERAL, _PERSON, _MIND, _ABSOLUTE))


_NUMBER = re.compile(r"\d|百分之|[一二两三四五六七八九十百千万]+(?:成|倍|个|次|家|天|周|万|元|件|人)|翻番")
Rule = tuple[re.Pattern[str], str]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u2019", "'").split())


def _hints(text: str, rules: tuple[Rule, ...]) -> list[Sentence]:
    """Give one hint for each kind of word, naming all that were found: a long text is not to be nagged at."""
    hints = []
    for pattern, hint in rules:
        found = dict.fromkeys(match.group().lower() for match in pattern.finditer(text))
        if found:
            hints.append(sentence(hint, words=", ".join(f"“{words}”" for words in found)))
    return hints


def _words(english: str, chinese: str) -> re.Pattern[str]:
    """Compile lists of words, separated by spaces, in which an underscore stands for a space."""
    either = rf"\b(?:{'|'.join(english.split())})\b|{'|'.join(chinese.split())}"
    return re.compile(either.replace("_", " "), re.IGNORECASE)


_VAGUE = (
    _words(
        "try(?:ing)?_to try_(?:my|our|your|their)_best do_(?:my|our|your|their)_best as_soon_as_possible asap"
        " as_(?:much|well|far)_as_possible as_needed timely appropriate(?:ly)? actively where_possible",
        "尽量 尽快 尽可能 尽力 努力 力争 争取 积极 及时 适当 做好 搞好 相关工作",
    ),
    N_("{words}: such words can be read in many ways. What would one see, and by when, if it were done?"),
)
# Said with a number, these are fine: "improve the on-time rate from 90 % to 95 %".
_SOFT = (
    _words(
        "support help assist improve enhance strengthen optimi[sz]e contribute better",
        "加强 强化 配合 协助 支持 推进 优化 提升 提高 改善 完善",
    ),
    N_("{words}: this says the direction but not how far. Which number would show it?"),
)
_GENERAL = (
    _words(
        "(?:good|great|nice)_(?:job|work) well_done keep_it_up keep_up_the_good_work (?:very|really|so)_good"
        " no_complaints"
        " communicate_(?:more|better) (?:be|is)_more_(?:proactive|professional|positive|careful)",
        "继续努力 继续保持 再接再厉 还不错 挺好的 很优秀 加强沟通 多沟通 更加主动 再主动 再细心",
    ),
    N_("{words}: this leaves open what to repeat or change. What happened, and what came of it?"),
)
_PERSON = (
    _words(
        "abrasive bossy emotional aggressive nice helpful opinionated cultur(?:e|al)_fit energetic (?:too_)?young lazy"
        " arrogant stubborn moody bubbly feisty shrill unlikable introvert(?:ed)? shy natural_leader brilliant smart"
        " genius immature difficult_person",
        "强势 情绪化 玻璃心 小姑娘 老员工 太年轻 不合群 听话 踏实肯干"
        " 性格内向 内向 适婚 懒惰 懒散 固执 傲慢 自私 幼稚 聪明 老好人",
    ),
    N_("{words}: this says what somebody is like. Which behaviour did you see?"),
)
_MIND = (
    _words(
        "(?:doesn't|does_not|don't|do_not|didn't|did_not)_(?:really_)?(?:care|want_to|like_to|respect)"
        " (?:isn't|is_not|wasn't|was_not|not|seems)_(?:really_)?(?:interested|motivated|committed|bothered)"
        " unmotivated uncommitted couldn't_care_less on_purpose deliberately just_wants?_to has_no_interest"
        " bad_attitude",
        "不用心 不上心 不在乎 不在意 不想(?:做|干|配合) 没兴趣 故意 存心 态度(?:不好|差|有问题)"
        " 不重视 没有?责任心 没有?上进心 只想着",
    ),
    N_("{words}: this guesses what somebody thinks or wants. What did you see or hear?"),
)
_ABSOLUTE = (
    _words(
        "always never every_(?:single_)?time everyone everybody no_one nobody all_the_time constantly completely"
        " totally",
        "总是 老是 从来不 从来没有? 从不 从未 永远 每次都 一直都 所有人 没有?人 完全 根本 绝对 毫无",
    ),
    N_("{words}: this is rarely the whole truth. Could you name one time when it happened?"),
)
