"""The errors that users can cause. Each message says what came, what is accepted and what to do."""

import re

_ARGUMENT = re.compile("\x1a([a-z_]+)\x1a")
_FLAGS = {"keep_from": "--from", "targets": "--target", "rate_hz": "--rate", "encoder_features": "--encoder"}
"""Flags that are not called as the argument is."""


def argument(name: str) -> str:
    """The name of an argument in a message: ``fps`` to a caller from Python, ``--fps`` on the command line."""
    return f"\x1a{name}\x1a"


class TalkingEyesError(Exception):
    """Base of every error that a user, a file or a setting can cause; the CLI prints it as one line and exits 2."""

    def __str__(self) -> str:
        return _ARGUMENT.sub(r"\1", super().__str__())

    def with_flags(self) -> str:
        """The message as the command line says it: arguments by their flags."""
        return _ARGUMENT.sub(lambda found: _FLAGS.get(found[1], "--" + found[1].replace("_", "-")), super().__str__())


class LossWarning(UserWarning):
    """A file was written whole, but the avatar in it cannot show all of the motion; from `talkingeyes.save`."""


class AudioError(TalkingEyesError):
    """A recording cannot be read or cannot be animated."""


class VideoError(TalkingEyesError):
    """A video cannot be read or holds nothing that can be fitted."""


class FormatError(TalkingEyesError):
    """A motion, avatar or table file does not hold what its format promises."""


class NoRateError(FormatError):
    """A motion file carries no frame rate and none was given."""


class OutputError(TalkingEyesError):
    """An output cannot be written where it was asked for."""


class MarksError(TalkingEyesError):
    """A director's mark (``--look``) is malformed, overlapping or outside the recording."""


class EditsError(TalkingEyesError):
    """An edit of a take (``--edits``, ``--reroll``) is malformed or cannot be done.

    Attributes:
        index: of the edit in its list, from 0; None where no single edit is meant.
        field: of the edit; None where the whole edit is meant.
    """

    def __init__(self, message: str, index: int | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.index, self.field = index, field


class EditDoesNotApplyError(EditsError):
    """An edit is sound, but the take as it is now has not what it changes: its glance is gone, or has no room.

    Attributes:
        why: without the edit's name.
    """

    def __init__(self, message: str, index: int | None, field: str | None, why: str) -> None:
        super().__init__(message, index, field)
        self.why = why


class TargetError(TalkingEyesError):
    """A named target (``--target``) is malformed, out of reach or not there."""


class ProjectError(TalkingEyesError):
    """A project of the studio is missing, damaged, or asked for what it does not hold."""


class NotInProjectError(ProjectError):
    """A project holds no sound or take of that name."""


class ConflictError(ProjectError):
    """Another window changed the same thing since this one saw it; nothing was overwritten."""


class SettingError(TalkingEyesError):
    """An option or a configuration has a value that is not accepted."""


class ModelError(TalkingEyesError):
    """Model weights are missing, damaged or of another version."""


class MissingExtraError(TalkingEyesError):
    """An optional part is not installed; the message names the extra to install."""
