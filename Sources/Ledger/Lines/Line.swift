/// The two parts of a line, `<signature> <body>`, and their limits.
public enum Line {
  /// 1 MiB.
  public static let bodyBytesMax = 1 << 20
  /// base64url of 64 bytes, without padding.
  public static let signatureCharacters = 86
  static let bodyStart = signatureCharacters + 1
  /// The longest line, without its newline.
  public static let bytesMax = bodyStart + bodyBytesMax

  /// A line without its newline.
  static func join(signature: [UInt8], body: [UInt8]) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(bodyStart + body.count)
    line.append(contentsOf: Base64.url(signature).utf8)
    line.append(UInt8(ascii: " "))
    line.append(contentsOf: body)
    return line
  }

  /// The 64 bytes of the signature, once the outer shape of the line holds.
  static func signature(of line: [UInt8]) throws(LineFailure) -> [UInt8] {
    guard line.count > bodyStart, line[signatureCharacters] == UInt8(ascii: " ") else { throw .notALine }
    guard line.count <= bytesMax else { throw .tooLong(bytes: line.count - bodyStart) }
    guard let signature = Base64.bytes(url: line[..<signatureCharacters]), signature.count == 64 else {
      throw .signatureSpelling
    }
    return signature
  }
}
