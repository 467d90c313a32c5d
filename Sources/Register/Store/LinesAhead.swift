import Dispatch
import Ledger
import Synchronization

/// Lines as they came, in parts, each read beside whoever writes while those before it are kept. Read, lines take ten
/// times the memory, so few parts are at a time: enough that nobody waits for one while a transaction ends.
final class LinesAhead: Sendable {
  /// Of one part, in bytes: some thousand lines.
  private static let partBytes = 1 << 20
  /// Parts that are read beside the one that is being kept.
  private static let aheadMax = 3

  private let parts: [ArraySlice<[UInt8]>]
  private let key: @Sendable (String, Commit?) throws -> PublicKey?
  private let begun = Mutex<[Int: Part]>([:])

  private final class Part: Sendable {
    let isRead = DispatchGroup()
    let lines = Mutex<Result<SortedLines, any Error>?>(nil)
  }

  /// Begins to read the first part.
  /// - Parameter key: of a chain, by its name and its first line where that is in the same part.
  init(_ lines: [[UInt8]], key: @escaping @Sendable (String, Commit?) throws -> PublicKey?) {
    var parts: [ArraySlice<[UInt8]>] = []
    var (start, bytes) = (0, 0)
    for (index, line) in lines.enumerated() {
      bytes += line.count
      guard bytes >= Self.partBytes || index == lines.count - 1 else { continue }
      parts.append(lines[start...index])
      (start, bytes) = (index + 1, 0)
    }
    (self.parts, self.key) = (parts, key)
    _ = begin(0)
  }

  /// Of parts.
  var count: Int { parts.count }

  /// Waits a moment for the part of this number; gives whether it can be had now.
  func isRead(_ number: Int) -> Bool {
    begin(number)?.isRead.wait(timeout: .now() + .milliseconds(1)) != .timedOut
  }

  /// Goes on, on `queue`, once the part of this number can be had, or at once where there is none.
  func whenRead(_ number: Int, on queue: DispatchQueue, _ goOn: @escaping @Sendable () -> Void) {
    if let part = begin(number) { part.isRead.notify(queue: queue, execute: goOn) } else { queue.async(execute: goOn) }
  }

  /// The part of this number, which is read, and begins those after it. Whoever asks for one holds nothing more of
  /// those before the last.
  func part(_ number: Int) throws -> SortedLines {
    // A chain that is opened in this part is known by now; the writer sees to one that a later part opens.
    for next in number + 1...number + Self.aheadMax { _ = begin(next) }
    let (part, before) = begun.withLock { ($0[number], $0.removeValue(forKey: number - 2)) }
    // Freed beside whoever writes: it is a thousand lines.
    DispatchQueue.global(qos: .utility).async { withExtendedLifetime(before) {} }
    guard let lines = part?.lines.withLock({ $0 }) else { throw RegisterFault.store("no part \(number) of the lines") }
    return try lines.get()
  }

  private func begin(_ number: Int) -> Part? {
    guard parts.indices.contains(number) else { return nil }
    return begun.withLock { begun in
      if let part = begun[number] { return part }
      let part = Part()
      begun[number] = part
      // A thread each, and on none of the few threads that serve people: those are of another quality of service.
      DispatchQueue.global(qos: .utility).async(group: part.isRead) { [lines = parts[number], key] in
        let read = Result { try SortedLines(Array(lines), key: key) }
        part.lines.withLock { $0 = read }
      }
      return part
    }
  }
}
