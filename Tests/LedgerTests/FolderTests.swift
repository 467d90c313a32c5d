import Foundation
import Ledger
import Testing

struct FolderTests {
  let sample = SampleChain.of(lines: 50)

  func export() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var reads = SampleChain(seed: 1, authority: sample.authority, readsOf: sample)
    reads.admit(1)
    for (chain, lines) in [(sample.station, sample.lines), (reads.chain.station, reads.lines)] {
      var file = try LedgerExport(chain: chain, folder: folder.path)
      for line in lines { try file.append(line) }
      #expect(file.count == lines.count)
      try file.finish()
    }
    return folder
  }

  @Test func whatIsExportedVerifies() throws {
    let folder = try export()
    var lines = 0
    let report = try LedgerFolder.verify(folder.path) { lines = $0 }
    #expect(report.failures == [])
    #expect(report.commits == 52)
    #expect(lines == 52)
    #expect(report.chains == ["reads-\(sample.station)", sample.station])
    #expect(report.root == sample.authority.rootFingerprint)
  }

  /// Python's `cryptography` and hashlib say the same as we do, of good ledgers and of altered ones.
  @Test func anIndependentReaderAgrees() throws {
    let folder = try export()
    let good = try readWithPython(folder)
    #expect(good["failures"] == [])
    #expect(good["commits"] == 52)
    #expect(good["facts"]?.integer == (try LedgerFolder.verify(folder.path)).facts)
    #expect(good["root"]?.string == sample.authority.rootFingerprint)
    var lines = sample.lines
    lines[20][300] ^= 1
    try folder.write(Array(lines.joined(separator: [0x0A])) + [0x0A], to: "\(sample.station).ledger")
    #expect(try readWithPython(folder)["failures"]?.array?.isEmpty == false)
  }

  @Test func aTornLineIsNamed() throws {
    let folder = try export()
    let bytes = Array(sample.lines.joined(separator: [0x0A]))
    try folder.write(bytes, to: "\(sample.station).ledger")
    let report = try LedgerFolder.verify(folder.path)
    #expect(report.failures.map(\.reason) == [.torn])
    #expect(report.failures.map(\.sequence) == [50])
    #expect(report.commits == 51)
  }

  @Test func aLineTooLongIsNamedWithoutBeingHeld() throws {
    let folder = try export()
    let long = [UInt8](repeating: 0x41, count: 86) + [0x20] + [UInt8](repeating: 0x41, count: 5 << 20)
    var lines = sample.lines
    lines.insert(long, at: 10)
    try folder.write(Array(lines.joined(separator: [0x0A])) + [0x0A], to: "\(sample.station).ledger")
    let report = try LedgerFolder.verify(folder.path)
    #expect(report.failures.map(\.sequence) == [11])
    #expect(report.commits == 52)
  }

  @Test func filesThatAreNoLedgers() throws {
    let folder = try export()
    try folder.write([], to: "empty-1-00000000.ledger")
    try folder.write([], to: "Not a name.ledger")
    try folder.write([], to: "README.txt")
    let report = try LedgerFolder.verify(folder.path)
    #expect(report.failures.map(\.reason) == [.fileName, .missing(through: 1)])
    #expect(throws: FileFault.self) { try LedgerFolder.verify("\(folder.path)/none") }
  }

  private func readWithPython(_ folder: TemporaryFolder) throws -> JSON {
    let peers = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = ["python3", peers.appending(path: "Peers/read_ledger.py").path, folder.path]
    let output = Pipe()
    python.standardOutput = output
    try python.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    python.waitUntilExit()
    return try JSON(parsing: Array(bytes))
  }
}
