import Hospital
import Ledger
import Register

/// A stay as the command line says it; hours in the hospital's zone, with its offset.
struct StayAnswer: Encodable {
  struct LocationAnswer: Encodable {
    @OrNull var unit: String?
    @OrNull var room: String?
    @OrNull var bed: String?
  }
  struct MovementAnswer: Encodable {
    var id: String
    var at: String
    var trigger: String
    @OrNull var unit: String?
    @OrNull var nature: String?
    var cancelled: Bool
    var historic: Bool
  }

  var id: String
  @OrNull var number: String?
  var visit: String?
  @OrNull var patient: String?
  var `class`: String
  var status: String
  @OrNull var admittedAt: String?
  var dischargedAt: String?
  var location: LocationAnswer
  var movements: [MovementAnswer]

  init?(_ id: String, _ reading: Reading) throws {
    guard let stay = try reading.stay(id) else { return nil }
    let hours = try reading.hours()
    self.id = stay.id
    number = stay.number
    visit = stay.visit
    patient = stay.patient
    `class` = (stay.stayClass ?? .none).rawValue
    status = stay.status.rawValue
    admittedAt = stay.admittedAt.map(hours.iso)
    dischargedAt = stay.dischargedAt.map(hours.iso)
    location = LocationAnswer(unit: stay.place.unit, room: stay.place.room, bed: stay.place.bed)
    movements = stay.movements.map {
      MovementAnswer(
        id: $0.id, at: hours.iso($0.at), trigger: $0.trigger, unit: $0.place.unit ?? $0.place.medicalUnit,
        nature: $0.nature,
        cancelled: $0.cancelled, historic: $0.historic)
    }
  }

  var text: String {
    [
      number, `class`, status, [location.unit, location.room, location.bed].compactMap { $0 }.joined(separator: " "),
      admittedAt, dischargedAt.map { "→ \($0)" },
    ].compactMap { $0 }.joined(separator: " · ")
  }
}
