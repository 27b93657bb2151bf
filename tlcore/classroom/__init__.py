"""A class as an experiment: everybody measures the same claim with another seed, and one answer grows from all runs.

The state of a class lies in the store, so that every replica of the app shows the same; see `ClassStore`. Its runs are
cells of `tlcore.experiments`, measured by the engine and kept where all measured cells are, so that nothing is lost
when a browser closes.
"""

from .documents import HIDEABLE, POOL, ClassPlan, Control
from .names import MOST_LETTERS, normalized_code
from .results import BoardPoint, GrowingAnswer, RoomResult, StudentRun, room_result
from .runs import ClassRun, class_claims, measure_for_class
from .state import Classroom, Member
from .store import MOST_MEMBERS, ClassStore

__all__ = [
    "HIDEABLE",
    "MOST_LETTERS",
    "MOST_MEMBERS",
    "POOL",
    "BoardPoint",
    "ClassPlan",
    "ClassRun",
    "ClassStore",
    "Classroom",
    "Control",
    "GrowingAnswer",
    "Member",
    "RoomResult",
    "StudentRun",
    "class_claims",
    "measure_for_class",
    "normalized_code",
    "room_result",
]
