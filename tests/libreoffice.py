"""LibreOffice: a document loaded, its revisions accepted or rejected, and stored anew or in another format.

One process a document: the build without a screen aborts when it closes one window and opens another.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support import program

# What a name ends with says what becomes of the revisions: x.accept.docx, x.reject.docx, x.keep.docx.
_MACRO = """\
Sub Settle(folder As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim word(0) As New com.sun.star.beans.PropertyValue
  word(0).Name = "FilterName"
  word(0).Value = "MS Word 2007 XML"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  name = Dir(folder &amp; "/in/", 0)
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(folder &amp; "/in/" &amp; name), "_blank", 0, hidden())
  frame = doc.CurrentController.Frame
  If InStr(name, ".accept.") &gt; 0 Then
    dispatcher.executeDispatch(frame, ".uno:AcceptAllTrackedChanges", "", 0, Array())
  End If
  If InStr(name, ".reject.") &gt; 0 Then
    dispatcher.executeDispatch(frame, ".uno:RejectAllTrackedChanges", "", 0, Array())
  End If
  doc.storeToURL(ConvertToURL(folder &amp; "/out/" &amp; name), word())
  doc.close(True)
  StarDesktop.terminate()
End Sub
"""
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MODULE = ('<script:module xmlns:script="http://openoffice.org/2000/script" script:name="{}" '
           'script:language="StarBasic">')
_LIBRARY = ('<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
            'library:readonly="false" library:passwordprotected="false"><library:element library:name="Settle"/>'
            "</library:library>")


def convert(folder: Path, source: Path, suffix: str) -> Path:
    """``source`` in another format, in ``folder``."""
    subprocess.run([program("soffice"), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                    "--norestore", "--convert-to", suffix, "--outdir", str(folder), str(source)],
                   check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{suffix}"


def settle(folder: Path, documents: dict[str, bytes]) -> dict[str, bytes]:
    """``documents`` by name as LibreOffice stores them; the names say what it does with the revisions."""
    profile = folder / "profile"
    command = [program("soffice"), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    # A new profile gets an empty library, which would replace ours.
    subprocess.run([*command, "--terminate_after_init"], check=True, capture_output=True, timeout=120)
    basic = profile / "user/basic/Standard"
    for path in (folder / "in", folder / "out"):
        path.mkdir()
    (basic / "Settle.xba").write_text(f"{_HEAD}{_MODULE.format('Settle')}{_MACRO}</script:module>")
    (basic / "script.xlb").write_text(_HEAD + _LIBRARY)
    macro = f'macro:///Standard.Settle.Settle("{folder}")'
    for name, data in documents.items():
        (folder / "in" / name).write_bytes(data)
        subprocess.run([*command, macro], check=True, capture_output=True, timeout=120)
        (folder / "in" / name).unlink()
    return {name: (folder / "out" / name).read_bytes() for name in documents}
