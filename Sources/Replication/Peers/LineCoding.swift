import Hummingbird

/// How lines are compressed on the way: one Zstandard frame (RFC 8878), whose blocks leave as they are full. A few lines
/// are not: they must leave at once, and compressing them would take longer than sending them.
package enum LineCoding {
  /// HTTP's name of it.
  package static let name = "zstd"
  /// Lines that are said at a desk, not a backlog.
  static let fewBytes = 8192

  package static func isAccepted(_ fields: HTTPFields) -> Bool {
    fields[values: .acceptEncoding].contains { field in
      field.split(separator: ",").contains { $0.prefix { $0 != ";" }.filter { $0 != " " } == name }
    }
  }

  /// Reads what comes piece by piece, holding no more than a window and a block.
  package struct Reading {
    private let decompression: Decompression?

    /// - Parameter coding: HTTP's name of how it is compressed, nil where it is not.
    package init(_ coding: String?) throws(PeerFault) {
      guard let coding, coding != "identity" else {
        decompression = nil
        return
      }
      guard coding == LineCoding.name else { throw .garbage("lines in a coding that nobody asked for") }
      do { decompression = try Decompression() } catch { throw .garbage("\(error)") }
    }

    package func take(_ piece: [UInt8], _ take: ([UInt8]) async throws -> Void) async throws {
      guard let decompression else { return try await take(piece) }
      decompression.take(piece)
      while let block = try next(decompression) { try await take(block) }
    }

    private func next(_ decompression: Decompression) throws(PeerFault) -> [UInt8]? {
      do { return try decompression.next() } catch { throw .garbage("\(error)") }
    }
  }
}
