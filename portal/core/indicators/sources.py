"""The documents that definitions of figures are taken from, as they are cited (domain, source keys and §2.1).

A figure without one is defined by the portal itself. What a place is judged by is its rule, which has a source of its own.
"""

TIANJIN = "天津市民政局对市政协提案第0023号的落实答复（2022-09-29）"
TIANJIN_MEASURE = "天津市社区工作者管理办法（2018-01-01施行）"
TIANJIN_FEATURE = "天津关于京津冀民政协同发展和首个《天津市社区工作者管理办法》的专稿（约2017年12月）"
TAIZHOU = "台州市民政局对提案2023128号的答复（2023-07-17）"
CHAOYANG = "朝阳市民政局对提案176号的答复（朝民函〔2023〕32号）"
YICHANG = "宜昌市社区治理队伍能力提升三年行动方案（2021-11-12）"
STAFFING_PLAN = "中组发〔2022〕2号；国办发〔2021〕56号"
DISCLOSURE = "国办发〔2014〕46号"
OPINION = "中办、国办《关于加强社区工作者队伍建设的意见》（2024-03-28）"


def cited(*sources: str) -> str:
    """Several documents as one citation."""
    return "；".join(sources)
