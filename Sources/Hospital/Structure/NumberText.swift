import Ledger

extension NumberFormat {
  /// Digits that the check takes at the end.
  private var checkDigits: Int {
    switch check {
    case "luhn": 1
    case "mod97": 2
    default: 0
    }
  }

  /// Digits left for the serial.
  var serialDigits: Int { length - prefix.utf8.count - checkDigits }

  /// The number of this serial as labels write it; nil where it does not fit.
  public func text(_ serial: Int) -> String? {
    let digits = String(serial)
    guard serial >= 0, digits.utf8.count <= serialDigits else { return nil }
    let body = prefix + String(repeating: "0", count: serialDigits - digits.utf8.count) + digits
    return body + checkText(of: body)
  }

  /// The serial of a number written in this format; nil for any other text, a wrong check included.
  public func serial(of text: String) -> Int? {
    let utf8 = Array(text.utf8)
    guard utf8.count == length, serialDigits > 0, utf8.starts(with: prefix.utf8) else { return nil }
    let start = prefix.utf8.count
    let digits = utf8[start..<start + serialDigits]
    guard utf8[start...].allSatisfy({ (48...57).contains($0) }),
      let serial = Int(String(decoding: digits, as: UTF8.self)), self.text(serial)?.sameBytes(as: text) == true
    else { return nil }
    return serial
  }

  /// Of the range that is given here, and nowhere else.
  public func isReserved(_ text: String) -> Bool { serial(of: text).map { first <= $0 && $0 <= last } ?? false }

  /// Letters of the prefix are not counted, as the systems that print them do.
  private func checkText(of body: String) -> String {
    let digits = body.utf8.filter { (48...57).contains($0) }.map { Int($0 - 48) }
    switch check {
    case "luhn":
      let sum = digits.reversed().enumerated().reduce(0) { sum, next in
        let doubled = next.offset.isMultiple(of: 2) ? next.element * 2 : next.element
        return sum + (doubled > 9 ? doubled - 9 : doubled)
      }
      return String((10 - sum % 10) % 10)
    case "mod97":
      let key = 97 - digits.reduce(0) { ($0 * 10 + $1) % 97 }
      return key < 10 ? "0\(key)" : String(key)
    default: return ""
    }
  }
}
