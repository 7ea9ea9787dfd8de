"""What a run asks of a process once: to read its source, or to render the index of its reports."""

from __future__ import annotations

from typing import Any

from reportkit.errors import RunError
from reportkit.language import _
from reportkit.running.processes.bounds import after
from reportkit.running.processes.client import Died, Hung
from reportkit.running.processes.crew import Crew
from reportkit.running.processes.messages import STARTED


def ask_once(crew: Crew, task: str, message: object, silence: float) -> Any:
    """Return the one answer of a process that is made for it and gives a sign of life within ``silence`` seconds.

    Raises :class:`~reportkit.errors.RunError` where it dies or gives none.
    """
    members = crew.members
    member = members.get(task, 1)
    kill = True
    try:
        member.process.ask(message, after(crew.bounds.start))
        while (answer := member.process.answer(after(silence))) == STARTED:
            pass
        kill = not members.forks
    except (Died, Hung) as fault:
        members.check_open()
        how = str(fault) or _(
            "gave no sign of life for {seconds:g} s and was killed", seconds=silence
        )
        raise RunError(_("{task}: {how}; see the messages above", task=task, how=how)) from None
    else:
        return answer
    finally:
        members.drop(member, kill=kill)
