import Foundation
import Ledger
import Synchronization

/// Standard output for answers, standard error for everything said to a person meanwhile.
enum Terminal {
  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  private static let printed = Mutex(false)

  /// Whether anything was printed for whoever asked.
  static var hasPrinted: Bool { printed.withLock { $0 } }

  /// Flushed at once: what is printed and not flushed never reaches a pipe.
  static func print(_ text: String) {
    printed.withLock { $0 = true }
    FileHandle.standardOutput.write(Data("\(text)\n".utf8))
  }

  static func error(_ text: String) {
    FileHandle.standardError.write(Data("permanence: \(text)\n".utf8))
  }

  static func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}

/// A bar on standard error, for whoever waits at a terminal; nothing where nobody does.
final class Progress: @unchecked Sendable {
  private let lock = NSLock()
  private let title: String
  private var shown = -1

  init(_ title: String) { self.title = title }

  func show(_ done: Int, of total: Int) {
    guard Terminal.isInteractive, total > 0 else { return }
    lock.lock()
    defer { lock.unlock() }
    let share = done * 100 / total
    guard share != shown else { return }
    shown = share
    let filled = share / 4
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 25 - filled)
    FileHandle.standardError.write(Data("\r\(title) \(bar) \(share) % (\(done) / \(total))".utf8))
    if done >= total { FileHandle.standardError.write(Data("\n".utf8)) }
  }
}
