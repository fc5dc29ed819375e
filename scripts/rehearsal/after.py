"""What a quarter is for and what follows on it: rules and a launch; talks, an appeal, a plan, decisions, the next."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from scripts.rehearsal.errands import Errand, at
from scripts.rehearsal.habits import LEAVE, Choice

HR, DECIDES = "U01MEI", "U01JING"
"""Who runs the cycle, and whom HR names for an appeal."""
APPELLANT, HELPED, HELPER = "U01YANG", "U01KAI", "U01LI"
MOVED, NEW_MANAGER = "U01PIERRE", "U01QIANG"
DEPARTMENTS = {"Sales": 1, "R&D": 2, "Logistics": 1}
"""Who takes part, with the weeks from one check-in to the next."""
NEXT_BEGINS = date(2027, 7, 1)
GIVEN: Mapping[str, Mapping[str, Any]] = {
    HR: {"whom": DECIDES},
    "U01JULIA": {"whom": DECIDES},
    DECIDES: {"value-satisfaction": "88"},
    HELPER: {"outcome": "completed"},
}
"""What somebody enters where a form asks for it; whatever else it proposes."""


def launch(month: int, day: int) -> Errand:
    """HR opens the cycle that Cairn proposes on this day."""
    return Errand(HR, at(month, day), "/cairn cycle", "cycle.launch", {"departments": list(DEPARTMENTS)})


def talks(manager_id: str, month: int, day: int, share: float = 1) -> Errand:
    """A manager talks with the team about its results on this day, with so many of them, and writes the minutes."""
    ways = (
        Choice("open talk", {"interviews.look": share, LEAVE: 1 - share}),
        Choice("talk", {"interviews.talked": 1}),
        Choice("agree", {"interviews.add_action": 1}),
        Choice("minutes", {"interviews.write_minutes": 1}),
    )
    return Errand(manager_id, at(month, day, 15), "/cairn interview", ways=ways)


MOVED_BY_FILE = """email,name,department,manager_email
pierre@lantern.example,Pierre Lambert,Sales,qiang@lantern.example
"""
RULES = Errand(HR, at(1, 4), "/cairn rules")
LAUNCH = launch(1, 4)
MOVES = (
    Errand(HR, at(2, 22, 15), presses="imports.apply", drops=MOVED_BY_FILE),
    Errand(
        HR,
        at(2, 23, 15),
        "/cairn people",
        "people.pick",
        {"person": "U01YUE", "manager": ["U01WEI"], "new_department": "", "head": []},
    ),
)
"""Pierre reports to Qiang instead of Thomas, by a file; Yue to Wei instead of Katrin, by a form."""
PLAN = {
    "gap": "客户拜访很多，签下的订单很少：每次拜访之后没有约定下一步，报价也常常晚于客户要求的日期。",
    "facts": "2027-02-09 三次拜访之后都没有写下一步\n2027-03-11 给客户的报价晚了两天",
    "standard": "到计划结束时，十次拜访里至少有六次写明下一步和日期，报价不晚于约定的那一天。",
    "activities": "每次拜访当天写下一步\n每周五和主管过一遍未签的订单",
    "support": "主管每周陪同一次拜访，并且把两个成熟客户交给他练习谈判；培训费用由部门承担。",
    "duties": "每周陪同一次拜访\n两天之内看完报价",
    "days": "30",
}
"""What a manager writes down for somebody with many visits and few orders."""
AFTERWARDS = (
    *MOVES,
    Errand(HELPER, at(3, 16, 15), "/cairn feedback @kai", "feedback.send"),
    Errand(APPELLANT, at(4, 28), "/cairn appeal", "appeals.file", {"kind": "data"}),
    talks("U01LI", 4, 28, 0.5),
    talks("U01WEI", 4, 28, 0.5),
    talks("U01QIANG", 4, 28),
    talks("U01THOMAS", 4, 29, 0.5),
    talks("U01KATRIN", 4, 29),
    talks("U01LI", 4, 30),
    talks("U01WEI", 4, 30),
    talks("U01JIANGUO", 4, 30),
    talks("U01THOMAS", 5, 3),
    talks("U01HAITAO", 5, 11),  # late
    Errand(HELPER, at(5, 12), "/cairn plan @kai", "plans.start", PLAN),
    Errand(HR, at(5, 18), "/cairn outcomes"),
    launch(5, 31),
)
"""What people set out to do besides their days off."""
