import Foundation
import Ledger
import Register
import Web

extension Reading {
  /// The hospital's time zone, in which answers show hours with their offset.
  func hours() throws -> Hours { Hours(of: try structure) }
}

extension Instant {
  /// ISO 8601 with an offset: `2022-08-21T03:00:00+02:00`, or as the ledger writes it.
  init?(offset text: String) {
    if let instant = Instant(text) {
      self = instant
    } else if let date = try? Date(text, strategy: .iso8601) {
      self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded()))
    } else {
      return nil
    }
  }
}
