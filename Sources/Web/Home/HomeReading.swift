import Hospital
import Ledger
import Register

/// What Accueil says, read in one state of the register.
struct HomeReading: Sendable {
  static let days = 7
  private static let stepSeconds = 2 * 3600

  var beds = BedFigures()
  var present = 0
  var arrivals = 0
  var expected = 0
  /// To come today, appointments among them.
  var awaited = 0
  var points: [OccupancyChart.Point] = []
  var envelopes = 0
  /// Present under a provisional identity.
  var toConfirm = 0
  /// Beds asked for, and not given yet.
  var bedRequests = 0
  /// Asked of another hospital, and not answered, of who is still here.
  var transfersUnanswered = 0
  /// Round trips whose hour of return is over, and whose patient is not said to be back.
  var returnsLate = 0
  /// Lines from elsewhere that could not be taken in.
  var aside = 0
  /// Messages of other systems that wait for a person.
  var refused = 0
  /// Messages that two stations understood differently, of the last day.
  var understoodApart = 0
  /// Sheets of paper, and lists of packs that are counted.
  var paperMissing = 0
  var paperReturned = 0
  /// Lines of this station's own chain.
  var lines = 0
  var identities = 0

  init(_ reading: Reading, hours: Hours, now: Instant) throws {
    let today = hours.day(now).daysSince1970
    let midnight = hours.midnight(daysSince1970: today) ?? now
    present = try reading.counts().openStays
    arrivals = try reading.arrivalsCount(since: midnight)
    expected = try reading.expectedStays(around: now).count
    let nextMidnight = hours.midnight(daysSince1970: today + 1) ?? now
    awaited = try reading.awaitedCount(from: midnight, to: nextMidnight, now: now)
    let first = hours.midnight(daysSince1970: today - HomeReading.days + 1) ?? now
    let figures = try reading.figures(at: now)
    beds = figures.reduce(into: beds) { sum, unit in sum.add(unit) }
    points = try reading.occupancy(from: first, to: now, stepSeconds: HomeReading.stepSeconds)
      .map { OccupancyChart.Point(at: $0.at, occupied: $0.occupied) }
    points.append(OccupancyChart.Point(at: now, occupied: beds.occupied))
    envelopes = try reading.accounts().filter { $0.awaitsClaim && $0.isActive(at: now) }.count
    toConfirm = try ToConfirm.rows(reading, at: now).count
    let sheets = SheetCounts(try reading.sheetBlocks().flatMap(\.sheets))
    let packs = try reading.rounds().filter { $0.isOpen && $0.pack != nil }
    paperMissing = packs.reduce(sheets[.missing]) { $0 + $1.missing.count }
    paperReturned = packs.reduce(sheets[.returned]) { $0 + $1.waiting.count }
    bedRequests = try reading.openRequestsCount()
    let transfers = try reading.transfers(since: now)
    transfersUnanswered = try transfers.count { transfer in
      guard transfer.status == .asked else { return false }
      let isHere = try reading.stay(transfer.stay)?.isPresent(at: now) ?? false
      return try !transfer.isToWithdraw(among: reading.transfers(ofStay: transfer.stay), isHere: isHere)
    }
    returnsLate = try transfers.count { transfer in
      guard transfer.isLate(at: now) else { return false }
      return try reading.stay(transfer.stay)?.awaySince(at: now, [transfer]) != nil
    }
    lines = try reading.heads()[reading.station]?.map(\.sequence).max() ?? 0
    aside = try reading.linesAsideCount()
    refused = try reading.refusedCount()
    understoodApart = try reading.understoodApartCount(since: now.adding(seconds: -UnderstoodApart.newSeconds))
    identities = try reading.counts().patients
  }
}

/// The hospital's beds, added up.
struct BedFigures: Sendable {
  var all = 0
  var occupied = 0
  var free = 0
  var toClean = 0
  var closed = 0

  mutating func add(_ unit: UnitFigures) {
    all += unit.beds
    occupied += unit.occupied
    free += unit.free
    toClean += unit.toClean
    closed += unit.closed
  }
}
