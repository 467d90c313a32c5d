import Hospital
import Ledger

/// What is odd about a message only beside what the register holds. Said to whoever sent it; it changes no fact and
/// refuses nothing.
public struct ReceptionWarnings {
  public private(set) var warnings: [Warning] = []
  private let world: any World

  public init(_ message: MessageFacts, _ world: any World) {
    self.world = world
    var described: Set<String> = []
    for fact in message.facts {
      if ["patient.described", "patient.mentioned"].contains(fact.kind), described.insert(fact.subject).inserted {
        identity(fact, message)
      } else if fact.subject.hasPrefix("stay/") {
        movement(fact, message)
      } else if fact.subject.hasPrefix("appointment/") {
        appointment(fact)
      }
    }
  }

  private mutating func warn(_ warning: Warning) {
    if !warnings.contains(warning) { warnings.append(warning) }
  }

  private mutating func identity(_ fact: Fact, _ message: MessageFacts) {
    if message.trigger != "A28", world.patient(fact.subject) == nil {
      warn(Warning("hl7.patient-unseen", field: "PID-3"))
    }
  }

  private mutating func movement(_ fact: Fact, _ message: MessageFacts) {
    let stay = world.stay(fact.subject)
    if let stay { owner(of: stay, fact) }
    guard let said = fact.data["movement"], let key = said["key"]?.string else { return }
    let known = stay.flatMap { stay in stay.index(ofMovement: said).map { stay.movements[$0] } }
    switch fact.kind {
    case "stay.movement-corrected":
      if known == nil { warn(Warning("hl7.movement-unseen", field: "ZBE-1")) }
      if known == nil, said["trigger"] == nil { warn(Warning("hl7.trigger-unknown", field: "ZBE-6")) }
      if known?.cancelled == true { warn(Warning("hl7.movement-cancelled", field: "ZBE-1")) }
    case "stay.movement-cancelled":
      if known == nil { warn(Warning("hl7.movement-unseen", field: "ZBE-1")) }
      if let before = message.classBefore, let now = stay?.stayClass, before != now {
        warn(Warning("hl7.class-differs", field: "PV1-2"))
      }
      return
    default:
      if known?.cancelled == true {
        warn(Warning("hl7.movement-cancelled", field: "ZBE-1"))
      } else if known != nil {
        warn(Warning("hl7.movement-known", field: "ZBE-1"))
      }
    }
    if said["historic"]?.bool == true, !(stay?.knowsMovement(after: fact.at, besides: known?.key ?? key) ?? false) {
      warn(Warning("hl7.gap", field: "ZBE-5"))
    }
    place(said)
  }

  private mutating func appointment(_ fact: Fact) {
    if fact.kind != AppointmentFact.booked.rawValue, world.appointment(fact.subject) == nil {
      warn(Warning("hl7.appointment-unseen", field: "SCH-2"))
    }
    place(fact.data)
  }

  /// An account changes hands by A44 or A40 only.
  private mutating func owner(of stay: Stay, _ fact: Fact) {
    guard let owner = stay.patient else { return }
    if fact.kind == "stay.reassigned" {
      if let from = fact.data["from"]?.string, !world.isOnePerson(owner, from) {
        warn(Warning("hl7.account-of-another", field: "MRG-1"))
      }
    } else if let said = fact.data["patient"]?.string, !world.isOnePerson(owner, said) {
      warn(Warning("hl7.account-of-another", field: "PID-18"))
    }
  }

  private mutating func place(_ said: JSON) {
    guard let structure = world.structure else { return }
    let code = said["unit"]?.string
    for unit in [code, said["medicalUnit"]?.string, said["careUnit"]?.string].compactMap({ $0 })
    where structure.careUnit(unit) == nil {
      warn(Warning("hl7.unit-unknown", field: "PV1-3", ["unit": String(unit.prefix(20))]))
    }
    guard let code, let unit = structure.careUnit(code), let bed = said["bed"]?.string else { return }
    let room = said["room"]?.string ?? ""
    let isDeclared = unit.rooms.contains {
      (room.isEmpty || $0.code.sameBytes(as: room)) && $0.beds.contains { $0.code.sameBytes(as: bed) }
    }
    if !isDeclared, world.bed("bed/" + Name.subject("bed", structure.finess, "\(code)|\(room)|\(bed)")) == nil {
      warn(
        Warning("hl7.bed-unknown", field: "PV1-3", ["unit": String(code.prefix(20)), "bed": String(bed.prefix(20))]))
    }
  }
}

extension Structure {
  fileprivate func careUnit(_ code: String) -> CareUnit? {
    for site in sites {
      if let unit = site.units.first(where: { $0.code.sameBytes(as: code) }) { return unit }
    }
    return nil
  }
}

extension Stay {
  fileprivate func knowsMovement(after instant: Instant, besides key: String) -> Bool {
    movements.contains { !$0.cancelled && $0.at > instant && !$0.key.sameBytes(as: key) }
  }
}
