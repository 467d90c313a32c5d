import Crypto
import Ledger
import Seeded
import Testing

struct KeyTests {
  /// RFC 8032 section 7.1, test 2: one seed, one key, one signature.
  @Test func knownVector() throws {
    let seed = try #require(Hex.bytes(of: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
    let key = try #require(SigningKey(seed: seed))
    #expect(Hex.text(of: key.publicKey.bytes) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = try key.signature(for: [0x72] as [UInt8])
    #expect(
      Hex.text(of: signature)
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(key.publicKey.isValid(signature: signature, for: [0x72] as [UInt8]))
    #expect(PublicKey(text: key.publicKey.text) == key.publicKey)
    #expect(PublicKey(bytes: [1]) == nil)
    #expect(SigningKey(seed: []) == nil)
  }

  @Test func aKeyIsKeptInAFileOfItsOwnersAlone() throws {
    let folder = try TemporaryFolder()
    let key = try #require(SigningKey(seed: [UInt8](1...32)))
    let path = "\(folder.path)/station.key"
    try key.write(to: path)
    #expect(try folder.mode(of: "station.key") == 0o600)
    #expect(try SigningKey(contentsOf: path).publicKey == key.publicKey)
    #expect(throws: KeyFault.self, "nothing is overwritten") { try key.write(to: path) }
    try folder.write([UInt8]("x".utf8), to: "open.key", mode: 0o640)
    #expect(throws: KeyFault.readableByOthers(path: "\(folder.path)/open.key")) {
      try SigningKey(contentsOf: "\(folder.path)/open.key")
    }
    try folder.write([UInt8]("x".utf8), to: "bad.key")
    #expect(throws: KeyFault.malformed(path: "\(folder.path)/bad.key")) {
      try SigningKey(contentsOf: "\(folder.path)/bad.key")
    }
    #expect(throws: KeyFault.self) { try SigningKey(contentsOf: "\(folder.path)/none.key") }
  }

  @Test func anotherKindOfKeyIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(P256.Signing.PrivateKey().pemRepresentation.utf8), to: "p256.key")
    #expect(throws: KeyFault.malformed(path: "\(folder.path)/p256.key")) {
      try SigningKey(contentsOf: "\(folder.path)/p256.key")
    }
  }

  @Test func theAuthorityIsReadBack() throws {
    let folder = try TemporaryFolder()
    var random = Seeded(seed: 4)
    let (authority, root) = try Authority.create(hospital: "Hôpital", random: { random.bytes($0) })
    try authority.write(to: folder.path)
    #expect(try folder.mode(of: "enrolling.key") == 0o600)
    let again = try Authority(folder: folder.path)
    #expect(again.rootFingerprint == root.publicKey.fingerprint)
    let key = try #require(SigningKey(seed: [UInt8](1...32))).publicKey
    var (one, other) = (Seeded(seed: 5), Seeded(seed: 5))
    #expect(
      try authority.enrol(station: "urg-1", key: key, random: { one.bytes($0) })
        == again.enrol(station: "urg-1", key: key, random: { other.bytes($0) }))
  }
}
