import Foundation
import Glibc
import Hospital
import Ledger
import Register
import Testing

/// A disk that fills up: clear answers, nothing acknowledged that is not there, and work again once there is room.
@Suite(.enabled(if: geteuid() == 0, "needs root, to mount a small disk"))
struct FullDiskTests {
  @Test func aFullDiskDamagesNothing() async throws {
    let folder = try TemporaryFolder()
    try #require(mount("tmpfs", folder.path, "tmpfs", 0, "size=6m") == 0)
    defer { umount2(folder.path, 2) }
    let environment = TestEnvironment().environment
    let path = "\(folder.path)/data"
    try Register.create(folder: path, station: "urg-1", structure: .small, environment: environment)
    let ballast = "\(folder.path)/ballast"
    try Data(count: 1 << 20).write(to: URL(filePath: ballast))
    let register = try Register(folder: path, access: .writing, environment: environment)
    let name = String(repeating: "MARTIN ", count: 1000)
    var kept: [Int] = []
    var refused: (any Error)?
    for number in 0..<5000 where refused == nil {
      do {
        _ = try await register.submit(
          Submission(Say([.registered("patient/\(number)", name)]), key: "key-\(number)", author: "system"))
        kept.append(number)
      } catch { refused = error }
    }
    #expect(refused as? RegisterFault == .diskFull)
    #expect(kept.count > 10)
    #expect(try register.read { try $0.counts().patients } == kept.count)
    try FileManager.default.removeItem(atPath: ballast)
    _ = try await register.submit(Submission(Say([.registered("patient/x", "DURAND")]), key: "x", author: "system"))
    for number in kept {
      #expect(try register.read { try $0.patient("patient/\(number)") } != nil)
    }
    let report = try register.verifyLedger()
    #expect(report.failures.isEmpty)
    #expect(report.commits == kept.count + 3)
  }
}
