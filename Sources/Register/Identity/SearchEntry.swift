import Hospital

/// What a patient is found by.
struct SearchEntry: Equatable {
  /// A surname, or a part of one, beside a given name; both folded.
  struct Pair: Hashable {
    var word: String
    var given: String
  }

  /// `yyyymmdd`, 0 where unknown.
  let date: Int
  /// Folded names: birth name, used name, first given name, used given name, other given names, parted by `/`, their
  /// words by spaces. A patient nobody can name is called `INCONNU`, and by the label for a first given name.
  let names: String

  /// Nothing to be found by.
  var isEmpty: Bool { date == 0 && names.utf8.allSatisfy { $0 == LatinLetter.slash } }

  /// Words are their bytes, as they are to the store.
  static func == (left: SearchEntry, right: SearchEntry) -> Bool {
    left.date == right.date && left.names.sameBytes(as: right.names)
  }

  init(date: Int, names: String) {
    self.date = date
    self.names = names
  }

  init(_ patient: Patient) {
    date = patient.birthDate.map { $0.year * 10000 + ($0.month ?? 0) * 100 + ($0.day ?? 0) } ?? 0
    let allGiven = NameWords(patient.birthGivenNames ?? "").words
    let given = patient.birthGivenName.map { NameWords($0).words } ?? Array(allGiven.prefix(1))
    var fields = [
      NameWords(patient.birthName ?? "").words, NameWords(patient.usedName ?? "").words, given,
      NameWords(patient.usedGivenName ?? "").words, Array(allGiven.drop { given.contains($0) }),
    ]
    if patient.birthName == nil, let label = patient.unknown?.label {
      fields[0] = [SearchLabel.surname]
      fields[2] = NameWords(label).words
      if fields[3].isEmpty { fields[3] = given }
    }
    names = fields.map { $0.joined(separator: " ") }.joined(separator: "/")
  }

  /// Every part of each surname beside the first given name; whole surnames beside the given name in use as well.
  var pairs: [Pair] {
    let fields = names.utf8.split(separator: LatinLetter.slash, omittingEmptySubsequences: false)
    guard fields.count >= 4 else { return [] }
    let givens = fields[2...3].filter { !$0.isEmpty }.map {
      String(decoding: $0.filter { $0 != LatinLetter.space }, as: UTF8.self)
    }
    var pairs: [Pair] = []
    for surname in fields[...1] where !surname.isEmpty {
      let words = SearchEntry.findable(surname)
      for word in words { append(Pair(word: word, given: givens.first ?? ""), to: &pairs) }
      for given in givens.dropFirst() { append(Pair(word: words[0], given: given), to: &pairs) }
    }
    // Nobody knows the surname: the given name stands in for it.
    if pairs.isEmpty { for given in givens { append(Pair(word: given, given: ""), to: &pairs) } }
    return pairs
  }

  /// The whole name first.
  private static func findable(_ field: Substring.UTF8View) -> [String] {
    let name = String(decoding: field, as: UTF8.self)
    if !field.contains(LatinLetter.space) { return [name] }
    return NameWords(folded: name.split(separator: " ").map(String.init)).findable
  }

  private func append(_ pair: Pair, to pairs: inout [Pair]) {
    if !pairs.contains(pair) { pairs.append(pair) }
  }
}
