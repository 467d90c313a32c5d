/// Barcodes as SVG: attributes only, so that a strict Content-Security-Policy lets them through.
extension Barcode {
  /// One path for all the bars, in modules, moved by the quiet zone.
  var path: String {
    var text = ""
    text.reserveCapacity(bars.count * 20)
    let left = quiet
    let top = kind == .code128 ? 0 : quiet
    for bar in bars {
      text += "M\(bar.x + left) \(bar.y + top)h\(bar.width)v\(bar.height)h-\(bar.width)z"
    }
    return text
  }

  /// Width and height in modules, quiet zones included (a Code 128 needs none above and below).
  var framed: (width: Int, height: Int) {
    (width + 2 * quiet, kind == .code128 ? height : height + 2 * quiet)
  }

  /// A whole `<svg>` element. With `at`, placed in another drawing (millimetres); without, sized by its class.
  public func svg(at box: Box? = nil) -> String {
    let size = framed
    let place =
      box.map { #" x="\#(short($0.x))" y="\#(short($0.y))" width="\#(short($0.width))" height="\#(short($0.height))""# }
      ?? #" class="barcode""#
    // A Code 128 fills its box; a square symbol must stay square.
    let ratio = kind == .code128 ? "none" : "xMidYMid meet"
    return #"<svg\#(place) viewBox="0 0 \#(size.width) \#(size.height)" preserveAspectRatio="\#(ratio)" "#
      + #"shape-rendering="crispEdges" role="img" aria-label="\#(escaped(content))">"#
      + #"<rect width="\#(size.width)" height="\#(size.height)" fill="white"/>"#
      + #"<path d="\#(path)" fill="black"/></svg>"#
  }
}

/// A place on paper, in millimetres from the top left corner.
public struct Box: Sendable, Equatable, Codable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}

/// At most two decimals, no trailing zero: hundredths of a millimetre are beyond any printer.
func short(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  if hundredths % 100 == 0 { return String(hundredths / 100) }
  let sign = hundredths < 0 ? "-" : ""
  let (whole, rest) = abs(hundredths).quotientAndRemainder(dividingBy: 100)
  return rest % 10 == 0 ? "\(sign)\(whole).\(rest / 10)" : "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
}
