import Foundation
import Replication

extension RecoveryPaper {
  /// The paper's file, or its lines typed into one.
  static func read(_ path: String) throws -> RecoveryPaper {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Sentence("\(path) cannot be read: give the paper's file, or type its lines R1 to R3 and A1 to A3 into one.")
    }
    do { return try RecoveryPaper(reading: text) } catch { throw Sentence("\(path): \(error).") }
  }
}
