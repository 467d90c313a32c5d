extension Patient {
  /// Whether two files are, by their strict traits, of one person as far as anybody can tell from here: birth name, first
  /// given name, birth date and sex are said and agree. Never mother and child or children of one birth, patients whom
  /// nobody could name, women who gave birth under secrecy, files merged already.
  public func isNamesake(of other: Patient) -> Bool {
    guard [self, other].allSatisfy({ $0.unknown == nil && !$0.secret && $0.mergedInto == nil }) else { return false }
    guard let name = birthName.map({ NameWords($0).joined }), let given = firstGivenName, let birthDate, let sex,
      !name.isEmpty
    else { return false }
    return name == other.birthName.map { NameWords($0).joined } && given == other.firstGivenName
      && birthDate == other.birthDate && sex == other.sex && !isKin(of: other)
  }

  /// Folded; nil where nobody said one, or that there is none: two of those agree on nothing.
  private var firstGivenName: String? {
    let first = birthGivenName ?? birthGivenNames?.split(separator: " ").first.map(String.init)
    guard let first, !StrictName.isNoGivenName(first) else { return nil }
    let name = NameWords(first).joined
    return name.isEmpty ? nil : name
  }
}
