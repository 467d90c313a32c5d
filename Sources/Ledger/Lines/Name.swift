import Crypto

/// UUIDs (RFC 9562). Those of what an outside system names are made of that name (version 5): two stations that hear the
/// same feed speak of the same patient without having met.
public enum Name {
  /// A UUID under which names are hashed.
  public struct Namespace: Sendable, Hashable {
    let bytes: [UInt8]

    /// nil for anything but `8-4-4-4-12` lower-case hex digits.
    public init?(_ text: String) {
      guard let bytes = Name.bytes(ofUUID: text) else { return nil }
      self.bytes = bytes
    }

    init(bytes: [UInt8]) { self.bytes = bytes }
  }

  /// Every name of ours: `0e07fd56-b2f1-485d-9b67-229150c67a87`.
  public static let permanence = Namespace(
    bytes: [0x0e, 0x07, 0xfd, 0x56, 0xb2, 0xf1, 0x48, 0x5d, 0x9b, 0x67, 0x22, 0x91, 0x50, 0xc6, 0x7a, 0x87])

  /// The UUID of `name`'s UTF-8, as 36 lower-case characters.
  public static func uuid5(namespace: Namespace = permanence, of name: String) -> String {
    var hash = Insecure.SHA1()
    hash.update(data: namespace.bytes)
    hash.update(data: Array(name.utf8))
    var bytes = Array(hash.finalize().prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    return text(of: bytes)
  }

  /// The UUID of what an outside system names: of `kind|authority|number`, as received, each trimmed of ASCII
  /// white space. The authority is its OID, else its name.
  public static func subject(_ kind: String, _ authority: String, _ number: String) -> String {
    uuid5(of: "\(trimmed(kind))|\(trimmed(authority))|\(trimmed(number))")
  }

  /// Whether an outside system's number made the UUID of this subject: `stay/<version 5>`.
  public static func isGivenOutside(_ subject: String) -> Bool {
    isOfWords(subject.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst())
  }

  /// Whether words made this UUID, so that the same words make the same one elsewhere.
  public static func isOfWords(_ uuid: String) -> Bool { isOfWords(uuid.utf8[...]) }

  private static func isOfWords(_ uuid: Substring.UTF8View) -> Bool {
    uuid.count == 36 && uuid.dropFirst(14).first == UInt8(ascii: "5")
  }

  /// The `command` of a received message: of `message|sender|control|<SHA-256 of its segments joined by CR>`.
  public static func message(sender: String, control: String, segmentsJoinedByCR: [UInt8]) -> String {
    uuid5(of: "message|\(sender)|\(control)|\(Hex.text(of: SHA256.hash(data: segmentsJoinedByCR)))")
  }

  /// The random UUID of what is made here (version 7): 74 random bits behind the milliseconds since 1970, so that what
  /// is made together lies together in every index. Nil for anything but 10 random bytes.
  public static func uuid7(at instant: Instant, random: [UInt8]) -> String? {
    guard random.count == 10 else { return nil }
    var bytes = (0..<6).map { UInt8(truncatingIfNeeded: instant.milliseconds >> (40 - 8 * $0)) } + random
    bytes[6] = bytes[6] & 0x0F | 0x70
    bytes[8] = bytes[8] & 0x3F | 0x80
    return text(of: bytes)
  }

  private static func trimmed(_ text: String) -> Substring {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let utf8 = text.utf8
    guard let first = utf8.firstIndex(where: { !isSpace($0) }), let last = utf8.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return Substring(utf8[first...last])
  }

  private static func text(of bytes: [UInt8]) -> String {
    let hex = Array(Hex.text(of: bytes).utf8)
    let parts = [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]]
    return String(decoding: Array(parts.joined(separator: [UInt8(ascii: "-")])), as: UTF8.self)
  }

  private static func bytes(ofUUID text: String) -> [UInt8]? {
    let utf8 = Array(text.utf8)
    let dash = UInt8(ascii: "-")
    guard utf8.count == 36, [8, 13, 18, 23].allSatisfy({ utf8[$0] == dash }) else { return nil }
    let bytes = Hex.bytes(of: String(decoding: utf8.filter { $0 != dash }, as: UTF8.self))
    return bytes?.count == 16 ? bytes : nil
  }
}

extension String {
  /// `<uuid>` of a subject, `stay/<uuid>`; all of it where there is no slash.
  public var afterSlash: String { String(self[(firstIndex(of: "/").map(index(after:)) ?? startIndex)...]) }
}
