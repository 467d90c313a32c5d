import Glibc

/// Writes one chain's lines as `<station>.ledger`: whole or not at all, under a temporary name until `finish`.
public struct LedgerExport: ~Copyable {
  private static let bufferBytes = 1 << 20

  private let file: DiskFile
  private let path: String
  private var buffer: [UInt8] = []
  public private(set) var count = 0

  /// `folder` must be there; a file of the same name is replaced.
  public init(chain: String, folder: String) throws(FileFault) {
    path = "\(folder)/\(chain)\(LedgerFile.suffix)"
    unlink("\(path).part")
    file = try DiskFile(creating: "\(path).part", mode: 0o600)
  }

  /// The next line, without its newline: by sequence, then hash.
  public mutating func append(_ line: [UInt8]) throws(FileFault) {
    buffer += line
    buffer.append(UInt8(ascii: "\n"))
    count += 1
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Syncs the file and gives it its name.
  public consuming func finish() throws(FileFault) {
    try flush()
    try file.rename(to: path)
  }

  private mutating func flush() throws(FileFault) {
    try file.write(buffer)
    buffer = []
  }
}
