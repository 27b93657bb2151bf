"""Starts the app or runs the tests on a bare machine; needs nothing but Python 3.11, 3.12 or 3.13.

    python3 scripts/lab.py start [arguments of streamlit run]
    python3 scripts/lab.py test [arguments of pytest]
    python3 scripts/lab.py check [--newest]

Each makes `.venv` beside this folder, installs the locked set of packages there (again only after the lock changed) and
goes on in it. Before the app or the tests start, what runs in the browser is built (again only after that changed; see
`scripts/frontend.py`). On Windows say `py` for `python3`. `python -m scripts.lock` renews the locks.
"""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SUPPORTED = ((3, 11), (3, 13))  # first and last minor version with builds of tensorflow
COMMANDS = {
    "start": ("requirements.lock", ("streamlit", "run", "app.py")),
    "test": ("requirements-dev.lock", ("pytest",)),
    "check": ("requirements-dev.lock", ("scripts.check",)),
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


def check_machine(system: str, processor: str) -> None:
    """Refuses a computer, or a Python that makes believe to be on one, for which there is no tensorflow."""
    if system == "darwin" and processor == "x86_64":
        raise SetupError(
            "This needs a Mac with Apple silicon (M1 or newer): tensorflow is no longer made for Intel processors. If "
            "this Mac has one, its Python was made for Intel: install the one from https://www.python.org/downloads/ "
            "and start it by its name."
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


def install(root: Path, python: Path, lock: str) -> bool:
    """Installs the packages of a lock, with its checksums checked, unless that was done; tells whether it had to."""
    stamp = root / ".venv" / f"{lock}.sha256"
    wanted = hashlib.sha256((root / lock).read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return False
    print(f"Installing {lock}; the first time takes some minutes", flush=True)
    if subprocess.run([python, "-c", "import pip"], capture_output=True).returncode:
        subprocess.run([python, "-m", "ensurepip"])  # an environment that another tool made has no pip
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    command += ["-r", root / lock]
    if subprocess.run(command).returncode:
        raise SetupError(
            "Installing failed; the lines above say why. Check the network connection and the space on the disk "
            "(about 3 GB are needed), then run the same command again."
        )
    stamp.write_text(wanted, "utf-8")
    return True


def build_frontend(root: Path, python: Path) -> None:
    """Builds what runs in the browser, unless that was done; where it cannot be, the app does without, and says so."""
    subprocess.run([python, "-m", "scripts.frontend", "build"], cwd=root)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__)
        return 2
    lock, module = COMMANDS[arguments[0]]
    try:
        check_version(sys.version_info)
        check_machine(sys.platform, platform.machine())
        python = make_environment(REPOSITORY)
        install(REPOSITORY, python, lock)
        if arguments[0] != "check":
            build_frontend(REPOSITORY, python)
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
