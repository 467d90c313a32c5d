import Foundation
import Hospital
import Ledger
import Register
import Testing

/// Long enough for the log to be copied into the store while people write and read.
struct LoadTests {
  @Test func writersAndReadersSideBySide() async throws {
    let station = try TestStation()
    let register = station.register
    let counted = try await withThrowingTaskGroup(of: Int.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for part in 0..<5 {
            let submissions = (0..<60).map { number in
              let name = "\(writer)-\(part)-\(number)"
              return Submission(
                Say([
                  .registered("patient/\(name)", "MARTIN"),
                  .stay("admitted", "stay/\(name)", patient: "patient/\(name)", key: name, bed: "URG"),
                ]), key: name, author: "system")
            }
            for result in await register.submit(submissions) { _ = try result.get() }
          }
          return 300
        }
      }
      group.addTask {
        // What a reader sees is whole: as many stays as patients, at any moment.
        for _ in 0..<50 {
          let counts = try register.read { try $0.counts() }
          #expect(counts.patients == counts.stays)
          #expect(counts.openStays == counts.stays)
        }
        return 0
      }
      return try await group.reduce(0, +)
    }
    #expect(try register.read { try $0.counts().patients } == counted)
    let log = try FileManager.default.attributesOfItem(atPath: "\(station.folder.path)/store.sqlite")[.size] as? Int
    // The store itself has grown: pages moved out of the log.
    #expect(try #require(log) > 500_000)
    #expect(try register.verifyLedger().failures.isEmpty)
    #expect(try register.read { try $0.figures(at: .hours(1)) }.last?.present == counted)
  }
}
