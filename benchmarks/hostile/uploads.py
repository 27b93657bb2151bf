"""ZIPs that nobody should trust, made from a seed: each sort is a function of a generator of random numbers."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from PIL import Image

#: Part of each name that leads elsewhere: a file that is called so must be nowhere afterwards.
CANARY = "escaped-from-a-zip"
_MB = 1024**2
_LOCAL, _CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


@dataclass(frozen=True)
class BadFile:
    """What is uploaded.

    Attributes:
        sort: What is bad about it.
        name: As the browser tells it.
        content: Its bytes.
    """

    sort: str
    name: str
    content: bytes


def bad_zips(count: int, seed: int) -> Iterator[BadFile]:
    """So many, all sorts in turn."""
    for number in range(count):
        random = Random(f"{seed} zip {number}")
        sort = SORTS[number % len(SORTS)]
        name = random.choice(_UPLOAD_NAMES) if number % 3 == 0 else "photos.zip"
        yield BadFile(sort.__name__.strip("_").replace("_", " "), name, sort(random))


@cache
def picture(number: int, ending: str = "PNG") -> bytes:
    """A small picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", (16, 16), (number * 37 % 256, number * 91 % 256, 128)).save(file, ending)
    return file.getvalue()


def good_members() -> list[tuple[str, bytes]]:
    """Two classes with five images each."""
    return [(f"{'cats' if number % 2 else 'dogs'}/{number}.png", picture(number)) for number in range(10)]


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of these."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name) if isinstance(name, str) else name  # of 1980: the same each time
            archive.writestr(info, content, compression)
    return file.getvalue()


def _with_good(*members: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    return zipped(*good_members(), *members, compression=compression)


def _paths_that_lead_elsewhere(random: Random) -> bytes:
    ways = (
        "../" * 8,
        "/tmp/",
        "..\\..\\",
        "C:\\",
        "cats/../../../",
        "//host/share/",
        "./.././../",
        "~/",
        "file:///tmp/",
    )
    return _with_good(*((f"{random.choice(ways)}{CANARY}-{number}.png", picture(number)) for number in range(8)))


def _bomb(random: Random) -> bytes:
    size = random.randrange(80, 300) * _MB
    return _with_good(("cats/bomb.png", picture(1) + bytes(size)), compression=zipfile.ZIP_DEFLATED)


def _many_bombs(random: Random) -> bytes:
    content = picture(2) + bytes(random.randrange(4, 12) * _MB)
    return zipped(*((f"cats/{number}.png", content) for number in range(12)), compression=zipfile.ZIP_DEFLATED)


def _zip_in_a_zip(random: Random) -> bytes:
    inner = zipped(("cats/1.png", bytes(8 * _MB)), compression=zipfile.ZIP_DEFLATED)
    for _level in range(random.randrange(2, 4)):
        inner = zipped(*((f"{number}.zip", inner) for number in range(4)), compression=zipfile.ZIP_DEFLATED)
    return _with_good(("cats/inner.zip", inner), ("cats/inner.png", inner))


def _many_files(random: Random) -> bytes:
    return zipped(*((f"cats/{number}.png", b"") for number in range(random.randrange(5_001, 9_000))))


def _members_that_overlap(random: Random) -> bytes:
    """Many names for the same bytes, as in the bombs that are small and unpack to terabytes."""
    whole = bytearray(zipped(("cats/1.png", bytes(4 * _MB)), compression=zipfile.ZIP_DEFLATED))
    start = whole.index(_CENTRAL)
    end = whole.index(b"PK\x05\x06")
    entry, times = bytes(whole[start:end]), random.randrange(500, 4_000)
    directory = b"".join(entry.replace(b"cats/1.png", f"c/{number:08}"[:10].encode()) for number in range(times))
    tail = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, times, times, len(directory), start, 0)
    return bytes(whole[:start]) + directory + tail


def _broken_off(random: Random) -> bytes:
    whole = _with_good()
    return whole[: random.randrange(len(whole))]


def _changed_bytes(random: Random) -> bytes:
    whole = bytearray(_with_good())
    for _change in range(random.randrange(1, 60)):
        whole[random.randrange(len(whole))] = random.randrange(256)
    return bytes(whole)


def _changed_headers(random: Random) -> bytes:
    whole = bytearray(_with_good())
    for signature, length in ((_LOCAL, 30), (_CENTRAL, 46), (b"PK\x05\x06", 22)):
        at = whole.index(signature)
        for _change in range(6):
            whole[at + random.randrange(4, length)] = random.randrange(256)
    return bytes(whole)


def _huge_sizes(random: Random) -> bytes:
    """Sizes in the directory and the headers that no file has."""
    whole = bytearray(_with_good())
    size = random.choice((0xFFFFFFFE, 0x7FFFFFFF, 0xFFFFFFFF, 0))
    for signature, offset in ((_CENTRAL, 20), (_LOCAL, 18)):
        at = whole.index(signature)
        struct.pack_into("<II", whole, at + offset, random.choice((size, 10)), size)
    return bytes(whole)


def _another_format(random: Random) -> bytes:
    heads = (
        b"Rar!\x1a\x07\x00",
        b"7z\xbc\xaf\x27\x1c",
        b"%PDF-1.7",
        b"\x7fELF",
        b"<html><script>",
        b"GIF89a",
        b"BZh9",
        b"",
    )
    return random.choice(heads) + random.randbytes(random.randrange(2_000))


def _names_nobody_gives(random: Random) -> bytes:
    names = [
        "cats/nul~byte.png",
        "cats/line\nbreak.png",
        "cats/\u202egnp.exe",
        "cats/" + "long" * 2_000 + ".png",
        "cats/<script>alert(1)</script>.png",
        "cats/![x](http://example.org/x.png).png",
        "cats/{x.__class__}.png",
        "cats/%s%n%d.png",
        "cats/$(touch escaped).png",
        "CON/aux.png",
        "cats/ .png",
        "cats/.png",
        "/".join("d" * 20 for _ in range(200)) + "/x.png",
        "🦙" * 60 + "/🦙.png",
        "cats//x.png",
    ]
    whole = _with_good(*((name, picture(number)) for number, name in enumerate(random.sample(names, 8))))
    return whole.replace(b"nul~byte", b"nul\0byte")  # `zipfile` itself would write no such name


def _links_and_devices(random: Random) -> bytes:
    members = []
    for number, kind in enumerate((stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK)):
        info = zipfile.ZipInfo(f"cats/special{number}.png")
        info.external_attr = (kind | 0o777) << 16
        members.append((info, random.choice((b"/etc/passwd", b"../../../../etc/passwd", picture(1)))))
    return _with_good(*members, ("cats/special0.png/inside.png", picture(2)))


def _methods_nobody_knows(random: Random) -> bytes:
    whole = bytearray(_with_good())
    method, flags = random.choice((1, 9, 12, 14, 93, 95, 97, 98, 99)), random.choice((0, 1, 8, 0x40, 0x2000))
    for signature, offset in ((_LOCAL, 6), (_CENTRAL, 8)):
        at = whole.index(signature)
        struct.pack_into("<HH", whole, at + offset, flags, method)
    return bytes(whole)


def _images_of_absurd_sizes(random: Random) -> bytes:
    """Small files whose headers say that they are as large as a town."""
    width, height = random.choice(((65_535, 65_535), (2**31 - 1, 1), (1, 2**31 - 1), (0, 0), (60_000, 20_000)))
    png = _png(width, height)
    bmp = b"BM" + struct.pack(
        "<IHHIIiiHHIIiiII", 70, 0, 0, 54, 40, width % 2**31, height % 2**31, 1, 24, 0, 16, 1, 1, 0, 0
    )
    gif = b"GIF89a" + struct.pack("<HHBBB", width % 65_536, height % 65_536, 0xF7, 0, 0) + bytes(768) + b";"
    jpeg = bytearray(picture(3, "JPEG"))
    at = jpeg.index(b"\xff\xc0")
    struct.pack_into(">HH", jpeg, at + 5, height % 65_536, width % 65_536)
    endings = {
        "png": png,
        "bmp": bmp + bytes(16),
        "gif": gif,
        "jpg": bytes(jpeg),
        "webp": b"RIFF\xff\xff\xff\xffWEBPVP8X",
    }
    return _with_good(*((f"cats/huge.{ending}", content) for ending, content in endings.items()))


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(5_000))) + chunk(b"IEND", b"")
    )


def _damaged_images(random: Random) -> bytes:
    members = []
    for number, ending in enumerate(("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")):
        content = bytearray(picture(number, ending))
        for _change in range(random.randrange(1, 12)):
            content[random.randrange(8, len(content))] = random.randrange(256)
        members.append((f"cats/{number}.{ending.lower()}", bytes(content[: random.randrange(12, len(content) + 1)])))
    return _with_good(*members)


def _names_twice(random: Random) -> bytes:
    """The same file twice, and files that are folders as well."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in [*good_members(), ("cats", b"no folder"), ("dogs/2.png/3.png", picture(3))]:
            archive.writestr(zipfile.ZipInfo(name), content)
        for member in random.sample(archive.infolist(), 4):
            archive.filelist.append(member)
    return file.getvalue()


SORTS: tuple[Callable[[Random], bytes], ...] = (
    _paths_that_lead_elsewhere,
    _broken_off,
    _changed_headers,
    _names_nobody_gives,
    _images_of_absurd_sizes,
    _links_and_devices,
    _huge_sizes,
    _bomb,
    _another_format,
    _changed_bytes,
    _damaged_images,
    _members_that_overlap,
    _methods_nobody_knows,
    _many_bombs,
    _names_twice,
    _zip_in_a_zip,
    _many_files,
)
_UPLOAD_NAMES = (
    f"../../../{CANARY}.zip",
    f"/tmp/{CANARY}.zip",
    "a" * 3_000 + ".zip",
    "<img src=x onerror=alert(1)>.zip",
    "line\nbreak.zip",
    "nul\0byte.zip",
    "\u202epiz.zip",
    "[link](http://example.org).zip",
    "{0.__class__}.zip",
    ".zip",
    "🦙🦙.ZIP",
)
