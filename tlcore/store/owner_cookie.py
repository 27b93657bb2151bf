"""What a browser keeps to say who it is: the owner's token, signed, so that none but those of this program count.

A token that anybody could write would let one person plant theirs on another, who would then bring photos to an owner
that two know. The signature is an HMAC (RFC 2104) of the token under a secret of this lab.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from math import ceil
from pathlib import Path

from ..mirror import get_mirror
from ..settings import Settings, get_settings
from .lifetimes import INTERRUPTED, lifetime_of

COOKIE = "tlcore_owner"
#: Where the connection is encrypted. Browsers take this name from the very host that they speak to and from no other.
SECURE_COOKIE = f"__Host-{COOKIE}"
SECRET_FILE = "cookie_secret"

_FORM = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")

logger = logging.getLogger(__name__)

_secrets_of_stores: dict[str, bytes] = {}


def sign_owner(owner: str, settings: Settings | None = None) -> str:
    """What the cookie of an owner holds.

    Args:
        owner: Token of 32 hexadecimal digits, as `new_owner` makes it.
        settings: Home, or the secret itself; those of this process without it.
    """
    return f"{owner}.{_signature(owner, settings or get_settings())}"


def signed_owner(cookie: object, settings: Settings | None = None) -> str | None:
    """The owner whose cookie this is; None if this lab has not made it.

    Args:
        cookie: Whatever a browser sent.
        settings: As in `sign_owner`.
    """
    form = _FORM.fullmatch(cookie) if isinstance(cookie, str) else None
    if form is None:
        return None
    is_ours = hmac.compare_digest(form[2], _signature(form[1], settings or get_settings()))
    return form[1] if is_ours else None


def owner_in(cookies: Mapping[str, str], settings: Settings | None = None) -> str | None:
    """The owner whom the cookies of a request name; None for a stranger.

    Args:
        cookies: By their names. The one that no neighbouring site can set has the first word.
        settings: As in `sign_owner`.
    """
    named = (signed_owner(cookies.get(name), settings) for name in (SECURE_COOKIE, COOKIE))
    return next((owner for owner in named if owner is not None), None)


def cookie_lifetime_s(settings: Settings | None = None) -> int:
    """Seconds that a cookie lasts after a page was opened: as long as the last that is kept of its owner."""
    return ceil(lifetime_of(INTERRUPTED, (settings or get_settings()).expiry_s))


def _signature(owner: str, settings: Settings) -> str:
    return hmac.new(_secret(settings), f"owner {owner}".encode(), hashlib.sha256).hexdigest()[:32]


def _secret(settings: Settings) -> bytes:
    if settings.cookie_secret is not None:
        return settings.cookie_secret.get_secret_value().encode()
    if settings.store:
        return _secret_in_store(settings)
    try:
        return _secret_in(settings.home.absolute() / SECRET_FILE)
    except OSError as error:
        logger.warning("The secret of the cookies cannot be kept (%s): a restart makes strangers of all", error)
        return _secret_of_this_process()


def _secret_in_store(settings: Settings) -> bytes:
    """The same where replicas have homes of their own.

    Raises:
        StorageError: The store does not answer, and has not since this process began.
    """
    known = _secrets_of_stores.get(settings.store)
    mirror = get_mirror(settings)
    if known is None and mirror is not None:
        mirror.remote.take(SECRET_FILE, secrets.token_hex(32).encode())
        known = _secrets_of_stores[settings.store] = mirror.remote.read(SECRET_FILE) or b""
    return known or _secret_of_this_process()


@cache
def _secret_in(path: Path) -> bytes:
    """What a file holds that only this account may read; whoever comes first writes it, for all replicas."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            with suppress(FileExistsError):  # another replica was faster: its secret counts
                _put_in_place(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return path.read_bytes()


def _put_in_place(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # unlike a move it never takes the place of a file that is there
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        draft.rename(path)


@cache
def _secret_of_this_process() -> bytes:
    return secrets.token_bytes(32)
