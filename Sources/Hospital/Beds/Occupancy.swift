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

  private static func companies(_ stays: [Stay]) -> Int { Set(stays.map(\.company)).count }

  /// One who would come to lie beside a stranger.
  struct Clash {
    /// `bed/<uuid>`.
    var bed: Bed
    var at: Instant
  }
}

extension Stay {
  /// A mother and her newborns are one, and so are siblings of one birth.
  fileprivate var company: String { motherStay ?? id }
}

extension World {
  /// Refuses what would put somebody beside a stranger, then or now.
  func requireRoom(after facts: [Fact], _ moment: Moment) throws(Refusal) {
    let clashes = clashes(after: facts, moment)
    guard !clashes.isEmpty else { return }
    guard let now = clashes.first(where: { $0.at >= moment.now }) else {
      throw Refusal("bed-occupied-then", field: "bed")
    }
    throw Refusal(now.bed.doubled ? "bed-full" : "bed-occupied", field: "bed")
  }

  /// Where and when these facts would put a stay into a bed with a stranger, in the order of hours. What was said
  /// already, by a feed or by another station, is a conflict for people to settle, and hinders nobody here.
  func clashes(after facts: [Fact], _ moment: Moment) -> [Occupancy.Clash] {
    let after = WorldAfter(self, facts, moment)
    let moved = Set(facts.map(\.subject)).filter { $0.hasPrefix("stay/") }.compactMap { after.stay($0) }
    return moved.flatMap { clashes(of: $0, after, moment) }.sorted { $0.at < $1.at }
  }

  private func clashes(of who: Stay, _ after: WorldAfter, _ moment: Moment) -> [Occupancy.Clash] {
    let before = stay(who.id)
    let known = before?.outline.presences ?? []
    // Who comes in a few minutes, by a station's clock that is ahead, may have been said already.
    let end = moment.now.adding(seconds: EventHour.aheadMinutes * 60)
    var clashes: [Occupancy.Clash] = []
    for presence in who.outline.presences where before?.company != who.company || !known.contains(presence) {
      guard presence.from <= end, let bed = structure?.bedID(presence.place).flatMap({ after.bed($0) }) else {
        continue
      }
      let others = after.occupants(ofBed: bed.id, from: presence.from, through: presence.until ?? end)
      guard others.count > 1 else { continue }
      // Between two of these hours nobody comes or goes.
      let changes =
        (known + others.compactMap { after.stay($0) }.flatMap(\.outline.presences))
        .flatMap { [$0.from, $0.until] }.compactMap { $0 } + [moment.now]
      for hour in Set(changes) where hour <= end && presence.covers(hour) {
        let lying = after.occupants(ofBed: bed.id, at: hour).compactMap { after.stay($0) }
        guard !Occupancy.clashing(lying, doubled: bed.doubled).isEmpty else { continue }
        let lay = occupants(ofBed: bed.id, at: hour).compactMap { stay($0) }
        if !lay.contains(where: { $0.company == who.company }) { clashes.append(Occupancy.Clash(bed: bed, at: hour)) }
      }
    }
    return clashes
  }
}
