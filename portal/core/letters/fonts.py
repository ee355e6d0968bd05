"""Which of the fonts on this machine a letter is set in: the office's own first, then what is found.

The fonts of the standard are licensed and not shipped. They are looked for in LETTER_FONT_DIR and among the system's.
"""

from functools import lru_cache

import typst
from django.conf import settings
from django.utils.translation import gettext as _

_SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC")
_SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "WenQuanYi Zen Hei")
_SONG = ("SimSun", "宋体", "FandolSong", "AR PL UMing CN")
_LAST = ("Droid Sans Fallback",)
_FANGSONG = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R", "FandolFang")
_KAI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "FandolKai", "AR PL UKai CN", "AR PL KaitiM GB")
_HEI = ("SimHei", "黑体", "STHeiti", "FandolHei")
_XIAOBIAOSONG = (
    "FZXiaoBiaoSong-B05S",
    "方正小标宋简体",
    "方正小标宋_GBK",
    "FZXiaoBiaoSong-B05",
    "STZhongsong",
    "华文中宋",
)

# What each part is set in, best first.
STACKS = {
    "body": (*_FANGSONG, *_SERIF, *_SONG, *_SANS, *_LAST),
    "title": (*_XIAOBIAOSONG, *_SERIF, *_SONG, *_SANS, *_LAST),
    "heading1": (*_HEI, *_SANS, *_SERIF, *_LAST),
    "heading2": (*_KAI, *_SERIF, *_SONG, *_SANS, *_LAST),
    "folio": (*_SONG, *_SERIF, *_SANS, *_LAST),
}


class NoChineseFont(Exception):
    """No font of this machine shows Chinese; the sentence tells what to install."""


@lru_cache(maxsize=4)
def _found(folder: str) -> typst.Fonts:
    """Looking through the system's fonts takes half a second, so once per process."""
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=False, font_paths=[folder] if folder else [])


def fonts() -> typst.Fonts:
    return _found(str(settings.LETTER_FONT_DIR or ""))


def stacks() -> dict[str, list[str]]:
    """The fonts of each part that this machine has, best first. NoChineseFont where it has none."""
    have = {family.casefold() for family in fonts().families()}
    chosen = {part: [family for family in stack if family.casefold() in have] for part, stack in STACKS.items()}
    if not all(chosen.values()):
        raise NoChineseFont(
            _(
                "服务器上没有中文字体，无法生成 PDF，Word 文档不受影响。请安装 fonts-noto-cjk，"
                "或者把仿宋、楷体、黑体、小标宋字体文件放进 LETTER_FONT_DIR 所指的文件夹，然后重新启动平台。"
            )
        )
    return chosen
