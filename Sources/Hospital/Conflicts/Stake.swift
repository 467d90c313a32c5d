import Ledger

/// What a conflict turns on. A fact that changes it bears on the conflict; a feed that repeats itself does not.
public enum Stake {
  /// Those facts of one subject's history, in order, that bear on a conflict.
  /// - Parameter key: the conflict's: a number, a movement's key.
  public static func bearing(_ history: [Said], on kind: Conflict.Kind, key: String?, subject: String) -> [Said] {
    if subject.hasPrefix("patient/") { return changes(history, Patient(id: subject)) { patient(kind, key, $0) } }
    if subject.hasPrefix("stay/") { return changes(history, Stay(id: subject)) { stay(kind, key, $0) } }
    if subject.hasPrefix("bed/") { return changes(history, Bed(id: subject)) { [String($0.doubled)] } }
    return []
  }

  private static func changes<State: Folded>(
    _ history: [Said], _ empty: State, _ stake: (State) -> [String]
  ) -> [Said] {
    var state = empty
    var before = stake(state)
    return history.filter { said in
      state.fold(said.heard)
      let now = stake(state)
      defer { before = now }
      return !(now.count == before.count && zip(now, before).allSatisfy { $0.sameBytes(as: $1) })
    }
  }

  private static func patient(_ kind: Conflict.Kind, _ key: String?, _ patient: Patient) -> [String] {
    let merged = patient.mergedInto ?? ""
    switch kind {
    case .identifier:
      let borne = patient.identifiers.filter { !$0.withdrawn && $0.value.sameBytes(as: key ?? "") }
      return [merged] + patient.strictTraits.map { $0 ?? "" } + borne.map(\.authority)
    case .ins: return [merged] + patient.strictTraits.map { $0 ?? "" } + [patient.ins?.matricule ?? ""]
    case .label: return [merged, patient.unknown.map(\.label).flatMap { $0.sameBytes(as: key ?? "") ? $0 : nil } ?? ""]
    case .person: return [merged] + patient.strictTraits.map { $0 ?? "" }
    default: return [merged]
    }
  }

  private static func stay(_ kind: Conflict.Kind, _ key: String?, _ stay: Stay) -> [String] {
    switch kind {
    case .bed:
      let outline = stay.outline
      let place = [outline.place.unit, outline.place.room, outline.place.bed]
      return [outline.status.rawValue, stay.patient ?? "", stay.motherStay ?? ""] + place.map { $0 ?? "" }
    case .number: return [stay.number ?? "", stay.numberAuthority ?? "", stay.patient ?? ""]
    case .movement:
      let movement = stay.movements.first { $0.key.sameBytes(as: key ?? "") }
      return movement.map { [String($0.cancelled), $0.at.text, $0.trigger, $0.place.bed ?? ""] } ?? []
    default: return [stay.patient ?? ""] + stay.otherPatients
    }
  }
}
