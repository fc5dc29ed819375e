"""The two ways the sandbox says no: to an app in Slack's codes, to a person in a sentence."""

from collections.abc import Sequence


class SlackError(Exception):
    """A Web API refusal: Slack's error code and, for blocks, where the mistakes are."""

    def __init__(self, code: str, messages: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.messages = list(messages)


class ActError(ValueError):
    """Something a person cannot do; the text is a sentence."""
