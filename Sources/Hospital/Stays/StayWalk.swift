import Ledger

/// One walk over a stay's live movements, in their order.
struct StayWalk {
  private(set) var outline: StayOutline
  /// As movements say it.
  private var place = Place()
  private var isOpen = false
  private var away = false
  private var endedAt: Instant?

  init(_ stay: Stay) {
    outline = StayOutline(
      status: stay.status(at: Instant(milliseconds: .max)), place: Place(), presences: [], hasGap: false)
    let first = stay.movements.firstIndex(where: \.acts)
    if let first, let said = stay.admittedAtSaid, !stay.movements[first].isBeginning, said < stay.movements[first].at {
      begin(unheard: said, before: stay.movements[first])
    }
    // No copy of the movements that act: a refold of the whole hospital comes through here.
    for movement in stay.movements where movement.acts { step(movement) }
    if first == nil { foresee(stay) }
    outline.admittedAt = outline.status == .admitted || outline.status == .discharged ? admission(stay) : nil
    outline.dischargedAt = outline.status == .discharged ? endedAt : nil
    outline.hasGap = stay.movements.last { !$0.cancelled && !$0.isPlanned }.map { $0.historic && $0.isForeign } ?? false
    attend(stay)
    if stay.continuedAs != nil { outline.presences = [] }
  }

  private mutating func step(_ movement: Movement) {
    if !movement.isAttendingAlone { move(movement) }
    outline.stayClass = movement.stayClass ?? outline.stayClass
    outline.attending = movement.attending ?? outline.attending
    switch movement.trigger {
    case "A03":
      isOpen = false
      away = false
      endedAt = movement.at
      close(at: movement.at)
      return
    case "A01", "A04":
      // A discharge within the same minute still ends it, whichever was heard first.
      if let endedAt, movement.at <= endedAt { return }
      isOpen = true
      away = false
    case "A21": away = true
    case "A22": away = false
    default: break
    }
    if endedAt == nil { isOpen = true }
    if isOpen { be(from: movement.at) }
  }

  private mutating func move(_ movement: Movement) {
    place.move(movement)
    outline.place = place.assumed
  }

  /// Where someone was before the first movement heard: known only if that one moved nobody.
  private mutating func begin(unheard said: Instant, before first: Movement) {
    if ["A03", "A21", "A54"].contains(first.trigger) { move(first) }
    outline.stayClass = first.stayClass
    be(from: said)
  }

  private mutating func be(from instant: Instant) {
    if let last = outline.presences.last, last.until == nil, last.place == outline.place,
      last.stayClass == outline.stayClass, last.away == away
    {
      return
    }
    close(at: instant)
    outline.presences.append(
      Presence(place: outline.place, stayClass: outline.stayClass, from: instant, until: nil, away: away))
  }

  private mutating func close(at instant: Instant) {
    guard let last = outline.presences.last, last.until == nil else { return }
    if last.from >= instant {
      outline.presences.removeLast()
    } else {
      outline.presences[outline.presences.endIndex - 1].until = instant
    }
  }

  /// Nothing has happened yet: what is foreseen.
  private mutating func foresee(_ stay: Stay) {
    for movement in stay.movements where !movement.cancelled && !movement.isOfUnknownTrigger {
      move(movement)
      outline.stayClass = movement.stayClass ?? outline.stayClass
      outline.attending = movement.attending ?? outline.attending
      outline.expectedAt = movement.at
    }
  }

  /// The hour of A01 or A04; else what the feed says of the visit's beginning; else of the first movement that is
  /// no discharge.
  private func admission(_ stay: Stay) -> Instant? {
    stay.movements.first { $0.acts && $0.isBeginning }?.at ?? stay.admittedAtSaid
      ?? stay.movements.first { $0.acts && !$0.isDischarge }?.at
  }

  /// Who comes for sessions is here for the session, not from the first to the last. An outpatient who is moved to a
  /// bed is in it until moved elsewhere, discharged, or come again. In a series, or without a bed, nobody is here longer
  /// than for a session.
  private mutating func attend(_ stay: Stay) {
    guard let stayClass = outline.stayClass, stayClass == .recurring || stayClass == .outpatient,
      !stay.attendances.isEmpty
    else { return }
    let walked = outline.presences
    outline.presences = []
    let comings = stay.attendances.filter { !$0.cancelled }
    let lodged = stay.movements.filter { $0.acts && $0.trigger == "A02" && $0.place.bed != nil }
    lodge(walked, from: lodged.first?.at, before: comings.first?.at)
    for (index, coming) in comings.enumerated() {
      let next = index + 1 < comings.count ? comings[index + 1].at : nil
      let moved = lodged.first { $0.at >= coming.at }?.at
      var until = coming.at.adding(seconds: Attendance.hoursMax * 3600)
      for end in [next, moved] { if let end { until = min(until, end) } }
      if let endedAt, endedAt > coming.at { until = min(until, endedAt) }
      if coming.at < until {
        let place =
          coming.unit.map { Place(unit: $0) } ?? (lodged.isEmpty ? outline.place : Place(unit: outline.place.unit))
        outline.presences.append(
          Presence(place: place, stayClass: stayClass, from: coming.at, until: until, away: false))
      }
      lodge(walked, from: moved, before: next)
    }
  }

  /// Where the movements say that the patient was from `start`, as far as that is before `end`.
  private mutating func lodge(_ walked: [Presence], from start: Instant?, before end: Instant?) {
    guard let start, end.map({ start < $0 }) ?? true else { return }
    for var presence in walked where presence.until.map({ $0 > start }) ?? true {
      presence.from = max(presence.from, start)
      if let end {
        guard presence.from < end else { break }
        presence.until = min(presence.until ?? end, end)
      }
      if presence.place.bed == nil || presence.stayClass == .recurring {
        let end = presence.from.adding(seconds: Attendance.hoursMax * 3600)
        presence.until = min(presence.until ?? end, end)
      }
      outline.presences.append(presence)
    }
  }
}

extension Movement {
  /// A54 changes who answers, never where the patient is.
  fileprivate var isAttendingAlone: Bool { trigger == "A54" }
}

extension Place {
  /// Where nobody said which unit lodges them (PV1-3), they are with the one that answers for them (ZBE-7): whoever is in
  /// no unit is in no census.
  fileprivate var assumed: Place {
    guard unit == nil, let answering = medicalUnit ?? careUnit else { return self }
    var place = self
    place.unit = answering
    place.medicalUnit = nil
    if place.careUnit?.sameBytes(as: answering) == true { place.careUnit = nil }
    return place
  }

  /// Where this movement leaves the patient. Lodging moves as a whole; each responsibility that the nature names (all
  /// three, where it names none) goes along unless another unit is said, and the others stay with whoever had them.
  fileprivate mutating func move(_ movement: Movement) {
    let said = movement.place
    if said.unit != nil || said.room != nil || said.bed != nil {
      let (medical, care) = (medicalUnit ?? unit, careUnit ?? unit)
      if said.unit != nil { unit = said.unit }
      room = said.room
      bed = said.bed
      medicalUnit = movement.bears("M") ? nil : medical
      careUnit = movement.bears("S") ? nil : care
    }
    if said.medicalUnit != nil { medicalUnit = said.medicalUnit }
    if said.careUnit != nil { careUnit = said.careUnit }
    if let unit {
      if medicalUnit?.sameBytes(as: unit) == true { medicalUnit = nil }
      if careUnit?.sameBytes(as: unit) == true { careUnit = nil }
    }
  }
}

extension Movement {
  fileprivate func bears(_ responsibility: Unicode.Scalar) -> Bool {
    nature?.unicodeScalars.contains(responsibility) ?? true
  }
}
