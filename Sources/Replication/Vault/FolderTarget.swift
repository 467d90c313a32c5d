import Crypto
import FoundationEssentials
import Glibc
import Ledger
import Register

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
    try requireFolder()
    let folder = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let root = folder.isEmpty ? address : "\(address)/\(folder)"
    guard access(root, F_OK) == 0 else { return [] }
    var found: [VaultObject] = []
    guard walk(folder, into: &found) else {
      throw .failed("\(root) cannot be read: check the disk, and who owns it")
    }
    return found.filter { $0.path.hasPrefix(prefix) && !$0.path.hasSuffix(".part") }
  }

  public func gone(of objects: [SealedObject]) async throws(VaultFault) -> [SealedObject] {
    try requireFolder()
    var gone: [SealedObject] = []
    for object in objects where access("\(address)/\(object.path)", F_OK) != 0 {
      guard errno == ENOENT || errno == ENOTDIR else { throw .file(FileFault(.open, "\(address)/\(object.path)")) }
      gone.append(object)
    }
    return gone
  }

  private func requireFolder() throws(VaultFault) {
    var status = stat()
    guard stat(address, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .refused("\(address) is no folder: is the disk there, and the path right?")
    }
  }

  /// Adds every file beneath a folder. What cannot be looked into, or bears a name that is not UTF-8, is added as it is
  /// shown, so that somebody names it.
  /// - Returns: whether the folder itself can be read.
  private func walk(_ folder: String, into found: inout [VaultObject]) -> Bool {
    guard let stream = opendir(folder.isEmpty ? address : "\(address)/\(folder)") else { return false }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let (name, isText, status) = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { bytes in
          var status = stat()
          var isThere = fstatat(dirfd(stream), bytes, &status, AT_SYMLINK_NOFOLLOW) == 0
          if isThere, status.st_mode & S_IFMT == S_IFLNK {
            // Not into a folder: it may be one above.
            isThere = fstatat(dirfd(stream), bytes, &status, 0) == 0 && status.st_mode & S_IFMT != S_IFDIR
          }
          return (String(cString: bytes), String(validatingCString: bytes) != nil, isThere ? status : nil)
        }
      }
      guard let status, name != ".", name != ".." else { continue }
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      if isFolder, isText, walk(path, into: &found) { continue }
      guard isFolder || status.st_mode & S_IFMT == S_IFREG else { continue }
      found.append(VaultObject(path: path, version: nil, bytes: isFolder ? 0 : Int(status.st_size)))
    }
    return true
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
