import Ledger
import Testing

struct EnrolmentTests {
  let sample = SampleChain.of(lines: 4)

  func opened(_ change: (inout JSONObject) -> Void, station: String? = nil) -> [[UInt8]] {
    guard case .object(var data) = sample.enrolment.opened(chain: sample.station, at: sample.time.instant).data else {
      return []
    }
    change(&data)
    let station = station ?? sample.station
    var chain = Chain(station: station, key: sample.key)
    let fact = Fact(
      kind: "station.opened", subject: "station/\(station)", at: sample.time.instant, data: .object(data))
    return [try! chain.append(author: "system", command: "c", time: sample.time, facts: [fact]).line]
  }

  func failure(_ lines: [[UInt8]], station: String? = nil) -> VerificationFailure.Reason? {
    let report = verify((station ?? sample.station, lines))
    #expect(report.commits == 0)
    #expect(report.failures.count == 1)
    return report.failures.first?.reason
  }

  @Test func readsHaveTheirOwnChainUnderTheSameKey() {
    var reads = SampleChain(seed: 1, authority: sample.authority, readsOf: sample)
    reads.admit(1)
    let report = verify((sample.station, sample.lines), (reads.chain.station, reads.lines))
    #expect(report.failures == [])
    #expect(report.commits == 6)
    #expect(report.chains == ["reads-\(sample.station)", sample.station])
  }

  @Test func twoStationsUnderOneRoot() {
    let other = SampleChain(people: "lits-2", seed: 2, authority: sample.authority)
    let report = verify((sample.station, sample.lines), (other.station, other.lines))
    #expect(report.failures == [])
    #expect(report.root == sample.authority.rootFingerprint)
  }

  @Test func twoRootsAreAFailure() {
    let other = SampleChain(people: "lits-2", seed: 2)
    let report = verify((sample.station, sample.lines), (other.station, other.lines))
    #expect(Set(report.failures.map(\.station)) == [sample.station, other.station])
    #expect(report.root == nil)
    let known = verify(
      (sample.station, sample.lines), (other.station, other.lines), root: sample.authority.rootFingerprint)
    #expect(known.failures.map(\.station) == [other.station])
  }

  @Test func whatDoesNotEnrol() throws {
    let theirs = SampleChain(seed: 3)
    let mine = sample.enrolment.certificates
    let others = theirs.enrolment.certificates
    func with(_ certificates: [[UInt8]]) -> [[UInt8]] {
      opened { $0["certificates"] = .array(certificates.map { .string(Base64.standard($0)) }) }
    }
    #expect(failure(opened { $0["certificates"] = nil }) == .enrolment(.certificates))
    #expect(failure(with([mine[0], mine[1], Array(mine[2].dropLast())])) == .enrolment(.certificates))
    #expect(failure(with([mine[0], mine[1], mine[1]])) == .enrolment(.root))
    #expect(failure(with([mine[0], mine[1], others[2]])) == .enrolment(.enrolling))
    #expect(failure(with([mine[0], others[1], others[2]])) == .enrolment(.station))
    #expect(failure(with(others)) == .enrolment(.anotherKey))
    #expect(failure(opened { $0["publicKey"] = "x" }) == .enrolment(.publicKey))
    #expect(failure(opened { $0["publicKey"] = .string(theirs.key.publicKey.text) }) == .enrolment(.name))
    let alias = try #require(StationName.make(people: "autre", key: sample.key.publicKey))
    #expect(failure(opened({ _ in }, station: alias), station: alias) == .enrolment(.anotherName))
    // A station that certifies its own key is no authority.
    let own = try #require(
      try? sample.authority.enrol(
        station: sample.station, key: sample.key.publicKey, random: { [UInt8](repeating: 5, count: $0) }))
    #expect(failure(with([own.certificates[0], mine[0], mine[2]])) == .enrolment(.enrolling))
    var chain = Chain(station: sample.station, key: sample.key)
    let fact = Fact(kind: "stay.admitted", subject: "stay/1", at: sample.time.instant, data: [:])
    let first = try chain.append(author: "a", command: "c", time: sample.time, facts: [fact])
    #expect(failure([first.line]) == .enrolment(.notOpened))
  }
}
