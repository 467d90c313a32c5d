/// `401..412`, `B01..B24`: the digits at the end are counted, and keep their width.
struct CodeSeries {
  let codes: [String]

  init?(_ text: String) {
    guard let dots = text.firstRange(of: "..") else { return nil }
    let first = CodeSeries.parts(text[..<dots.lowerBound])
    let last = CodeSeries.parts(text[dots.upperBound...])
    guard first.prefix == last.prefix, let from = Int(first.digits), let to = Int(last.digits), from <= to,
      to - from < 10_000
    else { return nil }
    codes = (from...to).map { number in
      let digits = String(number)
      return first.prefix + String(repeating: "0", count: max(0, first.digits.count - digits.count)) + digits
    }
  }

  private static func parts(_ code: Substring) -> (prefix: Substring, digits: Substring) {
    let digits = code.suffix(while: { $0.isASCII && $0.isWholeNumber })
    return (code.dropLast(digits.count), digits)
  }
}

extension Substring {
  fileprivate func suffix(while predicate: (Character) -> Bool) -> Substring {
    self[(lastIndex { !predicate($0) }.map { index(after: $0) } ?? startIndex)...]
  }
}
