import Ledger

/// Somebody says that two files are of one person, and waits for another to see the same (`link/<uuid>`).
public struct LinkProposal: Sendable, Equatable {
  public enum Status: String, Sendable { case open, withdrawn, confirmed }

  public let id: String
  /// `patient/<uuid>` that gives way.
  public var absorbed = ""
  /// `patient/<uuid>` that stays.
  public var into = ""
  /// What was checked: of `ProposeLink.traits`.
  public var traits: [String] = []
  public var note: String?
  public var status = Status.withdrawn
  /// Account id of whoever proposed it last.
  public var by = ""
  public var at: Instant?

  public init(id: String) { self.id = id }

  /// Of what was proposed last: another one once it was proposed anew.
  public var version: String {
    Name.subject("link", id, [at?.text ?? "", by].joined(separator: " ") + traits.joined())
  }

  /// The subject of two files, the same on every station.
  public static func subject(_ absorbed: String, _ into: String) -> String {
    "link/" + Name.subject("link", absorbed, into)
  }
}

extension LinkProposal: Folded {
  public mutating func fold(_ heard: Heard) {
    let data = heard.fact.data
    switch heard.fact.kind {
    case "link.proposed":
      guard let one = data["absorbed"]?.string, let other = data["into"]?.string else { return }
      (absorbed, into) = (one, other)
      traits = data["traits"]?.strings ?? []
      note = data["note"]?.string
      (status, by, at) = (.open, heard.author, heard.fact.at)
    case "link.withdrawn": status = .withdrawn
    case "link.confirmed": status = .confirmed
    default: return
    }
  }

  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("absorbed", absorbed)
    out.put("into", into)
    out.put("traits", traits)
    out.put("note", note)
    out.put("status", status.rawValue)
    out.put("by", by)
    out.put("at", at)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard let id = stored["id"]?.string, let status = stored["status"]?.string.flatMap(Status.init) else { return nil }
    self.init(id: id)
    self.status = status
    absorbed = stored["absorbed"]?.string ?? ""
    into = stored["into"]?.string ?? ""
    traits = stored["traits"]?.strings ?? []
    note = stored["note"]?.string
    by = stored["by"]?.string ?? ""
    at = stored["at"]?.storedInstant
  }
}

/// The first of two people: two strict traits at least were checked, and nothing is linked yet.
public struct ProposeLink: Command {
  /// The strict traits of the RNIV, and a document that shows them.
  public static let traits = ["birthName", "birthGivenName", "birthDate", "sex", "birthPlace", "document"]

  public var absorbed: String
  public var into: String
  public var checked: [String]
  public var note: String?

  public init(absorbed: String, into: String, checked: [String], note: String? = nil) {
    (self.absorbed, self.into, self.checked, self.note) = (absorbed, into, checked, note)
  }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("merge-by-person") }
    let (gone, kept) = try MergePatients(absorbed: absorbed, into: into).files(world, moment)
    guard !world.isOnePerson(gone.id, kept.id) else { throw Refusal("link-one-already") }
    let traits = Set(checked)
    guard traits.isSubset(of: Self.traits), traits.count >= MergePatients.traitsMin else {
      throw Refusal("link-traits", field: "checked", ["count": String(MergePatients.traitsMin)])
    }
    try Self.check(traits, gone, kept)
    var data = StateWriter()
    data.put("absorbed", gone.id)
    data.put("into", kept.id)
    data.put("traits", Self.traits.filter(traits.contains))
    data.put("note", try FreeText.tidied(note, field: "reason"))
    return Decision(facts: [
      Fact(
        kind: "link.proposed", subject: LinkProposal.subject(gone.id, kept.id), at: moment.now,
        data: .object(data.object))
    ])
  }

  /// A trait that the two files do not both say, and alike, links nobody: it is put right first.
  fileprivate static func check(_ traits: Set<String>, _ gone: Patient, _ kept: Patient) throws(Refusal) {
    let (one, other) = (ReturnField.traits(gone), ReturnField.traits(kept))
    for field in ReturnField.identity where traits.contains(field.rawValue) {
      guard let left = one[field], let right = other[field], field.isSame(left, right),
        field != .birthPlace || left != Traits.unknownPlace
      else { throw Refusal("link-trait-differs", field: "checked") }
    }
  }
}

/// The second person, who has both files before them: linked from now on, or not.
public struct AnswerLink: Command {
  public enum Way: String, Sendable, CaseIterable { case confirm, withdraw }

  /// As the person had it before them.
  public var proposal: LinkProposal
  public var way: Way

  public init(_ proposal: LinkProposal, _ way: Way) { (self.proposal, self.way) = (proposal, way) }

  public func decide(_ world: any World, _ moment: Moment) throws(Refusal) -> Decision {
    guard moment.author != "system" else { throw Refusal("merge-by-person") }
    try world.require(.merge, moment)
    guard proposal.status == .open, world.linkProposal(proposal.id) == proposal else { throw Refusal("link-not-open") }
    func said(_ kind: String) -> Fact { Fact(kind: kind, subject: proposal.id, at: moment.now, data: [:]) }
    guard way == .confirm else { return Decision(facts: [said("link.withdrawn")]) }
    guard !proposal.by.sameBytes(as: moment.author) else { throw Refusal("link-same-person") }
    let (gone, kept) = try MergePatients(absorbed: proposal.absorbed, into: proposal.into).files(world, moment)
    try ProposeLink.check(Set(proposal.traits), gone, kept)
    var decision = try MergePatients(
      absorbed: proposal.absorbed, into: proposal.into, reason: proposal.note, checkedBy: proposal.by,
      checkedTraits: proposal.traits
    ).decide(world, moment)
    decision.facts.append(said("link.confirmed"))
    return decision
  }
}
