import Foundation
import Ledger
import Register
import Replication
import Testing

/// The program beside the copies, under the names that its script and its loader ask for.
struct ProgramTests {
  @Test func theProgramLiesUnderItsNames() async throws {
    let station = try CarrierStation()
    let vault = "\(station.folder)/vault"
    try FileManager.default.createDirectory(atPath: vault, withIntermediateDirectories: true)
    func file(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: URL(filePath: "\(station.folder)/\(name)"))
      return "\(station.folder)/\(name)"
    }
    let files = [
      ProgramFile(name: "permanence", path: try file("permanence-2022", "program")),
      ProgramFile(name: "libsqlite3.so.0", path: try file("libsqlite3.so.0.8.6", "library")),
    ]
    let sealing = VaultSealing(
      station.register, to: FolderTarget(path: vault), scratch: station.folder, environment: .fixed(seed: 9))
    try await sealing.keepProgram(files)
    // Once is enough.
    try await sealing.keepProgram(files)
    // The first digits of SHA-256 of what the program is.
    let folder = "\(vault)/program/1310ca2c8932dbd1"
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "libsqlite3.so.0", "permanence", "permanence.sh",
      ])
    #expect(try String(contentsOfFile: "\(folder)/permanence", encoding: .utf8) == "program")
    #expect(try String(contentsOfFile: "\(folder)/libsqlite3.so.0", encoding: .utf8) == "library")
  }
}
