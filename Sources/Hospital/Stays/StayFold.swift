import Ledger

/// What a stay's facts mean, as IHE PAM with the French extension has it: a movement's key is an upsert key, a
/// cancellation marks and is final, and a correction of what was never seen creates it.
extension Stay: Folded {
  public mutating func fold(_ heard: Heard) {
    guard let kind = StayFact(rawValue: heard.fact.kind), let data = heard.fact.data.object else { return }
    switch kind {
    case .reassigned: return reassign(data)
    case .asked: return answers.fold(heard)
    case .continued:
      if let value = data["as"] { continuedAs.take(value) }
      return
    default: break
    }
    // Admitted to a ward under the same number: what that says of the entry is the ward's.
    if kind == .classChanged, arrival == nil, data["entryMode"] != nil || data["provenance"] != nil,
      movements.last(where: \.acts)?.stayClass == .emergency
    {
      arrival = Arrival(entryMode: entryMode, provenance: provenance)
    }
    var movement: JSONObject?
    for (key, value) in data.members {
      if key == "movement" { movement = value.object } else { take(key, value) }
    }
    if kind == .deleted { cancelAll() }
    guard let movement, let key = movement["key"]?.string, !key.isEmpty else { return }
    switch kind {
    case .described, .asked, .reassigned, .continued, .deleted: break
    case .attended: attend(key, movement, heard)
    case .cancelled: cancel(key, movement, heard)
    case .corrected: correct(key, movement, heard)
    default: insert(key, movement, heard, trigger: kind.trigger(movement))
    }
  }

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "patient": if let text = value.string { claim(text) }
    case "number": number.take(value)
    case "numberAuthority": numberAuthority.take(value)
    case "visit": visit.take(value)
    case "entryMode": entryMode.take(value)
    case "provenance": provenance.take(value)
    case "exitMode": exitMode.take(value)
    case "destination": destination.take(value)
    case "preadmissionNumber": preadmissionNumber.take(value)
    case "motherStay": motherStay.take(value)
    case "reason": reason.take(value)
    case "admittedAt": admittedAtSaid.take(value)
    case _ where value.isNull: other[key] = JSON?.none
    default: other[key] = value
    }
  }

  // MARK: Whose it is

  private mutating func claim(_ claimed: String) {
    guard let patient else {
      patient = claimed
      return
    }
    if !patient.sameBytes(as: claimed), !otherPatients.contains(where: { $0.sameBytes(as: claimed) }) {
      otherPatients.append(claimed)
    }
  }

  /// An account changes hands by this fact alone. Where it says from whom, and a third holds it, that is a claim.
  private mutating func reassign(_ data: JSONObject) {
    guard let heir = data["patient"]?.string else { return }
    if let patient, let from = data["from"]?.string, !patient.sameBytes(as: from) {
      claim(heir)
    } else {
      patient = heir
      otherPatients = []
    }
  }

  // MARK: Movements

  private mutating func insert(_ key: String, _ said: JSONObject, _ heard: Heard, trigger: String) {
    guard var movement = remove(said) else {
      add(key, said, heard, trigger: trigger)
      return
    }
    if movement.cancelled {
      movement.reused = true
    } else {
      movement.at = heard.fact.at
      movement.trigger = trigger
      movement.take(said)
    }
    put(movement)
  }

  private mutating func correct(_ key: String, _ said: JSONObject, _ heard: Heard) {
    let trigger = said["trigger"]?.string ?? ""
    guard var movement = remove(said) else {
      add(key, said, heard, trigger: trigger)
      return
    }
    if !movement.cancelled {
      movement.at = heard.fact.at
      if movement.trigger.isEmpty { movement.trigger = trigger }
      movement.take(said)
    }
    put(movement)
  }

  private mutating func cancel(_ key: String, _ said: JSONObject, _ heard: Heard) {
    // Of the whole account (A11): nobody is expected under it any more either.
    if said["account"]?.bool == true {
      for index in movements.indices where movements[index].isForeseenBeginning { movements[index].cancelled = true }
    }
    if let index = index(ofMovement: .object(said)) {
      movements[index].cancelled = true
    } else if let index = attendances.firstIndex(where: { $0.key.sameBytes(as: key) }) {
      attendances[index].cancelled = true
    } else if said["latest"]?.bool == true, let index = latest(said["trigger"]?.string ?? "A01") {
      movements[index].cancelled = true
    } else {
      var tombstone = Movement(key, heard, trigger: said["trigger"]?.string ?? "")
      tombstone.takeTombstone(said)
      tombstone.cancelled = true
      enumerate(&tombstone.order)
      put(tombstone)
    }
  }

  /// As if each had been cancelled by its own message: kept, and shown as such.
  private mutating func cancelAll() {
    deleted = true
    for index in movements.indices { movements[index].cancelled = true }
    for index in attendances.indices { attendances[index].cancelled = true }
  }

  /// The last live movement that such a trigger inserted, for a feed whose cancellations name none.
  private func latest(_ trigger: String) -> Int? {
    let triggers = trigger == "A01" ? ["A01", "A04"] : [trigger]
    return movements.lastIndex { !$0.cancelled && triggers.contains($0.trigger) }
  }

  private mutating func add(_ key: String, _ said: JSONObject, _ heard: Heard, trigger: String) {
    deleted = false
    var movement = Movement(key, heard, trigger: trigger)
    movement.take(said)
    enumerate(&movement.order)
    put(movement)
  }

  private mutating func remove(_ said: JSONObject) -> Movement? {
    index(ofMovement: .object(said)).map { movements.remove(at: $0) }
  }

  /// Most movements come last, so the search begins there.
  private mutating func put(_ movement: Movement) {
    var index = movements.endIndex
    while index > 0, (movement.at, movement.order) < (movements[index - 1].at, movements[index - 1].order) {
      index -= 1
    }
    movements.insert(movement, at: index)
  }

  private mutating func enumerate(_ order: inout Int) {
    heardCount += 1
    order = heardCount
  }

  /// Where the movement stands that a fact's `movement` speaks of: by its key, else by the number that it had here, which
  /// the fact, or what was said before, gives for the same one; else by the key under which its feed spoke last of one
  /// that it first gave under our number. Other numbers beside it may be shared by several.
  public func index(ofMovement said: JSON) -> Int? {
    guard let key = said["key"]?.string else { return nil }
    if let index = movements.firstIndex(where: { $0.key.sameBytes(as: key) }) { return index }
    let isOurs = key.hasPrefix(Structure.movementArc)
    let ours = (said["also"]?.strings ?? []).filter { $0.hasPrefix(Structure.movementArc) }
    let index = movements.firstIndex { movement in
      isOurs && movement.otherKeys.contains { $0.sameBytes(as: key) }
        || ours.contains { $0.sameBytes(as: movement.key) }
    }
    return index ?? movements.firstIndex { $0.keyOfFeed?.sameBytes(as: key) ?? false }
  }

  // MARK: Attendances

  private mutating func attend(_ key: String, _ said: JSONObject, _ heard: Heard) {
    var attendance: Attendance
    if let index = attendances.firstIndex(where: { $0.key.sameBytes(as: key) }) {
      guard !attendances[index].cancelled else { return }
      attendance = attendances.remove(at: index)
      attendance.at = heard.fact.at
    } else {
      deleted = false
      attendance = Attendance(key: key, at: heard.fact.at, said: Attribution(heard), order: 0)
      enumerate(&attendance.order)
    }
    if let value = said["unit"] { attendance.unit.take(value) }
    if let value = said["attending"] { attendance.attending.take(value) }
    var index = attendances.endIndex
    while index > 0, (attendance.at, attendance.order) < (attendances[index - 1].at, attendances[index - 1].order) {
      index -= 1
    }
    attendances.insert(attendance, at: index)
  }
}

extension Movement {
  fileprivate var isForeseenBeginning: Bool { isPreadmission || trigger == "A14" }

  fileprivate init(_ key: String, _ heard: Heard, trigger: String) {
    self.init(
      key: key, id: key, at: heard.fact.at, writtenAt: heard.saidAt, trigger: trigger, station: heard.station,
      author: heard.author)
  }
}

/// Kinds of facts about a stay.
enum StayFact: String {
  case described = "stay.described"
  case preadmitted = "stay.preadmitted"
  case admitted = "stay.admitted"
  case transferred = "stay.transferred"
  case classChanged = "stay.class-changed"
  case left = "stay.left"
  case returned = "stay.returned"
  case discharged = "stay.discharged"
  case attendingChanged = "stay.attending-changed"
  case planned = "stay.planned"
  case attended = "stay.attended"
  case corrected = "stay.movement-corrected"
  case cancelled = "stay.movement-cancelled"
  case reassigned = "stay.reassigned"
  case asked = "stay.asked"
  case continued = "stay.continued"
  case deleted = "stay.deleted"

  /// The trigger said, else the one this kind mostly has.
  func trigger(_ movement: JSONObject) -> String {
    if let said = movement["trigger"]?.string, !said.isEmpty { return said }
    return switch self {
    case .preadmitted: "A05"
    case .admitted: "A01"
    case .transferred: "A02"
    case .classChanged: "A06"
    case .left: "A21"
    case .returned: "A22"
    case .discharged: "A03"
    case .attendingChanged: "A54"
    case .planned: "A14"
    case .described, .attended, .corrected, .cancelled, .reassigned, .asked, .continued, .deleted: ""
    }
  }
}
