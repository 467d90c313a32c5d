import Foundation
import Ledger
import Replication
import Seeded
import Testing

/// A reader in another language, written from docs/decisions/sealed-files.md, opens what we seal.
struct PeerTests {
  let folder: TemporaryFolder
  let authority: Authority
  let sealer = Sealer()
  let enrolment: Enrolment
  let lines: [[UInt8]]

  init() throws {
    folder = try TemporaryFolder()
    var random = Seeded(seed: 8)
    authority = try Authority.create(hospital: "Centre hospitalier", random: { random.bytes($0) }).authority
    enrolment = try authority.enrol(
      station: sealer.station, key: sealer.key.publicKey, random: { random.bytes($0) })
    var chain = Chain(station: sealer.station, key: sealer.key)
    var time = try #require(HybridTime("2022-08-21T01:00:00.000Z/0000"))
    var lines: [[UInt8]] = []
    for number in 0..<2000 {
      time = time.successor
      let fact =
        number == 0
        ? enrolment.opened(chain: sealer.station, at: time.instant)
        : Fact(kind: "stay.admitted", subject: "stay/\(number)", at: time.instant, data: ["name": "LÉVÊQUE"])
      lines.append(
        try chain.append(author: "system", command: "command-\(number)", time: time, facts: [fact]).line)
    }
    self.lines = lines
    let paper = try #require(
      RecoveryPaper(
        hospital: "Centre hospitalier", rootFingerprint: authority.rootFingerprint, root: nil,
        recovery: sealer.opening.seed))
    try paper.text(qr: nil).write(toFile: "\(folder.path)/paper.txt", atomically: true, encoding: .utf8)
  }

  var segment: String { "\(folder.path)/segment" }

  func seal() throws {
    var writer = try SealedFileWriter(path: segment, sealing: try sealer.sealing())
    for line in lines { try writer.append(line + [0x0A]) }
    _ = try writer.finish()
  }

  @Test func theLinesOfASealedSegmentVerify() throws {
    try seal()
    let ledgers = "\(folder.path)/ledgers"
    try FileManager.default.createDirectory(atPath: ledgers, withIntermediateDirectories: false)
    let (status, output) = try run("read_sealed.py", "\(folder.path)/paper.txt", segment, ledgers)
    try #require(status == 0)
    let manifest = try JSON(parsing: output)
    #expect(manifest["station"]?.string == sealer.station)
    #expect(manifest["counts"]?["patients"] == 612_408)
    #expect(manifest["ranges"]?.array?.first?["last"] == 9)
    let (verified, report) = try run("read_ledger.py", ledgers)
    #expect(verified == 0)
    let json = try JSON(parsing: report)
    #expect(json["commits"] == 2000)
    #expect(json["failures"] == [])
    #expect(json["root"]?.string == authority.rootFingerprint)
  }

  @Test(arguments: [0, 40, 100, 3000])
  func damageIsRefusedThereToo(index: Int) throws {
    try seal()
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: segment)))
    bytes[index] ^= 1
    try Data(bytes).write(to: URL(filePath: segment))
    #expect(try run("read_sealed.py", "\(folder.path)/paper.txt", segment).status != 0)
  }

  private func run(_ script: String, _ arguments: String...) throws -> (status: Int32, output: [UInt8]) {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", tests.appending(path: "Peers/\(script)").path] + arguments
    let output = Pipe()
    python.standardOutput = output
    python.standardError = FileHandle.nullDevice
    try python.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    python.waitUntilExit()
    return (python.terminationStatus, Array(bytes))
  }
}
