import Crypto
import CryptoExtras
import FoundationEssentials
import Ledger
import Synchronization

/// The key that enrols and revokes stations, where this station holds it: as it is, or locked by a passphrase and
/// opened for as long as the station serves.
extension Register {
  /// Whether it lies here locked.
  public var isEnrollingKeyLocked: Bool { folder.hasLockedKey }

  /// Whether this station can enrol and revoke now.
  public var canEnrol: Bool { (try? authority()) != nil }

  /// Makes an enrolling key of this station's own under the root key: from then on it enrols and revokes as the first
  /// one does.
  public func makeEnrollingKey(root: SigningKey, environment: Environment) throws {
    let hospital = try read { try $0.structure?.name ?? "" }
    do { try folder.keep(Authority(root: root, hospital: hospital, random: environment.randomBytes)) } catch {
      throw RegisterFault(error)
    }
  }

  /// Locks it: from the next start on, nobody enrols or revokes here without the passphrase.
  public func lockEnrollingKey(passphrase: String, environment: Environment) throws(RegisterFault) {
    do {
      let key = try Authority.enrollingKey(folder: folder.authority)
      try LockedKey(key, passphrase: passphrase, random: environment.randomBytes).write(to: folder.lockedKey)
      try DiskFile.erase("\(folder.authority)/\(Authority.enrollingKeyFile)")
      unlocked.withLock { $0 = key }
    } catch { throw RegisterFault(error) }
  }

  /// Opens it until this process ends.
  /// - Throws: `RegisterFault.key` where the passphrase is not the one.
  public func unlockEnrollingKey(passphrase: String) throws(RegisterFault) {
    guard folder.hasLockedKey else { return }
    do {
      let key = try LockedKey(contentsOf: folder.lockedKey).open(passphrase)
      unlocked.withLock { $0 = key }
    } catch { throw RegisterFault(error) }
  }

  /// What enrols and revokes.
  /// - Throws: `RegisterFault.key` where the key is not here, or locked.
  func authority() throws(RegisterFault) -> Authority {
    do throws(KeyFault) {
      if let key = unlocked.withLock({ $0 }) { return try Authority(folder: folder.authority, enrolling: key) }
      if folder.hasLockedKey { throw KeyFault.locked }
      return try Authority(folder: folder.authority)
    } catch { throw RegisterFault(error) }
  }
}

/// A private key under a passphrase: scrypt (RFC 7914; N = 2¹⁶, r = 8: 64 MiB), then AES-256-GCM of the seed.
private struct LockedKey {
  private static let rounds = 1 << 16
  private static let bytesMax = 4096

  private let salt: [UInt8]
  private let sealed: [UInt8]

  init(_ key: SigningKey, passphrase: String, random: (Int) -> [UInt8]) throws {
    salt = random(16)
    let nonce = try AES.GCM.Nonce(data: random(12))
    let box = try AES.GCM.seal(key.seed, using: Self.derive(passphrase, salt), nonce: nonce)
    sealed = Array(box.combined ?? Data())
  }

  init(contentsOf path: String) throws {
    let text = try DiskFile(reading: path).read(atMost: Self.bytesMax)
    guard let json = try? JSON(parsing: text), json["version"]?.integer == 1,
      let salt = json["salt"]?.string.flatMap({ Base64.bytes(url: $0.utf8) }),
      let sealed = json["sealed"]?.string.flatMap({ Base64.bytes(url: $0.utf8) })
    else { throw KeyFault.malformed(path: path) }
    (self.salt, self.sealed) = (salt, sealed)
  }

  func write(to path: String) throws {
    let json: JSON = ["version": 1, "salt": .string(Base64.url(salt)), "sealed": .string(Base64.url(sealed))]
    let file = try DiskFile(creating: path, mode: 0o600)
    try file.write(json.bytes + [UInt8(ascii: "\n")])
    try file.sync()
    try DiskFile.syncFolder(of: path)
  }

  func open(_ passphrase: String) throws -> SigningKey {
    guard let box = try? AES.GCM.SealedBox(combined: sealed),
      let seed = try? AES.GCM.open(box, using: Self.derive(passphrase, salt)), let key = SigningKey(seed: Array(seed))
    else { throw KeyFault.passphrase }
    return key
  }

  private static func derive(_ passphrase: String, _ salt: [UInt8]) throws -> SymmetricKey {
    try KDF.Scrypt.deriveKey(
      from: Array(passphrase.utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8, parallelism: 1)
  }
}
