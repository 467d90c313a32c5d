/// The same label for a thermal printer: ZPL II at 203 dpi, in UTF-8.
public enum Zebra {
  /// 203 dpi heads have eight dots a millimetre.
  static let dotsPerMillimetre = 8.0

  /// - Parameter copies: labels to print, 1 to 99.
  /// - Throws: when a number cannot be a barcode.
  public static func label(_ drawing: LabelDrawing, copies: Int = 1) throws(BarcodeFailure) -> String {
    let template = drawing.template
    var out = opening(width: template.width, height: template.height)
    for text in template.texts {
      guard let value = drawing.fields[text.field], !value.isEmpty else { continue }
      out += line(value, x: text.x, baseline: text.y, width: text.width, size: text.size, bold: text.bold)
    }
    for code in template.codes {
      guard let value = drawing.fields[code.field], !value.isEmpty else { continue }
      out += try code128(code.prefix + value, in: code.box)
    }
    return out + closing(copies: copies)
  }

  static func opening(width: Double, height: Double) -> String {
    "^XA\n^CI28\n^PW\(dots(width))\n^LL\(dots(height))\n^LH0,0\n"
  }

  static func closing(copies: Int) -> String { "^PQ\(min(max(copies, 1), 99))\n^XZ\n" }

  static func line(
    _ value: String, x: Double, baseline: Double, width: Double, size: Double, bold: Bool
  ) -> String {
    let fit = Fitted(value, width: width, size: size, bold: bold)
    // Font 0 has one weight: bold is a wider letter. A squeezed line gets the width that makes it hold.
    let height = dots(size)
    let natural = Double(height) * (bold ? 1.0 : 0.88)
    let letters = fit.squeezed ? natural * 0.62 : natural
    return "^FO\(dots(x)),\(max(0, dots(baseline) - height))^A0N,\(height),\(max(10, Int(letters)))"
      + "^FH_^FD\(spoken(fit.text))^FS\n"
  }

  static func code128(_ content: String, in box: Box) throws(BarcodeFailure) -> String {
    // Refused as on paper, and measured by the same encoder, so that both labels scan alike.
    let barcode = try Barcode(.code128, content)
    // `>` begins a function code of ZPL's own Code 128.
    if content.contains(">") { throw .unprintable(">") }
    let room = dots(box.width)
    let module = min(max(room / barcode.framed.width, 1), 10)
    let left = dots(box.x) + max(barcode.quiet * module, (room - barcode.width * module) / 2)
    return "^FO\(left),\(dots(box.y))^BY\(module)^BCN,\(dots(box.height)),N,N,N,A^FH_^FD\(spoken(content))^FS\n"
  }

  /// - Parameter side: millimetres that the square may take.
  static func dataMatrix(_ content: String, x: Double, y: Double, side: Double) throws(BarcodeFailure) -> String {
    let barcode = try Barcode(.dataMatrix, content)
    let module = min(max(dots(side) / barcode.framed.width, 1), 12)
    return "^FO\(dots(x)),\(dots(y))^BXN,\(module),200^FH_^FD\(spoken(content))^FS\n"
  }

  static func dots(_ millimetres: Double) -> Int { Int((millimetres * dotsPerMillimetre).rounded()) }

  /// A field's data: what ZPL would take for a command, and every control character, as `_hh`.
  static func spoken(_ text: String) -> String {
    var out = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "^"), UInt8(ascii: "~"), UInt8(ascii: "_"), 0..<0x20, 0x7F...:
        out += "_" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      default: out.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return out
  }
}
