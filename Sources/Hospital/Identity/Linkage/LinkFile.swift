/// Records made ready: every trait a place in a table of distinct values.
struct LinkFile: Sendable {
  struct Entry: Sendable {
    var birthName: Int32
    var usedName: Int32
    var given: Int32
    /// Used given name, and the second and later birth given names.
    var otherGiven: [Int32]
    var date: Int32
    var sex: UInt8
    var birthPlace: Int32
    var lines: [Int32]
    var number: Int32
    var postcode: Int32
    var city: Int32
    var phones: [Int32]
    var isUnknown: Bool
    /// Numbers of this record and of its mother, where one of the two is said.
    var own: Int32
    var mother: Int32
  }

  private(set) var entries: [Entry] = []
  private(set) var names = LinkTable<LinkText>()
  private(set) var givenNames = LinkTable<LinkText>()
  private(set) var dates = LinkTable<LinkDate>()
  private(set) var birthPlaces = LinkTable<LinkText>()
  private(set) var lines = LinkTable<LinkText>()
  private(set) var numbers = LinkTable<LinkNumber>()
  private(set) var postcodes = LinkTable<LinkText>()
  private(set) var cities = LinkTable<LinkText>()
  private(set) var phones = LinkTable<LinkNumber>()
  private var people: [String: Int32] = [:]

  init(_ records: [LinkRecord]) {
    entries.reserveCapacity(records.count)
    let mothers = Set(records.compactMap(\.mother))
    for record in records { entries.append(entry(record, mothers)) }
  }

  private mutating func entry(_ record: LinkRecord, _ mothers: Set<String>) -> Entry {
    let given = record.birthGivenName ?? record.birthGivenNames
    let hasNone = given.map(StrictName.isNoGivenName) ?? false
    let first = hasNone ? nil : given.map { firstGivenName($0, of: record) }
    var other = [record.usedGivenName]
    if let all = record.birthGivenNames, !hasNone {
      other += all.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
    }
    let place = record.birthPlace.flatMap { $0 == Traits.unknownPlace ? nil : $0 }
    return Entry(
      birthName: names.place(record.birthName, LinkText.init(name:)),
      usedName: names.place(record.usedName, LinkText.init(name:)),
      given: givenNames.place(first, LinkText.init(name:)),
      otherGiven: other.compactMap { $0 }.filter { $0 != first }
        .map { givenNames.place($0, LinkText.init(name:)) }.filter { $0 >= 0 },
      date: dates.place(record.birthDate, LinkDate.init),
      sex: record.sex.flatMap { $0.uppercased().utf8.first }.map { "MF".utf8.contains($0) ? $0 : 0 } ?? 0,
      birthPlace: birthPlaces.place(place, LinkText.init(code:)),
      lines: record.addressLines.map { lines.place($0, LinkText.init(line:)) }.filter { $0 >= 0 },
      number: numbers.place(houseNumber(record.addressLines)) { LinkNumber(Array($0.utf8)) },
      postcode: postcodes.place(record.postcode, LinkText.init(code:)),
      city: cities.place(record.city, LinkText.init(name:)),
      phones: record.phones.map { phones.place($0, Self.subscriber) }.filter { $0 >= 0 },
      isUnknown: record.isUnknown,
      own: record.mother != nil || mothers.contains(record.id) ? person(record.id) : -1,
      mother: record.mother.map { person($0) } ?? -1)
  }

  private func firstGivenName(_ given: String, of record: LinkRecord) -> String {
    if record.birthGivenName != nil { return given }
    return given.split(whereSeparator: { $0 == " " || $0 == "," }).first.map(String.init) ?? given
  }

  private mutating func person(_ id: String) -> Int32 {
    if let known = people[id] { return known }
    let next = Int32(people.count)
    people[id] = next
    return next
  }

  private func houseNumber(_ lines: [String]) -> String? {
    for line in lines {
      for word in NameWords(line).words where LinkText.isNumber(word) { return word }
    }
    return nil
  }

  /// Last nine digits: +33 6 … and 06 … are the same.
  private static func subscriber(_ phone: String) -> LinkNumber? {
    let digits = phone.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return digits.count >= 6 ? LinkNumber(Array(digits.suffix(9))) : nil
  }
}
