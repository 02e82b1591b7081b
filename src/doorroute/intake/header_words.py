"""The header words of each field, in English and Chinese. The name of a field is always a header word too.

Case, spaces, punctuation and text in brackets are ignored in comparisons (`header_meanings.plain`). If two
columns mean the same field, the one whose word comes first here is read first. The words come from lists of
offices, volunteers and shops.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def _split(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


def _spellings(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {field: _split(text) for field, text in words.items()}


COORDINATES: Final = _spellings(
    {
        "lon": "longitude | lng | long | x | lon wgs84 | 经度 | 坐标经度 | 经",
        "lat": "latitude | y | lat wgs84 | 纬度 | 坐标纬度 | 纬",
        "lonlat": (
            "lnglat | lon lat | lon/lat | longitude latitude | coordinates | coordinate | coords | location"
            " | location 1 | wkt | geometry | 经纬度 | 经纬度信息 | 经纬 | 坐标 | 位置坐标 | 经度纬度"
            " | 地理坐标"
        ),
        "latlon": (
            "latlng | lat lng | lat lon | lat/lon | latitude longitude | gps | gps coordinates | 纬经度"
            " | 纬度经度"
        ),
        "datum": (
            "crs | srs | coordinate system | reference system | projection | 坐标系 | 坐标系统 | 坐标类型"
            " | 基准 | 坐标基准"
        ),
    }
)

ADDRESS: Final = _spellings(
    {
        "address": (
            "home address | full address | street address | residential address | address line 1 | address 1"
            " | current address | visit address | building address | contact address | contact address 1"
            " | location address | where | residence | domicile | 上门地址 | 上门服务地址 | 上门采样地址"
            " | 采样地址 | 现居住地址 | 现住地址 | 现住址 | 现居地址 | 现居住地 | 实际居住地址 | 居住地址"
            " | 居住地 | 居住地点 | 详细地址 | 具体地址 | 地址 | 住址 | 家庭住址 | 家庭地址 | 家庭详细住址"
            " | 住户地址 | 用户地址 | 联系地址 | 常住地址 | 住宅地址 | 收货地址 | 服务地址 | 隔离地址"
            " | 居家地址 | addr | home addr | addr 1 | 居住详细地址 | 现居住详细地址 | 现居住详址 | 居住住址"
            " | 住所 | 详址 | 所住地址 | 地址/住址"
        ),
        "province": (
            "state | province / state | contact state | 省 | 省份 | 所属省份 | 所在省份 | 省市 | 省/直辖市"
        ),
        "city": "town | municipality | contact city | city / town | 市 | 城市 | 所在城市 | 所属城市 | 地市",
        "district": (
            "county | borough | 区 | 区县 | 地区 | 行政区 | 所属区域 | 所在区 | 所属区 | 所在区县"
            " | 地址-区/县 | 区/县 | 县区"
        ),
        "subdistrict": (
            "subdistrict | township | 街道 | 乡镇街道 | 街道办 | 街道办事处 | 所属街道 | 所在街道 | 街镇"
            " | 镇街 | 乡镇 | 地址-乡镇/街道办事处"
        ),
        "community": (
            "neighbourhood | neighborhood | 社区 | 所属社区 | 所在社区 | 社区居村委 | 村居 | 居委会"
            " | 所属居委 | 社区名称 | 村社区 | 社区/村"
        ),
        "street": (
            "street name | road | address street | 路名 | 道路 | 街路 | 路 | 街路巷 | 街巷 | 地址-村/街/路"
        ),
        "housenumber": (
            "house number | house no | street number | street no | building number on street | 地址-门牌"
            " | 门牌 | 路牌号 | 弄号 | 门牌号码"
        ),
        "compound": (
            "estate | compound | residence name | complex | housing estate | residential complex | 小区"
            " | 小区名称 | 小区名 | 所属小区 | 所在小区 | 居住小区 | 小区号 | 楼盘 | 楼盘名称 | 院落"
            " | 小区/村"
        ),
        "postcode": "zip | zip code | postal code | post code | plz | contact zip | 邮编 | 邮政编码",
        "address_more": (
            "address line 2 | address 2 | contact address 2 | address details | 补充地址 | 地址补充 | 地址2"
        ),
    }
)

RESIDENTS: Final = {
    **COORDINATES,
    **ADDRESS,
    **_spellings(
        {
            "id": (
                "resident id | person id | code | number | no | nr | # | serial | serial number | row id"
                " | record id | s/n | 编号 | 唯一编号 | 人员编号 | 居民编号 | 档案编号 | 登记编号 | 序号 | 序"
                " | 排号"
            ),
            "name": (
                "full name | resident | resident name | patient | patient name | person | client"
                " | client name | contact name | names | 姓名 | 居民姓名 | 被采样人 | 被采样人姓名"
                " | 采样人员姓名 | 受检者姓名 | 受检人姓名 | 受检者 | 住户姓名 | 业主姓名 | 老人姓名"
                " | 患者姓名 | 服务对象 | 服务对象姓名 | 人员姓名 | 本人姓名 | 名字 | 收货人姓名 | 联系人"
                " | 联系人姓名 | 户主 | 户主姓名 | 住户 | 住户名 | 称呼 | 受访者 | 受访人 | 被采样者 | 业主"
                " | 人名 | 联络人 | 报名人 | 姓名/称呼 | last first | last name first name"
                " | surname first name | first last | first and last name | first name last name"
                " | resident full name"
            ),
            "name_given": "first name | given name | forename | contact first name | 名",
            "name_middle": "middle name",
            "name_family": "last name | family name | surname | contact last name | 姓 | 姓氏",
            "name_suffix": "suffix",
            "phone": (
                "mobile | mobile phone | mobile number | cell | cell phone | cellphone | phone number"
                " | phone no | tel | tel no | telephone | telephone number | contact phone | contact"
                " | contact number | contact no | home phone | 联系电话 | 手机号 | 手机号码 | 手机 | 本人电话"
                " | 本人手机号 | 电话 | 电话号码 | 电话号 | 联系方式 | 联系手机 | 联系人电话 | 家庭联系电话"
                " | 住宅电话 | 座机 | 固定电话 | 填报人电话 | 联络电话 | 联络方式 | 联系号码 | 手机联系方式"
                " | 电话/手机 | 手机/电话 | 手机或座机 | phone # | tel # | mobile # | best phone"
                " | best contact number"
            ),
            "phone_secondary": (
                "emergency contact | emergency phone | emergency contact phone | second phone | phone 2"
                " | other phone | 紧急联系电话 | 紧急联系人电话 | 备用电话 | 备用联系电话 | 其他电话 | 电话2"
            ),
            "household": (
                "household id | household no | household number | family | family id | home id | 户号"
                " | 户编号 | 家庭编号 | 家庭户号 | 户ID | 户别编号 | 家庭"
            ),
            "people": (
                "how many | how many people | how many persons | count of people | head count | pax"
                " | number of residents | persons | person count | number of people | number of persons"
                " | no of people | residents | headcount | household size | size | 人数 | 采样人数 | 家庭人数"
                " | 户内人数 | 同住人数 | 份数 | 应采人数 | 人口数 | 几人 | 几个人 | 多少人 | 总人数"
                " | 人数合计 | 家庭成员数 | 家庭成员人数 | 家庭人口 | 家庭人口数 | 常住人口 | 常住人数"
                " | 居住人数 | 在家人数 | 几口人 | 家里几口人 | 需采样人数 | 上门人数 | 检测人数"
                " | # of people | # of persons | # people | # residents | no of residents"
                " | people in household | number in household | number of household members"
            ),
            "housemates": (
                "household members | other household members | other residents | other people"
                " | also living there | co residents | names of others | members | 同住人 | 同住人员"
                " | 同住人姓名 | 同住人员姓名 | 同住家属 | 同住家人 | 共同居住人 | 共同居住人员 | 家庭成员"
                " | 家庭成员姓名 | 其他家庭成员 | 其他成员 | 其他同住人 | 其他同住人员 | 成员 | 成员姓名"
            ),
            "building": (
                "building no | building number | building name | block | block no | tower | 楼号 | 楼栋号"
                " | 楼栋 | 楼栋名称 | 分栋号 | 栋号 | 幢号 | 楼幢 | 楼幢号 | 栋 | 幢 | 楼 | 座号 | 宿舍楼"
                " | 几号楼 | 楼宇 | 楼栋几号 | 几栋 | 几幢 | 几号楼栋 | 楼幢名称 | bldg | bldg no"
                " | building #"
            ),
            "unit": (
                "unit no | unit number | stairwell | staircase | stair | entrance | rappu | 单元 | 单元号"
                " | 门洞 | 门栋 | 楼门 | 梯号 | 楼道 | 几单元 | 几单元号 | 单元门"
            ),
            "floor": (
                "floor no | floor number | storey | story | level | 楼层 | 楼层号 | 层 | 所在楼层 | 层数"
                " | 层号 | 几层 | 几楼"
            ),
            "lift": (
                "elevator | has lift | has elevator | lift available | with lift | 电梯 | 有无电梯"
                " | 是否有电梯 | 有电梯 | 电梯情况 | 是否电梯楼 | 电梯房"
            ),
            "room": (
                "flat | flat no | flat number | apartment | apartment no | apartment number | apt | apt no"
                " | apt # | apt number | door | door no | door number | suite | room no | room number"
                " | apartamento | apto | número | numero | 房号 | 房间号 | 室号 | 门户号 | 户室号 | 房间 | 室"
                " | 宿舍号 | 房屋号 | 房室号 | 户室 | 几室 | 门牌号 | 几号房 | 几零几 | 房间门牌号"
                " | 室号/房号 | apt/unit | unit/apt | apartment/unit | apt unit no | flat/unit"
            ),
            "door": (
                "building unit room | 楼号、单元、房间号 | 房屋信息 | 楼栋单元房号 | 楼栋单元室 | 楼号单元室"
                " | 楼栋房号 | 楼门号 | 楼门牌号 | 楼室号 | 房屋地址 | 楼栋门牌"
            ),
            "service_min": (
                "service minutes | minutes | minutes at the door | service time | duration | duration minutes"
                " | duration min | visit minutes | time needed | 服务时长 | 服务分钟 | 服务时间 | 采样时长"
                " | 采样用时 | 所需时间 | 所需分钟 | 停留时间 | 用时 | 时长 | 所需时长 | 上门时长 | 预计时长"
            ),
            "window": (
                "time window | time windows | visit time | visit window | preferred time | appointment"
                " | appointment time | available | availability | available time | time slot | slot | when"
                " | hours | 预约上门时间段 | 预约上门时间 | 预约时间段 | 预约时间 | 上门时间 | 上门时间段"
                " | 上门时段 | 可上门时间 | 时间段 | 时段 | 可采样时间 | 采样时间段 | 采样时间 | 方便时间"
                " | 期望时间 | 时间窗 | 时间窗口 | 在家时间 | 方便上门的时间 | 方便上门时间 | 方便的时间"
                " | 方便时段 | 可上门时段 | 希望上门时间 | 期望上门时间 | 预约时段 | 在家时段 | 最佳时间"
                " | best time | best time to visit | best time to come | best time to call"
                " | preferred visit time | preferred time slot | preferred window | convenient time"
                " | visiting time | when can we come | when are you at home | visit hours"
            ),
            "window_start": (
                "earliest | time from | from | not before | window start | start time | 最早时间 | 开始时间"
                " | 起始时间"
            ),
            "window_end": (
                "latest | time to | to | not after | window end | end time | 最晚时间 | 结束时间 | 截止时间"
            ),
            "class": (
                "infection class | health code | health class | code colour | code color | health status"
                " | isolation | isolation status | quarantine | quarantine status | risk | risk class"
                " | risk level | infection status | 类别 | 感染类别 | 健康码 | 健康码颜色 | 健康码状态 | 码色"
                " | 码类 | 赋码 | 赋码情况 | 健康状态 | 风险类别 | 风险等级 | 管控类别 | 管控类型 | 管控状态"
                " | 管控措施 | 隔离状态 | 隔离情况 | 隔离类型 | 是否隔离 | 是否居家隔离 | covid status"
                " | covid 19 status | covid result | covid test result | infected | infection | isolating"
                " | self isolating | in isolation | isolated | in quarantine | quarantined | contact status"
                " | close contact | 红黄码 | 绿黄红码 | 码颜色 | 核酸结果 | 核酸检测结果 | 检测结果"
                " | 抗原结果 | 感染情况 | 感染状态"
            ),
            "person_type": (
                "type | person type | category | status | group | 人员类型 | 人员类别 | 人群类别 | 人群分类"
                " | 人群 | 对象类别 | 特殊人群 | 特殊人群类别 | 身份类别"
            ),
            "kits": (
                "kit | number of kits | swabs | tests | sets | 试剂盒 | 试剂盒数 | 试剂数 | 试剂 | 拭子数"
                " | 物资数 | 套数"
            ),
            "suits": (
                "suit | number of suits | protective suits | gowns | 防护服 | 防护服数 | 防护服数量"
                " | 防护服套数"
            ),
            "tubes": "tube | number of tubes | sample tubes | 采样管 | 采样管数 | 采样管数量 | 管数",
            "kind": (
                "kind of person | kind of visit | visit type | service type | 服务类型 | 上门类型 | 采样类型"
                " | 服务类别"
            ),
            "area": "home area | zone | grid | 片区 | 所属片区 | 责任片区 | 网格 | 所属网格 | 网格编号",
            "team": (
                "only team | only teams | must team | assigned team | required team | by team | 指定队伍"
                " | 指定小队 | 指定小组 | 负责队伍 | 上门队伍 | 必须队伍"
            ),
            "not_team": (
                "not teams | not by team | excluded team | excluded teams | refused team | 排除队伍"
                " | 不要队伍 | 回避队伍 | 拒绝队伍 | 不派队伍"
            ),
            "last_team": (
                "previous team | team last time | last visited by | 上次队伍 | 上次小队 | 上次小组"
                " | 上次上门队伍 | 上次采样队"
            ),
            "skills": (
                "skill | skills needed | required skills | needs | requirements | special needs | 技能"
                " | 所需技能 | 技能要求 | 特殊要求 | 特殊需求 | 特殊需要 | 要求"
            ),
            "priority": (
                "urgency | prio | importance | tier | 优先级 | 优先级别 | 优先 | 优先次序 | 紧急程度"
                " | 优先顺序"
            ),
            "note": (
                "notes | remark | remarks | comment | comments | memo | description | access notes | 备注"
                " | 备注信息 | 说明 | 问题描述 | 情况说明 | 其他 | 其它 | 备注说明 | 情况 | 身体状况"
                " | 健康状况 | special instructions | instructions | delivery instructions"
                " | other information | additional information | anything else | 其他需要说明的情况"
                " | 需要说明的情况 | 其他说明 | 其他备注 | 特殊说明 | 注意事项 | 补充说明 | 留言"
            ),
        }
    ),
}

TEAMS: Final = _spellings(
    {
        "team": (
            "team name | team id | team no | name | vehicle | crew | group | id | 队伍 | 队名 | 队伍名称"
            " | 小队 | 小组 | 组别 | 组名 | 采样队 | 采样队伍 | 采样组 | 班组 | 队伍编号 | 小组名称 | 编号"
        ),
        "members": (
            "member | people | staff | crew members | volunteers | names | 队员 | 成员 | 人员 | 组员"
            " | 工作人员 | 队员姓名 | 成员姓名 | 采样员 | 志愿者"
        ),
        "phone": (
            "mobile | phone number | tel | telephone | contact | contact phone | 联系电话 | 电话 | 手机"
            " | 手机号 | 手机号码 | 联系方式 | 队长电话"
        ),
        "start": (
            "start depot | from | start point | start at | depot | leaves from | 出发点 | 出发地 | 出发地点"
            " | 出发集合点 | 集合点 | 出发站点 | 起点 | 始发点 | 出发 | 出发站 | 所属站点 | 站点"
        ),
        "end": (
            "end depot | to | end point | end at | return | returns to | 返回点 | 返回集合点 | 返回地"
            " | 返回地点 | 返回站点 | 终点 | 收队点 | 返回 | 结束点 | 送检点 | 返回站"
        ),
        "shift": (
            "shift time | working hours | hours | working time | time | duty | 班次 | 班次时间 | 工作时间"
            " | 值班时间 | 上班时间 | 时间 | 当班时间 | 时段 | 上岗时间"
        ),
        "shift_start": "shift start | shift begin | start time | begins | 上班 | 开始时间 | 班次开始",
        "shift_end": "shift end | end time | ends | 下班 | 结束时间 | 班次结束",
        "break": "breaks | pause | lunch | rest | 休息 | 休息时间 | 午休 | 午休时间 | 间歇",
        "profile": (
            "mode | travel mode | moves by | transport | vehicle type | by | 出行方式 | 交通方式 | 交通工具"
            " | 出行 | 通行方式 | 方式"
        ),
        "skills": "skill | abilities | qualifications | 技能 | 能力 | 资质 | 特长 | 具备技能",
        "capacity": (
            "kits | kits carried | max kits | load | 物资 | 物资数 | 物资数量 | 试剂盒 | 试剂盒数 | 携带物资"
            " | 容量 | 携带量 | 载量 | 载荷"
        ),
        "suits": "suits carried | max suits | protective suits | 防护服 | 防护服数 | 防护服数量 | 携带防护服",
        "tubes": "tubes carried | max tubes | sample tubes | 采样管 | 采样管数 | 采样管数量 | 携带采样管",
        "max_visits": (
            "max stops | maximum visits | max doors | visits | 最多上门数 | 最多户数 | 上门上限 | 户数上限"
            " | 最大上门数 | 最大户数 | 最多访问数"
        ),
        "max_travel_min": (
            "max travel | max travel minutes | max travel time | 最长路程分钟 | 最长路上时间 | 最长行程时间"
            " | 路程时间上限 | 最多路程分钟"
        ),
        "max_distance_m": (
            "max distance | max distance km | max metres | max meters | 最远距离 | 最长路程 | 最大里程"
            " | 里程上限 | 最长距离 | 最长路程公里"
        ),
        "reloads": (
            "max reloads | reload trips | trips to reload | 补给次数 | 最多补给次数 | 回站次数 | 补给上限"
        ),
        "reload": "reload at | reload depot | reload point | 补给点 | 补给站 | 补给站点 | 中途送检点",
        "open_end": "open | no return | stays out | 不返回 | 不用返回 | 是否不返回 | 就地解散 | 开放终点",
        "classes": (
            "class | infection classes | takes classes | 负责类别 | 感染类别 | 负责人群类别 | 可接类别 | 类别"
        ),
        "home_area": (
            "area | territory | region | zone | 片区 | 负责片区 | 责任片区 | 熟悉片区 | 责任区 | 负责区域"
            " | 区域 | 负责小区"
        ),
    }
)

DEPOTS: Final = {
    **COORDINATES,
    **_spellings(
        {
            "depot": (
                "depot name | name | depot id | site | station | point | base | id | 集合点 | 集合点名称"
                " | 集结点 | 站点 | 站点名称 | 网点 | 驻点 | 采样点 | 采样点名称 | 出发点 | 名称 | 点位"
                " | 点位名称 | 仓库"
            ),
            "address": (
                "full address | street address | depot address | 地址 | 详细地址 | 集合点地址 | 站点地址"
                " | 具体地址 | 位置 | 所在地"
            ),
            "lab": (
                "laboratory | is lab | has lab | hand in | samples handed in | 化验室 | 实验室 | 检测点"
                " | 检验室 | 是否化验室 | 是否实验室 | 送检点 | 是否送检点 | 可送检 | 是否检测点"
            ),
        }
    ),
}

SENSITIVE: Final = _split(
    "id card | id card no | id card number | id number | id no | identity number | identity no"
    " | identity card | identity card no | national id | national id number | passport | passport no"
    " | passport number | ssn | social security number | personal id | personal identity code | hetu"
    " | henkilötunnus | personal number | identification number | document number"
    " | health insurance number | 身份证 | 身份证号 | 身份证号码 | 身份证件号码 | 身份证件号"
    " | 居民身份证号码 | 公民身份号码 | 公民身份证号 | 证件号码 | 证件号 | 证件编号 | 护照号 | 护照号码"
    " | 母亲证件号码 | 父亲证件号码 | 监护人身份证号 | 户主身份证号 | 户主身份证 | 社保号 | 社会保障号"
    " | 医保号 | 医保卡号 | 银行卡号 | 银行账号 | 社保卡号"
)
"""Headers of identity numbers: these columns are dropped before anything else is read.

Headers that contain one of `SENSITIVE_PARTS` are dropped too.
"""

SENSITIVE_PARTS: Final = ("身分证", "身份证号", "证件号", "护照号", "身份号码", "idcard", "passport")

TRAPS: Final = _split(
    "registered address | registered residence | permanent address | work address | office address"
    " | company address | mailing address | billing address | email | email address | mother's name"
    " | father's name | guardian name | user name | file name | ip address | 户籍住址 | 户籍地址"
    " | 户籍所在地 | 户口所在地 | 户籍 | 身份证地址 | 证件地址 | 身份证住址 | 公司地址 | 单位地址"
    " | 工作单位 | 工作地址 | 单位名称 | 人脸图片地址 | 图片地址 | 邮箱 | 邮箱地址 | 电子邮箱 | 母亲姓名"
    " | 父亲姓名 | 普查员姓名 | 调查员姓名 | 采样员姓名 | 监护人姓名 | 填报人姓名 | 填报人 | 登记人"
    " | 网格员 | 网格员姓名 | 网格员电话 | 楼长 | 楼长姓名 | 楼长电话 | 预约上门日期 | 采样日期"
    " | 登记日期 | 填报日期 | 填报时间 | 登记时间 | 提交时间 | 户口类型"
)
"""Headers that look like a field but are not: the address on an identity card is not the door to visit."""
