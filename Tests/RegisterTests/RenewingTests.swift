import Foundation
import Hospital
import Ledger
import Register
import Testing

/// A station whose chain forked goes on under another name.
struct RenewingTests {
  /// The first station, which enrols, and two machines of one name that each said something.
  func forked() async throws -> (first: TestStation, second: TestStation, clone: TestStation) {
    let first = try TestStation()
    let second = try first.joined("urg-2", seed: 7)
    try await first.submit(CedeNumbers(to: second.register.station))
    try await second.take(from: first)
    let clone = try TestStation(after: second)
    try await second.submit(Number())
    try await clone.submit(Number())
    for station in [second, clone] { try await first.take(from: station) }
    for station in [second, clone] { try await station.take(from: first) }
    return (first, second, clone)
  }

  func key(_ seed: UInt8) throws -> SigningKey { try #require(SigningKey(seed: [UInt8](repeating: seed, count: 32))) }

  func renewed(_ station: TestStation, by first: TestStation, _ key: SigningKey) async throws -> TestStation {
    let enrolment = try await first.register.enrolAnew(
      station.register.station, key: key.publicKey, environment: first.environment.environment)
    try station.register.renew(key, enrolment)
    return try TestStation(after: station)
  }

  @Test func eachBranchGoesOnUnderANameOfItsOwn() async throws {
    let (first, second, clone) = try await forked()
    #expect(try second.register.isForked() && clone.register.isForked())
    let old = second.register.station
    let one = try await renewed(second, by: first, key(1))
    let other = try await renewed(clone, by: first, key(2))
    #expect(Set([old, one.register.station, other.register.station]).count == 3)
    #expect([one, other].allSatisfy { $0.register.station.hasPrefix("urg-2-") })
    // Nobody writes under the old name again.
    await #expect(throws: RegisterFault.self) { try await second.submit(Number()) }
    for station in [one, other] { try await station.take(from: first) }
    for station in [one, other] {
      #expect(try !station.register.isForked())
      #expect(try station.register.read { try $0.numbersLeft(.ipp).left } > 0)
      try await station.submit(Number())
      station.register.recordRead(account: "account/a", patient: "patient/a", where: "patient")
      try station.register.flushReads()
      try await first.take(from: station)
    }
    for station in [one, other] { try await station.take(from: first) }
    for station in [first, one, other] {
      #expect(try station.digest() == first.digest())
      #expect(try station.heads() == first.heads())
      #expect(try station.register.verifyLedger().failures == [])
      #expect(try station.register.read { try $0.successors(of: old).count } == 2)
      #expect(try TestStation(after: station, rebuilding: true).digest() == first.digest())
    }
    // The branches gave one number twice; since then nobody does.
    let numbers = try first.register.read { reading in
      try (100...199).map { try reading.patients(withIdentifier: "900\($0)").count }
    }
    #expect(numbers.filter { $0 == 2 }.count == 1)
    #expect(numbers.filter { $0 == 1 }.count == 2)
  }

  /// Each branch, the name it had before, and the names that the machines go on under.
  @Test func noTwoUnknownPatientsShareALabelOnceBothAreRenewed() async throws {
    let (first, second, clone) = try await forked()
    var labels: [String] = []
    for station in [second, clone] { labels.append(try await Self.label(station)) }
    for station in [second, clone] { try await first.take(from: station) }
    // Both were given before anybody knew: that is asked about.
    let asked = try first.register.read { try $0.conflicts() }.filter { $0.kind == .label }
    #expect(asked.map(\.key) == ["URG-2-001"])
    #expect(asked.map(\.subjects.count) == [2])
    for (number, station) in [second, clone].enumerated() {
      let new = try await renewed(station, by: first, key(UInt8(number + 1)))
      try await new.take(from: first)
      labels.append(try await Self.label(new))
      try await first.take(from: new)
    }
    #expect(labels == ["URG-2-001", "URG-2-001", "URG-2-100001", "URG-2-200001"])
    #expect(try first.register.read { try $0.conflicts() }.filter { $0.kind == .label }.map(\.key) == ["URG-2-001"])
  }

  /// Of somebody whom nobody can name, registered there now.
  static func label(_ station: TestStation) async throws -> String {
    let patient = try #require(try await station.submit(RegisterUnknown()).facts.first?.subject)
    return try #require(try station.register.read { try $0.patient(patient)?.unknown?.label })
  }

  /// Before names were kept apart, two stations of one name were granted the same serials.
  @Test func aLabelThatIsThereIsNotGivenAgain() async throws {
    let first = try TestStation()
    let second = try first.joined("urg-1", seed: 7)
    let name = second.register.station
    try await first.say(
      NumberSlices.Slice(kind: .ipp, first: 500, last: 599).granted(to: name, at: .night),
      NumberSlices.Slice(kind: .unknown, first: 1, last: 99_999).granted(to: name, at: .night))
    try await second.take(from: first)
    #expect(try await Self.label(second) == "URG-1-001")
    try await first.take(from: second)
    #expect(try await Self.label(first) == "URG-1-002")
    #expect(try first.register.read { try $0.conflicts() }.isEmpty)
  }

  @Test func onlyAForkAndOnlyOnceForEachBranch() async throws {
    let (first, second, _) = try await forked()
    let environment = first.environment.environment
    func enrol(_ station: String, _ seed: UInt8) async throws -> String? {
      try await first.register.enrolAnew(station, key: key(seed).publicKey, environment: environment).station
    }
    await #expect(throws: Refusal("station-not-forked")) { try await enrol(first.register.station, 1) }
    let name = try await enrol(second.register.station, 1)
    let left = try first.register.read { try $0.numbersLeft(.ipp).left }
    // The answer was lost, and it asks again.
    #expect(try await enrol(second.register.station, 1) == name)
    #expect(try first.register.read { try $0.numbersLeft(.ipp).left } == left)
    _ = try await enrol(second.register.station, 2)
    await #expect(throws: Refusal("station-not-forked")) { try await enrol(second.register.station, 3) }
  }

  /// The first station certifies itself.
  @Test func aStationThatEnrolsGoesOnToo() async throws {
    let first = try TestStation()
    let clone = try TestStation(after: first)
    try await first.submit(Number())
    try await clone.submit(Number())
    try await first.take(from: clone)
    let one = try await renewed(first, by: first, key(1))
    try await one.submit(Number())
    #expect(one.register.holdsEnrollingKey)
    #expect(try one.register.verifyLedger().failures == [])
  }

  enum Cut: CaseIterable {
    case beforeTheStore, beforeTheKey
  }

  /// The power fails between the steps of a renewal.
  @Test(arguments: Cut.allCases) func cutShort(cut: Cut) async throws {
    let (first, second, _) = try await forked()
    let before = try TestStation.copy(of: second.folder)
    let after = try await renewed(second, by: first, key(1)).folder
    let folder = try TestStation.copy(of: cut == .beforeTheStore ? before : after)
    for (name, from) in [("next.key", after), ("station.key", before)] {
      let path = "\(folder.path)/\(name)"
      try? FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: "\(from.path)/station.key", toPath: path)
    }
    let station = try TestStation(folder, second.environment)
    #expect((station.register.station == second.register.station) == (cut == .beforeTheStore))
    try await station.say(.registered("patient/z", "LEROY"))
    #expect(try station.register.verifyLedger().failures == [])
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/next.key"))
  }
}
