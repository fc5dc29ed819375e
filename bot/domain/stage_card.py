"""Training at each stage: a card of two minutes on the task that begins, with an example. Who reads it is not kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.course import Card
from bot.domain.refusal import N_


class Task(StrEnum):
    """What a stage asks of somebody, and a card helps with."""

    GOAL = "goal"
    CHECKIN = "checkin"
    SELF_REVIEW = "self_review"
    PEER = "peer"
    RESULT = "result"
    REVIEW = "review"
    TALK = "talk"


@dataclass(frozen=True)
class StageCard(Card):
    """A card with one example of what helps little, and one of what helps more."""

    little: str
    more: str


FOR_LEADERS = frozenset({Task.REVIEW, Task.TALK})

CARDS: Mapping[Task, StageCard] = {
    Task.GOAL: StageCard(
        N_("Writing a goal"),
        (
            N_("Begin with what will be different when the work is done, for a customer or a colleague. An activity "
               "keeps you busy; a result is what it is for."),
            N_("Say how it is measured, from where to where, by when. Somebody who was not in the room should be able "
               "to tell whether you got there."),
            N_("Aim where you have to stretch. What you reach every quarter asks nothing of you; what nobody ever "
               "reached only discourages."),
            N_("Three to five goals are enough. Give most weight to what matters most, and put beside each number "
               "something that keeps it honest, such as returns beside sales."),
            N_("Ten minutes make a first version. It gets better when the two of you talk about it."),
        ),
        N_("Improve customer service."),
        N_("By 31 March, answer 90 % of customers within one working day. Last quarter it was 72 %."),
    ),
    Task.CHECKIN: StageCard(
        N_("A check-in that helps"),
        (
            N_("A check-in is no test. It is there so that trouble is still small when somebody hears of it."),
            N_("*Same* is an honest answer in a quiet week. When something moved, say what, and why you think so."),
            N_("Choose “at risk” as soon as you have doubts, not once you are sure. Early, much can still be changed."),
            N_("When you ask for help, say what is in the way, what you have tried, what you need, from whom and by "
               "when. What has a day is easy to promise."),
            N_("Your manager reads it in the next digest. A promise comes back to them on its day and on the working "
               "day after."),
        ),
        N_("Still waiting for prices. Difficult."),
        N_("Harbour Hotels decides on Friday, and I cannot open the new price list. I asked the price desk on Monday. "
           "Could you get me access by Wednesday?"),
    ),
    Task.SELF_REVIEW: StageCard(
        N_("Writing a self-review"),
        (
            N_("Nobody knows your work as well as you do. Fifteen minutes with your goals and your notes beside you "
               "are worth more than an hour from memory."),
            N_("Look at the whole period, not only at the last weeks. `/cairn evidence` shows it month by month."),
            N_("Write what you did and what came of it, with a number or a day. Name who helped; that makes your part "
               "no smaller."),
            N_("Tell of one thing that did not work, why, and what you do differently now. It is easier to hear it "
               "from you."),
            N_("Expect the grade that your facts carry. If your manager sees it differently, the talk is the place "
               "for it."),
        ),
        N_("I worked hard and was always there for my customers."),
        N_("In February three deliveries to Harbour Hotels were late. I called before they did and moved their order "
           "to the morning lorry. The twelve since then came on time."),
    ),
    Task.PEER: StageCard(
        N_("Feedback that helps"),
        (
            N_("You see what one manager alone cannot see. Two honest examples are worth more than ten kind "
               "adjectives."),
            N_("Choose a situation in which you were there. Say what the person did or said, and what it changed for "
               "you or for the work."),
            N_("What somebody is like or thinks, none of us can know. What they did, you saw, and it can be done "
               "again or done differently."),
            N_("Begin with something that helped. Then one thing, not five, that would help even more next time."),
            N_("“Not observed” is a good answer where you have seen nothing. If you do not want to be recognised, "
               "leave out what only the two of you know."),
        ),
        N_("A great colleague, but a bit chaotic."),
        N_("In the price talk in March she summed up every open point before we left, and nobody had to ask again. "
           "Next time, sending that to the warehouse too would save us a call."),
    ),
    Task.RESULT: StageCard(
        N_("Reading a result"),
        (
            N_("Take a quiet moment and read it twice: first the words, then the numbers."),
            N_("Every number opens. *Why?* beside it shows where it comes from, what it counts, and how it was "
               "rounded."),
            N_("Look at three things. Are these the goals that we agreed? Are the values right? Is anything missing "
               "that mattered?"),
            N_("Then look for one thing to keep and one to change. A grade says how a period went, not who you are."),
            N_("When something does not add up, ask: name the line, the number and what you expected. “Seen” does not "
               "mean that you agree, and to say that you do not agree is your right."),
        ),
        N_("That is unfair, I did much more."),
        N_("Under “Sales revenue” I see 2.9 million. The order of Harbour Hotels from 29 March, 240,000, is not in it. "
           "Does it count for this quarter or the next?"),
    ),
    Task.REVIEW: StageCard(
        N_("Writing a review"),
        (
            N_("Read first: the self-review, the check-ins month by month, the help that was asked for and the help "
               "you gave. Then rate."),
            N_("Write what you saw: the situation, what was done, what came of it. Behaviour can change; a verdict "
               "on somebody's character only hurts."),
            N_("Rate each thing by itself. One bright or dark spot colours all the others, and the last weeks weigh "
               "more than they should."),
            N_("Read the words of a level before you choose it. Would you choose the same for anybody who did this?"),
            N_("A low grade needs a day, an example and an earlier word about it. If there was none, say so openly."),
        ),
        N_("Unreliable. Should show more commitment."),
        N_("The reports of January and February came two and four days late, and finance had to close without them. "
           "We spoke about it on 9 February; March was on time. Next: a word to me two days ahead."),
    ),
    Task.TALK: StageCard(
        N_("Holding the talk"),
        (
            N_("An hour, a quiet room, and a word beforehand about what you will speak of. Choose two strengths and "
               "one or two gaps."),
            N_("Let the other side begin: how did you see this time? Listen to the end. Often the gap and its cause "
               "are named before you say a word."),
            N_("Then go through the goals one by one, with the numbers before you both. *Why?* opens each of them."),
            N_("Look for causes together: the market, the means, the skills? Not everything lies with the person."),
            N_("End with one to three steps: who does what by when, and what you do to help."),
            N_("If they do not agree, thank them for saying so and write it down. Being heard comes before being "
               "right."),
        ),
        N_("You have to become more proactive."),
        N_("In March two customers waited four days for an answer. What was in the way? What if you hand me by noon "
           "what you cannot answer, until the new colleague is here?"),
    ),
}  # fmt: skip
"""About 150 words each, so that two minutes are enough."""


def cards_for(*, manages: bool) -> tuple[Task, ...]:
    """The cards for somebody, in the order in which a cycle needs them."""
    return tuple(task for task in CARDS if manages or task not in FOR_LEADERS)
