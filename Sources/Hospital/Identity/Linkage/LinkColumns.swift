/// Which column of a file holds which trait: `id=rec_id,birthName=surname,…`. Address and telephone may be said several
/// times, for several columns.
public struct LinkColumns: Sendable {
  public enum Failure: Error, Equatable, CustomStringConvertible {
    case unreadable(String)
    case unknownTrait(String)
    case noColumn(String)

    public var description: String {
      switch self {
      case .unreadable(let part):
        "\(part): write the columns as trait=column, separated by commas, such as id=rec_id,birthName=surname."
      case .unknownTrait(let trait):
        "\(trait) is no trait: use \(LinkColumns.traits.map(\.name).joined(separator: ", "))."
      case .noColumn(let column): "There is no column \(column) in the file: use a name of its first line."
      }
    }
  }

  private let columns: [(trait: Trait, column: String)]

  private struct Trait: Sendable {
    var name: String
    var others: [String] = []
    var set: @Sendable (inout LinkRecord, String) -> Void
  }

  private static let traits: [Trait] = [
    Trait(name: "id") { $0.id = $1 },
    Trait(name: "birthName", others: ["name", "surname"]) { $0.birthName = $1 },
    Trait(name: "usedName") { $0.usedName = $1 },
    Trait(name: "birthGivenName", others: ["givenName"]) { $0.birthGivenName = $1 },
    Trait(name: "birthGivenNames", others: ["givenNames"]) { $0.birthGivenNames = $1 },
    Trait(name: "usedGivenName") { $0.usedGivenName = $1 },
    Trait(name: "birthDate") { $0.birthDate = $1 },
    Trait(name: "sex") { $0.sex = $1 },
    Trait(name: "birthPlace") { $0.birthPlace = $1 },
    Trait(name: "address", others: ["addressLines", "addressLine", "address1", "address2", "street", "streetNumber"]) {
      $0.addressLines.append($1)
    },
    Trait(name: "postcode") { $0.postcode = $1 },
    Trait(name: "city") { $0.city = $1 },
    Trait(name: "phone", others: ["phones"]) { $0.phones.append($1) },
    Trait(name: "mother") { $0.mother = $1 },
  ]

  public init(_ map: String) throws(Failure) {
    var columns: [(trait: Trait, column: String)] = []
    for part in map.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map { String($0.trimming(" ")) }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { throw .unreadable(String(part)) }
      guard let trait = Self.traits.first(where: { $0.name == sides[0] || $0.others.contains(sides[0]) }) else {
        throw .unknownTrait(sides[0])
      }
      columns.append((trait, sides[1]))
    }
    guard !columns.isEmpty else { throw .unreadable(map) }
    self.columns = columns
  }

  /// One record a row. Where no column is the id, rows are numbered from 1.
  public func records(_ text: DelimitedText) throws(Failure) -> [LinkRecord] {
    let header = text.header.map { $0.trimming(" ") }
    var places: [(trait: Trait, place: Int)] = []
    for (trait, column) in columns {
      guard let place = header.firstIndex(of: column[...]) else { throw .noColumn(column) }
      places.append((trait, place))
    }
    return text.rows.enumerated().map { number, row in
      var record = LinkRecord(id: String(number + 1))
      for (trait, place) in places where place < row.count {
        let value = row[place].trimming(" ")
        if !value.isEmpty { trait.set(&record, String(value)) }
      }
      return record
    }
  }
}

extension String {
  func trimming(_ character: Character) -> Substring {
    var text = self[...]
    while text.first == character { text.removeFirst() }
    while text.last == character { text.removeLast() }
    return text
  }
}

extension Substring {
  func trimming(_ character: Character) -> Substring { String(self).trimming(character) }
}
