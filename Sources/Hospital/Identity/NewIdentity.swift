import Ledger

/// An identity being created: its subject, and the facts' data that every creation shares.
struct NewIdentity {
  let id: String
  private(set) var data: JSONObject

  /// Draws an IPP of this station's own slice: call it last, so that no refusal wastes a number.
  init(_ traits: Traits, status: IdentityStatus, _ world: any World, _ moment: Moment) throws(Refusal) {
    guard let ipp = world.nextNumber(.ipp) else { throw Refusal("numbers-used-up") }
    id = "patient/\(moment.newID())"
    let number = Identifier(value: ipp, authority: world.structure?.ippAuthority ?? moment.station, type: "PI")
    data = traits.json
    data.append("status", .string(status.rawValue))
    data.append("identifiers", [number.json])
  }

  /// Numbers of other systems, after this hospital's own.
  mutating func know(_ numbers: [Identifier]) {
    data["identifiers"] = .array((data["identifiers"]?.array ?? []) + numbers.map(\.json))
  }

  mutating func say(_ key: String, _ value: JSON?) {
    if let value { data.append(key, value) }
  }

  func fact(at instant: Instant) -> Fact {
    Fact(kind: "patient.registered", subject: id, at: instant, data: .object(data))
  }
}

extension World {
  /// The hospital's own calendar day.
  public func today(_ moment: Moment) -> CivilDate { LocalTime(of: structure).day(moment.now) }
}
