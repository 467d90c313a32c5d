import Ledger

/// Two patients are never silently in one bed. A newborn and its mother are one company, and a bed may be doubled on
/// purpose.
public enum Occupancy {
  public struct Overlap: Sendable, Equatable {
    /// `bed/<uuid>`.
    public var bed: String
    /// `stay/<uuid>`, sorted.
    public var stays: [String]
  }

  /// The stays that should not be together in one bed; none where all is well.
  public static func clashing(_ stays: [Stay], doubled: Bool) -> [String] {
    companies(stays) > (doubled ? 2 : 1) ? stays.map(\.id).sorted { $0.precedesInBytes($1) } : []
  }

  /// Beds in which more lie at `instant` than may. Only beds that are there count: a feed's pseudo-places
  /// (a whole unit's `TRAN`) hold many.
  public static func overlaps(
    _ stays: [Stay], beds: [String: Bed], structure: Structure, at instant: Instant
  ) -> [Overlap] {
    var lying: [String: [Stay]] = [:]
    for stay in stays {
      guard let place = stay.presence(at: instant)?.place, let bed = structure.bedID(place), beds[bed] != nil else {
        continue
      }
      lying[bed, default: []].append(stay)
    }
    return lying.compactMap { bed, stays in
      let clash = clashing(stays, doubled: beds[bed]?.doubled ?? false)
      return clash.isEmpty ? nil : Overlap(bed: bed, stays: clash)
    }.sorted { $0.bed.precedesInBytes($1.bed) }
  }

  /// Refuses one more beside `others`.
  static func checkRoom(for who: Stay, beside others: [Stay], in bed: Bed) throws(Refusal) {
    let taken = companies(others)
    guard taken > 0, companies(others + [who]) > taken else { return }
    guard bed.doubled else { throw Refusal("bed-occupied", field: "bed") }
    guard taken < 2 else { throw Refusal("bed-full", field: "bed") }
  }

  /// A mother and her newborns count as one, and so do siblings of one birth.
  private static func companies(_ stays: [Stay]) -> Int {
    Set(stays.map { $0.motherStay ?? $0.id }).count
  }
}
