import Foundation
import GRDBSQLite
import Synchronization

/// SQLite's own way to files, with a disk of ours between: what it writes on a `SimulatedDisk` goes through that one,
/// all else as ever.
///
/// A file keeps SQLite's own methods but those that write, which ask the disk first.
enum SimulatedFiles {
  /// Once: from then on every connection of this process comes by here.
  static let areThere: Bool = {
    guard let usual else { return false }
    let files = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    files.initialize(to: usual.pointee)
    files.pointee.zName = UnsafePointer(strdup("simulated"))
    files.pointee.pNext = nil
    files.pointee.szOsFile = Int32(tail + MemoryLayout<UnsafeRawPointer>.size)
    files.pointee.xOpen = { _, name, file, flags, outFlags in
      guard let usual = SimulatedFiles.usual, let file else { return SQLITE_CANTOPEN }
      let code = usual.pointee.xOpen(usual, name, file, flags, outFlags)
      if code == SQLITE_OK, let name { SimulatedFiles.wrap(file, String(cString: name)) }
      return code
    }
    files.pointee.xDelete = { _, name, isSynced in
      guard let usual = SimulatedFiles.usual, let name else { return SQLITE_IOERR }
      let path = String(cString: name)
      SimulatedDisk.writing(of: path)?.forget(path)
      return usual.pointee.xDelete(usual, name, isSynced)
    }
    return sqlite3_vfs_register(files, 1) == SQLITE_OK
  }()

  nonisolated(unsafe) private static let usual = sqlite3_vfs_find(nil)
  /// Where, in SQLite's own structure of an open file, ours begins.
  private static let tail = ((usual.map { Int($0.pointee.szOsFile) } ?? 0) + 7) & ~7

  private static func wrap(_ file: UnsafeMutablePointer<sqlite3_file>, _ path: String) {
    guard let own = file.pointee.pMethods, let disk = SimulatedDisk.writing(of: path) else { return }
    let open = OpenFile(disk, disk.file(path), own)
    at(file).storeBytes(of: Unmanaged.passRetained(open).toOpaque(), as: UnsafeMutableRawPointer.self)
    file.pointee.pMethods = methods(like: own)
  }

  private static func at(_ file: UnsafeMutablePointer<sqlite3_file>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(file).advanced(by: tail)
  }

  private static func open(_ file: UnsafeMutablePointer<sqlite3_file>) -> Unmanaged<OpenFile> {
    Unmanaged.fromOpaque(at(file).load(as: UnsafeMutableRawPointer.self))
  }

  /// Addresses of tables of methods: SQLite's own, and what is made of each. They stay for ever.
  private static let made = Mutex<[Int: Int]>([:])

  private static func methods(like own: UnsafePointer<sqlite3_io_methods>) -> UnsafePointer<sqlite3_io_methods>? {
    let known = made.withLock { [address = Int(bitPattern: own)] made in
      if let known = made[address] { return known }
      let new = Int(bitPattern: UnsafeRawPointer(make(UnsafePointer(bitPattern: address)!.pointee)))
      made[address] = new
      return new
    }
    return UnsafePointer(bitPattern: known)
  }

  private static func make(_ own: sqlite3_io_methods) -> UnsafeMutablePointer<sqlite3_io_methods> {
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: own)
    methods.pointee.xWrite = { file, bytes, count, offset in
      guard let file, let bytes else { return SQLITE_IOERR }
      return SimulatedFiles.open(file).takeUnretainedValue().write(
        file, UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: Int(offset))
    }
    methods.pointee.xTruncate = { file, size in
      guard let file else { return SQLITE_IOERR }
      return SimulatedFiles.open(file).takeUnretainedValue().truncate(file, Int(size))
    }
    methods.pointee.xSync = { file, _ in
      guard let file else { return SQLITE_IOERR }
      return SimulatedFiles.open(file).takeUnretainedValue().sync()
    }
    methods.pointee.xClose = { file in
      guard let file else { return SQLITE_IOERR }
      let opened = SimulatedFiles.open(file)
      defer { opened.release() }
      return opened.takeUnretainedValue().own.pointee.xClose(file)
    }
    return methods
  }
}

/// One of SQLite's handles of a file.
private final class OpenFile {
  let own: UnsafePointer<sqlite3_io_methods>
  private let disk: DiskWriting
  private let written: WrittenFile

  init(_ disk: DiskWriting, _ written: WrittenFile, _ own: UnsafePointer<sqlite3_io_methods>) {
    (self.disk, self.written, self.own) = (disk, written, own)
  }

  func write(_ file: UnsafeMutablePointer<sqlite3_file>, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
    disk.change(written, counts: offset > 0) {
      let size = size(file)
      let old = read(file, at: offset, min(bytes.count, max(0, size - offset)))
      let code = own.pointee.xWrite(file, bytes.baseAddress, Int32(bytes.count), Int64(offset))
      return (code, WrittenFile.Change(offset: offset, old: old, size: size, new: Array(bytes)))
    }
  }

  func truncate(_ file: UnsafeMutablePointer<sqlite3_file>, _ end: Int) -> Int32 {
    disk.change(written, counts: false) {
      let size = size(file)
      let old = read(file, at: end, max(0, size - end))
      return (own.pointee.xTruncate(file, Int64(end)), WrittenFile.Change(offset: end, old: old, size: size, new: nil))
    }
  }

  func sync() -> Int32 { disk.sync(written) }

  private func size(_ file: UnsafeMutablePointer<sqlite3_file>) -> Int {
    var size: sqlite3_int64 = 0
    _ = own.pointee.xFileSize(file, &size)
    return Int(size)
  }

  private func read(_ file: UnsafeMutablePointer<sqlite3_file>, at offset: Int, _ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      if count > 0 { _ = own.pointee.xRead(file, bytes.baseAddress, Int32(count), Int64(offset)) }
      filled = count
    }
  }
}
