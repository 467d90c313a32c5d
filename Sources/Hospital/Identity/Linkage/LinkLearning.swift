extension LinkModel {
  /// How many pairs each comparison came with.
  typealias Tally = [LinkComparison: Int]

  /// Fits the model to two files without knowing any answer: strangers from pairs drawn at random, the rest by
  /// expectation and maximisation over the candidate pairs, with the French figures as what a few pairs would have said.
  ///
  /// A small file has few pairs to learn from: they count once however often they are drawn, and what they say stays
  /// near the French figures. From `enough` pairs on (400 records) nothing of that is left.
  ///
  /// - Parameters:
  ///   - candidates: Comparisons of all pairs that share a block.
  ///   - random: Comparisons of pairs drawn from all.
  ///   - pairs: How many pairs there are in all.
  mutating func learn(candidates: Tally, random: Tally, pairs: Double) {
    let prior = self
    let drawn = Double(random.values.reduce(0, +))
    let weight = min(1, pairs / max(drawn, 1))
    let lacking = Self.strength * max(0, 1 - pairs / Self.enough)
    for _ in 0..<12 {
      var counts = LinkModel.zeros
      for (found, count) in random {
        // Some pairs drawn at random are one person after all.
        let share = 1 - probability(found, name: nil, given: nil)
        add(found, Double(count) * share * weight, to: &counts)
      }
      stranger = Self.blend(counts, with: prior.stranger, strength: Self.strength)
      var same = LinkModel.zeros
      var persons = 0.0
      var relatives = 0.0
      for (found, count) in candidates {
        let (person, household) = posterior(found)
        add(found, Double(count) * person, to: &same)
        persons += Double(count) * person
        relatives += Double(count) * household
      }
      person = Self.blend(same, with: prior.person, strength: Self.strength + 4 * lacking)
      personShare = (max(persons, 0.5) + lacking * prior.personShare) / (pairs + lacking)
      householdShare = (max(relatives, 0.5) + lacking * prior.householdShare) / (pairs + lacking)
    }
  }

  /// How many pairs the French figures are worth.
  private static let strength = 20.0

  private static let enough = 79_800.0

  private func posterior(_ found: LinkComparison) -> (person: Double, household: Double) {
    var one = personShare
    var strangers = 1 - personShare - householdShare
    var relatives = householdShare
    for trait in LinkComparison.Trait.allCases where found[trait] != LinkComparison.missing {
      let level = Int(found[trait])
      one *= person[trait.rawValue][level]
      strangers *= stranger[trait.rawValue][level]
      relatives *= household[trait.rawValue][level]
    }
    let sum = one + strangers + relatives
    return sum > 0 ? (one / sum, relatives / sum) : (0, 0)
  }

  private static var zeros: Likelihoods { LinkComparison.levels.map { Array(repeating: 0, count: $0) } }

  private func add(_ found: LinkComparison, _ weight: Double, to counts: inout Likelihoods) {
    for trait in LinkComparison.Trait.allCases where found[trait] != LinkComparison.missing {
      counts[trait.rawValue][Int(found[trait])] += weight
    }
  }

  private static func blend(_ counts: Likelihoods, with prior: Likelihoods, strength: Double) -> Likelihoods {
    zip(counts, prior).map { counts, prior in
      let total = counts.reduce(0, +) + strength
      return zip(counts, prior).map { ($0 + strength * $1) / total }
    }
  }
}
