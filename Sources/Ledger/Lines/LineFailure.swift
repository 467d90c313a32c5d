/// Why a line is not one, or does not stand where it stands.
public enum LineFailure: Error, Sendable, Equatable {
  /// Not `<86 characters> <body>`.
  case notALine
  /// The signature is not the canonical base64url of 64 bytes.
  case signatureSpelling
  /// The body is longer than 1 MiB.
  case tooLong(bytes: Int)
  case rawNewline
  case json(JSONFailure)
  /// A key of format 1 is absent or its value has another shape.
  case malformed(key: String)
  /// The key does not bear this signature out.
  case signature
  /// It says another station's name.
  case station(String)
  case sequence(expected: Int)
  /// It does not name the line before it.
  case previous
  /// It is not later than the line before it.
  case time
}

extension LineFailure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notALine: "not a signature, a space and a body"
    case .signatureSpelling: "the signature is not 86 characters of canonical base64url"
    case .tooLong(let bytes): "the body has \(bytes) bytes, more than \(Line.bodyBytesMax)"
    case .rawNewline: "the body holds a raw newline"
    case .json(let failure): "the body is not strict JSON: \(failure)"
    case .malformed(let key): "the key \(key) is absent or malformed"
    case .signature: "the signature does not fit the body"
    case .station(let name): "it says it is of \(name)"
    case .sequence(let expected): "its sequence is not \(expected)"
    case .previous: "its previous is not the hash of the line before it"
    case .time: "its time is not after that of the line before it"
    }
  }
}
