"""Errors that a person reads: one line, in English and in Chinese."""

from __future__ import annotations

import errno


class Trouble(ValueError):
    """Something that cannot be done as asked: one line, ``english`` or ``chinese``.

    ``about`` names what it is about (a configuration, an option) when that is not the file at hand; ``str`` has it
    before the English line.
    """

    def __init__(self, english: str, chinese: str = "", *, about: str = "") -> None:
        super().__init__(f"{about}: {english}" if about else english)
        self.english = english
        self.chinese = chinese or english
        self.about = about


_CHINESE = {
    errno.ENOENT: "没有这个文件，请检查路径",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENXIO: "不是普通文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ELOOP: "符号链接循环",
    errno.ENOSPC: "磁盘空间不足",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "只读文件系统",
    errno.EIO: "磁盘读写错误",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EEXIST: "已经存在",
    errno.EPIPE: "管道已关闭",
    errno.EBADF: "已关闭或不能读写",
}


def said(error: BaseException, chinese: bool) -> str:
    """One line about ``error`` for a person."""
    if isinstance(error, Trouble):
        return error.chinese if chinese else error.english
    if isinstance(error, MemoryError):
        return "内存不足" if chinese else "out of memory"
    if isinstance(error, OSError) and error.errno is not None:
        english = error.strerror or str(error)
        return _CHINESE.get(error.errno, english) if chinese else english
    return " ".join(str(error).split()) or type(error).__name__


def unforeseen(error: Exception, chinese: bool) -> str:
    """One line about an ``error`` that is a mistake of ours."""
    what = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return f"内部错误（{what}），请报告" if chinese else f"internal error ({what}); please report it"


def about(error: BaseException) -> str:
    """The file or option that ``error`` is about, as far as it knows."""
    return str(getattr(error, "about", "") or getattr(error, "filename", None) or "")


def named(error: BaseException, chinese: bool) -> str:
    """What was :func:`said`, after what it is :func:`about`."""
    return ": ".join(filter(None, (about(error), said(error, chinese))))
