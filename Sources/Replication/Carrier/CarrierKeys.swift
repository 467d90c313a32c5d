import Ledger
import Register

/// The keys that this hospital's carriers are sealed for: every station has the private halves, which travel beside the
/// lines (`Register.sayBeside`) and lie in no file of their own.
///
/// The first station makes one. Where two did while they could not hear each other, both seal from then on for the one
/// whose name comes first, and open what was sealed for either.
///
/// They go with the stations: once all of those are lost, a paper opens what was sealed since it was made
/// (`Register.recoveryKeys`).
public struct CarrierKeys: Sendable {
  static let prefix = "carrier-key/"

  /// By name.
  public let opening: [OpeningKey]

  /// Those that are known here; with `random`, one is made where there is none.
  public init(_ register: Register, random: ((Int) -> [UInt8])? = nil) throws {
    let known = try Self.known(register)
    if known.isEmpty, let random {
      try Self.make(register, random: random)
      opening = try Self.known(register)
    } else {
      opening = known
    }
  }

  /// Whom the next carrier is sealed for; nil where no key is known.
  public var recipient: RecipientKey? { opening.first?.recipient }

  private static func make(_ register: Register, random: (Int) -> [UInt8]) throws {
    guard let key = OpeningKey(seed: random(OpeningKey.seedBytes)) else {
      throw SealFailure.cannotSeal("a key needs \(OpeningKey.seedBytes) random bytes")
    }
    try register.sayBeside([(prefix + key.recipient.fingerprint, ["seed": .string(Base64.url(key.seed))])])
  }

  /// A name is the fingerprint of its key: nothing else can be put in its place.
  private static func known(_ register: Register) throws -> [OpeningKey] {
    try register.saidBeside(beginning: prefix).compactMap { name, data in
      guard let key = data["seed"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }).flatMap(OpeningKey.init(seed:)),
        name.sameBytes(as: prefix + key.recipient.fingerprint)
      else { return nil }
      return key
    }
  }
}

extension Register {
  /// Of the papers: public, and known by whoever heard that they were made.
  func recoveryKeys() throws -> [RecipientKey] {
    try read { try $0.vault()?.sealedTo ?? [] }.filter { $0.purpose == .recovery }
      .compactMap { RecipientKey(text: $0.publicKey) }
  }
}
