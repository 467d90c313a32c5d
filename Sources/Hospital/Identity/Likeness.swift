extension Patient {
  /// Of the telling traits, how many both files say, alike and otherwise.
  private func likeness(to other: Patient) -> (alike: Int, unlike: Int) {
    let (one, two) = (ReturnField.traits(self), ReturnField.traits(other))
    var count = (alike: 0, unlike: 0)
    for field in ReturnField.telling {
      guard let left = one[field], let right = two[field] else { continue }
      if field.isSame(left, right) { count.alike += 1 } else { count.unlike += 1 }
    }
    return count
  }

  /// A number that both bear is wrong in one.
  func isSomebodyElse(than other: Patient) -> Bool { likeness(to: other).unlike > 1 }

  /// Nothing speaks against their being one person, and two traits for it.
  func isAlike(_ other: Patient) -> Bool { !isSomebodyElse(than: other) && likeness(to: other).alike > 1 }
}

extension World {
  /// Somebody who is not alike bears this number.
  func isOfAnother(_ number: Identifier, than person: Patient) -> Bool {
    patients(withIdentifier: number.value, authority: number.authority).contains { id in
      !isOnePerson(id, person.id) && patient(id).map { !person.isAlike($0) } ?? false
    }
  }
}
