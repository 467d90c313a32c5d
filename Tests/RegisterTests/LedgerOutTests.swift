import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What leaves the store is what any tool verifies.
struct LedgerOutTests {
  @Test func anExportVerifies() async throws {
    let station = try TestStation()
    for number in 0..<10 { try await station.say(.registered("patient/\(number)", "MARTIN")) }
    station.register.recordRead(account: "account/x", patient: "patient/1", where: "/patient/1", why: "urgence vitale")
    try station.register.flushReads()
    let out = try TemporaryFolder()
    let exported = try station.register.exportLedger(to: out.path)
    let name = station.register.station
    #expect(exported.stations == ["reads-\(name)", name])
    // Opening, structure and ten patients; the opening of the reads and one read.
    #expect(exported.commits == 14)
    let report = try LedgerFolder.verify(out.path)
    #expect(report.failures.isEmpty)
    #expect(report.commits == 14)
    #expect(report.root?.count == 64)
    #expect(try station.register.verifyLedger() == report)
    let digest = try station.register.read { try $0.digest() }
    #expect(digest.commits == 14)
    #expect(digest.heads == report.heads)
  }

  @Test func aWrongRootIsNamed() throws {
    let station = try TestStation()
    let root = String(repeating: "0", count: 64)
    #expect(try station.register.verifyLedger(root: root).failures.count == 1)
  }

  /// Reads are written together, on a chain of their own, and shown to whoever may audit.
  @Test func readsAreRecorded() async throws {
    let station = try TestStation()
    try await station.say(.registered("patient/1", "MARTIN"))
    let before = try station.register.read { try $0.digest().digest }
    station.register.recordRead(account: "account/x", patient: "patient/1", where: "/patient/1")
    station.register.recordRead(account: "account/y", patient: "patient/1", where: "/lits", why: "urgence vitale")
    #expect(station.register.pendingReadsCount == 2)
    try await waitUntilWritten(station.register)
    let reads = try station.register.read { try $0.reads(ofPatient: "patient/1") }
    #expect(reads.map(\.account) == ["account/y", "account/x"])
    #expect(reads.map(\.why) == ["urgence vitale", nil])
    #expect(reads.map(\.where) == ["/lits", "/patient/1"])
    #expect(try station.register.read { try $0.reads(byAccount: "account/x").map(\.patient) } == ["patient/1"])
    let heads = try station.register.read { try $0.heads() }
    #expect(heads["reads-\(station.register.station)"]?.first?.sequence == 2)
    #expect(try station.register.read { try $0.digest().digest } == before)
  }

  private func waitUntilWritten(_ register: Register) async throws {
    for _ in 0..<1000 where register.pendingReadsCount > 0 { try await Task.sleep(for: .milliseconds(50)) }
    #expect(register.pendingReadsCount == 0)
  }
}
