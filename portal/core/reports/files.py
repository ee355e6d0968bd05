"""Reports as files: made anew while they may still change, kept byte for byte once published."""

import hashlib
import hmac

from django.utils.translation import gettext as _

from portal.core.reports.book_file import book_file
from portal.core.reports.models import OUT, FileForm, Report, ReportFile
from portal.core.reports.paper import paper_of
from portal.core.reports.word_file import word_file

TYPES = {
    FileForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MAKERS = {FileForm.DOCX: word_file, FileForm.XLSX: book_file}
_NO_FILE_NAME = str.maketrans(dict.fromkeys('/\\:*?"<>|\r\n\t', " "))


class FileAltered(Exception):
    """A kept file is no longer what was published; the sentence says so."""


def rendered(report: Report, form: str) -> bytes:
    """The report as a file. The same report gives the same bytes."""
    return _MAKERS[FileForm(form)](paper_of(report), report.published_at or report.figures_at)


def name_of(report: Report, form: str) -> str:
    """A file name that tells place, kind, period, edition, and that it is not out yet."""
    content = report.content
    edition = f"第{report.edition}版" if report.edition > 1 else ""
    state = "" if report.state in OUT else report.get_state_display()
    return f"{content['title']}（{report.period}）{edition}{state}.{form}".translate(_NO_FILE_NAME)


def render_and_keep(report: Report) -> list[ReportFile]:
    """Makes the files of a report that is being published and keeps them with their hashes."""
    kept = []
    for form in FileForm.values:
        content = rendered(report, form)
        kept.append(
            ReportFile.objects.create(
                report=report,
                form=form,
                name=name_of(report, form),
                sha256=hashlib.sha256(content).hexdigest(),
                content=content,
            )
        )
    return kept


def file_of(report: Report, form: str) -> tuple[str, bytes]:
    """Name and content: as published, or as the report stands now. FileAltered where what was kept has been tampered with."""
    if report.state not in OUT:
        return name_of(report, form), rendered(report, form)
    kept = ReportFile.objects.get(report=report, form=form)
    content = bytes(kept.content)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), kept.sha256):
        raise FileAltered(_("保存的文件与发布时的指纹不一致，已停止下载。请联系系统管理员核查。"))
    return kept.name, content
