import Ledger
import Seeded
import Testing

/// Strict reading, as a table: what every station must take, and what every station must refuse and why.
struct JSONTests {
  @Test(arguments: [
    (#"{}"#, #"{}"#),
    (#" { "a" : [ 1 , -2 ] } "#, #"{"a":[1,-2]}"#),
    ("\t[\r\n]\n", "[]"),
    ("null", "null"),
    ("true", "true"),
    ("-0", "0"),
    ("9007199254740992", "9007199254740992"),
    ("-9007199254740992", "-9007199254740992"),
    (#""\u00e9\u00E9\n\/\"\\""#, #""éé\n/\"\\""#),
    (#""\ud83d\ude91""#, #""🚑""#),
    (#""\u0000\u001f""#, #""\u0000\u001f""#),
    ("\"\u{7F}\u{2028}\"", "\"\u{7F}\u{2028}\""),
    // Canonically equal, yet two keys: bytes decide.
    ("{\"e\u{301}\":1,\"\u{e9}\":2}", "{\"e\u{301}\":1,\"\u{e9}\":2}"),
    (String(repeating: "[", count: 16) + String(repeating: "]", count: 16), "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"),
  ])
  func read(text: String, again: String) throws {
    let value = try JSON(parsing: text)
    #expect(value.description.sameBytes(as: again))
    #expect(try JSON(parsing: value.bytes) == value)
  }

  @Test(arguments: [
    ("", JSONFailure.Reason.incomplete),
    ("{", .incomplete),
    (#"{"a":"#, .incomplete),
    (#""abc"#, .incomplete),
    (#""\"#, .incomplete),
    (#""\u12"#, .incomplete),
    ("-", .incomplete),
    ("tru", .incomplete),
    ("{} {}", .trailingBytes),
    ("1 2", .trailingBytes),
    (#"{"a":1,"a":2}"#, .duplicateKey),
    (#"[{"b":{"a":1,"\u0061":2}}]"#, .duplicateKey),
    ("1.0", .notAnInteger),
    ("1e2", .notAnInteger),
    ("0E0", .notAnInteger),
    ("9007199254740993", .integerOutOfRange),
    ("-9007199254740993", .integerOutOfRange),
    (String(repeating: "9", count: 400), .integerOutOfRange),
    (#""\ud83d""#, .loneSurrogate),
    (#""\ude91\ud83d""#, .loneSurrogate),
    (#""\ud83d\ud83d""#, .loneSurrogate),
    (#""\ud83dx""#, .loneSurrogate),
    (String(repeating: "[", count: 17) + String(repeating: "]", count: 17), .tooDeep),
    (String(repeating: #"{"a":"#, count: 17), .tooDeep),
    ("01", .unexpectedByte),
    ("-a", .unexpectedByte),
    ("+1", .unexpectedByte),
    ("[1,]", .unexpectedByte),
    (#"{"a":1,}"#, .unexpectedByte),
    ("{a:1}", .unexpectedByte),
    ("[1 2]", .unexpectedByte),
    ("'a'", .unexpectedByte),
    ("NaN", .unexpectedByte),
    ("nulL", .unexpectedByte),
    ("\u{FEFF}{}", .unexpectedByte),
    ("/**/1", .unexpectedByte),
    (#""\x41""#, .badEscape),
    (#""\u12G4""#, .badEscape),
    ("\"\\u00\u{10}1\"", .badEscape),
    (#""\u+041""#, .badEscape),
    ("\"\t\"", .controlCharacter),
    ("\"\\n\n\"", .controlCharacter),
  ])
  func refuse(text: String, reason: JSONFailure.Reason) {
    #expect(throws: JSONFailure.self) { try JSON(parsing: text) }
    do throws(JSONFailure) { _ = try JSON(parsing: text) } catch { #expect(error.reason == reason, "\(text)") }
  }

  /// Overlong, truncated, a surrogate in UTF-8, beyond U+10FFFF, a lone continuation; plain and beside an escape.
  @Test(arguments: [[0xC0, 0xAF], [0xE9], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
  func refuseInvalidUTF8(bytes: [UInt8]) {
    for text in [[0x22] + bytes + [0x22], [0x22, 0x5C, 0x6E] + bytes + [0x22]] {
      do throws(JSONFailure) {
        _ = try JSON(parsing: text)
        Issue.record("taken")
      } catch { #expect(error.reason == .invalidUTF8) }
    }
  }

  @Test func duplicateAmongManyKeys() throws {
    let members = (0..<60_000).map { #""k\#($0)":0"# }
    _ = try JSON(parsing: "{\(members.joined(separator: ","))}")
    for twice in [3, 40_000] {
      #expect(throws: JSONFailure.self) {
        try JSON(parsing: "{\((members + [members[twice]]).joined(separator: ","))}")
      }
    }
  }

  /// Whatever the bytes, an answer: never a trap.
  @Test(arguments: 0..<50)
  func anyBytesAreAnswered(seed: UInt64) {
    var random = Seeded(seed: seed)
    let good = Array(#"{"a":[1,-2,true,null,"é\u00e9\ud83d\ude91"],"b":{"c":"d"}}"#.utf8)
    for _ in 0..<200 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
      }
      bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
      guard let value = try? JSON(parsing: bytes) else { continue }
      #expect(try! JSON(parsing: value.bytes) == value)
    }
  }
}
