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
from collections.abc import Mapping
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from . import FormatError

MEMBER_LIMIT = 128 << 20  # bytes of one member, unpacked: a thousand pages of Word have 20 MB
TOTAL_LIMIT = 512 << 20  # bytes of all members that are read, unpacked
RATIO_LIMIT, RATIO_FROM = 250, 4 << 20  # a member larger than this that shrank so much holds no document
COUNT_LIMIT = 20_000

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_DESCRIPTOR = 0x08  # flag: the sizes stand behind the data
_ENCRYPTED = 0x01
_ZIP64 = 1
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


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
        self._total = 0
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
        return at + _LOCAL.size + sum(_LOCAL.unpack(header)[-2:])

    def __contains__(self, name: object) -> bool:
        return name in self.members

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
            raise PackageError(f"{name} would unpack to {info.file_size >> 20} MB; refused, since this looks like a zip bomb",
                               f"{name} 解压后有 {info.file_size >> 20} MB，疑似压缩炸弹，不予处理")
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
        ordered = sorted(self._infos, key=lambda i: i.header_offset)
        pieces = [self._data[: ordered[0].header_offset]] if ordered else []
        length = len(pieces[0]) if pieces else 0
        moved: dict[str, int] = {}
        for info in ordered:
            moved[info.filename] = length
            piece = self._data[info.header_offset : self._ends[info.filename]]
            if info.filename in changed:
                piece = self._repacked(info, changed[info.filename])
            pieces.append(piece)
            length += len(piece)
        directory = [self._entry(raw, info, moved[info.filename], changed.get(info.filename))
                     for raw, info in zip(self._raw_entries(), self._infos, strict=True)]
        like = ordered[-1]
        for name, data in changed.items():
            if name not in self.members:
                local, entry = _new(name, data, like, length)
                pieces.append(local)
                directory.append(entry)
                length += len(local)
        size, count = sum(map(len, directory)), len(directory)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, size, length, len(self._comment))
        return b"".join((*pieces, *directory, end, self._comment))

    def _repacked(self, info: ZipInfo, data: bytes) -> bytes:
        """The local header of a member, with its name and extra fields, and new ``data`` behind it."""
        header = _LOCAL.unpack_from(self._data, info.header_offset)
        signature, version, flags, method, time, date, *_, name_length, extra_length = header
        start = info.header_offset + _LOCAL.size
        name = self._data[start : start + name_length]
        extra = _without_zip64(self._data[start + name_length : start + name_length + extra_length])
        packed = _packed(data, method)
        fields = (signature, version, flags & ~_DESCRIPTOR, method, time, date, zlib.crc32(data), len(packed), len(data))
        return _LOCAL.pack(*fields, len(name), len(extra)) + name + extra + packed

    def _raw_entries(self) -> list[bytes]:
        """The entries of the directory as they stand in the file."""
        entries, at = [], self._directory
        for _ in self._infos:
            lengths = _CENTRAL.unpack_from(self._data, at)[10:13]
            end = at + _CENTRAL.size + sum(lengths)
            entries.append(self._data[at:end])
            at = end
        return entries

    def _entry(self, raw: bytes, info: ZipInfo, offset: int, data: bytes | None) -> bytes:
        """An entry of the directory, for a member that now starts at ``offset`` and may hold new ``data``."""
        fields = list(_CENTRAL.unpack_from(raw))
        shifted = fields[16] + offset - info.header_offset  # stays right for an archive with something before it
        if data is None and fields[16] != 0xFFFFFFFF:
            fields[16] = shifted
            return _CENTRAL.pack(*fields) + raw[_CENTRAL.size :]
        name_end = _CENTRAL.size + fields[10]
        extra = _without_zip64(raw[name_end : name_end + fields[11]])
        comment = raw[name_end + fields[11] :]
        fields[7:10] = info.CRC, info.compress_size, info.file_size
        if data is not None:
            fields[3] &= ~_DESCRIPTOR
            fields[7:10] = zlib.crc32(data), len(_packed(data, fields[4])), len(data)
        fields[11], fields[16] = len(extra), offset if fields[16] == 0xFFFFFFFF else shifted
        return _CENTRAL.pack(*fields) + raw[_CENTRAL.size : name_end] + extra + comment


def protected() -> PackageError:
    """The error for a file that needs a password."""
    return PackageError("protected by a password; open it, save it without the password and try again",
                        "有密码保护；请打开后另存为不带密码的文件再试")


def _broken(why: str) -> PackageError:
    return PackageError(f"a damaged package ({why}); open it in its program, repair and save it",
                        f"文件包已损坏（{why}）；请用相应的软件打开、修复并另存")


def _recognise(data: bytes) -> None:
    """What is plainly something else gets a line that says what."""
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise protected()
        raise PackageError("a file of an old Office version under a new name; rename it to .doc, .xls or .ppt",
                           "是旧版 Office 文件，扩展名不对；请改回 .doc、.xls 或 .ppt")
    if not data:
        raise PackageError("an empty file", "空文件")
    if not data.startswith(b"PK"):
        raise PackageError("not the package that its name says; check the file type", "内容与扩展名不符，请检查文件类型")


def _unpacked(packed: bytes, info: ZipInfo) -> bytes:
    if info.compress_type == ZIP_STORED:
        return packed
    if info.compress_type != ZIP_DEFLATED:
        raise _broken(f"{info.filename}: unknown compression {info.compress_type}")
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, info.file_size + 1)


def _packed(data: bytes, method: int) -> bytes:
    if method == ZIP_STORED:
        return data
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields without the one that holds sizes of more than 4 GB; all sizes are smaller here."""
    out, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _ZIP64:
            out += extra[at : at + 4 + length]
        at += 4 + length
    return out + extra[at:]


def _new(name: str, data: bytes, like: ZipInfo, offset: int) -> tuple[bytes, bytes]:
    """A new member and its entry, dated like another."""
    packed, raw = _packed(data, ZIP_DEFLATED), name.encode("ascii")
    year, month, day, hour, minute, second = like.date_time
    time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
    shared = (20, 0, ZIP_DEFLATED, time, date, zlib.crc32(data), len(packed), len(data), len(raw), 0)
    local = _LOCAL.pack(b"PK\3\4", *shared) + raw + packed
    entry = _CENTRAL.pack(b"PK\1\2", 20, *shared, 0, 0, 0, like.external_attr, offset) + raw
    return local, entry
