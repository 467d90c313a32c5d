import Glibc
import Ledger

/// What lies where in a data folder.
///
///     store.sqlite     the ledger's lines and the read models
///     station.key      the station's own key (mode 0600)
///     next.key         the key of its next name, until the store is under that name
///     root.key         the hospital's root key, until the paper holds it
///     authority/       the enrolling key and the certificates
///     writer.lock      held by the one process that writes
struct StationFolder: Sendable {
  let path: String

  var store: String { "\(path)/store.sqlite" }
  var stationKey: String { "\(path)/station.key" }
  var nextKey: String { "\(path)/next.key" }
  var rootKey: String { "\(path)/root.key" }
  var authority: String { "\(path)/authority" }
  var lock: String { "\(path)/writer.lock" }

  private static let certificates = ["enrolling.crt", "root.crt"]
  private static let authorityFiles = ["enrolling.key", "enrolling.locked"] + certificates

  var hasStore: Bool { access(store, F_OK) == 0 }

  var hasRootKey: Bool { access(rootKey, F_OK) == 0 }

  /// The enrolling key under a passphrase.
  var lockedKey: String { "\(authority)/enrolling.locked" }

  var hasLockedKey: Bool { access(lockedKey, F_OK) == 0 }

  var hasEnrollingKey: Bool { Authority.isIn(folder: authority) || hasLockedKey }

  /// Keeps the key of the station's next name beside its own.
  func keepNext(_ key: SigningKey) throws(RegisterFault) {
    unlink(nextKey)
    do { try key.write(to: nextKey) } catch { throw RegisterFault(error) }
  }

  /// The store is under the next name: the old key is no more.
  func takeNext() throws(RegisterFault) {
    guard rename(nextKey, stationKey) == 0 else {
      throw .store("cannot rename \(nextKey): \(String(cString: strerror(errno)))")
    }
    do { try DiskFile.syncFolder(of: stationKey) } catch { throw RegisterFault(error) }
  }

  /// The key of this station, whatever a renewal that was cut short left.
  func key(of station: String) throws(RegisterFault) -> SigningKey {
    do {
      if access(nextKey, F_OK) == 0 {
        if StationName.isName(station, of: try SigningKey(contentsOf: nextKey).publicKey) {
          try takeNext()
        } else {
          unlink(nextKey)
        }
      }
      return try SigningKey(contentsOf: stationKey)
    } catch { throw RegisterFault(error) }
  }

  /// Keeps an authority where there is none: whole, or not at all.
  func keep(_ authority: Authority) throws {
    removePart()
    let part = authorityPart
    try StationFolder.make(part)
    try authority.write(to: part)
    try DiskFile.syncFolder(of: "\(part)/")
    // Where its key was taken away, its certificates may have stayed.
    if !hasEnrollingKey { for name in Self.certificates { unlink("\(self.authority)/\(name)") } }
    guard rename(part, self.authority) == 0 else {
      throw RegisterFault.store("cannot rename \(part): \(String(cString: strerror(errno)))")
    }
    try DiskFile.syncFolder(of: self.authority)
  }

  private var authorityPart: String { "\(path)/authority.part" }

  /// An authority that was not kept whole: its key lies there in the clear, and nobody uses it.
  func removePart() {
    try? DiskFile.erase("\(authorityPart)/\(Authority.enrollingKeyFile)")
    for name in Self.authorityFiles { unlink("\(authorityPart)/\(name)") }
    rmdir(authorityPart)
  }

  /// Makes the folder, for its owner alone, where there is none.
  func make() throws(RegisterFault) {
    try StationFolder.make(path)
  }

  /// Makes the folder of the authority.
  func makeAuthority() throws(RegisterFault) {
    try StationFolder.make(authority)
  }

  /// Makes the store's file, for its owner alone; SQLite gives its log the same mode.
  func makeStore() throws(RegisterFault) { try StationFolder.makeFile(store) }

  /// Makes an empty file for its owner alone, where there is none.
  static func makeFile(_ path: String) throws(RegisterFault) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw errno == ENOSPC ? .diskFull : .store("cannot make \(path): \(String(cString: strerror(errno)))")
    }
    close(descriptor)
  }

  /// What a creation that was cut short left behind: none of it was ever shown to anybody.
  func removeUnfinished() {
    removePart()
    for name in Self.authorityFiles { unlink("\(authority)/\(name)") }
    for file in [stationKey, rootKey, store, "\(store)-wal", "\(store)-shm"] { unlink(file) }
  }

  private static func make(_ path: String) throws(RegisterFault) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && part.isEmpty ? "/" : made.isEmpty || made == "/" ? String(part) : "/\(part)"
      if made == "/" || made.isEmpty { continue }
      guard mkdir(made, 0o700) == 0 || errno == EEXIST else {
        throw errno == ENOSPC ? .diskFull : .store("cannot make \(made): \(String(cString: strerror(errno)))")
      }
    }
  }
}

/// One writer for each folder: held while this value lives, let go by the kernel when the process ends, however
/// it ends.
final class FolderLock: Sendable {
  private let descriptor: Int32

  init(_ folder: StationFolder) throws(RegisterFault) {
    let opened = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw errno == ENOSPC ? .diskFull : .store("cannot open \(folder.lock): \(String(cString: strerror(errno)))")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      close(opened)
      throw .locked(folder: folder.path)
    }
    // Not before: once all is set, `deinit` runs even where `init` throws, and would close somebody else's file.
    descriptor = opened
  }

  /// Let go before it is closed: a program that is just being started has a copy of the descriptor for an instant.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
