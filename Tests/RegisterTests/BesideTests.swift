import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What every station knows and no line says.
struct BesideTests {
  static let account = "account/0e07fd56-b2f1-485d-9b67-229150c67a87"

  static func credential(_ secret: String, badge: UInt8? = nil, account: String = account) throws -> Credential {
    Credential(
      account: account, login: "J.Petit", verifier: try ScryptVerifier(of: secret, salt: [1, 2], rounds: 16),
      badge: badge.map { [UInt8](repeating: $0, count: 32) })
  }

  @Test func aCredentialTravelsWithWhoeverPassesItOn() async throws {
    let first = try TestStation()
    let (second, third) = (try first.joined("urg-2", seed: 7), try first.joined("urg-3", seed: 8))
    try first.register.keep(Self.credential("1234", badge: 9))
    for station in [second, third] { try await station.take(from: first) }
    #expect(try second.takeBeside(from: first) == BesideTaken(accepted: 1))
    // The third never meets the first.
    #expect(try third.takeBeside(from: second) == BesideTaken(accepted: 1))
    #expect(try third.takeBeside(from: second) == BesideTaken(known: 1))
    let known = try #require(try third.register.credentials(ofLogin: "j.petit").first)
    #expect(known.account == Self.account && known.verifier.matches("1234") && !known.verifier.matches("1235"))
    #expect(try third.register.credential(ofBadge: [UInt8](repeating: 9, count: 32)) == known)
  }

  /// Whoever changed it last wins on all of them, whatever their clocks said.
  @Test func theLastWordHolds() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await first.take(from: second)
    // This station's clock has been looked at a hundred times, a second each.
    for number in 0..<100 { try first.register.keep(Self.credential("early \(number)")) }
    _ = try second.takeBeside(from: first)
    try second.register.keep(Self.credential("late"))
    #expect(try first.takeBeside(from: second) == BesideTaken(accepted: 1))
    for station in [first, second] {
      #expect(try station.register.credential(ofAccount: Self.account)?.verifier.matches("late") == true)
    }
    // The old one, come back by another way, changes nothing.
    let third = try first.joined("urg-3", seed: 8)
    try await third.take(from: second)
    _ = try third.takeBeside(from: second)
    #expect(try first.takeBeside(from: third) == BesideTaken(known: 1))
  }

  @Test func twoWordsThatDidNotHearEachOtherAreOneInTheEnd() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await second.take(from: first)
    try await first.take(from: second)
    try first.register.keep(Self.credential("one"))
    try second.register.keep(Self.credential("two"))
    _ = try first.takeBeside(from: second)
    _ = try second.takeBeside(from: first)
    let held = try [first, second].map { try $0.register.credential(ofAccount: Self.account) }
    #expect(held[0] != nil && held[0] == held[1])
  }

  @Test func nobodyUnknownIsBelieved() async throws {
    let (first, other) = (try TestStation(), try TestStation(seed: 9))
    let second = try first.joined("urg-2", seed: 7)
    try other.register.keep(Self.credential("stranger"))
    #expect(try first.takeBeside(from: other) == BesideTaken(refused: 1))
    // A station of this hospital, before its first line is here and after.
    try second.register.keep(Self.credential("1234"))
    #expect(try first.takeBeside(from: second) == BesideTaken(refused: 1))
    try await first.take(from: second)
    #expect(try first.takeBeside(from: second) == BesideTaken(accepted: 1))
  }

  @Test func aRevokedStationIsBelievedNoMore() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.take(from: second)
    try second.register.keep(Self.credential("before"))
    _ = try first.takeBeside(from: second)
    try await first.revoke(second)
    try second.register.keep(Self.credential("after"))
    #expect(try first.takeBeside(from: second) == BesideTaken(refused: 1))
    #expect(try first.register.credential(ofAccount: Self.account)?.verifier.matches("before") == true)
  }

  @Test func noByteOfItCanBeAltered() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try first.register.keep(Self.credential("1234", badge: 9))
    try await second.take(from: first)
    let entry = try #require(try first.register.beside(after: 0, bytes: .max).first?.bytes)
    let altered = entry.indices.map { place in
      var bytes = entry
      bytes[place] ^= 1
      return bytes
    }
    let shorter = (0..<entry.count).map { Array(entry.prefix($0)) }
    let refused = altered.count + shorter.count
    #expect(try second.register.takeInBeside(altered + shorter) == BesideTaken(refused: refused))
    #expect(try second.register.credential(ofAccount: Self.account) == nil)
  }

  /// A badge of one account cannot be made another's.
  @Test func aBadgeStaysItsOwners() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.take(from: second)
    try first.register.keep(Self.credential("1234", badge: 9))
    try second.register.keep(Self.credential("thief", badge: 9, account: "account/thief"))
    #expect(try first.takeBeside(from: second) == BesideTaken(refused: 1))
    #expect(try first.register.credential(ofBadge: [UInt8](repeating: 9, count: 32))?.account == Self.account)
  }

  @Test func noLineNorDigestSaysIt() async throws {
    let station = try TestStation()
    let before = (try station.digest(), try station.lines())
    try station.register.keep(Self.credential("1234"))
    #expect(try station.digest() == before.0 && station.lines() == before.1)
    // Nor what leaves for the vault.
    let folder = try TemporaryFolder()
    let snapshot = try station.register.snapshot(to: "\(folder.path)/snapshot")
    let bytes = try Data(contentsOf: URL(filePath: snapshot.path))
    #expect(bytes.range(of: Data("credential/account".utf8)) == nil && bytes.range(of: Data("j.petit".utf8)) == nil)
  }

  @Test func piecesAreOfBoundedSize() throws {
    let station = try TestStation()
    for number in 0..<10 { try station.register.keep(Self.credential("x", account: "account/\(number)")) }
    try station.register.keep(Self.credential("y", account: "account/3"))
    var found: [Int] = []
    while let piece = try station.register.beside(after: found.last ?? 0, bytes: 1).first { found.append(piece.number) }
    // The fourth was said again: its first word is no more.
    #expect(found == [1, 2, 3, 5, 6, 7, 8, 9, 10, 11])
    #expect(try station.register.besideEnd() == 11)
    #expect(try station.register.beside(after: 5, bytes: .max).count == 6)
  }
}

extension TestStation {
  func takeBeside(from other: TestStation) throws -> BesideTaken {
    try register.takeInBeside(other.register.beside(after: 0, bytes: .max).map(\.bytes))
  }
}
