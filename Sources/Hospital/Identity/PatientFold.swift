import Ledger

extension Patient: Folded {
  public mutating func fold(_ heard: Heard) {
    guard case .object(let data) = heard.fact.data else { return }
    switch heard.fact.kind {
    case "patient.described", "patient.registered", "patient.corrected":
      let before = heard.source.map { _ in strictTraitsSaid }
      let doctor = heard.source.flatMap { _ in contacts.first(where: \.isFamilyDoctor) }
      let isDeathKnown = knowsDeath(within: data)
      for (key, value) in data.members where !holds(key, value, against: heard.source) {
        if !isDeathKnown || !Patient.deathKeys.contains(key) { take(key, value) }
      }
      // A feed's relatives (NK1) say nothing of the family doctor, who has a segment of their own.
      if let doctor, data["generalPractitioner"] == nil, !contacts.contains(where: \.isFamilyDoctor) {
        contacts.append(doctor)
      }
      // A feed that says other strict traits: what it does not prove with them, nobody has.
      if let before, isOther(than: before) {
        if data["status"] == nil, statusSaid != nil { statusSaid = .provisional }
        if data["ins"] == nil { ins = nil }
        if data["document"] == nil { document = nil }
      }
    // A diary knows how to reach somebody; who they are is said by whoever keeps identities, once they have.
    case "patient.mentioned":
      mention(data, heard)
    case "patient.status-changed":
      for (key, value) in data.members where Patient.statusKeys.contains(key) { take(key, value) }
    case "patient.identifier-withdrawn": withdraw(data)
    case "patient.ins-removed":
      ins = nil
      identifiers.removeAll { $0.type.sameBytes(as: "INS") }
    case "patient.merged":
      if let into = data["into"]?.string, !into.isEmpty, !into.sameBytes(as: id) { mergedInto = into }
    case "patient.unmerged": mergedInto = nil
    case "patient.named":
      for element in data["identifiers"]?.array ?? [] { Identifier(json: element).map { hear($0) } }
    case "patient.unnamed":
      for gone in (data["identifiers"]?.array ?? []).compactMap(Identifier.init(json:)) {
        identifiers.removeAll { $0.isSame(as: gone) }
      }
    case "patient.protected":
      if let value = data["protected"] { protected.take(value) }
      protectedHere = protected && heard.source == nil
    case "patient.situation-set":
      if let situation = LegalSituation(json: heard.fact.data) {
        situations.removeAll { $0.kind.sameBytes(as: situation.kind) }
        situations.append(situation)
        situationsSaid = Attribution(heard)
      }
    case "patient.situation-ended":
      if let kind = data["kind"]?.string { end(kind, data, heard) }
    case "patient.asked": answers.fold(heard)
    case "patient.died":
      deceased = true
      (deathAt, deathBefore) = (data["deathAt"]?.string.flatMap(Instant.init) ?? heard.fact.at, nil)
      death = DeathRecord(data)
    case "patient.death-withdrawn":
      deceased = false
      (deathAt, deathBefore) = (nil, nil)
      death = nil
    default: return
    }
    // Whatever the order in which they are folded, and whichever station heard it, the first to be said.
    heardAt = min(heardAt ?? heard.saidAt, heard.saidAt)
  }

  /// A feed says "not protected" and "not deceased" in every message, knowing nothing of what was said here: that undoes
  /// neither a protection nor a death that a person declared.
  private mutating func holds(_ key: String, _ value: JSON, against source: Source?) -> Bool {
    switch key {
    case "protected":
      if value.bool == true {
        // Once the feed has said so itself, it is the feed's to lift.
        protectedHere = source == nil
        return false
      }
      if source == nil { protectedHere = false }
      return protectedHere
    case "deceased": return source != nil && death != nil && value.bool != true
    case "deathAt": return source != nil && death != nil && value.isNull
    default: return false
    }
  }

  private static let deathKeys: Set<String> = ["deathAt", "deathBefore"]

  /// The day of a death whose hour is known says nothing more of it.
  private func knowsDeath(within data: JSONObject) -> Bool {
    guard let deathAt, deathBefore == nil, let first = data["deathAt"]?.string.flatMap(Instant.init),
      let end = data["deathBefore"]?.string.flatMap(Instant.init)
    else { return false }
    return first <= deathAt && deathAt < end
  }

  /// Names as the RNIV has them, so that a feed's own spelling is no other name.
  var strictTraits: [String?] { Patient.strict(strictTraitsSaid) }

  private var strictTraitsSaid: [String?] {
    [birthName, birthGivenName, birthGivenNames, birthDate?.text, sex?.rawValue, birthPlace]
  }

  private static func strict(_ said: [String?]) -> [String?] {
    said.prefix(3).map { name in name.map { StrictName.normal($0) ?? $0 } } + said.dropFirst(3)
  }

  /// Most messages say again what was said before, and nothing need be spelt anew to see that.
  private func isOther(than before: [String?]) -> Bool {
    let said = strictTraitsSaid
    if said == before { return false }
    return zip(Patient.strict(before), Patient.strict(said)).contains { $0 != nil && $0 != $1 }
  }

  private mutating func mention(_ data: JSONObject, _ heard: Heard) {
    let takesAll = isStranger
    for (key, value) in data.members {
      switch key {
      case "identifiers": take(key, value)
      case "phones":
        phones += (value.array ?? []).compactMap(\.string).filter { phone in
          !phones.contains { $0.sameBytes(as: phone) }
        }
      // The "not protected" of whoever has not heard of it lifts it no more than what a person said here.
      case "protected" where value.bool == true: if !protected { (protected, protectedHere) = (true, true) }
      default: if takesAll, !holds(key, value, against: heard.source) { take(key, value) }
      }
    }
  }

  /// Numbers at most are known of them.
  private var isStranger: Bool {
    unknown == nil && statusSaid == nil && ins == nil && strictTraitsSaid.allSatisfy { $0 == nil }
  }

  private static let statusKeys: Set<String> = ["status", "document", "attributes", "ins"]

  private mutating func take(_ key: String, _ value: JSON) {
    switch key {
    case "birthName": birthName.take(value)
    case "birthGivenName": birthGivenName.take(value)
    case "birthGivenNames": birthGivenNames.take(value)
    case "birthDate": Patient.take(&birthDate, value) { $0.string.flatMap(PartialDate.init) }
    case "sex": Patient.take(&sex, value) { $0.string.flatMap(Sex.init) }
    case "birthPlace": birthPlace.take(value)
    case "birthPlaceName": birthPlaceName.take(value)
    case "usedName": usedName.take(value)
    case "usedGivenName": usedGivenName.take(value)
    case "title": title.take(value)
    case "nationality": nationality.take(value)
    case "maritalStatus": maritalStatus.take(value)
    case "archiveMark": archiveMark.take(value)
    case "addresses": Patient.take(&addresses, value, Address.init(json:))
    case "phones": Patient.take(&phones, value, \.string)
    case "emails": Patient.take(&emails, value, \.string)
    case "contacts": Patient.take(&contacts, value, Contact.init(json:))
    case "status": Patient.take(&statusSaid, value) { $0.string.flatMap(IdentityStatus.init) }
    case "attributes": Patient.take(&attributes, value, \.string)
    case "document": Patient.take(&document, value, IdentityDocument.init(json:))
    case "protected": protected.take(value)
    case "secret": secret.take(value)
    case "deceased":
      deceased.take(value)
      // Whoever lives died at no hour, though the feed that says so leaves the hour empty (PID-29).
      if !deceased { (death, deathAt, deathBefore) = (nil, nil, nil) }
    case "deathAt":
      deathAt.take(value)
      // Where a day alone is known, its end is said behind it.
      deathBefore = nil
    case "deathBefore": deathBefore.take(value)
    case "mother": mother.take(value)
    case "birthRank": Patient.take(&birthRank, value, \.integer)
    case "situations": Patient.take(&situations, value, LegalSituation.init(json:))
    case "unknown": Patient.take(&unknown, value, UnknownPatient.init(json:))
    case "ins": Patient.take(&ins, value, INS.init(json:))
    case "generalPractitioner":
      other[key] = value.isNull ? nil : value
      contacts.removeAll(where: \.isFamilyDoctor)
      if let doctor = Contact(familyDoctor: value) { contacts.append(doctor) }
    case "identifiers": for element in value.array ?? [] { Identifier(json: element).map { hear($0) } }
    default: other[key] = value.isNull ? nil : value
    }
  }

  /// A present value sets, null erases, one that cannot be read says nothing.
  private static func take<Value>(_ field: inout Value?, _ value: JSON, _ read: (JSON) -> Value?) {
    if value.isNull { field = nil } else if let value = read(value) { field = value }
  }

  /// A list replaces the list.
  private static func take<Value>(_ list: inout [Value], _ value: JSON, _ read: (JSON) -> Value?) {
    if value.isNull { list = [] } else if let elements = value.array { list = elements.compactMap(read) }
  }

  /// A measure that goes by another name than the one that ended goes on. So does one without a name, as those that are
  /// set here, where it began after that end, or where what never was has a name.
  private mutating func end(_ kind: String, _ data: JSONObject, _ heard: Heard) {
    let id = data["id"]?.string
    let neverWas = data["ZFS-5"]?.string == "CANCEL"
    if heard.source != nil, !neverWas || id == nil, kind.sameBytes(as: SituationKind.psychiatric.rawValue) {
      careEndedAt = max(careEndedAt ?? heard.fact.at, heard.fact.at)
    }
    let others = situations.filter { situation in
      guard situation.kind.sameBytes(as: kind) else { return true }
      if let id, let name = situation.id { return !name.sameBytes(as: id) }
      if neverWas { return id != nil }
      guard heard.source != nil, situation.id == nil, let since = situation.since else { return false }
      return since > heard.fact.at
    }
    if others == situations, id != nil || heard.source != nil { return }
    situations = others
    situationsSaid = Attribution(heard)
  }

  private mutating func hear(_ identifier: Identifier) {
    guard let index = identifiers.firstIndex(where: { $0.isSame(as: identifier) }) else {
      identifiers.append(identifier)
      return
    }
    identifiers[index].withdrawn = false
    if let name = identifier.authorityName { identifiers[index].authorityName = name }
  }

  /// Kept as an alias; one never heard of is kept so too, since people may still hold its label.
  private mutating func withdraw(_ data: JSONObject) {
    guard var gone = Identifier(json: .object(data)) else { return }
    gone.withdrawn = true
    if let index = identifiers.firstIndex(where: { $0.isSame(as: gone) }) {
      identifiers[index].withdrawn = true
    } else {
      identifiers.append(gone)
    }
    if let value = data["replacedBy"]?.string, !value.isEmpty {
      hear(Identifier(value: value, authority: gone.authority, authorityName: gone.authorityName, type: gone.type))
    }
  }
}
