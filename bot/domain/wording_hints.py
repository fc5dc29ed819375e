"""Hints to the author about words that help nobody: vague, about the person, reading minds, absolute, comparing.

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
    return _hints(_plain(text), (_GENERAL, _PERSON, _MIND, _ABSOLUTE, _COMPARED))


def situation_hints(text: str) -> list[Sentence]:
    """Ask for the occasion when what is to say when and where it was names none: no day, no meeting, no event."""
    said = _ANY_TIME.sub(" ", _plain(text))
    return [] if _OCCASION.search(said) else [sentence("When and where was it? A day or an occasion brings it back.")]


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
        " communicate_(?:more|better) could_be_better more_commitment"
        " (?:be|is|are|become|becoming)_(?:more|not)_(?:proactive|professional|positive|careful|committed)"
        " not_(?:proactive|professional|positive|careful)_enough",
        "继续努力 继续保持 再接再厉 (?:做得|干得|表现得?|工作)(?:很|挺|还|真|也)?不错 还不错"
        " 做得(?:很|挺|真|非常)好(?!的) 挺好的 很优秀 加强沟通 多沟通"
        " (?:更加?|再|不够)(?:积极|主动|专业|细心|仔细|认真|努力)",
    ),
    N_("{words}: this leaves open what to repeat or change. What happened, and what came of it?"),
)
_PERSON = (
    _words(
        "abrasive bossy emotional aggressive nice helpful opinionated cultur(?:e|al)_fit energetic (?:too_)?young lazy"
        " arrogant stubborn moody bubbly feisty shrill unlikable introvert(?:ed)? shy natural_leader brilliant smart"
        " genius immature difficult_person unprofessional unreliable incompetent rude selfish chaotic childish"
        " impatient hot-headed short-tempered (?:not_a|not_much_of_a|no)_team_player",
        "强势 情绪化 玻璃心 小姑娘 老员工 太年轻 不合群 听话 踏实肯干"
        " 性格内向 内向 适婚 懒惰 懒散 (?:就是|太|很|真|有点|比较|这么)懒 固执 傲慢 自私 幼稚 聪明 老好人"
        " [你他她]这个人 不靠谱 性格急躁 急躁 暴躁 急性子 脾气(?:差|大|急|不好)"
        " 自大 自以为是 斤斤计较 能力(?:很|太)?(?:差|不行)",
    ),
    N_("{words}: this says what somebody is like. Which behaviour did you see?"),
)
_MIND = (
    _words(
        "(?:doesn't|does_not|don't|do_not|didn't|did_not)_(?:really_)?(?:care|want_to|like_to|respect)"
        " (?:isn't|is_not|wasn't|was_not|not|seems)_(?:really_)?(?:interested|motivated|committed|bothered)"
        " because_(?:you|he|she|they)_(?:just_|only_|simply_)?(?:want|wants|wanted|like|likes|liked)_to"
        " (?:wants?|wanted)_to_look_(?:better|good|clever|smart|important) to_show_off"
        " (?:you|he|she|they)_(?:really_)?thinks?_(?:that_)?(?:you|he|she|they)(?:_are|_is|'re|'s)"
        " unmotivated uncommitted couldn't_care_less on_purpose deliberately just_wants?_to has_no_interest"
        " bad_attitude",
        "不用心 不上心 不在乎 不在意 不想(?:做|干|配合) 没兴趣 故意 存心 态度(?:不好|差|有问题)"
        " 不重视 没有?责任心 没有?上进心 只想着 不想帮忙? [想爱]出风头"
        " 觉得自己(?:比|很|最|了不起|什么都)[^\\s，。；,.;]{0,6}"
        " [你他她]们?(?:肯定|一定)是?(?:不?想|故意|觉得)[^\\s，。；,.;]{0,4} 想偷懒 看不起 瞧不起",
    ),
    N_("{words}: this guesses what somebody thinks or wants. What did you see or hear?"),
)
_ABSOLUTE = (
    _words(
        "always never every_(?:single_)?time everyone everybody (?:no_one|nobody)(?!_had_to) all_the_time constantly"
        " completely totally",
        "总是 老是 从来不 从来没有? 从不 从未 永远 每次都 一直都 所有人 没有?人(?!再|需要) 完全 根本 绝对 毫无",
    ),
    N_("{words}: this is rarely the whole truth. Could you name one time when it happened?"),
)
_NO_NAME = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday"
    "|Thursday|Friday|Saturday|Sunday|Christmas|Easter"
)
_NAME = rf"(?-i:(?!(?:{_NO_NAME})\b)[A-Z][a-z]+)(?=_(?:does|did|is|was|can|and|or|in|at|on|has)\b|[.,;:!?]|$)"
_COLLEAGUE = (
    rf"(?:us|me|him|her|them|others|(?:the_)?other_(?:people|colleagues)|(?:your|his|her|the|our|my)_(?:colleagues?|peers?"
    rf"|team_?mates?|predecessor|others?)|(?:any|every)(?:body|one)_else|{_NAME})"
)
_FAMILY = "[王李张刘陈杨黄赵吴徐孙朱胡郭罗郑梁谢宋唐韩冯邓曹彭]"
_BY_NAME = f"(?:[小老]{_FAMILY}|{_FAMILY}[\u4e00-\u9fff]{{1,2}}?)"
_OTHERS = f"(?:别人|他人|其他人|其他同事|别的同事|同事们?|大家|{_BY_NAME})"
_THAN = "(?:更|还|都)?(?:强|差|好|慢|快|多|少|努力|主动|积极|认真|能干|聪明|细心|靠谱)"
_COMPARED = (
    _words(
        rf"(?:better|worse|slower|faster|quicker|weaker|stronger|smarter|harder|(?:more|less)_\w+)_than_{_COLLEAGUE}"
        rf" (?:not_as_\w+_as|unlike|be_(?:more_)?like)_{_COLLEAGUE}",
        f"比{_OTHERS}{_THAN} 不如{_OTHERS} 像{_OTHERS}一样 向{_OTHERS}看齐",
    ),
    N_("{words}: this compares with others. What did you see of this person alone?"),
)
_ANY_TIME = re.compile(
    r"\b(?:in general|generally|overall|usually|often|sometimes|always|at work|in everything|at all times)\b"
    "|平时|工作中|工作时|一般|总体|总的来说|通常|经常|有时|一直",
    re.IGNORECASE,
)
_OCCASION = re.compile(
    r"\d|\b(?:in|on|at|when|while|during|after|before|since|as|yesterday|today|last|this)\b"
    "|[月日号周]|星期|季度|[昨今前]天|[上下]午|上次|这次|那次|刚才|会|通话|电话|邮件|消息|项目|客户|时|期间|中|里|后|前|上",
    re.IGNORECASE,
)
