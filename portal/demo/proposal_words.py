"""What the demonstration's proposals are about: invented titles, problems and answers, by the department that answers.

No body has ever received any of them; people, phones and addresses are such as nobody has.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Topic:
    """A field of work: the department that leads, who is asked for an opinion, what is wrong and what is being done."""

    unit: str
    co: str
    field: str
    matter: str
    lack: str
    done: str
    next: str


TOPICS = (
    Topic("民政局", "人社局", "社会建设", "社区工作者职业体系建设", "岗位等级晋升渠道不宽",
          "统一招录、岗位等级和年度考核已经衔接", "把岗位等级与考核结果挂钩"),
    Topic("民政局", "人社局", "社会建设", "社区工作者持证上岗工作", "部分社区取证人数偏少",
          "考前辅导班已办两期，取证补贴按标准发放", "按季度通报取证进度"),
    Topic("民政局", "卫健委", "养老服务", "社区居家养老服务", "上门服务项目与老年人需要有差距",
          "已梳理服务清单并公布收费标准", "扩大家庭养老床位试点"),
    Topic("民政局", "住建委", "养老服务", "老年助餐点运营", "部分助餐点选址偏、运营难",
          "采取中央厨房配送与社区食堂结合的办法", "对连续亏损的点位逐个提出方案"),
    Topic("民政局", "人社局", "社会组织", "社区社会组织培育", "活动场地和经费不稳定",
          "街道社区社会组织支持平台已覆盖三分之二街镇", "公布可以承接的服务目录"),
    Topic("民政局", "农业农村委", "基层治理", "村（社区）减负增效工作", "报表和证明事项仍然偏多",
          "已清理一批报表和挂牌", "按清单核减重复报送的数据"),
    Topic("人社局", "民政局", "就业", "社区工作者薪酬待遇保障", "各区待遇差别较大",
          "薪酬结构和增长办法已经统一", "每年公布薪酬指导水平"),
    Topic("人社局", "民政局", "就业", "高校毕业生到社区就业", "岗位信息发布分散",
          "社区岗位已纳入统一招聘平台", "增加见习岗位并落实补贴"),
    Topic("人社局", "农业农村委", "就业", "零工市场规范发展", "站点设施和权益保障不足",
          "已建成一批零工驿站", "完善工伤和欠薪的处理渠道"),
    Topic("农业农村委", "民政局", "乡村治理", "乡村治理积分制", "积分规则各村不一",
          "已公布积分事项的指导目录", "把积分与便民服务衔接"),
    Topic("农业农村委", "住建委", "乡村建设", "农村人居环境长效管护", "管护经费和队伍不稳定",
          "管护责任已落实到村", "探索按户付费与补助结合"),
    Topic("卫健委", "民政局", "卫生健康", "家庭医生签约服务", "签约后的服务感受不明显",
          "重点人群签约服务包已经细化", "在社区公布服务团队和时间"),
    Topic("卫健委", "民政局", "卫生健康", "社区医养结合服务", "医疗与养老机构转诊不顺畅",
          "已有一批养老机构与医院签订协议", "开通转诊绿色通道"),
    Topic("卫健委", "教委", "卫生健康", "社区普惠托育服务", "托位分布不均、价格偏高",
          "新增托位已列入年度实事", "支持幼儿园开设托班"),
    Topic("住建委", "民政局", "城市更新", "老旧小区改造后的管理", "改造后缺少长效管理",
          "改造前征询居民意见已成必经程序", "引导成立业主组织"),
    Topic("住建委", "城管委", "城市更新", "既有住宅加装电梯", "居民意见难以统一",
          "补助标准和办理流程已经公布", "在街道设立协商指导员"),
    Topic("住建委", "民政局", "物业管理", "物业服务质量提升", "收费与服务不相匹配",
          "物业服务评价结果按季公开", "推行服务项目清单和菜单式收费"),
    Topic("城管委", "住建委", "城市管理", "生活垃圾分类投放点设置", "部分投放点位置不便",
          "已按居民意见调整一批点位", "增加误时投放点"),
    Topic("城管委", "住建委", "城市管理", "便民菜市场和早市设置", "新建居住区买菜不便",
          "已划定一批临时便民疏导点", "把菜市场用地纳入配套"),
    Topic("教委", "民政局", "教育", "社区青少年课后活动", "场地和师资不足",
          "学校体育场地开放名单已经公布", "与社区共建活动站"),
)  # fmt: skip
# Topics whose answers tell how many community workers there are.
TELLING = ("社区工作者职业体系建设", "社区工作者持证上岗工作", "社区工作者薪酬待遇保障")
_VERBS = ("进一步加强", "推进", "改进", "支持", "持续做好")
_WHERE = ("", "中心城区", "新建居住区", "远郊乡镇", "老城厢", "产业园区周边", "保障房片区")
_REFUSED = ("关于为本人家属解决住房问题的提案", "关于推介某种健康器材的提案", "关于某起民事诉讼的提案")


def titles(document: str, number: int, random: Random) -> list[tuple[str, Topic]]:
    """So many different titles with their topics; `document` is 提案 or 建议."""
    verbs = list(_VERBS)
    every = [
        (f"关于{verb}{where}{topic.matter}的{document}", topic)
        for topic in TOPICS
        for verb in verbs
        for where in _WHERE
    ]
    return random.sample(every, number)


def refused_title(place: int) -> str:
    return _REFUSED[place % len(_REFUSED)]


def text_of(topic: Topic, title: str) -> str:
    """What the proposers write."""
    matter = title.removeprefix("关于")[:-3]
    return (
        f"近年来，{topic.matter}取得了成效，但调研中群众反映，{topic.lack}。\n"
        f"为{matter}，提出以下建议：\n一是摸清底数，分类提出办法；二是明确责任单位和完成时间；"
        f"三是{topic.next}；四是把进展向社会公开。（演示数据，内容虚构）"
    )


def answer_of(topic: Topic, place: str, figure: str, you: str) -> list[tuple[int, str]]:
    """Headings (1) and paragraphs (0) of an answer to `you`; `figure` is a sentence with live figures, or empty."""
    return [
        (1, "基本情况"),
        (0, f"{figure}围绕{topic.matter}，{topic.done}。{you}反映的“{topic.lack}”问题确实存在。"),
        (1, "已开展的工作"),
        (0, f"{place}已将{topic.matter}列入年度重点工作，会同有关部门逐项研究办理。目前{topic.done}。"),
        (1, "下一步工作"),
        (0, f"我们将{topic.next}，并在年底前向{you}反馈进展情况。（演示数据，内容虚构）"),
    ]


def report_of(topic: Topic) -> list[tuple[int, str]]:
    """What became of the promise of an answer."""
    return [
        (1, "落实情况"),
        (0, f"答复中承诺的“{topic.next}”已按计划推进：{topic.done}。（演示数据，内容虚构）"),
        (1, "后续安排"),
        (0, f"我们将继续做好{topic.matter}，并接受监督。"),
    ]


def opinion_of(topic: Topic, unit: str) -> str:
    return f"{unit}认为，{topic.matter}与我单位职责有关的部分可以采纳。建议在答复中说明：{topic.done}。（演示）"


LAST_TASKS = (
    ("community", "三地社区工作者跟岗交流"), ("elderly", "养老服务等级评定标准比对"), ("relief", "流浪乞讨人员救助信息互通"),
)  # fmt: skip
TASKS = (
    ("community", "三地社区工作者职业资格互认办法"), ("community", "社区工作者培训课程和师资共享"),
    ("elderly", "三地养老机构名单和床位信息互通"), ("elderly", "异地养老补贴结算试点"),
    ("elderly", "养老护理员技能比武"), ("relief", "低收入人口信息核对协作"), ("relief", "流动困境儿童救助转介"),
    ("disaster", "避灾安置场所标识统一"), ("disaster", "救灾物资跨区调用演练"),
    ("organisations", "社会组织信用信息互查"), ("organisations", "行业协会收费联合检查"),
    ("charity", "慈善信息公开平台对接"), ("charity", "慈善项目交流会"), ("social_work", "社工站服务标准比对"),
    ("social_work", "社会工作人才互派锻炼"), ("veterans", "烈士纪念设施联合巡护"),
    ("funerals", "清明祭扫应急协作"), ("divisions", "毗邻界线联合检查"), ("divisions", "地名标志一致性核查"),
    ("law", "民政执法文书样式统一"),
)  # fmt: skip
