"""The list of a small day on the sample's streets: eight people who have no numbers."""

DAY = "2022-04-06"
HEAD = ("姓名", "电话", "经度", "纬度", "坐标系", "房号")
NAMES = ("林一", "周二", "张三", "李四", "王五", "赵六", "孙七", "钱八")
PEOPLE = [(n, f"1380000{at:04}", 24.938 + at / 1000, 60.1685, "wgs84", "3") for at, n in enumerate(NAMES, 1)]
