import Ledger
import Register

/// Makes one sealed file of lines for stations that the network does not reach.
public struct CarrierWriting: Sendable {
  /// What a carrier holds, and where it was written.
  public struct Written: Sendable, Equatable {
    public var commits: Int
    public var stations: Int
    /// One path, or one for each part.
    public var files: [String]
  }

  private static let piecesBytes = 1 << 20

  private let register: Register
  private let now: @Sendable () -> Instant
  private let random: @Sendable (Int) -> [UInt8]
  private let room: DiskRoom.Spare

  /// - Parameter room: bytes that the disk of the file has to spare; a USB key is filled.
  public init(
    _ register: Register, now: @escaping @Sendable () -> Instant, random: @escaping @Sendable (Int) -> [UInt8],
    room: @escaping DiskRoom.Spare = { _ in nil }
  ) {
    self.room = room
    self.register = register
    self.now = now
    self.random = random
  }

  /// Writes it whole or not at all, with memory for two pieces of 1 MiB.
  /// - Parameters:
  ///   - path: absolute; a file of that name is replaced.
  ///   - destination: the whole name of a station, whose lines say what it has; nil for everything.
  ///   - partBytes: the most bytes of a file; nil for one file.
  ///   - progress: lines written, of how many.
  /// - Throws: `SealFailure`, or `RegisterFault`, `diskFull` where there is nothing to spare.
  public func write(
    to path: String, for destination: String? = nil, partBytes: Int? = nil,
    progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws -> Written {
    try await blocking { try writeNow(path, destination, partBytes, progress) }
  }

  private func writeNow(
    _ path: String, _ destination: String?, _ partBytes: Int?, _ progress: (Int, Int) -> Void
  ) throws -> Written {
    let identity = try register.identity()
    guard let recipient = try CarrierKeys(register, random: random).recipient else {
      throw SealFailure.cannotSeal("this hospital has no carrier key")
    }
    let content = try CarrierContent(of: register, for: destination)
    let manifest = SealedManifest(
      kind: .carrier, station: register.station, publicKey: register.publicKey,
      certificates: identity.enrolment.certificates, sealedAt: now(), ranges: content.ranges,
      heads: content.heads)
    let recipients = [recipient] + (try register.recoveryKeys())
    let sealing = try Sealing(
      manifest, to: Array(recipients.prefix(SealHeader.recipientsMax)), key: identity.key, random: random)
    var file = try SealedFileWriter(path: path, sealing: sealing, partBytes: partBytes)
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
    do {
      var done = 0
      for part in content.parts {
        var after = part.after
        while let lines = try register.lines(endingAt: part.tip.hash, after: after, bytes: Self.piecesBytes),
          !lines.isEmpty
        {
          guard (room(folder) ?? .max) > 0 else { throw RegisterFault.diskFull }
          for line in lines { try file.append(line + [UInt8(ascii: "\n")]) }
          after += lines.count
          done += lines.count
          progress(done, content.lines)
        }
      }
      return Written(commits: done, stations: content.stations, files: try file.finish())
    } catch {
      file.discard()
      throw error
    }
  }
}
