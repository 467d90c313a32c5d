import Foundation
import Hospital
import Ledger
import Register
import Testing

/// What a power cut leaves: every acknowledged commit, and whole ones only.
struct CrashTests {
  @Test func whatWasAcknowledgedIsThere() async throws {
    let station = try TestStation()
    for number in 0..<40 { try await station.say(.registered("patient/\(number)", "MARTIN"), key: "key-\(number)") }
    let copy = try TestStation.copy(of: station.folder)
    let reopened = try Register(
      folder: copy.path, access: .writing, environment: station.environment.environment)
    #expect(try reopened.read { try $0.counts().patients } == 40)
    #expect(try reopened.verifyLedger().failures.isEmpty)
    let again = try await reopened.submit(Submission(Refuse(), key: "key-39", author: "system"))
    #expect(again.isRepeated)
    #expect(again.subject("patient") == "patient/39")
  }

  /// The log is cut at any byte: what its last whole transaction said is there, and the chain goes on from it.
  @Test(arguments: [0.05, 0.31, 0.5, 0.77, 0.99])
  func aLogThatWasCut(share: Double) async throws {
    let (station, copy) = try await Self.fortyInTheLog()
    let log = URL(filePath: "\(copy.path)/store.sqlite-wal")
    let bytes = try Data(contentsOf: log)
    try bytes.prefix(Int(Double(bytes.count) * share)).write(to: log)
    try? FileManager.default.removeItem(atPath: "\(copy.path)/store.sqlite-shm")
    let reopened = try Register(folder: copy.path, access: .writing, environment: station.environment.environment)
    let kept = try reopened.read { try $0.counts().patients }
    #expect(kept < 40)
    #expect(try reopened.read { try $0.counts().commits } == kept + 2)
    for number in kept..<40 {
      _ = try await reopened.submit(
        Submission(Say([.registered("patient/\(number)", "MARTIN")]), key: "key-\(number)", author: "system"))
    }
    #expect(try reopened.read { try $0.counts().patients } == 40)
    let report = try reopened.verifyLedger()
    #expect(report.failures.isEmpty)
    #expect(report.commits == 42)
  }

  /// Forty patients, and a copy of their store whose log holds them all. What was copied out of a log is on the disk,
  /// and no power cut takes it from the log: a busy machine may begin to copy meanwhile.
  private static func fortyInTheLog() async throws -> (station: TestStation, copy: TemporaryFolder) {
    while true {
      let station = try TestStation()
      let before = try Data(contentsOf: URL(filePath: "\(station.folder.path)/store.sqlite"))
      for number in 0..<40 { try await station.say(.registered("patient/\(number)", "MARTIN"), key: "key-\(number)") }
      let copy = try TestStation.copy(of: station.folder)
      if try Data(contentsOf: URL(filePath: "\(copy.path)/store.sqlite")) == before { return (station, copy) }
    }
  }
}
