"""Packages: zip files (.docx, .pptx, .xlsx, .odt, .epub) of which some members are rewritten and all else is copied.

A member that is not changed keeps its bytes, compressed as they are, with its header, date, attributes and place in the
order; ``zipfile`` would pack it anew. Nothing is ever unpacked to the disk. Only what is asked for is unpacked at all,
within :data:`MEMBER_LIMIT` and :data:`RATIO_LIMIT`, so that what else is in a package costs nothing.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from . import OLE, FormatError

MEMBER_LIMIT = 128 << 20  # bytes of one member, unpacked: a thousand pages of Word have 20 MB
TOTAL_LIMIT = 512 << 20  # bytes of all members that are read, unpacked
RATIO_LIMIT, RATIO_FROM = 250, 4 << 20  # a member larger than this that shrank so much holds no document
COUNT_LIMIT = 20_000

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DESCRIPTOR = 0x08  # flag: the sizes stand behind the data
_ENCRYPTED = 0x01
_UTF8 = 0x800  # flag: so is the name
_ZIP64 = 1  # the extra field with what needs more than 32 bits
_ELSEWHERE = 0xFFFFFFFF  # an offset that stands there


class PackageError(FormatError):
    """A package that is broken, hostile or protected."""


class Package:
    """The members of a zip file by name. Raises :class:`PackageError` for one that should not be touched."""

    def __init__(self, data: bytes) -> None:
        _recognise(data)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._infos, self._directory = archive.infolist(), archive.start_dir
                self._comment = archive.comment
        except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error, UnicodeError, OverflowError,
                EOFError) as error:
            raise _broken(str(error)) from None
        self._data = data
        end = data.rfind(b"PK\5\6") + _END.size + len(self._comment)
        self._rest = data[end:]  # what stands behind the archive
        self._total = 0
        for info in self._infos:
            info.filename = _readable(info)
        self.members = {info.filename: info for info in self._infos}
        self._sound()

    def _sound(self) -> None:
        if len(self._infos) > COUNT_LIMIT:
            raise PackageError(f"more than {COUNT_LIMIT} members in the package", f"包内成员超过 {COUNT_LIMIT} 个")
        if len(self.members) < len(self._infos):
            raise PackageError("two members of the package have one name", "包内有重名的成员")
        for name in self.members:
            if ".." in name.replace("\\", "/").split("/") or ":" in name.split("/")[0]:
                raise PackageError(f"a member of the package points out of it: {name!r}", f"包内成员指向包外：{name!r}")
        ordered = sorted(self._infos, key=lambda i: i.header_offset)
        self._ends = {i.filename: n.header_offset for i, n in pairwise(ordered)}
        if ordered:
            self._ends[ordered[-1].filename] = self._directory
        for info in ordered:
            start = self._payload(info)
            if start + info.compress_size > self._ends[info.filename]:
                raise _broken(f"{info.filename} overlaps what follows it")

    def _payload(self, info: ZipInfo) -> int:
        """Where the compressed bytes of a member start."""
        at = info.header_offset
        header = self._data[at : at + _LOCAL.size]
        if len(header) < _LOCAL.size or header[:4] != b"PK\3\4":
            raise _broken(f"no header of {info.filename}")
        name_length, extra_length = _LOCAL.unpack(header)[-2:]
        return at + _LOCAL.size + int(name_length) + int(extra_length)

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def signed(self) -> bool:
        """Whether the package has a digital signature."""
        return any(f"META-INF/{name}signatures.xml" in self for name in ("", "document"))

    def read(self, name: str) -> bytes:
        """The bytes of a member. Raises :class:`PackageError` when it is missing, damaged, or too much."""
        info = self.members.get(name)
        if info is None:
            raise _broken(f"{name} is missing")
        if info.flag_bits & _ENCRYPTED:
            raise protected()
        self._total += info.file_size
        bomb = info.file_size > RATIO_FROM and info.file_size > RATIO_LIMIT * info.compress_size
        if bomb or info.file_size > MEMBER_LIMIT or self._total > TOTAL_LIMIT:
            size = f"{info.file_size >> 20} MB"
            raise PackageError(f"{name} would unpack to {size}; refused, since this looks like a zip bomb",
                               f"{name} 解压后有 {size}，疑似压缩炸弹，不予处理")
        start = self._payload(info)
        packed = self._data[start : start + info.compress_size]
        try:
            data = _unpacked(packed, info)
        except zlib.error as error:
            raise _broken(f"{name}: {error}") from None
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise _broken(f"{name}: wrong checksum")
        return data

    def rewritten(self, changed: Mapping[str, bytes]) -> bytes:
        """The package with ``changed`` members in place of theirs; those it does not have yet come last."""
        new = {n: _Content.of(d, self.members[n].compress_type if n in self.members else ZIP_DEFLATED)
               for n, d in changed.items()}
        if not new:
            return self._data
        ordered = sorted(self._infos, key=lambda i: i.header_offset)
        pieces = [self._data[: ordered[0].header_offset]]
        length = len(pieces[0])
        moved: dict[str, int] = {}
        for info in ordered:
            moved[info.filename] = length
            content = new.get(info.filename)
            piece = self._data[info.header_offset : self._ends[info.filename]] if content is None else (
                self._repacked(info, content))
            pieces.append(piece)
            length += len(piece)
        directory = [self._entry(raw, info, moved[info.filename], new.get(info.filename))
                     for raw, info in zip(self._raw_entries(), self._infos, strict=True)]
        for name in sorted(new.keys() - self.members.keys()):
            local, entry = _added(name, new[name], ordered[-1], length)
            pieces.append(local)
            directory.append(entry)
            length += len(local)
        size, count = sum(map(len, directory)), len(directory)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, size, length, len(self._comment))
        return b"".join((*pieces, *directory, end, self._comment, self._rest))

    def _repacked(self, info: ZipInfo, content: _Content) -> bytes:
        """The local header of a member, with its name and extra fields, and new ``content`` behind it."""
        fields = list(_LOCAL.unpack_from(self._data, info.header_offset))
        start = info.header_offset + _LOCAL.size
        name = self._data[start : start + fields[9]]
        extra = _without_zip64(self._data[start + fields[9] : start + fields[9] + fields[10]])
        fields[2] &= ~_DESCRIPTOR
        fields[6:] = content.crc, len(content.packed), content.size, len(name), len(extra)
        return _LOCAL.pack(*fields) + name + extra + content.packed

    def _raw_entries(self) -> Iterator[bytes]:
        """The entries of the directory as they stand in the file."""
        at = self._directory
        for _ in self._infos:
            end = at + _CENTRAL.size + sum(_CENTRAL.unpack_from(self._data, at)[10:13])
            yield self._data[at:end]
            at = end

    def _entry(self, raw: bytes, info: ZipInfo, offset: int, content: _Content | None) -> bytes:
        """An entry of the directory, for a member that now starts at ``offset`` and may have new ``content``."""
        fields = list(_CENTRAL.unpack_from(raw))
        name_end = _CENTRAL.size + fields[10]
        extra, rest = raw[name_end : name_end + fields[11]], raw[name_end + fields[11] :]
        before, fields[16] = fields[16], offset  # from the start of the file, also if they were not counted from there
        if content is not None or before == _ELSEWHERE:
            extra = _without_zip64(extra)
            fields[7:10] = info.CRC, info.compress_size, info.file_size
        if content is not None:
            fields[3] &= ~_DESCRIPTOR
            fields[7:10] = content.crc, len(content.packed), content.size
        fields[11] = len(extra)
        return _CENTRAL.pack(*fields) + raw[_CENTRAL.size : name_end] + extra + rest


@dataclass(frozen=True, slots=True)
class _Content:
    """What a member is to hold, ``packed``, with the checksum and size of the bytes themselves."""

    packed: bytes
    crc: int
    size: int

    @classmethod
    def of(cls, data: bytes, method: int) -> _Content:
        packed = data
        if method == ZIP_DEFLATED:
            packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            packed = packer.compress(data) + packer.flush()
        return cls(packed, zlib.crc32(data), len(data))


def protected() -> PackageError:
    """The error for a file that needs a password."""
    return PackageError("protected by a password; open it, save it without the password and try again",
                        "有密码保护；请打开后另存为不带密码的文件再试")


def _broken(why: str) -> PackageError:
    return PackageError(f"a damaged package ({why}); open it in its program, repair and save it",
                        f"文件包已损坏（{why}）；请用相应的软件打开、修复并另存")


def _recognise(data: bytes) -> None:
    """What is plainly something else gets a line that says what."""
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise protected()
        raise PackageError("a file of an old Office version under a new name; rename it to .doc, .xls or .ppt",
                           "是旧版 Office 文件，扩展名不对；请改回 .doc、.xls 或 .ppt")
    if not data:
        raise PackageError("an empty file", "空文件")
    if not data.startswith(b"PK"):
        raise PackageError("not the package that its name says; check the file type",
                           "内容与扩展名不符，请检查文件类型")


def _unpacked(packed: bytes, info: ZipInfo) -> bytes:
    if info.compress_type == ZIP_STORED:
        return packed
    if info.compress_type != ZIP_DEFLATED:
        raise _broken(f"{info.filename}: unknown compression {info.compress_type}")
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)


def _readable(info: ZipInfo) -> str:
    """The name of a member: some programs write UTF-8 without saying so."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the one that holds sizes of more than 4 GB; all sizes are smaller here."""
    out, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            out += extra[at : at + 4 + length]
        at += 4 + length
    return out + extra[at:]


def _added(name: str, content: _Content, like: ZipInfo, offset: int) -> tuple[bytes, bytes]:
    """A new member and its entry, dated like another."""
    raw = name.encode()
    year, month, day, hour, minute, second = like.date_time
    time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
    flags = 0 if name.isascii() else _UTF8
    shared = (20, flags, ZIP_DEFLATED, time, date, content.crc, len(content.packed), content.size, len(raw), 0)
    entry = _CENTRAL.pack(b"PK\1\2", 20, *shared, 0, 0, 0, like.external_attr, offset) + raw
    return _LOCAL.pack(b"PK\3\4", *shared) + raw + content.packed, entry
