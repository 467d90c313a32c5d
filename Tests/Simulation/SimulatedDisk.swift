import Foundation
import GRDBSQLite
import Synchronization

/// A disk in memory that goes with whoever holds it. It fills up, and its power fails in the middle of a write: then it
/// keeps what was synced, and of the rest what chance leaves.
final class SimulatedDisk: Sendable {
  let path: String
  private let writing = DiskWriting()

  /// In memory where there is room, which a container may not have.
  private static let base: String = {
    let memory = "/dev/shm"
    let free = try? FileManager.default.attributesOfFileSystem(forPath: memory)[.systemFreeSize] as? Int
    let isUsed = free ?? 0 > roomBytes && FileManager.default.isWritableFile(atPath: memory)
    return isUsed ? memory : FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
  }()
  private static let roomBytes = 1 << 29
  private static let known = Mutex<[String: DiskWriting]>([:])

  init() throws {
    guard SimulatedFiles.areThere else { throw CocoaError(.fileWriteUnknown) }
    path = "\(Self.base)/permanence-simulation-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    Self.known.withLock { $0[path] = writing }
  }

  deinit {
    _ = Self.known.withLock { $0.removeValue(forKey: path) }
    try? FileManager.default.removeItem(atPath: path)
  }

  /// What is written on the disk on which this file lies, at the top.
  static func writing(of file: String) -> DiskWriting? {
    guard file.hasPrefix(base), let slash = file.lastIndex(of: "/") else { return nil }
    return known.withLock { $0[String(file[..<slash])] }
  }

  /// After so many more writes and syncs of the log, nothing is written any more.
  func fail(_ fault: DiskWriting.Fault, after count: Int) { writing.fail(fault, after: count) }

  func makeRoom() { writing.makeRoom() }

  /// What refuses now.
  var fault: DiskWriting.Fault? { writing.fault }

  /// Everything that was written, synced or not: a machine copied as it runs.
  func copy() throws -> SimulatedDisk {
    let copy = try SimulatedDisk()
    try writing.holding { _ in try fill(copy) }
    return copy
  }

  /// What is there when the power comes back: all that was synced, and any part of what was not, in any order.
  func afterPowerCut(_ dice: inout Dice) throws -> SimulatedDisk {
    // Of its own: how much lies unsynced in the store itself depends on when it was last copied there.
    let seed = dice.next()
    let copy = try SimulatedDisk()
    try writing.holding { files in
      try fill(copy)
      for (path, file) in files where !file.changes.isEmpty {
        let torn = URL(filePath: "\(copy.path)/\(path.dropFirst(self.path.count + 1))")
        guard var content = try? Array(Data(contentsOf: torn)) else { continue }
        var dice = Dice(seed: seed)
        file.tear(&content, &dice)
        try Data(content).write(to: torn)
      }
    }
    return copy
  }

  private func fill(_ copy: SimulatedDisk) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path)
    where name != "writer.lock" && !name.hasSuffix("-shm") {
      try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(copy.path)/\(name)")
    }
  }
}

/// What SQLite writes on one disk; whoever still has one of its files open keeps it, and not the disk.
final class DiskWriting: Sendable {
  enum Fault: Sendable {
    case full
    case noPower
  }

  private let state = Mutex(State())

  private struct State {
    var files: [String: WrittenFile] = [:]
    var fault: Fault?
    /// Writes and syncs of the log that go well before the fault.
    var left = 0

    /// Counts one of the log; gives why it is refused.
    mutating func refusal(counts: Bool) -> Fault? {
      guard let fault else { return nil }
      if left == 0 { return fault }
      if counts { left -= 1 }
      return nil
    }
  }

  func fail(_ fault: Fault, after count: Int) { state.withLock { ($0.fault, $0.left) = (fault, count) } }

  func makeRoom() { state.withLock { $0.fault = nil } }

  var fault: Fault? { state.withLock { $0.left == 0 ? $0.fault : nil } }

  /// Nothing is written meanwhile.
  func holding(_ body: ([String: WrittenFile]) throws -> Void) throws { try state.withLock { try body($0.files) } }

  func file(_ path: String) -> WrittenFile {
    state.withLock { state in
      if let known = state.files[path] { return known }
      let new = WrittenFile(isLog: path.hasSuffix("-wal"))
      state.files[path] = new
      return new
    }
  }

  func forget(_ path: String) { state.withLock { $0.files[path] = nil } }

  /// - Parameter counts: whether a fault that is to come counts it: not where the log begins anew, which depends on when
  ///   it was last copied into the store.
  func change(_ file: WrittenFile, counts: Bool, _ make: () -> (Int32, WrittenFile.Change)) -> Int32 {
    state.withLock { state in
      switch state.refusal(counts: file.isLog && counts) {
      case .full: return SQLITE_FULL
      case .noPower: return SQLITE_IOERR
      case nil: break
      }
      let (code, change) = make()
      if code == SQLITE_OK { file.changes.append(change) }
      return code
    }
  }

  func sync(_ file: WrittenFile) -> Int32 {
    state.withLock { state in
      let counts = file.isLog && file.changes.contains { $0.offset > 0 }
      if state.refusal(counts: counts) == .noPower { return SQLITE_IOERR }
      file.changes = []
      return SQLITE_OK
    }
  }
}

/// What was written to a file since it was last synced. Touched under its disk's lock alone, which is what makes it safe
/// to hand about.
final class WrittenFile: @unchecked Sendable {
  struct Change {
    var offset: Int
    /// What was there before, as far as there was anything, and how long the file was.
    var old: [UInt8]
    var size: Int
    /// nil where the file was cut there.
    var new: [UInt8]?
  }

  private static let sector = 512

  let isLog: Bool
  /// Oldest first.
  var changes: [Change] = []

  init(isLog: Bool) { self.isLog = isLog }

  /// Takes all changes back, then makes some of them again: none, all, or any, the last of them perhaps torn.
  func tear(_ content: inout [UInt8], _ dice: inout Dice) {
    for change in changes.reversed() {
      content.write(change.old, at: change.offset)
      content.cut(at: change.size)
    }
    let kept = Int.random(in: 0...3, using: &dice)
    for change in changes where kept == 3 || kept > 0 && dice.once(in: 2) {
      guard let new = change.new else {
        content.cut(at: change.offset)
        continue
      }
      let sectors = Int.random(in: 0...new.count / Self.sector + 1, using: &dice)
      content.write(kept == 1 ? Array(new.prefix(sectors * Self.sector)) : new, at: change.offset)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func write(_ bytes: [UInt8], at offset: Int) {
    if count < offset + bytes.count { self += [UInt8](repeating: 0, count: offset + bytes.count - count) }
    replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  fileprivate mutating func cut(at size: Int) {
    if count > size { removeLast(count - size) }
  }
}
