/// A sheet of self-adhesive labels: how many, how large, and where the printer really puts them.
public struct LabelSheet: Sendable, Equatable, Codable {
  /// As people say it: `3x8`.
  public var name: String
  public var columns: Int
  public var rows: Int
  /// One label, millimetres.
  public var width: Double
  public var height: Double
  /// Where the first label begins, millimetres from the corner of the page.
  public var left: Double
  public var top: Double

  public init(name: String, columns: Int, rows: Int, width: Double, height: Double, left: Double, top: Double) {
    self.name = name
    self.columns = columns
    self.rows = rows
    self.width = width
    self.height = height
    self.left = left
    self.top = top
  }

  public var count: Int { columns * rows }

  /// A4, portrait, millimetres.
  public static let page = (width: 210.0, height: 297.0)

  public static let usual = [
    LabelSheet(name: "3x8", columns: 3, rows: 8, width: 70, height: 37, left: 0, top: 0.5),
    LabelSheet(name: "3x11", columns: 3, rows: 11, width: 70, height: 25.4, left: 0, top: 8.8),
    LabelSheet(name: "4x8", columns: 4, rows: 8, width: 52.5, height: 35, left: 0, top: 8.5),
  ]

  /// The boxes to print on, page after page: the first page begins at label `start` (from 1), because half-used
  /// sheets are fed again.
  public func places(start: Int, count wanted: Int, offset: (x: Double, y: Double) = (0, 0)) -> [[Box]] {
    guard wanted > 0, count > 0 else { return [] }
    var pages: [[Box]] = [[]]
    var position = min(max(start, 1), count) - 1
    for _ in 0..<wanted {
      if position == count {
        pages.append([])
        position = 0
      }
      let (row, column) = position.quotientAndRemainder(dividingBy: columns)
      pages[pages.count - 1].append(
        Box(
          x: left + Double(column) * width + offset.x, y: top + Double(row) * height + offset.y,
          width: width, height: height))
      position += 1
    }
    return pages
  }
}
