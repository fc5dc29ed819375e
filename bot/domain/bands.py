"""Grades: half-open bands on the score as it is shown, so that what is read and what is graded are one number."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from bot.domain.refusal import Refused


@dataclass(frozen=True)
class Band:
    """A grade that begins at `lower`, included; the last one has no lower end."""

    name: str
    lower: Decimal | None = None


BANDS = (
    Band("S", Decimal(110)),
    Band("A", Decimal(100)),
    Band("B", Decimal(80)),
    Band("C", Decimal(60)),
    Band("D"),
)


def check_bands(bands: Sequence[Band]) -> None:
    """Refuse bands with a gap, an overlap or a name used twice."""
    names = [band.name for band in bands]
    if not names or "" in names or len(set(names)) < len(names):
        raise Refused("Give each grade a name of its own.", field="bands")
    if bands[-1].lower is not None or any(band.lower is None for band in bands[:-1]):
        raise Refused(
            "Only the last grade, {name}, has no lower end: it takes every score below the others.",
            field="bands",
            name=names[-1],
        )
    starts = boundaries(bands)
    for above, below in pairwise(starts):
        if not above > below:
            raise Refused(
                "Grades go from the best to the lowest, but {above} is not above {below}.",
                field="bands",
                above=above,
                below=below,
            )


def boundaries(bands: Sequence[Band]) -> tuple[Decimal, ...]:
    """List where the bands meet, from the top."""
    return tuple(band.lower for band in bands if band.lower is not None)


def band_of(shown: Decimal, bands: Sequence[Band]) -> str:
    """Find the grade of a score; pass the value as it is shown, already rounded."""
    return next(band.name for band in bands if band.lower is None or shown >= band.lower)


def near_boundary(shown: Decimal, bands: Sequence[Band], margin: Decimal = Decimal(1)) -> Decimal | None:
    """Find the boundary within `margin` points of a score, for a second look at calibration."""
    close = [edge for edge in boundaries(bands) if abs(shown - edge) <= margin]
    return min(close, key=lambda edge: (abs(shown - edge), -edge), default=None)


def lower_of(one: str, other: str, bands: Sequence[Band]) -> str:
    """Find the lower of two grades, as a veto does with its ceiling."""
    names = [band.name for band in bands]
    for name in (one, other):
        if name not in names:
            raise Refused("There is no grade {name}; the grades are {names}.", name=name, names=", ".join(names))
    return max(one, other, key=names.index)
