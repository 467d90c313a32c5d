import Ledger

/// A segment on its way out: fields by their HL7 numbers, from 1.
struct SegmentText {
  private var fields: [String]

  init(_ name: String) { fields = [name] }

  /// As HL7 writes it, its delimiters standing for themselves.
  subscript(number: Int) -> String {
    get { number < fields.count ? fields[number] : "" }
    set {
      while fields.count <= number { fields.append("") }
      fields[number] = newValue
    }
  }

  /// A value whose delimiters are to be escaped; nil says nothing.
  mutating func say(_ number: Int, _ text: String?) {
    if let text { self[number] = SegmentText.escaped(text) }
  }

  /// The same; where there is none and it was erased, that is said.
  mutating func say(_ number: Int, _ text: String?, erased: Bool) {
    if text == nil, erased { self[number] = SegmentText.erased } else { say(number, text) }
  }

  var text: String { fields.joined(separator: "|") }

  var isEmpty: Bool { fields.dropFirst().allSatisfy(\.isEmpty) }

  /// What a receiver shall forget.
  static let erased = "\"\""

  static func escaped(_ text: String) -> String { Delimiters.standard.escaping(text) }

  /// Values by component, each escaped.
  static func components(_ values: [Int: String?]) -> String {
    let last = values.filter { $0.value?.isEmpty == false }.keys.max() ?? 0
    guard last > 0 else { return "" }
    return (1...last).map { values[$0].flatMap { $0 }.map(escaped) ?? "" }.joined(separator: "^")
  }

  /// `name&OID&ISO`, or a name alone (HD).
  static func authority(_ authority: String, name: String? = nil) -> String {
    guard isOID(authority) else { return escaped(authority) }
    return "\(name.map(escaped) ?? "")&\(authority)&ISO"
  }

  static func isOID(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: ".")) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E }
  }
}
