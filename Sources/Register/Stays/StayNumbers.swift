import GRDB
import Hospital
import Ledger

/// What stays are looked up by; what is nil is not asked.
public struct StayLookup: Sendable {
  /// `patient/<uuid>` of each identity of whoever it is of.
  public var patients: [String]?
  /// NDA or visit number.
  public var numbers: [String]?
  /// One of these at the hour that is looked at, or something of it is still to come then: its state says which.
  public var statuses: [StayStatus]?
  public var classes: [StayClass]?
  /// Spent in one of these units, at any time; of one that was spent nowhere, the unit that awaits it.
  public var units: [String]?

  public init() {}
}

extension Reading {
  /// The next stays that answer at an hour, as their subjects' numbers, in the order in which they were first heard of.
  public func stayNumbers(
    _ lookup: StayLookup, at instant: Instant, after number: Int, limit: Int
  ) throws -> [Int] {
    var conditions = ["stays.stay > ?"]
    var values: [SQLValue] = [.integer(number)]
    func places(_ texts: [String]) -> String {
      values.append(.list(texts))
      return "(SELECT value FROM json_each(?))"
    }
    if let patients = lookup.patients {
      conditions.append("stays.patient IN (SELECT id FROM subjects WHERE name IN \(places(patients)))")
    }
    if let numbers = lookup.numbers {
      conditions.append("(number IN \(places(numbers)) OR visit IN \(places(numbers)))")
    }
    if let statuses = lookup.statuses {
      conditions.append("(status IN \(places(statuses.map(\.rawValue))) OR settledAt > ?)")
      values.append(.integer(Int(instant.milliseconds)))
    }
    if let classes = lookup.classes { conditions.append("class IN \(places(classes.map(\.rawValue)))") }
    if let units = lookup.units {
      conditions.append(
        """
        (EXISTS (SELECT 1 FROM presences WHERE presences.stay = stays.stay AND unit IN \(places(units)))
        OR expectedUnit IN \(places(units)))
        """)
    }
    values.append(.integer(limit))
    var found: [Int] = []
    try db.prepared(
      "SELECT stays.stay FROM stays WHERE \(conditions.joined(separator: " AND ")) ORDER BY stays.stay LIMIT ?"
    ).each(binding: values) { row in
      found.append(row.integer(0))
      return true
    }
    return found
  }
}
