import Foundation
import Hospital
import Ledger
import Register
import Replication
import Seeded
import Testing

/// What travels on a USB key.
struct CarrierTests {
  let one: CarrierStation
  let two: CarrierStation
  let path: String

  init() async throws {
    one = try CarrierStation()
    two = try one.joined("lits-2", seed: 7)
    // The key was heard while there was a network.
    _ = try one.keys
    try await two.hear(one)
    path = "\(one.folder)/key.carrier"
  }

  @Test func whatOneSaidTheOtherHas() async throws {
    try await one.say(30)
    let written = try await one.write(path)
    #expect(written.commits == 32 && written.stations == 1 && written.files == [path])
    let outcome = try await two.read(path)
    #expect((outcome.commits, outcome.known, outcome.aside) == (30, 2, 0))
    #expect(outcome.sealer == one.register.station && outcome.stations == [one.register.station])
    #expect(try two.heads[one.register.station] == one.heads[one.register.station])
    // Read twice, it is told from a new one and changes nothing.
    let again = try await two.read(path)
    #expect(again.isRepeated && again.known == 32)
    #expect(try two.register.verifyLedger().failures == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: one.folder).filter { $0.hasSuffix(".part") } == [])
  }

  /// On this machine's own disk, where a tenth is kept for admissions.
  @Test(arguments: [(nil, true), (1, true), (0, false), (-1, false)] as [(Int?, Bool)])
  func nothingIsWrittenWhereThereIsNothingToSpare(room: Int?, isWritten: Bool) async throws {
    try await one.say(1)
    let carrier = CarrierWriting(one.register, now: { .night }, random: one.random, room: { _ in room })
    if isWritten {
      #expect(try await carrier.write(to: path).files == [path])
    } else {
      await #expect(throws: RegisterFault.diskFull) { _ = try await carrier.write(to: path) }
    }
    let there = try FileManager.default.contentsOfDirectory(atPath: one.folder).filter { $0.hasPrefix("key.carrier") }
    #expect(there == (isWritten ? ["key.carrier"] : []))
  }

  /// Only what a station is not known to have: what it said itself and what its lines name is left out.
  @Test func forOneStationOnlyWhatItLacks() async throws {
    let three = try one.joined("bloc-3", seed: 8)
    try await three.say(4)
    for station in [one, two] { try await station.hear(three) }
    try await one.say(10)
    try await two.hear(one)
    // This line says what it had heard.
    try await two.say(1)
    try await one.hear(two)
    #expect(try await one.write(path, for: two.register.station).commits == 0)
    try await one.say(5)
    try await three.say(2)
    try await one.hear(three)
    let written = try await one.write(path, for: two.register.station)
    #expect(written.commits == 7 && written.stations == 2)
    #expect(try await two.read(path).commits == 7)
    #expect(try two.heads == one.heads)
    // Nothing is known of what this one has.
    let four = try one.joined("bloc-4", seed: 9)
    let everything = try await one.write(path)
    #expect(try await one.write(path, for: four.register.station).commits == everything.commits)
  }

  /// A machine put back to an earlier day is known to have what it lost: what is written for it leaves that out, and
  /// everything brings it.
  @Test func aMachinePutBackNeedsEverything() async throws {
    let copy = "\(two.folder)-earlier"
    try FileManager.default.copyItem(atPath: two.folder, toPath: copy)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    try await one.say(5)
    try await two.hear(one)
    try await two.say(2)
    try await one.hear(two)
    let putBack = try Register(folder: copy, access: .writing, environment: .fixed(seed: 99))
    // It is told, also where nothing was said since; and the one that was not put back is not.
    let lost = Set([one.register.station, two.register.station])
    #expect(try await one.write(path, for: two.register.station).commits == 0)
    #expect(try await CarrierReading(putBack).read(path).lacking == lost)
    #expect(try await two.read(path).lacking == [])
    try await one.say(1)
    #expect(try await one.write(path, for: two.register.station).commits == 1)
    let lacking = try await CarrierReading(putBack).read(path)
    #expect((lacking.commits, lacking.aside) == (0, 1))
    #expect(lacking.lacking == lost)
    _ = try await one.write(path)
    let everything = try await CarrierReading(putBack).read(path)
    #expect(everything.commits == 8 && everything.lacking == [])
    #expect(try putBack.tips().mapValues(Set.init) == one.heads)
    #expect(try putBack.read { try $0.linesAsideCount() } == 0)
  }

  @Test func bothBranchesOfAForkGoOnce() async throws {
    let copy = "\(one.folder)-clone"
    try one.register.close()
    try FileManager.default.copyItem(atPath: one.folder, toPath: copy)
    defer { try? FileManager.default.removeItem(atPath: copy) }
    let clone = try Register(folder: copy, access: .writing, environment: .fixed(seed: 99))
    try await one.say(6)
    for number in 0..<3 {
      _ = try await clone.submit(.line("a clone \(number)"))
    }
    let tip = try #require(clone.tips()[clone.station]?.first)
    _ = try await one.register.takeIn(#require(try clone.lines(endingAt: tip.hash, after: 0, bytes: .max)), from: "c")
    #expect(try await one.write(path).commits == 2 + 6 + 3)
    let outcome = try await two.read(path)
    #expect((outcome.commits, outcome.known) == (9, 2))
    #expect(try two.heads[one.register.station] == one.heads[one.register.station])
  }

  @Test func splitAndReadByAnyOfItsParts() async throws {
    try await one.say(300)
    let written = try await one.write(path, part: 4096)
    #expect(written.files.count > 2 && written.files[0] == "\(path).1of\(written.files.count)")
    #expect(written.files.allSatisfy { (try? Data(contentsOf: URL(filePath: $0)).count) ?? .max <= 4096 })
    #expect(SealedFileReader.whole(written.files.reversed()) == [written.files[0]])
    try FileManager.default.moveItem(atPath: written.files[1], toPath: "\(path).away")
    #expect(try await two.refusal(written.files[0]) == "missing-part")
    try FileManager.default.moveItem(atPath: "\(path).away", toPath: written.files[1])
    #expect(try await two.read(written.files[2]).commits == 300)
  }

  /// Any damage refuses the whole file, and says which kind it is.
  @Test(arguments: 1...60 as ClosedRange<UInt64>) func damagedNothingOfItCounts(seed: UInt64) async throws {
    var random = Seeded(seed: seed)
    try await one.say(Int.random(in: 0...40, using: &random))
    _ = try await one.write(path)
    let whole = Array(try Data(contentsOf: URL(filePath: path)))
    let place = Int.random(in: 0..<whole.count, using: &random)
    var damaged = whole
    let expected: Set<String>
    switch seed % 3 {
    case 0:
      damaged = Array(whole.prefix(place))
      expected = ["truncated"]
    case 1:
      damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      // What it begins with says whether it is ours, of which version, and for whom.
      expected = place < 11 + 88 ? ["altered", "not-sealed", "version", "foreign"] : ["altered"]
    default:
      damaged += random.bytes(Int.random(in: 1...100, using: &random))
      expected = ["altered"]
    }
    try Data(damaged).write(to: URL(filePath: path))
    let before = try two.heads
    let code = try #require(try await two.refusal(path))
    #expect(expected.contains(code) || place < 8 && code == "not-sealed", "\(code) at \(place) of \(whole.count)")
    #expect(try two.heads == before && two.register.read { try $0.linesAsideCount() } == 0)
    try Data(whole).write(to: URL(filePath: path))
    #expect(try await two.refusal(path) == nil)
  }

  @Test func whoeverSealedItMustBeOfThisHospital() async throws {
    let foreign = try CarrierStation(seed: 20)
    try await one.say(1)
    _ = try await one.write(path)
    _ = try foreign.keys
    #expect(try await foreign.refusal(path) == "foreign")
    // Somebody who has our key, and is no station of ours.
    let recipient = try #require(try one.keys.recipient)
    func seal(
      _ station: CarrierStation, _ kind: SealedManifest.Kind = .carrier, certificates: [[UInt8]]? = nil
    ) async throws -> String? {
      let identity = try station.register.identity()
      let manifest = SealedManifest(
        kind: kind, station: station.register.station, publicKey: station.register.publicKey,
        certificates: certificates ?? identity.enrolment.certificates, sealedAt: .night)
      let sealing = try Sealing(manifest, to: [recipient], key: identity.key, random: station.random)
      var file = try SealedFileWriter(path: path, sealing: sealing)
      _ = try file.finish()
      return try await two.refusal(path)
    }
    #expect(try await seal(one) == nil)
    #expect(try await seal(foreign) == "foreign")
    #expect(try await seal(foreign, certificates: one.register.identity().enrolment.certificates) == "unsigned")
    #expect(try await seal(one, certificates: []) == "unsigned")
    #expect(try await seal(one, .snapshot) == "malformed")
    try Data("hello".utf8).write(to: URL(filePath: path))
    #expect(try await two.refusal(path) == "not-sealed")
    #expect(try await two.refusal("\(path).nowhere") == "unreadable")
  }

  /// A line that does not hold lies aside with who brought it, and the rest is taken in.
  @Test func badLinesInAGoodFileLieAside() async throws {
    try await one.say(3)
    let identity = try one.register.identity()
    let tip = try #require(one.register.tips()[one.register.station]?.first)
    var lines = try #require(try one.register.lines(endingAt: tip.hash, after: 0, bytes: .max))
    lines.append(Array("no line at all".utf8))
    let manifest = SealedManifest(
      kind: .carrier, station: one.register.station, publicKey: one.register.publicKey,
      certificates: identity.enrolment.certificates, sealedAt: .night)
    let sealing = try Sealing(
      manifest, to: [#require(try one.keys.recipient)], key: identity.key, random: one.random)
    var file = try SealedFileWriter(path: path, sealing: sealing)
    for line in lines { try file.append(line + [10]) }
    _ = try file.finish()
    let outcome = try await two.read(path)
    #expect((outcome.commits, outcome.aside) == (3, 1))
    let aside = try two.register.read { try $0.linesAside() }
    #expect(aside.map(\.peer) == ["carrier \(one.register.station)"])
  }

  @Test func twoKeysMadeApartBothOpen() async throws {
    let apart = try one.joined("bloc-3", seed: 8)
    let (mine, theirs) = (try one.keys, try apart.keys)
    #expect(mine.opening.count == 1 && theirs.opening.count == 1)
    try await one.say(2)
    _ = try await one.write(path)
    try await apart.hear(one)
    try await one.hear(apart)
    let both = [try one.keys, try apart.keys].map { $0.opening.map(\.recipient.fingerprint) }
    #expect(both[0] == both[1] && both[0] == both[0].sorted() && both[0].count == 2)
    #expect(try one.keys.recipient == apart.keys.recipient)
    #expect(try await apart.read(path).isRepeated)
  }

  /// Every station that knew the carrier key is lost: the paper opens what was sealed since it was made, and no other.
  @Test func thePaperOpensWhatItsStationsCannotAnyMore() async throws {
    let paper = try #require(OpeningKey(seed: one.random(OpeningKey.seedBytes)))
    let proving = try #require(OpeningKey(seed: one.random(OpeningKey.seedBytes)))
    let restored = try one.joined("secours-3", seed: 9)
    try await one.say(3)
    _ = try await one.write(path)
    #expect(try await restored.refusal(path, paper: paper) == "foreign")
    for command in [
      AddVaultRecipient(.recovery, publicKey: paper.recipient.text),
      AddVaultRecipient(.proving, publicKey: proving.recipient.text),
    ] {
      _ = try await one.register.submit(Submission(command, key: UUID().uuidString, author: "system"))
    }
    let written = try await one.write(path)
    #expect(try await restored.refusal(path) == "foreign")
    #expect(try await restored.refusal(path, paper: proving) == "foreign")
    let outcome = try await restored.read(path, paper: paper)
    #expect(outcome.commits == written.commits && outcome.aside == 0)
    #expect(try restored.heads[one.register.station] == one.heads[one.register.station])
    #expect(try await two.read(path).commits == 5)
  }
}
