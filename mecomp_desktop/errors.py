"""The error tree: what the user can mend, and what is a bug.

::

    MecompError
    ├── UserError             the message says what to do; shown as it is
    │   ├── UnreadableFile    one file; carries path and reason
    │   ├── ModelFileError    a model file that breaks the contract
    │   └── SettingsError     a settings file that cannot be used
    └── BrokenEnvironment     a missing library, a full disk, no permission
        └── LibraryDamaged    the library's own file is broken

Every other exception is a bug, and is logged with its traceback.
"""

import errno
from enum import StrEnum
from pathlib import Path

# What a share, a sleeping disk or a machine short of handles answers: the file itself is fine.
_PASSING_NAMES = """
    EIO ETIMEDOUT ENOTCONN ESTALE EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ENETRESET ECONNREFUSED
    ECONNRESET ECONNABORTED EREMOTEIO EAGAIN EBUSY ENODEV ENXIO EMFILE ENFILE ENOMEM ENOLCK EINTR
"""
_PASSING_ERRNOS = frozenset(getattr(errno, name, 0) for name in _PASSING_NAMES.split()) - {0}


class MecompError(Exception):
    """Everything this program raises on purpose."""


class UserError(MecompError):
    """Something the user can mend; the message says how, in plain words."""


class SettingsError(UserError):
    """The settings file cannot be used as it is."""


class ModelFileError(UserError):
    """A model file that does not keep the contract of ``contracts.model_file``."""


class BrokenEnvironment(MecompError):
    """The machine lacks something the program needs; no file and no click is at fault."""


class LibraryDamaged(BrokenEnvironment):
    """The library's own file is broken; the next start carries over what can be read of it."""


class Reason(StrEnum):
    """Why a file could not be read, in the words a listener reads after "couldn't be read: "."""

    MISSING = "the file is no longer there"
    NO_PERMISSION = "you have no permission to open it"
    EMPTY = "the file is empty"
    NOT_AUDIO = "it is not a music file that can be decoded"
    NO_AUDIO = "there is no sound in it"
    TOO_SHORT = "it is too short to be a song"
    CUT_OFF = "the file is cut off"
    ENDS_EARLY = "it is cut off; what is there is played"
    DAMAGED = "the file is damaged"
    TIMED_OUT = "it took too long to decode"
    TOO_MUCH_MEMORY = "it needed too much memory"
    CRASHED = "the decoder crashed on it"
    NOT_FINITE = "it decodes to something that is not sound"
    UNREACHABLE = "its disk or share did not answer"
    NO_ANSWER = "it took too long to answer"
    INTERRUPTED = "reading it was interrupted"
    BAD_SHEET = "it does not fit its music, which stays one song"

    @property
    def passing(self) -> bool:
        """Whether the file may be fine another time: it is tried again at the next scan."""
        return self in (Reason.MISSING, Reason.UNREACHABLE, Reason.NO_ANSWER, Reason.INTERRUPTED)

    @classmethod
    def of(cls, error: OSError) -> "Reason":
        """Return what an error of the system says about a file."""
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return cls.MISSING
        if isinstance(error, PermissionError):
            return cls.NO_PERMISSION
        if isinstance(error, IsADirectoryError):
            return cls.NOT_AUDIO
        return cls.UNREACHABLE if error.errno in _PASSING_ERRNOS else cls.DAMAGED


class UnreadableFile(UserError):
    """One file that could not be read.

    Attributes:
        path: The file.
        reason: Why, in a listener's words.
        detail: What the library underneath said, for a bug report.
    """

    def __init__(self, path: Path, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{path} couldn't be read: {reason}")
        self.path = path
        self.reason = reason
        self.detail = detail
