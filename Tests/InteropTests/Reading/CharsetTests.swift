import Interop
import Ledger
import Spoken
import Testing

/// What MSH-18 says, the bytes of a birth name, and how they are read.
struct CharsetTests {
  static let table: [(said: String, bytes: [UInt8], name: String, warning: String?)] = [
    ("8859/1", Array("LEFEVRE".utf8), "LEFEVRE", nil),
    ("8859/1", [0x4C, 0x45, 0x46, 0xC8, 0x56, 0x52, 0x45], "LEFÈVRE", nil),
    // In 8859/1 A4 is the currency sign; in 8859/15, the euro.
    ("8859/1", [0xE9, 0xA4], "é¤", nil),
    ("8859/15", [0xE9, 0xA4], "é€", nil),
    ("8859/15", [0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE], "ŠšŽžŒœŸ", nil),
    ("ISO-8859-15", [0xBC], "Œ", nil),
    // Windows-1252 that calls itself 8859/1.
    ("8859/1", [0x8C, 0x75, 0x76, 0x72, 0x65, 0x20, 0x80], "Œuvre €", "hl7.charset-guessed"),
    ("8859/15", [0x92, 0xE9], "’é", "hl7.charset-guessed"),
    ("8859/1", Array("Hélène Œdipe".utf8), "Hélène Œdipe", "hl7.charset-guessed"),
    ("8859/15", Array("Hélène".utf8), "Hélène", "hl7.charset-guessed"),
    ("UNICODE UTF-8", Array("Gaëlle œ €".utf8), "Gaëlle œ €", nil),
    ("UTF-8", Array("é".utf8), "é", nil),
    ("UNICODE UTF-8", [0x47, 0xE9, 0xBD], "Géœ", "hl7.charset-guessed"),
    ("ASCII", [0x47, 0xE9], "Gé", "hl7.charset-guessed"),
    ("ASCII", Array("é".utf8), "é", "hl7.charset-guessed"),
    ("", Array("ANNE".utf8), "ANNE", nil),
    ("", [0xE9, 0xA4], "é€", "hl7.charset-guessed"),
    ("", Array("é".utf8), "é", "hl7.charset-guessed"),
    ("KLINGON", Array("ANNE".utf8), "ANNE", "hl7.charset-unknown"),
    ("KLINGON", [0xE9], "é", "hl7.charset-guessed"),
    ("WINDOWS-1252", [0x9C], "œ", nil),
  ]

  @Test(arguments: table.indices)
  func reading(row: Int) throws {
    let (said, bytes, name, warning) = Self.table[row]
    let head = Spoken.bytes([
      "MSH|^~\\&|GAM|CH|PERM|CH|20220821010000||ADT^A28|1|P|2.5^FRA^2.11|||||FRA|\(said)", "PID|||1^^^CH^PI||",
    ])
    let message = head + bytes + Array("^ANNE^ANNE^^^^L".utf8)
    guard case .facts(let facts) = Spoken.translation.translate(message).translated else {
      Issue.record("row \(row) was not taken")
      return
    }
    #expect(facts.facts[0].data["birthName"]?.string?.sameBytes(as: name) == true, "row \(row)")
    #expect(facts.warnings.map(\.code).filter { $0.contains("charset") } == [warning].compactMap { $0 })
  }

  /// The whole of both tables, as the standards' own published tables have them.
  @Test func highHalves() {
    let latin9: [UInt8: Unicode.Scalar] = [
      0xA4: "€", 0xA6: "Š", 0xA8: "š", 0xB4: "Ž", 0xB8: "ž", 0xBC: "Œ", 0xBD: "œ", 0xBE: "Ÿ",
    ]
    for byte in UInt8(0xA0)...0xFF {
      let expected = latin9[byte] ?? Unicode.Scalar(byte)
      #expect(name([byte, 0xE9], "8859/15").unicodeScalars.first == expected)
      #expect(name([byte, 0xE9], "8859/1").unicodeScalars.first == Unicode.Scalar(byte))
    }
  }

  private func name(_ bytes: [UInt8], _ said: String) -> String {
    let head = Spoken.bytes([
      "MSH|^~\\&|GAM|CH|PERM|CH|20220821010000||ADT^A28|1|P|2.5|||||FRA|\(said)", "PID|||1^^^CH^PI||",
    ])
    let message = head + bytes + Array("^A^A^^^^L".utf8)
    guard case .facts(let facts) = Spoken.translation.translate(message).translated else { return "" }
    return facts.facts[0].data["birthName"]?.string ?? ""
  }
}
