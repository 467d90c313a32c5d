/// A line of text on paper, as SVG.
///
/// Its size is a scale and not a `font-size` attribute: any rule of a style sheet beats an attribute, and a label must
/// come out in millimetres whatever the screens look like. `print.css` says 10 units once, for all of them.
struct PaperText {
  var text: String
  /// Millimetres; `y` is the baseline.
  var x: Double
  var y: Double
  var width: Double
  var size: Double
  var bold: Bool

  var svg: String {
    let fit = Fitted(text, width: width, size: size, bold: bold)
    let scale = size / 10
    let squeeze =
      fit.squeezed ? #" textLength="\#(short(width / scale))" lengthAdjust="spacingAndGlyphs""# : ""
    return #"<text\#(bold ? #" class="bold" font-weight="700""# : "") font-size="10" "#
      + #"transform="translate(\#(short(x)) \#(short(y))) scale(\#(thousandths(scale)))"\#(squeeze)>"#
      + "\(escaped(fit.text))</text>"
  }

  private func thousandths(_ value: Double) -> String {
    let (whole, rest) = Int((value * 1000).rounded()).quotientAndRemainder(dividingBy: 1000)
    return "\(whole).\(rest < 100 ? "0" : "")\(rest < 10 ? "0" : "")\(rest)"
  }
}
