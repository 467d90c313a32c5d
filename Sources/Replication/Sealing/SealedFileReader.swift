import Glibc
import Ledger

/// Reads a sealed file from a disk, or all of its parts from the name of any one.
public struct SealedFileReader: ~Copyable {
  private static let readBytes = 1 << 20

  private let paths: [String]
  private var opening: Opening
  private var file: DiskFile
  private var part = 0

  public init(path: String, keys: [OpeningKey]) throws(SealFailure) {
    let paths = PartName.all(of: path)
    for path in paths.count > 1 ? paths : [] where access(path, F_OK) != 0 { throw .missingPart(path: path) }
    let opening = try Opening(with: keys)
    let file = try Self.open(paths[0])
    self.paths = paths
    self.opening = opening
    self.file = file
  }

  /// See `Opening.id`.
  public var id: String? { opening.id }

  /// See `Opening.manifest`.
  public var manifest: SealedManifest? { opening.manifest }

  /// The next content; nil at the end of the file. It counts for nothing before `finish` returns.
  public mutating func next() throws(SealFailure) -> [UInt8]? {
    while true {
      if let content = try opening.next() { return content }
      guard let bytes = try read() else { return nil }
      opening.take(bytes)
    }
  }

  /// Whether the file was whole, once `next` has given nil.
  public mutating func finish() throws(SealFailure) -> SealedManifest {
    try opening.finish()
  }

  /// Reads to the end and keeps nothing: whether the file is whole, and what it says of itself.
  public static func check(path: String, keys: [OpeningKey]) throws(SealFailure) -> SealedManifest {
    var reader = try SealedFileReader(path: path, keys: keys)
    while try reader.next() != nil {}
    return try reader.finish()
  }

  /// What a file says of itself, from its first chunk: signed by the key that it names, and the rest unread.
  public static func manifest(path: String, keys: [OpeningKey]) throws(SealFailure) -> SealedManifest {
    var reader = try SealedFileReader(path: path, keys: keys)
    while reader.manifest == nil, try reader.next() != nil {}
    guard let manifest = reader.manifest else { return try reader.finish() }
    return manifest
  }

  /// The same files, each once: of one that was split, its first part alone.
  public static func whole(_ paths: [String]) -> [String] {
    var seen: Set<String> = []
    return paths.map { PartName.all(of: $0)[0] }.filter { seen.insert($0).inserted }
  }

  private static func open(_ path: String) throws(SealFailure) -> DiskFile {
    do { return try DiskFile(reading: path) } catch { throw .file(error) }
  }

  private mutating func read() throws(SealFailure) -> [UInt8]? {
    do throws(FileFault) {
      while true {
        let bytes = try file.read(atMost: Self.readBytes)
        if !bytes.isEmpty { return bytes }
        guard part + 1 < paths.count else { return nil }
        part += 1
        file = try DiskFile(reading: paths[part])
      }
    } catch { throw .file(error) }
  }
}
