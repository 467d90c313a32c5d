import Ledger

/// A movement as a command says it.
struct SaidMovement {
  var kind: StayFact
  var trigger: String
  var hour: EventHour
  var place: Place?
  var nature: String?
  var stayClass: StayClass?
  var attending: String?

  /// The fact, with what it says of the stay beside the movement. The movement's key is a fresh one.
  func fact(_ stay: String, _ moment: Moment, beside: [(String, JSON?)] = []) -> Fact {
    let key = moment.newID()
    var movement = StateWriter()
    movement.put("key", key)
    movement.put("id", key)
    movement.put("trigger", trigger)
    movement.put("unit", place?.unit)
    movement.put("room", place?.room)
    movement.put("bed", place?.bed)
    movement.put("medicalUnit", place?.medicalUnit)
    movement.put("careUnit", place?.careUnit)
    movement.put("nature", nature)
    movement.put("class", stayClass?.rawValue)
    movement.put("attending", attending)
    movement.put("historic", hour.historic)
    var data = JSONObject()
    for (key, value) in beside {
      if let value { data.append(key, value) }
    }
    data.append("movement", .object(movement.object))
    return Fact(kind: kind.rawValue, subject: stay, at: hour.at, data: .object(data))
  }
}

extension Optional where Wrapped == String {
  /// For a fact's data: absent where nothing is said.
  var json: JSON? { flatMap { $0.isEmpty ? nil : .string($0) } }
}

extension World {
  func known(stay id: String) throws(Refusal) -> Stay {
    guard let stay = stay(id) else { throw Refusal("stay-unknown", field: "stay") }
    return stay
  }

  func newStayNumber() throws(Refusal) -> String {
    guard let number = nextNumber(.nda) else { throw Refusal("numbers-used-up") }
    return number
  }

  /// A patient that a stay may be opened for.
  func known(patient id: String) throws(Refusal) -> Patient {
    guard let patient = patient(id) else { throw Refusal("patient-unknown", field: "patient") }
    guard patient.mergedInto == nil else { throw Refusal("patient-merged", field: "patient") }
    return patient
  }
}

extension Stay {
  /// Refuses a movement at an hour at which the patient was not here; else gives where they were.
  func present(at hour: EventHour, _ moment: Moment) throws(Refusal) -> Presence {
    switch status(at: hour.at) {
    case .cancelled: throw Refusal("stay-cancelled", field: "stay")
    case .discharged: throw Refusal("stay-ended", field: "stay")
    case .preadmitted:
      if status(at: moment.now) == .preadmitted { throw Refusal("stay-not-begun", field: "stay") }
      throw Refusal("before-admission", field: "at")
    case .admitted: break
    }
    let outline = outline
    return outline.presences.last { $0.covers(hour.at) }
      ?? Presence(place: outline.place, stayClass: outline.stayClass, from: hour.at, until: nil, away: false)
  }

  /// Whether nothing happened after that hour.
  func isLast(_ hour: EventHour) -> Bool { !movements.contains { $0.acts && $0.at > hour.at } }
}
