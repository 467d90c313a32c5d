/// How likely each level of each trait is between two records of one person, of two strangers, and of two people of one
/// household: Fellegi and Sunter's m and u, and a third class, because relatives share name, address and telephone and
/// are not one person.
///
/// The numbers here are those of a French hospital's files; `learn` fits them to the files at hand.
struct LinkModel: Sendable {
  typealias Likelihoods = [[Double]]

  var person: Likelihoods
  var stranger: Likelihoods
  var household: Likelihoods
  /// Shares of all pairs that are one person, and two of one household.
  var personShare: Double
  var householdShare: Double

  /// For one new record against a file of `count`.
  init(count: Int) {
    person = [
      [0.87, 0.07, 0.03, 0.03],
      [0.84, 0.08, 0.04, 0.04],
      [0.98, 0.02],
      [0.88, 0.06, 0.03, 0.02, 0.01],
      [0.99, 0.01],
      [0.85, 0.15],
      [0.64, 0.06, 0.05, 0.02, 0.05, 0.01, 0.01, 0.005, 0.02, 0.01, 0.085, 0.005, 0.02, 0.005, 0.01, 0],
      [0.48, 0.12, 0.03, 0.01, 0.05, 0.03, 0.03, 0, 0.04, 0.03, 0.16, 0.02],
      [0.70, 0.05, 0.25],
    ]
    stranger = [
      [0.0006, 0.002, 0.012, 0.9854],
      [0.008, 0.010, 0.030, 0.952],
      [0.995, 0.005],
      [0.000_035, 0.0008, 0.005, 0.974165, 0.02],
      [0.50, 0.50],
      [0.03, 0.97],
      [0.04, 0.002, 0.02, 0.002, 0.002, 0.001, 0.02, 0.001, 0.002, 0.004, 0.846, 0.02, 0.002, 0.002, 0.036, 0],
      [0.0002, 0.0003, 0.02, 0.001, 0.001, 0.001, 0.10, 0, 0.005, 0.005, 0.8365, 0.03],
      [0.000_02, 0.0005, 0.99948],
    ]
    household = [
      [0.75, 0.05, 0.05, 0.15],
      [0.010, 0.010, 0.030, 0.950],
      [0.995, 0.005],
      // Brothers and sisters of one birth, and next to no other chance.
      [0.015, 0.005, 0.020, 0.950, 0.01],
      [0.50, 0.50],
      [0.50, 0.50],
      [0.80, 0.05, 0.02, 0.02, 0.05, 0.01, 0.005, 0.005, 0.01, 0.005, 0.005, 0.005, 0.01, 0.005, 0.005, 0],
      [0.60, 0.15, 0.02, 0.01, 0.07, 0.03, 0.02, 0, 0.04, 0.03, 0.02, 0.01],
      [0.60, 0.03, 0.37],
    ]
    personShare = 0.1 / Double(max(count, 2))
    householdShare = 1.0 / Double(max(count, 2))
  }

  /// Of being one person. `name` and `given` are the shares of all people who bear the name that both records have.
  func probability(_ found: LinkComparison, name: Double?, given: Double?) -> Double {
    var one = personShare
    var strangers = 1 - personShare - householdShare
    var relatives = householdShare
    for trait in LinkComparison.Trait.allCases where found[trait] != LinkComparison.missing {
      let level = Int(found[trait])
      one *= person[trait.rawValue][level]
      strangers *= stranger[trait.rawValue][level]
      relatives *= household[trait.rawValue][level]
    }
    // Agreement on a rare name says more than on MARTIN. Relatives share a surname, rare or not.
    if let name { strangers *= name / stranger[LinkComparison.Trait.name.rawValue][0] }
    if let given {
      let rarity = given / stranger[LinkComparison.Trait.given.rawValue][0]
      strangers *= rarity
      relatives *= rarity
    }
    let sum = one + strangers + relatives
    return sum > 0 ? one / sum : 0
  }
}
