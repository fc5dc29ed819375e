"""What this process counts, in the text that Prometheus reads."""

# https://prometheus.io/docs/instrumenting/exposition_formats/

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

ACK, ERRORS, DUE, LAG = (
    "cairn_ack_seconds",
    "cairn_slack_errors_total",
    "cairn_timers_late_seconds",
    "cairn_outbox_lag_seconds",
)
KNOWN = {
    ACK: ("histogram", "How long Slack waited for the answer to a request, by its kind; it waits for three seconds."),
    ERRORS: ("counter", "Calls of Slack that failed, by method and by Slack's word."),
    LAG: ("gauge", "For how long the oldest message that may be sent has been waiting."),
    DUE: ("gauge", "How late the oldest timer is."),
    "cairn_outbox_waiting": ("gauge", "Messages and Homes that are to be sent."),
    "cairn_outbox_given_up": ("gauge", "Messages that could not be sent and are not tried any more."),
    "cairn_timers_due": ("gauge", "Timers that should have run by now."),
    "cairn_timers_failed": ("gauge", "Planned steps that failed and are not tried any more."),
    "cairn_slack_refuses": ("gauge", "1 for each word with which Slack refuses what is sent until an operator acts."),
}
EDGES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, inf)

Labels = tuple[tuple[str, str], ...]


@dataclass
class Metrics:
    """Sums that only grow, by name and labels."""

    sums: dict[tuple[str, Labels], float] = field(default_factory=dict)

    def add(self, name: str, amount: float = 1, /, **labels: str) -> None:
        """Count."""
        of = name, tuple(labels.items())
        self.sums[of] = self.sums.get(of, 0) + amount

    def observe(self, name: str, seconds: float, /, **labels: str) -> None:
        """Put one duration into its histogram."""
        for edge in EDGES:
            le = "+Inf" if edge == inf else str(edge)
            self.add(f"{name}_bucket", float(seconds <= edge), **labels, le=le)
        self.add(f"{name}_sum", seconds, **labels)
        self.add(f"{name}_count", **labels)

    def text(self, gauges: Mapping[tuple[str, Labels], float]) -> str:
        """All of it, with what was looked up at this moment."""
        lines: list[str] = []
        every = {**self.sums, **gauges}
        for name, (kind, about) in KNOWN.items():
            of_it = [
                f"{one}{_written(labels)} {value:g}" for (one, labels), value in every.items() if _is_of(one, name)
            ]
            lines += [f"# HELP {name} {about}", f"# TYPE {name} {kind}", *of_it]
        return "\n".join(lines) + "\n"


def _is_of(one: str, name: str) -> bool:
    return one in {name, f"{name}_bucket", f"{name}_sum", f"{name}_count"}


def _written(labels: Labels) -> str:
    escaped = (f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels)
    return f"{{{','.join(escaped)}}}" if labels else ""


_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
