import Hospital

/// How a message's bytes were read: by what MSH-18 says where the bytes agree, else by the likeliest guess. Never a
/// refusal: a patient waits behind the message.
struct CharsetReading: Sendable {
  let charset: Charset
  /// The bytes as UTF-8; nil where they are so already.
  let utf8: [UInt8]?
  let warning: Warning?

  init(_ bytes: [UInt8], said: String) {
    let named = Charset(said: said)
    let unknown = named == nil && !said.isEmpty
    guard bytes.contains(where: { $0 >= 0x80 }) else {
      charset = named ?? .ascii
      utf8 = nil
      warning = unknown ? Warning("hl7.charset-unknown", field: "MSH-18") : nil
      return
    }
    let chosen = CharsetReading.choose(bytes, named)
    charset = chosen
    utf8 = chosen == .utf8 ? nil : chosen.utf8(bytes)
    warning =
      chosen == named && !(chosen == .latin9 && CharsetReading.hasWindowsBytes(bytes))
      ? nil : Warning("hl7.charset-guessed", field: "MSH-18", ["charset": chosen.rawValue])
  }

  private static func choose(_ bytes: [UInt8], _ named: Charset?) -> Charset {
    // Text in a Latin set is hardly ever valid UTF-8 by chance.
    if String(validating: bytes, as: UTF8.self) != nil { return .utf8 }
    switch named {
    case .latin1: return hasWindowsBytes(bytes) ? .windows1252 : .latin1
    case .windows1252: return .windows1252
    case .latin9, .utf8, .ascii, nil: return .latin9
    }
  }

  private static func hasWindowsBytes(_ bytes: [UInt8]) -> Bool {
    bytes.contains { (0x80...0x9F).contains($0) }
  }
}
