import Glibc
import Ledger

/// Writes a sealed file: whole or not at all, under a temporary name until `finish`. Split into parts where asked, for
/// keys whose file system takes no file of 4 GiB.
public struct SealedFileWriter: ~Copyable {
  private let path: String
  private let partBytes: Int?
  private var sealing: Sealing
  private var file: DiskFile
  private var written = 0
  private var parts = 1

  /// - Parameters:
  ///   - path: in a folder that is there; a file of the same name is replaced by `finish`.
  ///   - partBytes: the most bytes of a part; nil to write one file.
  public init(path: String, sealing: consuming Sealing, partBytes: Int? = nil) throws(SealFailure) {
    if let partBytes, partBytes < 1 { throw .cannotSeal("a part holds at least one byte") }
    let file = try Self.create(Self.temporary(path, 1))
    self.path = path
    self.partBytes = partBytes
    self.sealing = sealing
    self.file = file
  }

  /// The next content.
  public mutating func append(_ bytes: [UInt8]) throws(SealFailure) {
    try write(try sealing.append(bytes))
  }

  /// Syncs all and gives it its name, or its parts theirs: those names.
  public mutating func finish() throws(SealFailure) -> [String] {
    try write(try sealing.finish())
    do throws(FileFault) {
      try file.sync()
      let names = parts == 1 ? [path] : (1...parts).map { PartName(base: path, number: $0, count: parts).path }
      for (index, name) in names.enumerated() { try Self.rename(Self.temporary(path, index + 1), to: name) }
      try DiskFile.syncFolder(of: path)
      return names
    } catch { throw .file(error) }
  }

  /// Takes away what was written, after a failure.
  public mutating func discard() {
    for number in 1...parts { unlink(Self.temporary(path, number)) }
  }

  private mutating func write(_ bytes: [UInt8]) throws(SealFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let room = partBytes.map { $0 - written } ?? rest.count
      if room == 0 { try beginPart() } else { try writePiece(of: &rest, atMost: room) }
    }
  }

  private mutating func writePiece(of rest: inout ArraySlice<UInt8>, atMost count: Int) throws(SealFailure) {
    let piece = Array(rest.prefix(count))
    do { try file.write(piece) } catch { throw .file(error) }
    written += piece.count
    rest = rest.dropFirst(piece.count)
  }

  private mutating func beginPart() throws(SealFailure) {
    do { try file.sync() } catch { throw .file(error) }
    parts += 1
    written = 0
    file = try Self.create(Self.temporary(path, parts))
  }

  private static func temporary(_ path: String, _ number: Int) -> String { "\(path).\(number).part" }

  private static func create(_ path: String) throws(SealFailure) -> DiskFile {
    unlink(path)
    do { return try DiskFile(creating: path, mode: 0o600) } catch { throw .file(error) }
  }

  private static func rename(_ path: String, to name: String) throws(FileFault) {
    guard Glibc.rename(path, name) == 0 else { throw FileFault(.rename, name) }
  }
}
