"""Three replies with the elements that real ones have, every name, number and telephone invented."""

from dataclasses import replace
from datetime import date

from portal.core.letters.paper import Annex, Block, Contact, Kind, Paper, Style, Table


def h1(text: str) -> Block:
    return Block(Kind.HEADING_1, text)


def h2(text: str, follows: str = "") -> Block:
    return Block(Kind.HEADING_2, text, follows)


def p(text: str) -> Block:
    return Block(Kind.PARAGRAPH, text)


IMPLEMENTATION = Paper(  # an implementation reply to a party: no number, no unit under the text, contact before the date
    style=Style.LETTER,
    issuer="滨海市民政局",
    title="对市政协第十四届五次会议\n第0023号提案的落实答复",
    addressee="民盟滨海市委会",
    blocks=(
        p(
            "贵党派提出的关于加强社区工作者队伍建设、服务乡村振兴的提案，经会同市人力社保局、市农业农村委研究，现将落实情况答复如下："
        ),
        h1("关于完善社区工作者职业体系"),
        p(
            "一是健全制度。印发《关于加强社区工作者队伍建设的若干措施》（滨民发〔2022〕15号），明确按照每万城镇常住人口"
            "不少于18人的标准配备社区工作者。截至2022年8月31日，全市共有社区工作者24,310人，每万城镇常住人口18.4人。"
        ),
        p("二是拓宽通道。建立三岗十八级薪酬体系，把学历、职称、工作年限作为晋级依据，三年内实现全覆盖。"),
        h1("关于发展农村集体经济"),
        p("市农业农村委组织开展薄弱村帮扶，安排专项资金3.6亿元，支持412个村建设产业项目，村均年收入增加11.5万元。"),
        h1("关于加强农村职业技能培训"),
        p("市人力社保局把社区工作者和农村实用人才列入职业技能提升行动，全年培训1.8万人次，按规定给予补贴。"),
        p("下一步，我们将继续会同有关部门抓好落实，欢迎贵党派继续关心、监督和支持民政工作。"),
    ),
    contact=Contact(role="工作人员", person="方某", phone="022-00000000转2105"),
    contact_first=True,
    dated=date(2022, 9, 29),
)

REPLY = Paper(  # a reply to several members: named addressees, unit and date, contact with postcode
    style=Style.LETTER,
    issuer="临山市民政局",
    class_mark="B",
    title="临山市民政局关于市政协六届二次会议\n第2023128号提案答复的函",
    addressee="甲某、乙某、丙某、丁某、戊某等5位委员",
    blocks=(
        p(
            "你们在市政协六届二次会议上提出的《关于推进“五社联动”提升社区治理水平的建议》（第2023128号）的提案收悉。经研究，现答复如下："
        ),
        h1("加强统筹谋划，健全工作机制"),
        p(
            "一是坚持高位推动。成立由市委、市政府分管领导任双组长的领导小组，32个部门共同参与。二是实行周调度、月破难、季通报、年考评。"
        ),
        h1("加强队伍建设，夯实人才基础"),
        p(
            "截至2023年6月30日，全市共有社区工作者3,310人，每万城镇常住人口配备18人；持有社会工作者职业资格证书的1,986人，占60.0%。各地情况见下表："
        ),
        Block(
            Kind.TABLE,
            table=Table(
                caption="各县（市、区）社区工作者配备情况",
                rows=(
                    ("地区", "应配（人）", "实配（人）", "每万人（人）", "持证率"),
                    ("东湖区", "980", "1,012", "18.6", "63.1%"),
                    ("西岭县", "760", "742", "17.6", "55.4%"),
                    ("南川市", "1,540", "1,556", "18.2", "60.2%"),
                ),
                widths=(4, 4, 4, 5, 3),
            ),
        ),
        h1("加强阵地建设，优化服务供给"),
        p("建成城乡社区综合服务设施1,120处，每百户居民拥有综合服务设施面积达到42平方米，社区服务站点实现全覆盖。"),
        h1("加强社会参与，激发治理活力"),
        p("培育社区社会组织6,214家，登记注册志愿者86万人，设立社区基金135个，募集资金2,870万元。"),
        h1("下一步工作打算"),
        p("一是继续推进“五社联动”试点；二是落实社区工作者职业体系；三是加大政府购买服务力度，推动更多资源下沉到社区。"),
        p("感谢你们对民政工作的关心和支持！"),
    ),
    contact=Contact(unit="临山市民政局基层治理处", person="王喆", phone="0570-0000000", postcode="318000"),
    signature="临山市民政局",
    dated=date(2023, 7, 17),
)

OPINION = Paper(  # in 文件式: number, note, copies and print data; headings （一）（二） that run on in their line
    style=Style.FILE,
    issuer="朝北市民政局文件",
    number="朝北民函〔2023〕32号",
    class_mark="A",
    title="关于对朝北市政协十二届二次会议\n176号提案答复意见的函",
    addressee="姚赟翀委员",
    blocks=(
        p("您提出的关于《完善城市社区工作者薪酬待遇保障机制》的提案收悉，现答复如下："),
        h1("基本情况"),
        h2(
            "配备情况。",
            "全市现有城市社区172个，“两委”成员1,641人，其中党组织成员1,004人、居民委员会成员1,341人，交叉任职704人，占42.9%。",
        ),
        h2("待遇情况。", "社区正职月人均4,120元、副职3,680元、委员3,340元，全部依法参加社会保险。"),
        h1("下一步工作"),
        h2(
            "健全增长机制。",
            "按照省有关规定，将社区工作者基本报酬标准与全市上年度城镇单位就业人员平均工资挂钩，每年核定一次。",
        ),
        h2(
            "畅通职业发展。",
            "对取得社会工作者职业资格证书的，按照初级、中级、高级分别给予每月100元、300元、500元补贴。",
        ),
    ),
    attachments=("朝北市社区工作者管理办法", "社区工作者三岗十八级薪酬标准一览表"),
    contact=Contact(person="田堃", phone="0421-0000000"),
    signature="朝北市民政局",
    dated=date(2023, 3, 21),
    note="此件主动公开",
    copies=("市政府办公室（督查室）", "市政协提案委"),
    print_office="朝北市民政局办公室",
    printed_on=date(2023, 3, 21),
    print_copies=6,
)

SAMPLES = {"implementation": IMPLEMENTATION, "reply": REPLY, "opinion": OPINION}

JOINT = replace(  # 联合行文 of five units in 文件式, with two attachments of which one is bound with it
    OPINION,
    issuer="临山市民政局文件",
    number="临民发〔2023〕18号",
    title="关于临山市政协六届二次会议\n第2023128号提案答复意见的函",
    addressee="甲某、乙某等2位委员",
    blocks=(
        *OPINION.blocks[:2],
        p("截至2023年6月30日，全市共有社区工作者3,310人，每万城镇常住人口配备18人。各县（市、区）情况见附件2。"),
        h1("下一步工作"),
        p("民政、人力社保、财政、住建、卫生健康等部门将按照职责分工，继续落实社区工作者职业体系和薪酬待遇。"),
    ),
    joint=("临山市财政局", "临山市住建局", "临山市教育局", "临山市卫健委"),
    signature="临山市民政局",
    attachments=("临山市社区工作者管理办法（另附）", "各县（市、区）社区工作者配备情况"),
    annexes=(
        Annex(
            2,
            (
                p("单位：人。时点：2023年6月30日。"),
                Block(
                    Kind.TABLE,
                    table=Table(
                        rows=(
                            ("地区", "应配", "实配", "每万人", "持证率"),
                            *(
                                (f"{name}区", "980", "1,012", "18.6", "63.1%")
                                for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯"
                            ),
                        ),
                    ),
                ),
                h1("说明"),
                p("每万人指每万名城镇常住人口配备的社区工作者；持证率为持有社会工作者职业资格证书的人数占比。"),
            ),
        ),
    ),
    copies=("市政府办公室（督查室）", "市政协提案委"),
    print_office="临山市民政局办公室",
    dated=date(2023, 7, 17),
    printed_on=date(2023, 7, 17),
    contact=Contact(person="田堃", phone="0570-0000000"),
)

# A letter between equals with pages of an attachment.
ANNEX = replace(
    REPLY,
    number="临民函〔2023〕7号",
    attachments=("“五社联动”试点项目清单",),
    annexes=(
        Annex(
            1,
            (
                h1("试点项目"),
                p("一是东湖区“邻里食堂”；二是西岭县“银龄课堂”；三是南川市“小哥驿站”。"),
                h2("经费来源", "。社区基金与市级福利彩票公益金。"),
            ),
        ),
    ),
    copies=("市政府办公室", "市政协提案委员会"),
    note="此件主动公开",
)
