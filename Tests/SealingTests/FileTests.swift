import Foundation
import Ledger
import Replication
import Seeded
import Testing

struct FileTests {
  let sealer = Sealer()

  func write(_ content: [UInt8], to path: String, partBytes: Int? = nil) throws -> [String] {
    var writer = try SealedFileWriter(path: path, sealing: try sealer.sealing(), partBytes: partBytes)
    try writer.append(content)
    return try writer.finish()
  }

  func read(_ path: String) throws -> [UInt8] {
    var reader = try SealedFileReader(path: path, keys: [sealer.opening])
    var content: [UInt8] = []
    while let bytes = try reader.next() { content += bytes }
    #expect(try reader.finish() == sealer.manifest())
    return content
  }

  @Test func oneFile() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/carrier"
    #expect(try write([1, 2, 3], to: path) == [path])
    #expect(folder.names == ["carrier"])
    #expect(try read(path) == [1, 2, 3])
    #expect(try SealedFileReader.check(path: path, keys: [sealer.opening]) == sealer.manifest())
    #expect(try SealedFileReader.manifest(path: path, keys: [sealer.opening]) == sealer.manifest())
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func parts() throws {
    let folder = try TemporaryFolder()
    var random = Seeded(seed: 4)
    let content = random.bytes(250_000)
    let names = try write(content, to: "\(folder.path)/carrier", partBytes: 100_000)
    #expect(folder.names == ["carrier.1of3", "carrier.2of3", "carrier.3of3"])
    for name in names { #expect(try read(name) == content) }
    #expect(try write([1], to: "\(folder.path)/small", partBytes: 100_000) == ["\(folder.path)/small"])
    try FileManager.default.removeItem(atPath: names[1])
    #expect(throws: SealFailure.missingPart(path: names[1])) { try read(names[0]) }
    #expect(throws: SealFailure.truncated) {
      try FileManager.default.copyItem(atPath: names[0], toPath: "\(folder.path)/copy")
      _ = try read("\(folder.path)/copy")
    }
  }

  @Test func nothingHasTheNameBeforeItIsWhole() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/carrier"
    _ = try write([1, 2, 3], to: path)
    var writer = try SealedFileWriter(path: path, sealing: try sealer.sealing())
    try writer.append([4])
    #expect(try read(path) == [1, 2, 3])
    writer.discard()
    #expect(folder.names == ["carrier"])
  }

  @Test func noFolderIsTheDisksOwnNo() throws {
    #expect(throws: SealFailure.self) { try write([1], to: "/nowhere/at/all") }
    #expect(throws: SealFailure.self) { try read("/nowhere/at/all") }
  }

  /// 300 MB pass through both ends: compressible, so that it is quick.
  @Test func memoryIsBounded() throws {
    let before = try peakMemory()
    var sealing = try sealer.sealing()
    var opening = try Opening(with: [sealer.opening])
    let piece = Array(repeating: Array("a line of a ledger, much like the one before it\n".utf8), count: 20_000)
      .joined()
    let bytes = Array(piece)
    var count = 0
    for _ in 0..<(300_000_000 / bytes.count) {
      opening.take(try sealing.append(bytes))
      while let content = try opening.next() { count += content.count }
    }
    opening.take(try sealing.finish())
    while let content = try opening.next() { count += content.count }
    _ = try opening.finish()
    #expect(count == 300_000_000 / bytes.count * bytes.count)
    // Other tests run beside this one: far less than the content is what can be said.
    #expect(try peakMemory() - before < 150_000)
  }

  /// KiB.
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.filter(\.isNumber)))
  }
}
