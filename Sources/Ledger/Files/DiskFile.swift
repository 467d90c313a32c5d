import Glibc

/// An open file, closed when it goes out of scope.
package struct DiskFile: ~Copyable {
  private let descriptor: Int32
  package let path: String

  package init(reading path: String) throws(FileFault) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    self.path = path
    if descriptor < 0 { throw FileFault(.open, path) }
  }

  /// Fails where there is a file already: nothing is overwritten.
  package init(creating path: String, mode: mode_t) throws(FileFault) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    self.path = path
    if descriptor < 0 { throw FileFault(.create, path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Permission bits.
  func mode() throws(FileFault) -> mode_t {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFault(.read, path) }
    return status.st_mode & 0o7777
  }

  /// At most `count` bytes; empty at the end of the file.
  package func read(atMost count: Int) throws(FileFault) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var got = Glibc.read(descriptor, buffer.baseAddress, count)
      while got < 0, errno == EINTR { got = Glibc.read(descriptor, buffer.baseAddress, count) }
      failed = got < 0
      filled = max(got, 0)
    }
    if failed { throw FileFault(.read, path) }
    return bytes
  }

  package func write(_ bytes: [UInt8]) throws(FileFault) {
    var written = 0
    while written < bytes.count {
      let put = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if put < 0, errno == EINTR { continue }
      guard put >= 0 else { throw FileFault(.write, path) }
      written += put
    }
  }

  package func sync() throws(FileFault) {
    guard fsync(descriptor) == 0 else { throw FileFault(.sync, path) }
  }

  /// Takes this file's path over to `other`, replacing what is there, and makes that last.
  package func rename(to other: String) throws(FileFault) {
    try sync()
    guard Glibc.rename(path, other) == 0 else { throw FileFault(.rename, other) }
    try DiskFile.syncFolder(of: other)
  }

  /// A new or renamed file survives a power cut only once its folder is synced.
  package static func syncFolder(of path: String) throws(FileFault) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let folder = parts.isEmpty ? "." : parts == [""] ? "/" : parts.joined(separator: "/")
    let file = try DiskFile(reading: folder)
    try file.sync()
  }
}

extension DiskFile {
  /// Writes zeros over a small file, syncs them, and removes it. A disk that moves what it writes may keep the old
  /// bytes all the same: the disk's encryption is what holds then.
  package static func erase(_ path: String) throws(FileFault) {
    let size = try DiskFile(reading: path).read(atMost: 65_536).count
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault(.open, path) }
    let zeros = [UInt8](repeating: 0, count: size)
    let isWritten = Glibc.write(descriptor, zeros, size) == size && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, unlink(path) == 0 else { throw FileFault(.write, path) }
    try syncFolder(of: path)
  }
}
