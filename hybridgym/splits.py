"""Which tasks are to be trained on and which are to be kept for tests: whole projects, the same in every suite.

A project is told by the last part of its name, so that forks, sdists and repositories that moved are together.
"""

import hashlib
import re
from typing import Final

from hybridgym.task import Task

TRAIN, TEST = SPLITS = "train", "test"
TEST_SHARE: Final = 0.1
"""Of the projects, about, where nothing else is asked for."""


def split_of(task: Task, test_share: float) -> str:
    """Return the split of a task: that of its project, whatever else is in a suite. A larger share adds projects."""
    name = re.sub(r"[-_.]+", "-", (task.upstream or task.repo).lower().rpartition("/")[2])
    place = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) / 2**64
    return TEST if place < test_share else TRAIN
