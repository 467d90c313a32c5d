import Crypto
import FoundationEssentials
import Glibc
import Ledger

/// A vault in a folder: a removable disk, a share that lets nothing be changed. It locks nothing itself.
public struct FolderTarget: VaultTarget {
  /// Between a path that is taken and the number of a later version.
  private static let mark: Character = "~"
  private static let pieceBytes = 1 << 20

  public let address: String

  public init(path: String) { address = path }

  public func check() async throws(VaultFault) {
    var status = stat()
    guard stat(address, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .refused("\(address) is no folder: make it first, on a disk or a share that is not this machine's own")
    }
    guard access(address, W_OK) == 0 else { throw .refused("\(address) cannot be written: check who owns it") }
  }

  public func put(_ file: String, as path: String, until: Instant) async throws(VaultFault) -> KeptObject {
    try makeFolders(of: path)
    let kept = free(path)
    let final = "\(address)/\(kept)"
    let part = "\(final).part"
    do throws(FileFault) {
      unlink(part)
      let written = try Self.copy(file, to: part)
      guard rename(part, final) == 0 else { throw FileFault(.rename, final) }
      try DiskFile.syncFolder(of: final)
      guard try FileHash(of: final).sha256 == written else { throw FileFault(.read, final) }
    } catch {
      // A disk that was full has room for the lines.
      unlink(part)
      throw .file(error)
    }
    return KeptObject(path: kept, version: nil, lockedUntil: nil)
  }

  public func lock(_ path: String, version: String?, until: Instant) async throws(VaultFault) {}

  public func list(_ prefix: String) async throws(VaultFault) -> [VaultObject] {
    var status = stat()
    guard stat(address, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .refused("\(address) is no folder: is the disk there, and the path right?")
    }
    let folder = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let root = folder.isEmpty ? address : "\(address)/\(folder)"
    guard access(root, F_OK) == 0 else { return [] }
    let names: [String]
    do { names = try FileManager.default.subpathsOfDirectory(atPath: root) } catch {
      throw .failed("\(root) cannot be read: check the disk, and who owns it")
    }
    return names.compactMap { name in
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      guard path.hasPrefix(prefix), !path.hasSuffix(".part"), stat("\(address)/\(path)", &status) == 0,
        status.st_mode & S_IFMT == S_IFREG
      else { return nil }
      return VaultObject(path: path, version: nil, bytes: Int(status.st_size))
    }
  }

  public func get(_ object: VaultObject, first bytes: Int?, to file: String) async throws(VaultFault) {
    let path = "\(address)/\(object.path)"
    do throws(FileFault) {
      _ = try Self.copy(path, to: file, first: bytes, isToLast: false)
    } catch {
      // A bad sector; of a disk that was taken away, no folder is synced either.
      guard error.path == path, (try? DiskFile.syncFolder(of: path)) != nil else { throw .file(error) }
      throw .unreadable("\(error)")
    }
  }

  /// The path asked for, or the next version of it: nothing that is there is written over, whoever put it there.
  private func free(_ path: String) -> String {
    if access("\(address)/\(path)", F_OK) != 0 { return path }
    var number = 2
    while access("\(address)/\(path)\(Self.mark)\(number)", F_OK) == 0 { number += 1 }
    return "\(path)\(Self.mark)\(number)"
  }

  private func makeFolders(of path: String) throws(VaultFault) {
    var made = address
    for part in path.split(separator: "/").dropLast() {
      made += "/\(part)"
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else { throw .file(FileFault(.create, made)) }
      do throws(FileFault) { try DiskFile.syncFolder(of: made) } catch { throw .file(error) }
    }
  }

  /// Gives the hash of what was written.
  private static func copy(
    _ from: String, to: String, first most: Int? = nil, isToLast: Bool = true
  ) throws(FileFault) -> [UInt8] {
    let source = try DiskFile(reading: from)
    let destination = try DiskFile(creating: to, mode: 0o600)
    var hash = SHA256()
    var left = most ?? .max
    while left > 0 {
      let piece = try source.read(atMost: min(pieceBytes, left))
      if piece.isEmpty { break }
      try destination.write(piece)
      hash.update(data: piece)
      left -= piece.count
    }
    if isToLast { try destination.sync() }
    return Array(hash.finalize())
  }
}

extension VaultObject {
  /// The path without a version's number, as `FolderTarget` adds it to one that was taken.
  public var name: String { path.split(separator: "~").first.map(String.init) ?? path }
}
