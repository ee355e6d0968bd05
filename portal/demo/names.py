"""Invented people: names out of plants, waters and weather, ID numbers and telephones that nobody can have."""

from collections import defaultdict
from datetime import date
from random import Random

from portal.core.lib.identity import synthetic

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金贾夏韦方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常汤"
)
_FIRST = "安若知晓清沐予思念书云松竹溪舟帆禾穗棠梨杏橙槐桐枫芷蕴朗霁澄泊岚峦屿汀渚苇荻萱蓝素青墨秋夏冬春"
_SECOND = "禾苗溪泉涧湾滩洲桥亭廊檐窗灯烛笺砚弦笛铃帆桨舵锚鸥鹭雁鹤鹿驼莺雀燕荷菱藕芦蒲芹荠菊葵麦稻粟豆梅兰"
_AREA = "026"  # an area code given to no city, so these numbers ring nowhere


class People:
    """Gives out names, ID numbers and telephones, no number twice; the same `random` gives the same people."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._used: dict[tuple[date, str], int] = defaultdict(int)
        self._phones = 0

    def name(self) -> str:
        """A surname and a given name, one in seven of one character."""
        pick = self._random
        given = pick.choice(_FIRST) + ("" if pick.random() < 1 / 7 else pick.choice(_SECOND))
        # The surnames stand in the order of their frequency; the square root of chance favours the first ones.
        return _SURNAMES[int(len(_SURNAMES) * pick.random() ** 2)] + given

    def id_number(self, birth: date, sex: str) -> str:
        """The next unused number of that day: odd for men, even for women; area code 999999."""
        self._used[birth, sex] += 1
        return synthetic(birth, 2 * self._used[birth, sex] - (sex == "male"))

    def phone(self) -> str:
        """The next number of the area code that does not exist."""
        self._phones += 1
        return f"{_AREA}-{20_000_000 + self._phones}"
