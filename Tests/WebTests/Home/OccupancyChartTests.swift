import Ledger
import Testing
import Web

@Suite struct OccupancyChartTests {
  @Test(arguments: [
    ([871, 812, 934], [800, 850, 900, 950]),
    ([0], [0, 1]),
    ([5, 5], [5, 6]),
    ([0, 3], [0, 1, 2, 3]),
    ([998, 1002], [998, 1000, 1002]),
    ([], [0, 1]),
  ])
  func theScaleHoldsTheWholeLine(values: [Int], lines: [Int]) {
    #expect(OccupancyChart.scale(values) == lines)
  }

  @Test func daysOfTheTableAreTheWallsDays() throws {
    let points = [
      ("2022-08-19T21:30:00.000Z", 10), ("2022-08-19T22:30:00.000Z", 14), ("2022-08-20T12:00:00.000Z", 9),
      ("2022-08-20T21:00:00.000Z", 12), ("2022-08-20T23:00:00.000Z", 13),
    ].map { OccupancyChart.Point(at: Instant($0.0)!, occupied: $0.1) }
    let days = OccupancyDay.days(of: points, Hours("Europe/Paris"))
    #expect(days.map(\.day.day) == [21, 20, 19])
    #expect(days.map(\.lowest) == [13, 9, 10] && days.map(\.highest) == [13, 14, 10])
    #expect(days.map(\.last) == [13, 12, 10])
  }

  @Test func theDrawingHasNoStyleInside() {
    let points = (0..<84).map {
      OccupancyChart.Point(at: Instant(milliseconds: 1_661_000_000_000 + Int64($0) * 7_200_000), occupied: 800 + $0)
    }
    let svg = OccupancyChart(
      points: points, hours: Hours("Europe/Paris"), dayNames: ["l", "m", "m", "j", "v", "s", "<d>"], label: "\"lits\""
    )
    .svg
    #expect(!svg.contains("style") && svg.contains("&lt;d&gt;") && svg.contains("&quot;lits&quot;"))
    #expect(svg.split(separator: " ").count > 84)
  }
}
