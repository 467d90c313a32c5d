import Ledger

/// A credential as stations tell it to each other: `{"login"?, "salt", "rounds", "derived", "badge"?}`, bytes as
/// base64url, under the name `credential/<account>`.
extension Credential {
  static let besidePrefix = "credential/"
  /// 64 MiB of scrypt: what another station says must not make this one run out of memory.
  private static let roundsMax = ScryptVerifier.usualRounds * 2
  private static let saltBytesMax = 64
  private static let loginBytesMax = 256

  var besideName: String { Self.besidePrefix + account }

  var json: JSON {
    var object = JSONObject([
      ("salt", .string(Base64.url(verifier.salt))), ("rounds", .integer(verifier.rounds)),
      ("derived", .string(Base64.url(verifier.derived))),
    ])
    object["login"] = login.map { .string($0) }
    object["badge"] = badge.map { .string(Base64.url($0)) }
    return .object(object)
  }

  /// nil for what is of something else, or cannot be one.
  init?(_ entry: BesideEntry) {
    guard entry.name.hasPrefix(Self.besidePrefix) else { return nil }
    func bytes(_ key: String) -> [UInt8]? { entry.data[key]?.string.flatMap { Base64.bytes(url: $0.utf8) } }
    guard let salt = bytes("salt"), (1...Self.saltBytesMax).contains(salt.count),
      let rounds = entry.data["rounds"]?.integer, (2...Self.roundsMax).contains(rounds), rounds.nonzeroBitCount == 1,
      let derived = bytes("derived"), derived.count == ScryptVerifier.bytes
    else { return nil }
    let login = entry.data["login"]?.string
    let badge = bytes("badge")
    guard login?.utf8.count ?? 0 <= Self.loginBytesMax, badge?.count ?? 32 == 32 else { return nil }
    self.init(
      account: String(entry.name.dropFirst(Self.besidePrefix.count)), login: login,
      verifier: ScryptVerifier(salt: salt, rounds: rounds, derived: derived), badge: badge)
  }
}

extension Credential {
  /// The account whose credential a change of this name is of, as `Register.changes` tells it.
  package static func account(changed name: String) -> String? {
    name.hasPrefix(besidePrefix) ? String(name.dropFirst(besidePrefix.count)) : nil
  }
}
