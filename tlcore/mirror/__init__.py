"""What all replicas of the app and all workers have in common where they share no disk: a store at `TLCORE_STORE`.

Each process works in its own `TLCORE_HOME`, as without a store. Around that work `Mirror` makes the home and the store
alike: what was written is uploaded, what is missing or old here is fetched, what is gone there goes here too.
"""

from .lease import Lease
from .mirror import Mirror, forget_listings, get_mirror, store_answers
from .remote import RemoteStore
from .versions import Stamp

__all__ = [
    "Lease",
    "Mirror",
    "RemoteStore",
    "Stamp",
    "forget_listings",
    "get_mirror",
    "store_answers",
]
