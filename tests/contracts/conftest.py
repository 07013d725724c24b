"""The same listeners as the quiz has."""

from tests.quiz.conftest import one_thread, world

__all__ = ["one_thread", "world"]
