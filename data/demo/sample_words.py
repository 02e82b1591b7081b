"""The words of the sample in English and Chinese: columns, names and remarks. All people are invented."""

# field, header, Chinese header, width; the fifth and the sixth are traps: they must be dropped, and left
# alone
COLUMNS = (
    ("id", "No.", "编号", 7),
    ("name", "Full name", "姓名", 24),
    ("id_card", "ID card no.", "身份证号", 20),
    ("phone", "Mobile", "联系电话", 16),
    ("address", "Home address", "家庭住址", 36),
    ("registered", "Registered address", "户籍住址", 26),
    ("lon", "Longitude", "经度", 11),
    ("lat", "Latitude", "纬度", 11),
    ("household", "Household", "户号", 10),
    ("unit", "Stairwell", "单元", 9),
    ("floor", "Floor", "楼层", 7),
    ("lift", "Lift", "电梯", 6),
    ("room", "Flat", "房号", 7),
    ("window", "Visit time", "预约上门时间段", 24),
    ("class", "Health code", "类别", 12),
    ("kits", "Kits", "试剂盒数", 9),
    ("skills", "Skills needed", "所需技能", 14),
    ("priority", "Priority", "优先级", 8),
    ("service_min", "Minutes at the door", "服务时长(分钟)", 14),
    ("note", "Remarks", "备注", 40),
)
TITLES = (
    "Home visits, Wednesday 6 April 2022 - residents who cannot come to the sampling point (invented)",
    "2022年4月6日上门采样名单(虚构样例)",
)

CHINESE = {
    "regular": "正常",
    "yellow": "黄码",
    "isolated": "居家隔离",
    "yes": "有",
    "no": "无",
    "child": "儿童采样",
    "nurse": "护士",
    "ventilator": "呼吸机",
    "bedridden": "卧床",
    "uses a wheelchair": "坐轮椅",
    "infant": "婴儿",
    "hard of hearing, ring twice": "听力不好，请按两次门铃",
    "told to stay home": "要求居家",
    "gate code from the caretaker": "门禁密码问门卫",
    "stairwell in the courtyard": "单元门在院内",
    "=1+1": "=1+1",
    "on home ventilation": "家用呼吸机",
    "night shift, home only before dawn": "上夜班，只有凌晨在家",
    "moved in last week": "上周刚搬来",
    "name missing, ask the caretaker": "缺姓名，请问门卫",
    "address missing, ring first": "缺地址，请先打电话",
    "Total": "合计",
    "08:30-10:30": "上午8点半-10点半",
    "09:00-11:00": "9:00-11:00",
    "10:00-11:30": "上午10点至11点半",
    "08:00-09:30;11:00-12:00": "08:00～09:30；11:00～12:00",
    "10:00-12:00": "10：00—12：00",
    "03:00-04:00": "凌晨3点-4点",
}

NAMES = (
    "Aino Laaksonen", "王秀兰", "Eino Rautiainen", "李桂英", "Fatima Warsame", "Helmi Koskela", "陈志明", "Olga Sokolova", "Tauno Peltonen", "刘玉珍",
    "Märta Lindqvist", "Nguyễn Thị Lan", "Veikko Salmela", "赵德福", "Kerttu Hietanen", "Abdi Yusuf", "周淑芬", "Impi Saarela", "Arvo Tammela", "吴建国",
    "Siiri Vuorela", "Elisabet Sandström", "孙丽华", "Onni Kuusela", "Lyyli Harjula", "郑国强", "Hilkka Rinne", "Yasmin Karimi", "Urho Mattila", "冯桂兰",
    "Bertta Niemelä", "Göran Ekholm", "蒋文斌", "Sylvi Lahtela", "Toivo Jokela", "沈美玲", "Irja Kallio", "Mihkel Saar", "Rauha Suomela", "韩玉梅",
    "Kaarina Aalto", "杨秀英", "Viljo Korpela", "Anneli Hakala", "许志强", "Tyyne Ojala", "Birgitta Holm", "何小红", "Paavo Nurmela", "Martta Eskola",
    "吕春花", "Reino Haapala", "Saima Leinonen", "张伟民", "Ivan Morozov", "Laina Pesola", "Hulda Forsman", "曹玉兰", "Kalervo Uusitalo", "Elvi Ranta",
    "彭建华", "Aili Sivula", "Taimi Kivelä", "Hassan Farah", "Sulo Mäkelä", "董淑珍", "Inkeri Rajala", "Oiva Tuominen", "潘志远", "Lempi Vainio",
    "Elsa Wikström", "袁桂芳", "Aarne Keskitalo", "Senja Laine", "Trần Văn Minh", "Hilja Autio", "蔡明", "Armas Huhtala", "Maija-Liisa Pitkänen", "余秀珍",
    "Eeva Kantola", "Daniel Mensah", "Vieno Penttilä", "叶文秀", "Niilo Sorsa", "Lahja Viitala", "杜桂香", "Usko Alanen", "Ulla Grönroos", "魏国华",
    "Elma Tervo", "Pentti Savolainen", "任玉英", "Saga Åkerblom", "Jalmari Nieminen", "姚淑兰", "Hertta Lampinen", "Leo Ahonen", "邱小明", "Iida Toivola",
)  # fmt: skip
