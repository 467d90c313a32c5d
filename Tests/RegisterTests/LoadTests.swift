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
    // Once all is quiet, pages move out of the log: the store itself grows.
    let store = "\(station.folder.path)/store.sqlite"
    for _ in 0..<300 where try FileManager.default.attributesOfItem(atPath: store)[.size] as? Int ?? 0 < 500_000 {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(try FileManager.default.attributesOfItem(atPath: store)[.size] as? Int ?? 0 > 500_000)
    #expect(try register.verifyLedger().failures.isEmpty)
    #expect(try register.read { try $0.figures(at: .hours(1)) }.last?.present == counted)
  }
}
