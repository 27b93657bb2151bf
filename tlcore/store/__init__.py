"""What is remembered on disk: uploads, prepared datasets and runs, each session's apart from all others'."""

from .expiry import expire, expire_if_due
from .items import Draft, StoredFile, StoredItem
from .owner_cookie import cookie_lifetime_s, owner_in, sign_owner, signed_owner
from .owner_store import KINDS, OwnerStore, new_owner

__all__ = [
    "KINDS",
    "Draft",
    "OwnerStore",
    "StoredFile",
    "StoredItem",
    "cookie_lifetime_s",
    "expire",
    "expire_if_due",
    "new_owner",
    "owner_in",
    "sign_owner",
    "signed_owner",
]
