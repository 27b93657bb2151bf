"""Starts the app or runs the tests on a bare machine; needs nothing but Python 3.11, 3.12 or 3.13.

    python3 scripts/lab.py start [arguments of streamlit run]
    python3 scripts/lab.py test [arguments of pytest]
    python3 scripts/lab.py check

Each makes `.venv` beside this folder, installs what is missing there (again only after the requirements changed) and
goes on in it. On Windows say `py` for `python3`.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SUPPORTED = ((3, 11), (3, 13))  # first and last minor version with builds of tensorflow
COMMANDS = {
    "start": ("requirements.txt", ("streamlit", "run", "app.py")),
    "test": ("requirements-dev.txt", ("pytest",)),
    "check": ("requirements-dev.txt", ("scripts.check",)),
}


class SetupError(Exception):
    """Something on this machine has to change first; the message says what."""


def check_version(version: tuple[int, ...]) -> None:
    """Refuses a Python for which there is no tensorflow."""
    if not SUPPORTED[0] <= tuple(version[:2]) <= SUPPORTED[1]:
        found = ".".join(str(number) for number in version[:2])
        raise SetupError(
            f"This needs Python 3.11, 3.12 or 3.13, and was started with Python {found}. "
            "Install one of them from https://www.python.org/downloads/ and start it by its name, "
            "for example: python3.12 scripts/lab.py start (Windows: py -3.12 scripts/lab.py start)."
        )


def environment_python(root: Path) -> Path:
    """The Python of the environment, whether it is there or not."""
    windows = sys.platform == "win32"
    return root / ".venv" / ("Scripts/python.exe" if windows else "bin/python")


def works(python: Path) -> bool:
    """Whether this Python starts and is a supported one."""
    code = "import sys; sys.exit(not {} <= sys.version_info[:2] <= {})".format(*SUPPORTED)
    try:
        return subprocess.run([python, "-c", code], capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment(root: Path) -> Path:
    """Makes `.venv`, anew if the one that is there does not work; returns its Python."""
    python = environment_python(root)
    if works(python):
        return python
    print(f"Making an environment in {root / '.venv'}", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, clear=True).create(root / ".venv")
    except (subprocess.CalledProcessError, OSError) as error:
        raise SetupError(
            f"Python could not make an environment in {root / '.venv'} ({error}). On Debian and Ubuntu: "
            "sudo apt-get install python3-venv. Else check that the folder can be written and the disk is not full."
        ) from error
    return python


def fingerprint(root: Path, requirements: str) -> str:
    """Changes whenever the requirements do, also those that they include by `-r`."""
    names = [requirements, *(name for name in ("requirements.txt",) if name != requirements)]
    contents = b"\0".join((root / name).read_bytes() for name in names)
    return hashlib.sha256(contents).hexdigest()


def install(root: Path, python: Path, requirements: str) -> bool:
    """Installs the requirements unless they are installed; returns whether it had to."""
    stamp = root / ".venv" / f"{requirements}.sha256"
    wanted = fingerprint(root, requirements)
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return False
    print(f"Installing {requirements}; the first time takes some minutes", flush=True)
    if subprocess.run([python, "-c", "import pip"], capture_output=True).returncode:
        subprocess.run([python, "-m", "ensurepip"])  # an environment that another tool made has no pip
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", root / requirements]
    if subprocess.run(command).returncode:
        raise SetupError(
            "Installing failed; the lines above say why. Check the network connection and the space on the disk "
            "(about 3 GB are needed), then run the same command again."
        )
    stamp.write_text(wanted, "utf-8")
    return True


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    requirements, module = COMMANDS[arguments[0]]
    try:
        check_version(sys.version_info)
        python = make_environment(REPOSITORY)
        install(REPOSITORY, python, requirements)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    process = subprocess.Popen([str(python), "-m", *module, *arguments[1:]], cwd=REPOSITORY)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reaches the app as well; wait until it has cleaned up after itself


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
