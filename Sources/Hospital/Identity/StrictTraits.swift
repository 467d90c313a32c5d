import Ledger

extension Traits {
  /// As they are kept: names in the RNIV's letters, other words tidied, codes checked.
  /// - Parameters:
  ///   - isComplete: the five strict traits without which no identity is created must be there.
  ///   - today: the hospital's own day.
  func tidied(isComplete: Bool, today: CivilDate) throws(Refusal) -> Traits {
    var traits = self
    traits.birthName = try Traits.name(birthName, "birthName", isNeeded: isComplete)
    let given = try Traits.name(birthGivenName, "birthGivenName", isNeeded: isComplete)
    traits.birthGivenName = given.map(StrictName.given)
    let all = try Traits.name(birthGivenNames, "birthGivenNames", isNeeded: false)
    traits.birthGivenNames = all.map(StrictName.given)
    try traits.checkGivenNames()
    if birthDate == nil, isComplete { throw Refusal("birth-date-missing", field: "birthDate") }
    if let birthDate { try Traits.check(birthDate, today) }
    if sex == nil, isComplete { throw Refusal("sex-missing", field: "sex") }
    // U is for feeds: a person who does not know says I.
    if sex == .unknown { throw Refusal("sex-unknown", field: "sex") }
    traits.birthPlace = try Traits.place(birthPlace, isNeeded: isComplete)
    traits.usedName = try Traits.name(usedName, "usedName", isNeeded: false)
    traits.usedGivenName = try Traits.name(usedGivenName, "usedGivenName", isNeeded: false)
    try traits.tidyOthers()
    return traits
  }

  private static func name(_ text: String?, _ field: String, isNeeded: Bool) throws(Refusal) -> String? {
    guard let text, text.contains(where: { !$0.isWhitespace }) else {
      if isNeeded {
        throw Refusal(field == "birthName" ? "birth-name-missing" : "birth-given-name-missing", field: field)
      }
      return nil
    }
    guard let name = StrictName.normal(text), name.contains(where: \.isLetter) else {
      throw Refusal("name-characters", field: field, ["characters": String(StrictName.charactersMax)])
    }
    return name
  }

  /// The list begins with the first given name; where none was typed it is that one.
  private mutating func checkGivenNames() throws(Refusal) {
    guard let first = birthGivenName else { return }
    guard let all = birthGivenNames else {
      birthGivenNames = first
      return
    }
    guard all == first || all.hasPrefix(first + " ") else {
      throw Refusal("given-names-mismatch", field: "birthGivenNames")
    }
  }

  private static func check(_ date: PartialDate, _ today: CivilDate) throws(Refusal) {
    guard PartialDate(checkedYear: date.year, month: date.month, day: date.day) != nil,
      date.year >= PartialDate.earliestYear
    else { throw Refusal("date-impossible", field: "birthDate") }
    guard !date.isAfter(today) else { throw Refusal("date-future", field: "birthDate") }
  }

  /// INSEE's code: department (2A and 2B too) and commune, or 99 and the country.
  private static func place(_ text: String?, isNeeded: Bool) throws(Refusal) -> String? {
    guard let code = try FreeText.tidied(text, field: "birthPlace")?.uppercased() else {
      if isNeeded { throw Refusal("birth-place-missing", field: "birthPlace") }
      return nil
    }
    let utf8 = Array(code.utf8)
    let isCorsican = code.hasPrefix("2A") || code.hasPrefix("2B")
    guard utf8.count == 5, !code.hasPrefix("00"),
      utf8.dropFirst(isCorsican ? 2 : 0).allSatisfy({ (48...57).contains($0) })
    else {
      throw Refusal("birth-place-code", field: "birthPlace")
    }
    return code
  }

  private mutating func tidyOthers() throws(Refusal) {
    birthPlaceName = try FreeText.tidied(birthPlaceName, field: "birthPlaceName")
    title = try FreeText.tidied(title, field: "title")
    nationality = try FreeText.tidied(nationality, field: "nationality")
    maritalStatus = try FreeText.tidied(maritalStatus, field: "maritalStatus")
    archiveMark = try FreeText.tidied(archiveMark, field: "archiveMark")
    phones = try Traits.tidied(phones, field: "phones")
    emails = try Traits.tidied(emails, field: "emails")
    for index in addresses.indices { try addresses[index].tidy() }
    addresses.removeAll { $0.isEmpty }
    for index in contacts.indices { try contacts[index].tidy() }
    contacts.removeAll { $0.name.isEmpty && $0.phone == nil }
  }

  fileprivate static func tidied(_ texts: [String], field: String) throws(Refusal) -> [String] {
    var kept: [String] = []
    for text in texts {
      if let text = try FreeText.tidied(text, field: field) { kept.append(text) }
    }
    return kept
  }
}

extension Address {
  fileprivate mutating func tidy() throws(Refusal) {
    lines = try Traits.tidied(lines, field: "addresses")
    postcode = try FreeText.tidied(postcode, field: "addresses")
    city = try FreeText.tidied(city, field: "addresses")
    commune = try FreeText.tidied(commune, field: "addresses")
    country = try FreeText.tidied(country, field: "addresses")
  }

  fileprivate var isEmpty: Bool { lines.isEmpty && postcode == nil && city == nil && commune == nil && country == nil }
}

extension Contact {
  fileprivate mutating func tidy() throws(Refusal) {
    name = try FreeText.tidied(name, field: "contacts") ?? ""
    relationship = try FreeText.tidied(relationship, field: "contacts")
    phone = try FreeText.tidied(phone, field: "contacts")
  }
}
