from tests.personal.conftest import one_thread

__all__ = ["one_thread"]
