/// The characters that part a message, as its own MSH-1 and MSH-2 say.
struct Delimiters: Sendable, Equatable {
  var field: UInt8
  var component: UInt8
  var repetition: UInt8
  /// 0 where the message has none.
  var escape: UInt8
  var subcomponent: UInt8

  static let standard = Delimiters(
    field: UInt8(ascii: "|"), component: UInt8(ascii: "^"), repetition: UInt8(ascii: "~"),
    escape: UInt8(ascii: "\\"), subcomponent: UInt8(ascii: "&"))

  /// Of the bytes of an MSH segment; nil where they part nothing.
  init?(header bytes: ArraySlice<UInt8>) {
    guard bytes.count >= 4, bytes.starts(with: "MSH".utf8) else { return nil }
    let separator = bytes[bytes.startIndex + 3]
    guard Delimiters.isUsable(separator) else { return nil }
    let said = bytes.dropFirst(4).prefix { $0 != separator && $0 != 0x0D }
    self = .standard
    field = separator
    var unique: Set<UInt8> = [separator]
    guard said.allSatisfy({ Delimiters.isUsable($0) && unique.insert($0).inserted }) else { return nil }
    let characters = Array(said)
    if let first = characters.first { component = first }
    if characters.count > 1 { repetition = characters[1] }
    if characters.count > 2 { escape = characters[2] }
    if characters.count > 3 { subcomponent = characters[3] }
    // A short MSH-2: the rest is as usual, unless that character has another use here.
    if characters.count < 4, characters.contains(subcomponent) || subcomponent == field { subcomponent = 0 }
    if characters.count < 3, characters.contains(escape) || escape == field { escape = 0 }
    if characters.count < 2, characters.contains(repetition) || repetition == field { repetition = 0 }
  }

  private init(field: UInt8, component: UInt8, repetition: UInt8, escape: UInt8, subcomponent: UInt8) {
    self.field = field
    self.component = component
    self.repetition = repetition
    self.escape = escape
    self.subcomponent = subcomponent
  }

  /// ASCII, visible, and no letter or digit.
  static func isUsable(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "!")...UInt8(ascii: "/"), UInt8(ascii: ":")...UInt8(ascii: "@"),
      UInt8(ascii: "[")...UInt8(ascii: "`"), UInt8(ascii: "{")...UInt8(ascii: "~"):
      byte != UInt8(ascii: "\"")
    default: false
    }
  }
}
