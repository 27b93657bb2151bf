"""Files that are whole or not there, and a digest of the source code that something depends on."""

from __future__ import annotations

import ast
import errno
import hashlib
import importlib.util
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from .errors import StorageError
from .translatable import N_

__all__ = [
    "atomic_path",
    "delete_oldest",
    "disk_is_full",
    "source_files",
    "source_fingerprint",
    "storage_error",
    "write_atomically",
]


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `target` when all is written.

    A reader, or whoever comes after a killed process or a full disk, meets the file of before or the new one, never
    half of one. Folders on the way are made.

    Args:
        target: The file to write or replace.

    Yields:
        A path in the same folder. Nothing is there yet; if the block raises, what was written there is deleted.

    Raises:
        OSError: The folder cannot be made or the file cannot be replaced.

    Example:
        >>> with atomic_path(Path("numbers.npy")) as draft, draft.open("wb") as file:
        ...     np.save(file, numbers)
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        yield draft
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def write_atomically(target: Path, content: str | bytes) -> None:
    """Writes a whole file in one step; text as UTF-8, its line ends as they are.

    Raises:
        OSError: The disk is full or the folder cannot be written; what was there stays.
    """
    with atomic_path(target) as draft:
        draft.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def storage_error(error: OSError) -> StorageError:
    """What a person is told about a disk or folder that does not do its part; no path, no number of an error."""
    if disk_is_full(error):
        return StorageError(
            N_(
                "The disk of this lab is full. Delete runs or images that you no longer need and try again, or ask "
                "whoever runs the lab to free some space."
            )
        )
    if isinstance(error, FileNotFoundError):
        return StorageError(
            N_("A file that was kept here is gone. Load the page again, and make or upload again what is missing.")
        )
    if isinstance(error, PermissionError | NotADirectoryError | FileExistsError) or error.errno == errno.EROFS:
        return StorageError(
            N_(
                "The folder in which this lab keeps its files cannot be used. Whoever runs the lab sets TLCORE_HOME to "
                "a folder that can be written."
            )
        )
    return StorageError(
        N_("A file of this lab could not be read or written. Try again; if it happens again, tell whoever runs it.")
    )


def disk_is_full(error: BaseException | None) -> bool:
    """Whether the system refused a write because there is no room: on the disk, in the quota, or in one file."""
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def delete_oldest(
    entries: Iterable[tuple[float, int, Path]], most_bytes: int, *, keep: Path, delete: Callable[[Path], object]
) -> None:
    """Deletes what was not used for longest until the rest fits.

    Args:
        entries: When each was used last, its size in bytes, and its path.
        most_bytes: That all of them together may take.
        keep: Is never deleted: what was written just now.
        delete: Deletes one; if it raises `OSError`, that one stays and its bytes count on.
    """
    oldest_first = sorted(entries)
    total = sum(size for _, size, _ in oldest_first)
    for _, size, path in oldest_first:
        if total <= most_bytes:
            return
        if path != keep:
            with suppress(OSError):
                delete(path)
                total -= size


def source_fingerprint(*names: str, data: Iterable[str] = (), without: Iterable[str] = ()) -> str:
    """Changes whenever source code changes that one of these modules may run.

    For keys of what is kept between runs of the program: what older code computed is not found under it again.

    Args:
        names: Modules, or packages with everything in them: `"tlcore.datasets"`.
        data: Patterns of files that count as well, looked for under every package that is reached: `"*.safetensors"`.
        without: Modules or packages that decide nothing, and are not followed.

    Returns:
        16 hexadecimal digits.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    files = source_files(*names, without=without)
    folders = {path.parent for path in files.values() if path.name == "__init__.py"}
    extra = {path for folder in folders for pattern in data for path in folder.rglob(pattern)}
    top = _folder(names[0])
    digest = hashlib.sha256()
    for path in sorted({*files.values(), *extra}):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(top.parent).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def source_files(*names: str, without: Iterable[str] = ()) -> dict[str, Path]:
    """The modules of a package that these run, and whatever they import from it in turn, wherever the import stands.

    Imports inside functions count; those for type checkers alone do not, and nor does a module whose name is put
    together at run time. The `__init__` of the outermost package is read where something is taken from it, but its
    imports are not followed: it offers everything that the package has.

    Args:
        names: Modules or packages, all in one outermost package.
        without: Modules or packages that are not followed.

    Returns:
        File by name of the module.

    Raises:
        ModuleNotFoundError: There is no such module.
    """
    top = _folder(names[0])
    modules = {_module_name(path, top): path for path in top.rglob("*.py")}
    left_out = tuple(without)
    waiting = [module for name in names for module in _expand(name, modules)]
    found: dict[str, Path] = {}
    while waiting:
        module = waiting.pop()
        if module in found or any(_is_within(module, name) for name in left_out):
            continue
        found[module] = modules[module]
        if module != top.name:
            waiting += _imports(module, modules)
    return found


def _folder(name: str) -> Path:
    """Folder of the outermost package of a module."""
    top = name.partition(".")[0]
    specification = importlib.util.find_spec(top)
    if specification is None or not specification.submodule_search_locations:
        raise ModuleNotFoundError(f"Expected a package. Received: {top!r}.")
    return Path(specification.submodule_search_locations[0])


def _module_name(path: Path, top: Path) -> str:
    parts = path.relative_to(top.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _expand(name: str, modules: dict[str, Path]) -> list[str]:
    """The module, or all modules of the package."""
    found = [module for module in modules if _is_within(module, name)]
    if not found:
        raise ModuleNotFoundError(f"Expected the name of a module. Received: {name!r}.")
    return found


def _imports(module: str, modules: dict[str, Path]) -> list[str]:
    """What a module imports, with the packages around it, whose `__init__` runs first."""
    path = modules[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    status = path.stat()
    wanted = _names_wanted(path, package, (status.st_mtime_ns, status.st_size))
    around = {name.rsplit(".", depth)[0] for name in {*wanted, module} for depth in range(1, name.count("."))}
    return [name for name in wanted | around if name in modules]


@lru_cache(maxsize=4096)
def _names_wanted(path: Path, package: str, version: tuple[int, int]) -> frozenset[str]:
    """All that the import statements of a file name; parsed once for each version, since many ask for the same file."""
    wanted: set[str] = set()
    for node in _statements(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            wanted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(node, package)
            wanted |= {f"{source}.{alias.name}" for alias in node.names} | {source}
    return frozenset(wanted)


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    base = package.rsplit(".", node.level - 1)[0]
    return f"{base}.{node.module}" if node.module else base


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything below, without what stands behind `if TYPE_CHECKING:`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            continue  # no statement stands in an expression
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for other in child.orelse:
                yield from _statements(other)
        else:
            yield from _statements(child)
