"""What stands out in how managers rate."""

import numpy as np
import pytest

from bot.domain.rater_lens import Ratings, Sign, lens, reciprocity


def team(rater, people, topics=4, *, shift=0.0, spread=1.0, seed=1):
    rng = np.random.default_rng(seed)
    return [
        Ratings(
            rater, f"{rater}{n}", tuple(int(np.clip(round(v), 1, 5)) for v in rng.normal(3.2 + shift, spread, topics))
        )
        for n in range(people)
    ]


def others():
    return [one for n in range(6) for one in team(f"m{n}", 9, seed=n + 10)]


def signs(found, rater):
    return next(one.signs for one in found if one.rater == rater)


def test_a_strict_manager_stands_out_and_the_others_do_not():
    found = lens([*others(), *team("strict", 9, shift=-1.5, seed=3)])
    assert [one.rater for one in found if Sign.STRICT in one.signs] == ["strict"]


def test_everything_in_the_middle_is_asked_about():
    middling = [Ratings("mid", f"p{n}", (3, 3, 3, 3)) for n in range(8)]
    found = next(one for one in lens([*others(), *middling]) if one.rater == "mid")
    assert found.middle == 1
    assert {Sign.MIDDLE, Sign.FEW_VALUES, Sign.HALO} <= set(found.signs)


def test_one_impression_for_all_topics_is_asked_about():
    halo = [Ratings("halo", f"p{n}", (n % 5 + 1,) * 4) for n in range(8)]
    found = lens([*others(), *halo])
    assert signs(found, "halo") == (Sign.HALO,)


def test_evidence_of_the_last_weeks_only_is_asked_about():
    late = [Ratings("late", one.person_id, one.values, at=(0.9, 0.95)) for one in team("late", 6, seed=4)]
    even = [Ratings("even", one.person_id, one.values, at=(0.2, 0.9)) for one in team("even", 6, seed=5)]
    found = lens([*others(), *late, *even])
    assert Sign.RECENCY in signs(found, "late")
    assert Sign.RECENCY not in signs(found, "even")


def test_of_a_manager_with_four_people_nothing_is_said():
    few = [Ratings("few", f"p{n}", (3, 3, 3)) for n in range(4)]
    assert signs(lens([*others(), *few]), "few") == ()


def test_one_topic_has_no_halo():
    one_topic = [Ratings("one", f"p{n}", (n % 5 + 1,)) for n in range(8)]
    found = next(one for one in lens([*others(), *one_topic]) if one.rater == "one")
    assert found.within is None


def test_kindness_in_return_is_a_number_over_all_pairs_only():
    returned = {}
    for n in range(12):
        returned[f"a{n}", f"b{n}"], returned[f"b{n}", f"a{n}"] = float(n % 4 + 1), float(n % 4 + 1)
    assert reciprocity(returned) == pytest.approx(1)
    assert reciprocity(dict(list(returned.items())[:10])) is None
