import Ledger

/// From now on the vault is sealed to this key too.
public struct AddVaultRecipient: Command {
  public var purpose: Vault.Recipient.Purpose
  /// X25519, base64url, 43 characters.
  public var publicKey: String

  /// See `Vault.takes`.
  public var isTaken: Bool

  public init(_ purpose: Vault.Recipient.Purpose, publicKey: String, isTaken: Bool = true) {
    (self.purpose, self.publicKey, self.isTaken) = (purpose, publicKey, isTaken)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    guard isTaken else { throw Refusal("vault-recipients-full") }
    return Decision(facts: [
      Fact(
        kind: "vault.recipient-added", subject: Vault.subject, at: moment.now,
        data: ["purpose": .string(purpose.rawValue), "publicKey": .string(publicKey)])
    ])
  }
}

/// This station no longer says that the vault be sealed to this key.
public struct WithdrawVaultRecipient: Command {
  public var publicKey: String

  public init(publicKey: String) { self.publicKey = publicKey }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    return Decision(facts: [
      Fact(
        kind: "vault.recipient-withdrawn", subject: Vault.subject, at: moment.now,
        data: ["publicKey": .string(publicKey)])
    ])
  }
}

/// A snapshot lies in the vault, read back where the target allows it.
public struct NoteSnapshot: Command {
  public var target: String
  public var path: String
  /// When it was sealed.
  public var at: Instant
  /// SHA-256 of the sealed file, 64 hex digits.
  public var hash: String
  public var lockedUntil: Instant?
  public var counts: [String: Int]
  /// Of the state, as `permanence digest` prints it.
  public var digest: String
  /// Every tip of every chain that it holds.
  public var heads: [String: [VerificationReport.Head]]

  public init(
    target: String, path: String, at: Instant, hash: String, lockedUntil: Instant?, counts: [String: Int],
    digest: String, heads: [String: [VerificationReport.Head]]
  ) {
    (self.target, self.path, self.at, self.hash) = (target, path, at, hash)
    (self.lockedUntil, self.counts, self.digest, self.heads) = (lockedUntil, counts, digest, heads)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    var data = JSONObject()
    data.append("target", .string(target))
    data.append("path", .string(path))
    data.append("hash", .string(hash))
    if let lockedUntil { data.append("lockedUntil", .string(lockedUntil.text)) }
    data.append("counts", .object(Vault.members(counts)))
    data.append("digest", .string(digest))
    data.append("heads", .object(JSONObject(heads.sorted { $0.key.precedesInBytes($1.key) }.map(Self.tips))))
    return Decision(facts: [
      Fact(kind: "vault.snapshot-sealed", subject: Vault.subject, at: at, data: .object(data))
    ])
  }

  private static func tips(_ chain: String, _ heads: [VerificationReport.Head]) -> (String, JSON) {
    (chain, .array(heads.map { .array([.integer($0.sequence), .string($0.hash.hex)]) }))
  }
}

/// A snapshot was restored into an empty place and compared, or could not be.
public struct NoteProof: Command {
  public var path: String
  public var sealedAt: Instant
  public var counts: [String: Int]
  /// Why it is not what it says; nil where it is.
  public var failure: String?

  public init(path: String, sealedAt: Instant, counts: [String: Int], failure: String? = nil) {
    (self.path, self.sealedAt, self.counts, self.failure) = (path, sealedAt, counts, failure)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    try world.require(.stations, moment)
    let fact =
      if let failure {
        Fact(
          kind: "vault.proof-failed", subject: Vault.subject, at: moment.now,
          data: ["path": .string(path), "sealedAt": .string(sealedAt.text), "reason": .string(failure)])
      } else {
        Fact(
          kind: "vault.proved", subject: Vault.subject, at: moment.now,
          data: [
            "path": .string(path), "sealedAt": .string(sealedAt.text), "counts": .object(Vault.members(counts)),
          ])
      }
    return Decision(facts: [fact])
  }
}
