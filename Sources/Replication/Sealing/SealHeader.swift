import Crypto
import FoundationEssentials
import Ledger

/// What a sealed file begins with: whom it is sealed to, and the content key wrapped for each of them.
struct SealHeader {
  static let magic = Array("PERMSEAL".utf8)
  static let version: UInt8 = 1
  static let recipientsMax = 16
  /// Magic, version, number of recipients, and 255 less that number: one altered byte must not pass for a cut.
  static let fixedBytes = 11
  private static let encapsulatedBytes = 32
  private static let wrappedBytes = 48
  private static let entryBytes = RecipientKey.idBytes + encapsulatedBytes + wrappedBytes
  private static let hashBytes = 32
  /// No sealed file is smaller: a header for one key, and a chunk.
  static let fileBytesMin = fixedBytes + entryBytes + hashBytes + ChunkCipher.prefixBytes + ChunkCipher.tagBytes
  private static let info = Data("permanence sealed file 1".utf8)
  private static let suite = HPKE.Ciphersuite(
    kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)

  /// The header as written, its hash included.
  let bytes: [UInt8]

  /// Wraps `contentKey`, 32 bytes, for each recipient.
  init(recipients: [RecipientKey], contentKey: [UInt8]) throws(SealFailure) {
    guard (1...Self.recipientsMax).contains(recipients.count) else {
      throw .cannotSeal("a file is sealed to 1 to \(Self.recipientsMax) keys")
    }
    var bytes = Self.magic + [Self.version, UInt8(recipients.count), 255 - UInt8(recipients.count)]
    for recipient in recipients {
      do {
        let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient.bytes)
        var sender = try HPKE.Sender(recipientKey: key, ciphersuite: Self.suite, info: Self.info)
        bytes += recipient.id
        bytes += sender.encapsulatedKey
        bytes += try sender.seal(contentKey)
      } catch { throw .cannotSeal("a key of the recipients is of no use") }
    }
    self.bytes = bytes + SHA256.hash(data: bytes)
  }

  /// The header at the beginning of `file`; nil where more bytes are needed to tell.
  init?(beginning file: ArraySlice<UInt8>) throws(SealFailure) {
    guard file.prefix(Self.magic.count).elementsEqual(Self.magic.prefix(file.count)) else { throw .notSealed }
    guard file.count >= Self.fixedBytes else { return nil }
    let fixed = Array(file.prefix(Self.fixedBytes))
    guard fixed[8] == Self.version else { throw .version(Int(fixed[8])) }
    let count = Int(fixed[9])
    guard (1...Self.recipientsMax).contains(count), fixed[10] == 255 - fixed[9] else { throw .alteredHeader }
    let length = Self.fixedBytes + count * Self.entryBytes + Self.hashBytes
    guard file.count >= length else { return nil }
    bytes = Array(file.prefix(length))
    guard SHA256.hash(data: bytes.dropLast(Self.hashBytes)).elementsEqual(hash) else { throw .alteredHeader }
  }

  /// SHA-256 of all that comes before it. No two files have the same.
  var hash: ArraySlice<UInt8> { bytes.suffix(Self.hashBytes) }

  private var entries: [ArraySlice<UInt8>] {
    stride(from: Self.fixedBytes, to: bytes.count - Self.hashBytes, by: Self.entryBytes).map {
      bytes[$0..<$0 + Self.entryBytes]
    }
  }

  /// The first 16 hex digits of each recipient's fingerprint.
  var recipients: [String] { entries.map { Hex.text(of: $0.prefix(RecipientKey.idBytes)) } }

  /// The content key, with whichever of `keys` it is wrapped for.
  func contentKey(with keys: [OpeningKey]) throws(SealFailure) -> [UInt8] {
    for entry in entries {
      for key in keys where key.recipient.id.elementsEqual(entry.prefix(RecipientKey.idBytes)) {
        let encapsulated = entry.dropFirst(RecipientKey.idBytes).prefix(Self.encapsulatedBytes)
        do {
          var recipient = try HPKE.Recipient(
            privateKey: key.key, ciphersuite: Self.suite, info: Self.info, encapsulatedKey: Data(encapsulated))
          return Array(try recipient.open(entry.suffix(Self.wrappedBytes)))
        } catch { throw .alteredHeader }
      }
    }
    throw .foreign(recipients: recipients)
  }
}
