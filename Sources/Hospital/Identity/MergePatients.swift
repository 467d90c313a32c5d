import Ledger

/// A person says that two files are of one. Nothing is copied or erased: the absorbed identity points at the other, and
/// `UnmergePatients` takes it back.
public struct MergePatients: Command {
  /// `patient/<uuid>` that gives way.
  public var absorbed: String
  /// `patient/<uuid>` that stays.
  public var into: String
  public var reason: String?
  /// Account of the second person, where one of the two is provisional.
  public var checkedBy: String?
  /// What both people compared: names of traits.
  public var checkedTraits: [String]

  public init(
    absorbed: String, into: String, reason: String? = nil, checkedBy: String? = nil, checkedTraits: [String] = []
  ) {
    self.absorbed = absorbed
    self.into = into
    self.reason = reason
    self.checkedBy = checkedBy
    self.checkedTraits = checkedTraits
  }

  /// What two people may compare at a bedside.
  public static let traits = [
    "birthName", "birthGivenName", "birthDate", "sex", "birthPlace", "document", "address", "phone", "relative",
    "photograph",
  ]
  public static let traitsMin = 2

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("merge-by-person") }
    let (gone, kept) = try files(world, moment)
    try check(gone, kept, world, moment)
    var data = StateWriter()
    data.put("into", kept.id)
    data.put("reason", try FreeText.tidied(reason, field: "reason"))
    data.put("checkedBy", checkedBy)
    data.put("checkedTraits", checkedTraits)
    let fact = Fact(kind: "patient.merged", subject: gone.id, at: moment.now, data: .object(data.object))
    return Decision(facts: [fact] + Self.closed(gone, kept, moment), warnings: warnings(gone, kept, world, moment))
  }

  /// Both, where the author may link them and nothing speaks against their being one person.
  func files(_ world: any World, _ moment: Moment) throws(Refusal) -> (gone: Patient, kept: Patient) {
    try world.require(.merge, moment)
    guard !absorbed.sameBytes(as: into) else { throw Refusal("merge-itself", field: "into") }
    let gone = try world.known(patient: absorbed)
    let kept = try world.known(patient: into)
    try world.requireOwn(gone.id, kept.id)
    if world.kin(gone).isKin(of: world.kin(kept)) { throw Refusal("merge-kin", field: "into") }
    if let one = QualifiedINS(of: gone), let other = QualifiedINS(of: kept), one != other {
      throw Refusal("merge-two-ins", field: "into")
    }
    return (gone, kept)
  }

  /// They are shown as one from now on: what is closed of either is closed of both, and stays so if they part again.
  static func closed(_ gone: Patient, _ kept: Patient, _ moment: Moment) -> [Fact] {
    [(gone, kept), (kept, gone)].flatMap { one, other in
      var facts: [Fact] = []
      if one.protected, !other.protected {
        facts.append(
          Fact(kind: "patient.protected", subject: other.id, at: moment.now, data: ["protected": true]))
      }
      if one.secret, !other.secret {
        facts.append(Fact(kind: "patient.corrected", subject: other.id, at: moment.now, data: ["secret": true]))
      }
      return facts
    }
  }

  /// Linking a provisional identity: two traits, compared by two people (RNIV).
  private func check(_ gone: Patient, _ kept: Patient, _ world: any World, _ moment: Moment) throws(Refusal) {
    guard checkedTraits.allSatisfy({ Self.traits.contains($0) }) else {
      throw Refusal("merge-traits", field: "checkedTraits", ["count": String(Self.traitsMin)])
    }
    if let checkedBy {
      guard !checkedBy.sameBytes(as: moment.author), let second = world.account(checkedBy),
        Permissions.allows(second, .read, unit: nil, at: moment.now)
      else { throw Refusal("merge-second-person", field: "checkedBy") }
    }
    guard [gone, kept].contains(where: { $0.identityStatus == .provisional }) else { return }
    guard checkedBy != nil else { throw Refusal("merge-second-person", field: "checkedBy") }
    guard Set(checkedTraits).count >= Self.traitsMin else {
      throw Refusal("merge-traits", field: "checkedTraits", ["count": String(Self.traitsMin)])
    }
  }

  private func warnings(_ gone: Patient, _ kept: Patient, _ world: any World, _ moment: Moment) -> [Warning] {
    var warnings: [Warning] = []
    if let one = gone.birthDate, let other = kept.birthDate, one != other {
      warnings.append(Warning("merge-differs", field: "birthDate"))
    }
    if let one = gone.sex, let other = kept.sex, one != other {
      warnings.append(Warning("merge-differs", field: "sex"))
    }
    let open = [gone, kept].allSatisfy { patient in
      world.stays(ofPatient: patient.id).contains { world.stay($0)?.status(at: moment.now) == .admitted }
    }
    if open { warnings.append(Warning("merge-two-stays")) }
    warnings.append(Warning("print-again"))
    return warnings
  }
}

extension World {
  /// With the mother's surviving file for mother.
  fileprivate func kin(_ patient: Patient) -> Patient {
    var patient = patient
    patient.mother = patient.mother.map { survivor(of: $0) }
    return patient
  }
}

extension Patient {
  /// Mother and child, or siblings of one birth: never the same person, however alike their files.
  public func isKin(of other: Patient) -> Bool {
    if let mother, mother.sameBytes(as: other.id) { return true }
    if let mother = other.mother, mother.sameBytes(as: id) { return true }
    guard let mother, let otherMother = other.mother, mother.sameBytes(as: otherMother) else { return false }
    return birthRank != other.birthRank || birthDate != other.birthDate || birthRank == nil
  }
}
