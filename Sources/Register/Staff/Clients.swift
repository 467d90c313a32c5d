import Crypto
import Ledger

/// A program that may ask over FHIR: an account that nobody signs in with, and what it proves itself with. Known at
/// every station, in no line.
public struct Client: Sendable, Equatable {
  /// Account id.
  public var account: String
  /// SHA-256 of its secret, which is 256 random bits: a plain hash is enough.
  var digest: [UInt8]
  /// `system/Patient.rs` and the like.
  public var scopes: [String]

  private init(account: String, digest: [UInt8], scopes: [String]) {
    self.account = account
    self.digest = digest
    self.scopes = scopes
  }

  public init(account: String, secret: String, scopes: [String]) {
    self.init(account: account, digest: Array(SHA256.hash(data: Array(secret.utf8))), scopes: scopes)
  }

  /// Takes as long for a wrong secret as for a right one: digests are compared so.
  public func matches(_ secret: String) -> Bool { SHA256.hash(data: Array(secret.utf8)) == digest }

  private static let besidePrefix = "client/"

  fileprivate static func besideName(_ account: String) -> String { besidePrefix + account }

  /// `{"digest", "scopes"}`, the digest as base64url.
  fileprivate var json: JSON {
    ["digest": .string(Base64.url(digest)), "scopes": .array(scopes.map(JSON.string))]
  }

  /// nil for what cannot be one.
  fileprivate init?(_ name: String, _ data: JSON) {
    guard name.hasPrefix(Self.besidePrefix),
      let digest = data["digest"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }),
      digest.count == 32, let scopes = data["scopes"]?.array
    else { return nil }
    self.init(
      account: String(name.dropFirst(Self.besidePrefix.count)), digest: digest, scopes: scopes.compactMap(\.string))
  }
}

extension Register {
  /// By account id; nil where that account is no program's.
  public func client(_ account: String) throws -> Client? {
    let name = Client.besideName(account)
    return try saidBeside(beginning: name).first { $0.name.sameBytes(as: name) }.flatMap(Client.init)
  }

  /// In the order of their accounts.
  public func clients() throws -> [Client] {
    try saidBeside(beginning: Client.besideName("")).compactMap(Client.init)
  }

  /// Says it to every station.
  public func keep(_ client: Client) throws {
    try sayBeside([(Client.besideName(client.account), client.json)])
  }
}
