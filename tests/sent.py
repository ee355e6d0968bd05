"""Tasks that are sent: what a page or REST hands to the worker, without one."""


class Sent:
    """Stands for a task: remembers what was sent."""

    def __init__(self):
        self.calls = []

    def delay(self, *arguments):
        self.calls.append(arguments)
