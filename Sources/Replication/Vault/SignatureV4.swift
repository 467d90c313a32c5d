import Crypto
import FoundationEssentials
import Ledger

/// Signs requests to S3 as AWS's Signature Version 4 asks ("Authenticating Requests: Using the Authorization Header", in
/// the S3 API Reference). Pure: it knows no network and no clock.
public struct SignatureV4: Sendable {
  private static let algorithm = "AWS4-HMAC-SHA256"
  private static let service = "s3"

  public let accessKey: String
  private let secretKey: String
  public let region: String

  public init(accessKey: String, secretKey: String, region: String) {
    (self.accessKey, self.secretKey, self.region) = (accessKey, secretKey, region)
  }

  /// SHA-256 of a payload, 64 hex digits: what `x-amz-content-sha256` says.
  public static func payloadHash(_ payload: [UInt8]) -> String { Hex.text(of: SHA256.hash(data: payload)) }

  /// `20130524T000000Z`: what `x-amz-date` says.
  public static func date(_ instant: Instant) -> String {
    String(instant.text.prefix(19).filter { $0 != "-" && $0 != ":" }) + "Z"
  }

  /// The value of the `Authorization` header.
  /// - Parameters:
  ///   - path: begins with `/`, not encoded.
  ///   - query: not encoded, in any order.
  ///   - headers: all those to be signed, `host`, `x-amz-date` and `x-amz-content-sha256` among them, each name once.
  ///   - payloadHash: of the body, or `UNSIGNED-PAYLOAD`.
  public func authorization(
    method: String, path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)], payloadHash: String, at instant: Instant
  ) -> String {
    let date = Self.date(instant)
    let scope = "\(date.prefix(8))/\(region)/\(Self.service)/aws4_request"
    let signed = headers.map { (name: $0.name.lowercased(), value: Self.trimmed($0.value)) }
      .sorted { $0.name.precedesInBytes($1.name) }
    let names = signed.map(\.name).joined(separator: ";")
    let request = [
      method, Self.encoded(path, keepingSlashes: true), Self.canonical(query),
      signed.map { "\($0.name):\($0.value)\n" }.joined(), names, payloadHash,
    ].joined(separator: "\n")
    let toSign = [Self.algorithm, date, scope, Self.payloadHash(Array(request.utf8))].joined(separator: "\n")
    let signature = Hex.text(of: mac(toSign, with: signingKey(day: String(date.prefix(8)))))
    return "\(Self.algorithm) Credential=\(accessKey)/\(scope),SignedHeaders=\(names),Signature=\(signature)"
  }

  /// A request's path or query as it must be sent: RFC 3986, upper-case hex, every byte but the unreserved ones.
  public static func encoded(_ text: String, keepingSlashes: Bool = false) -> String {
    text.utf8.reduce(into: "") { encoded, byte in
      let character = Character(UnicodeScalar(byte))
      let isKept =
        byte < 0x80 && (character.isLetter || character.isNumber || "-._~".contains(character))
        || keepingSlashes && character == "/"
      encoded += isKept ? String(character) : "%\(Hex.text(of: CollectionOfOne(byte)).uppercased())"
    }
  }

  /// The query as it is signed, and may be sent: encoded and sorted.
  public static func canonical(_ query: [(name: String, value: String)]) -> String {
    query.map { (name: encoded($0.name), value: encoded($0.value)) }
      .sorted { ($0.name, $0.value) < ($1.name, $1.value) }
      .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  private static func trimmed(_ value: String) -> String {
    value.split(separator: " ").joined(separator: " ")
  }

  private func signingKey(day: String) -> [UInt8] {
    [day, region, Self.service, "aws4_request"].reduce(Array("AWS4\(secretKey)".utf8)) { key, part in
      mac(part, with: key)
    }
  }

  private func mac(_ text: String, with key: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
  }
}

extension SignatureV4: CustomStringConvertible, CustomReflectable {
  /// Without the secret, whoever prints it.
  public var description: String { "\(accessKey) in \(region)" }

  public var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey, "region": region]) }
}
