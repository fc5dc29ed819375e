"""Tail probabilities of the t and the χ² distribution: the two that the tests of this house lean on.

Continued fractions and series as in Abramowitz & Stegun 6.5 and 26.5; right to about twelve digits.
"""

from math import exp, lgamma, log, log1p, sqrt

_TINY, _CLOSE, _MOST = 1e-300, 1e-15, 10_000


def t_two_sided(t: float, df: float) -> float:
    """The probability of a value at least as far from zero as `t`, with `df` degrees of freedom above zero."""
    return incomplete_beta(df / (df + t * t), df / 2, 0.5)


def chi2_tail(value: float, df: float) -> float:
    """The probability of a value of at least this much."""
    return 1.0 if value <= 0 else _upper_gamma(df / 2, value / 2)


def normal_two_sided(z: float) -> float:
    """The probability of a value at least as far from zero as `z`."""
    return chi2_tail(z * z, 1)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, for x from 0 to 1 and a, b above zero."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, _inverse(1 - (a + b) * x / (a + 1))
    found = d
    for m in range(1, _MOST):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for part in (even, odd):
            c, d = 1 + part / (c or _TINY), _inverse(1 + part * d)
            found *= c * d
        if abs(c * d - 1) < _CLOSE:
            return found
    return found


def _upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function: a series near zero, a continued fraction beyond."""
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = found = 1 / a
        for n in range(1, _MOST):
            term *= x / (a + n)
            found += term
            if term < found * _CLOSE:
                break
        return 1 - front * found
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    found = d
    for n in range(1, _MOST):
        part, b = -n * (n - a), b + 2
        c, d = b + part / c, _inverse(b + part * d)
        found *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return front * found


def _inverse(value: float) -> float:
    return 1 / (value or _TINY)


def welch(one: tuple[float, float, int], other: tuple[float, float, int]) -> float:
    """The two-sided p of Welch's test, of two groups given by mean, variance (n − 1) and size of at least two each."""
    (mean_a, var_a, n_a), (mean_b, var_b, n_b) = one, other
    a, b = var_a / n_a, var_b / n_b
    if a + b == 0:
        return float(mean_a == mean_b)
    df = (a + b) ** 2 / (a * a / (n_a - 1) + b * b / (n_b - 1))
    return t_two_sided((mean_a - mean_b) / sqrt(a + b), df)
