import Ledger

extension Patient {
  /// Traits under the names that facts give them, without those that say nothing.
  public var stored: JSON {
    var out = StateWriter(id: id)
    out.put("birthName", birthName)
    out.put("birthGivenName", birthGivenName)
    out.put("birthGivenNames", birthGivenNames)
    out.put("birthDate", birthDate?.text)
    out.put("sex", sex?.rawValue)
    out.put("birthPlace", birthPlace)
    out.put("birthPlaceName", birthPlaceName)
    out.put("usedName", usedName)
    out.put("usedGivenName", usedGivenName)
    out.put("title", title)
    out.put("nationality", nationality)
    out.put("maritalStatus", maritalStatus)
    out.put("archiveMark", archiveMark)
    out.put("addresses", addresses.map(\.json))
    out.put("phones", phones)
    out.put("emails", emails)
    out.put("contacts", contacts.map(\.json))
    out.put("status", statusSaid?.rawValue)
    out.put("attributes", attributes)
    out.put("document", document?.json)
    out.put("protected", protected)
    out.put("protectedHere", protectedHere)
    out.put("secret", secret)
    out.put("deceased", deceased)
    out.put("deathAt", deathAt)
    out.put("deathBefore", deathBefore)
    out.put("death", death?.json)
    out.put("mother", mother)
    out.put("birthRank", birthRank)
    out.put("situations", situations.map(\.json))
    out.put("situationsSaid", situationsSaid?.stored)
    out.put("careEndedAt", careEndedAt)
    out.put("asked", sorted: answers.stored)
    out.put("unknown", unknown?.json)
    out.put("ins", ins?.json)
    out.put("identifiers", identifiers.map(\.json))
    out.put("mergedInto", mergedInto)
    out.put("heardAt", heardAt)
    out.put("other", sorted: other)
    return .object(out.object)
  }

  public init?(stored: JSON) {
    guard case .object(let object) = stored, let id = object["id"]?.string else { return nil }
    self.init(id: id)
    for (key, value) in object.members { restore(key, value) }
  }

  private mutating func restore(_ key: String, _ value: JSON) {
    switch key {
    case "id": break
    case "birthName": birthName = value.string
    case "birthGivenName": birthGivenName = value.string
    case "birthGivenNames": birthGivenNames = value.string
    case "birthDate": birthDate = value.string.flatMap(PartialDate.init)
    case "sex": sex = value.string.flatMap(Sex.init)
    case "birthPlace": birthPlace = value.string
    case "birthPlaceName": birthPlaceName = value.string
    case "usedName": usedName = value.string
    case "usedGivenName": usedGivenName = value.string
    case "title": title = value.string
    case "nationality": nationality = value.string
    case "maritalStatus": maritalStatus = value.string
    case "archiveMark": archiveMark = value.string
    case "addresses": addresses = value.array?.compactMap(Address.init(json:)) ?? []
    case "phones": phones = value.strings ?? []
    case "emails": emails = value.strings ?? []
    case "contacts": contacts = value.array?.compactMap(Contact.init(json:)) ?? []
    case "status": statusSaid = value.string.flatMap(IdentityStatus.init)
    case "attributes": attributes = value.strings ?? []
    case "document": document = IdentityDocument(json: value)
    case "protected": protected = value.bool ?? false
    case "protectedHere": protectedHere = value.bool ?? false
    case "secret": secret = value.bool ?? false
    case "deceased": deceased = value.bool ?? false
    case "deathAt": deathAt = value.storedInstant
    case "deathBefore": deathBefore = value.storedInstant
    case "death": death = value.object.map(DeathRecord.init)
    case "mother": mother = value.string
    case "birthRank": birthRank = value.integer
    case "situations": situations = value.array?.compactMap(LegalSituation.init(json:)) ?? []
    case "situationsSaid": situationsSaid = Attribution(stored: value)
    case "careEndedAt": careEndedAt = value.storedInstant
    case "asked": answers = Answers(stored: value)
    case "unknown": unknown = UnknownPatient(json: value)
    case "ins": ins = INS(json: value)
    case "identifiers": identifiers = value.array?.compactMap(Identifier.init(stored:)) ?? []
    case "mergedInto": mergedInto = value.string
    case "heardAt": heardAt = value.storedInstant
    case "other": other = value.object ?? JSONObject()
    default: break
    }
  }
}

extension Identifier {
  fileprivate init?(stored: JSON) {
    self.init(json: stored)
    withdrawn = stored["withdrawn"]?.bool ?? false
  }
}
