"""Certificates by which the app and the parts of a tls:// cluster know each other."""

from __future__ import annotations

from typing import Any

from ..errors import EngineError
from ..settings import Settings
from ..translatable import N_


def security_of(settings: Settings) -> Any:
    """What Dask's parts take as `security`; None where no certificates are set: then Dask's own settings count.

    Raises:
        EngineError: Some of the three are missing, or there is no such file.
    """
    files = (settings.tls_ca_file, settings.tls_cert, settings.tls_key)
    if files == (None, None, None):
        return None
    if not all(file is not None and file.is_file() for file in files):
        raise EngineError(
            N_(
                "Expected TLCORE_TLS_CA_FILE, TLCORE_TLS_CERT and TLCORE_TLS_KEY to name files that are there, all "
                "three. Correct them, or leave all of them out."
            )
        )
    from distributed.security import Security

    own = {
        f"tls_{part}_{kind}": str(file)
        for part in ("client", "worker", "scheduler")
        for kind, file in (("cert", settings.tls_cert), ("key", settings.tls_key))
    }
    return Security(tls_ca_file=str(settings.tls_ca_file), require_encryption=True, **own)


def no_answer(address: str) -> EngineError:
    """Nobody is at the scheduler's address, or whoever is there does not know this part."""
    if address.startswith("tls://"):
        return EngineError(
            N_(
                "The engine at {address} does not answer, or does not know the certificate of this part. Start it, or "
                "correct TLCORE_SCHEDULER, TLCORE_TLS_CA_FILE, TLCORE_TLS_CERT and TLCORE_TLS_KEY."
            ),
            address=address,
        )
    return EngineError(
        N_("The engine at {address} does not answer. Start it, or correct TLCORE_SCHEDULER."), address=address
    )
