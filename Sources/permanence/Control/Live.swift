import Foundation
import Ledger
import Register

extension Environment {
  /// The machine's clock and its source of randomness.
  static let live = Environment(
    now: systemTime,
    newID: { Name.uuid7(at: systemTime(), random: systemRandomBytes(10)) ?? UUID().uuidString.lowercased() },
    randomBytes: systemRandomBytes)

  @Sendable private static func systemTime() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  @Sendable private static func systemRandomBytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    // One question to the kernel for all of them, of 256 at most.
    if count <= 256, getentropy(&bytes, count) == 0 { return bytes }
    var generator = SystemRandomNumberGenerator()
    for place in bytes.indices { bytes[place] = UInt8.random(in: 0...255, using: &generator) }
    return bytes
  }
}
