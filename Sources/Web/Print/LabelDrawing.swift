/// A label as SVG: every place is an attribute, so that the page needs no inline style.
public struct LabelDrawing: Sendable {
  public var template: LabelTemplate
  public var fields: [LabelField: String]

  public init(template: LabelTemplate, fields: [LabelField: String]) {
    self.template = template
    self.fields = fields
  }

  /// The label drawn once, in millimetres of the template.
  /// - Throws: when a number cannot be a barcode: better no label than one that no scanner reads.
  public func body() throws(BarcodeFailure) -> String {
    var out = ""
    for text in template.texts {
      guard let value = fields[text.field], !value.isEmpty else { continue }
      out += line(value, text)
    }
    for code in template.codes {
      guard let value = fields[code.field], !value.isEmpty else { continue }
      out += try Barcode(.code128, code.prefix + value).svg(at: code.box)
    }
    return out
  }

  private func line(_ value: String, _ text: LabelTemplate.Text) -> String {
    PaperText(text: value, x: text.x, y: text.y, width: text.width, size: text.size, bold: text.bold).svg
  }

  /// Whole A4 pages, one `<svg>` each, ready between `<main>` tags.
  public func pages(
    on sheet: LabelSheet, start: Int, count: Int, offset: (x: Double, y: Double) = (0, 0)
  ) throws(BarcodeFailure) -> [String] {
    let drawn = try body()
    let page = LabelSheet.page
    return sheet.places(start: start, count: count, offset: offset).map { boxes in
      var out =
        #"<svg class="paper" width="\#(short(page.width))mm" height="\#(short(page.height))mm" "#
        + #"viewBox="0 0 \#(short(page.width)) \#(short(page.height))">"#
      for box in boxes {
        // Smaller labels show the same drawing, smaller: the same things stay at the same places.
        out +=
          #"<svg x="\#(short(box.x))" y="\#(short(box.y))" width="\#(short(box.width))" "#
          + #"height="\#(short(box.height))" viewBox="0 0 \#(short(template.width)) \#(short(template.height))" "#
          + #"preserveAspectRatio="xMidYMid meet">"# + drawn + "</svg>"
      }
      return out + "</svg>"
    }
  }
}

/// Text that holds in its line: as it is, squeezed down to six tenths, then cut with "…".
struct Fitted: Equatable {
  var text: String
  var squeezed: Bool

  /// - Parameters:
  ///   - width: millimetres there are.
  ///   - size: font size in millimetres.
  init(_ value: String, width: Double, size: Double, bold: Bool) {
    let letters = Array(value)
    var needed = 0.0
    var kept = 0
    let room = width / 0.6
    for letter in letters {
      let advance = size * Fitted.advance(of: letter) * (bold ? 1.08 : 1)
      if needed + advance > room { break }
      needed += advance
      kept += 1
    }
    text = kept < letters.count ? String(letters.prefix(max(kept - 1, 1))) + "…" : value
    squeezed = needed > width
  }

  /// Widths of a usual sans-serif, in parts of its size, rounded up.
  static func advance(of letter: Character) -> Double {
    switch letter {
    case "i", "l", "I", "j", "'", "’", ".", ",", ":", ";", "|", " ", "·": 0.32
    case "f", "t", "r", "(", ")", "-", "/": 0.42
    case "M", "W", "m", "w", "Œ", "…": 0.9
    case _ where letter.isUppercase: 0.7
    case _ where letter.isASCII: 0.58
    case _ where letter.isLetter && letter.unicodeScalars.first!.value < 0x500: 0.62
    default: 1
    }
  }
}
