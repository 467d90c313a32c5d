/// One wristband: a DataMatrix that a scanner reads on a curved wrist, and the same in words.
/// No unit is on it: it changes.
public struct WristbandDrawing: Sendable {
  public var format: WristbandFormat
  /// What the scanner answers.
  public var matrix: String
  /// Birth name, then given name: the two largest lines.
  public var name: String
  public var givenName: String
  /// Birth date, sex, used name, IPP, INS where it may be: in that order, smaller.
  public var lines: [String]
  /// `[PROV]`: on every wristband.
  public var status: String
  /// `1/3` in a numbered set of mother and children.
  public var rank: String?

  public init(
    format: WristbandFormat, matrix: String, name: String, givenName: String, lines: [String], status: String,
    rank: String? = nil
  ) {
    self.format = format
    self.matrix = matrix
    self.name = name
    self.givenName = givenName
    self.lines = lines
    self.status = status
    self.rank = rank
  }

  private static let margin = 2.0

  private var side: Double { format.height - 2 * WristbandDrawing.margin }
  private var textX: Double { WristbandDrawing.margin * 2 + side }

  /// Two large lines, the others share what height is left.
  private var placed: [PaperText] {
    let width = format.length - textX - WristbandDrawing.margin
    let unit = format.height / 25
    let badge = 15 * unit
    var out = [
      PaperText(text: name, x: textX, y: 5.8 * unit, width: width - badge, size: 4.8 * unit, bold: true),
      PaperText(text: givenName, x: textX, y: 10.4 * unit, width: width - badge, size: 4.2 * unit, bold: true),
      PaperText(text: status, x: format.length - badge - 1, y: 5.8 * unit, width: badge, size: 3.6 * unit, bold: true),
    ]
    if let rank {
      out.append(
        PaperText(text: rank, x: format.length - badge - 1, y: 10.4 * unit, width: badge, size: 3.6 * unit, bold: true))
    }
    let step = min(4 * unit, (format.height - 12.2 * unit) / Double(max(lines.count, 1)))
    for (index, text) in lines.enumerated() {
      out.append(
        PaperText(
          text: text, x: textX, y: 10.4 * unit + step * Double(index + 1), width: width, size: step * 0.8,
          bold: index == 0))
    }
    return out
  }

  /// One `<svg>` in real millimetres.
  public func svg() throws(BarcodeFailure) -> String {
    let size = "\(short(format.length)) \(short(format.height))"
    var out =
      #"<svg class="wristband" width="\#(short(format.length))mm" height="\#(short(format.height))mm" "#
      + #"viewBox="0 0 \#(size)"><rect class="cut" x="0.1" y="0.1" width="\#(short(format.length - 0.2))" "#
      + #"height="\#(short(format.height - 0.2))" rx="2" fill="none"/>"#
    let margin = WristbandDrawing.margin
    out += try Barcode(.dataMatrix, matrix).svg(at: Box(x: margin, y: margin, width: side, height: side))
    for line in placed where !line.text.isEmpty {
      out += line.svg
    }
    return out + "</svg>"
  }

  public func zpl() throws(BarcodeFailure) -> String {
    let margin = WristbandDrawing.margin
    var out = Zebra.opening(width: format.length, height: format.height)
    out += try Zebra.dataMatrix(matrix, x: margin, y: margin, side: side)
    for line in placed where !line.text.isEmpty {
      out += Zebra.line(line.text, x: line.x, baseline: line.y, width: line.width, size: line.size, bold: line.bold)
    }
    return out + Zebra.closing(copies: 1)
  }
}
