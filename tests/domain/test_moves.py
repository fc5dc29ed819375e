"""Who joined, moved and left since a launch."""

from datetime import date

from bot.domain.cycle import Participant
from bot.domain.moves import Moves, moves
from bot.domain.org import Stint

ANA, BO = Participant("c", "ana", "Sales", "boss", "s"), Participant("c", "bo", "R&D", "chief", "r")
PRESENT = {"ana", "bo", "cy", "boss", "chief"}


def stint(person_id: str, department: str, manager_id: str = "boss") -> Stint:
    return Stint(person_id, department, "Seller", manager_id, date(2027, 2, 1))


def test_nothing_changed_means_no_moves():
    assert moves([ANA, BO], [stint("ana", "Sales"), stint("bo", "R&D", "chief")], PRESENT) == Moves()


def test_who_came_is_taken_in_where_there_is_a_template_and_a_manager():
    here = [stint("ana", "Sales"), stint("bo", "R&D")]
    assert [one.person_id for one in moves([ANA, BO], [*here, stint("cy", "Sales")], PRESENT).joined] == ["cy"]
    for stranger in (stint("cy", "Legal"), stint("cy", "Sales", "gone"), stint("dan", "Sales")):
        assert moves([ANA, BO], [*here, stranger], PRESENT).joined == ()
    assert moves([ANA, BO], [*here, stint("cy", "Sales")], PRESENT, {"cy"}).joined == ()


def test_who_changed_departments_moved_and_who_only_changed_managers_did_not():
    found = moves([ANA, BO], [stint("ana", "R&D"), stint("bo", "R&D", "boss")], PRESENT)
    assert [(one.person_id, to.department) for one, to in found.moved] == [("ana", "R&D")]
    assert moves([ANA, BO], [stint("ana", "Legal"), stint("bo", "R&D")], PRESENT).moved == ()


def test_who_is_gone_left():
    assert moves([ANA, BO], [stint("ana", "Sales")], PRESENT).left == ("bo",)
    assert moves([ANA, BO], [stint("ana", "Sales"), stint("bo", "R&D")], PRESENT - {"bo"}).left == ("bo",)
