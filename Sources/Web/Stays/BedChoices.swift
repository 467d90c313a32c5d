import Hospital
import Ledger
import Register

/// The beds that a form offers: the best three with why, then every other free one of the unit.
struct BedChoices {
  var proposals: [ProposeBeds.Proposal] = []
  var others: [Bed] = []
  let beds: [String: Bed]

  /// - Parameter unit: code; without one there is nothing to offer.
  init(unit code: String?, own: [String], isolation: String? = nil, _ reading: Reading, at now: Instant) throws {
    guard let code, let structure = try reading.structure, let unit = structure.unit(code) else {
      beds = [:]
      return
    }
    let wanted = ProposeBeds(unit: code, isolation: isolation, own: own)
    var places = try reading.unit(code, at: now)?.places ?? []
    let home = places
    proposals = wanted.among(places, in: structure)
    // Other units of the specialty only where this one cannot take them: the whole hospital is much to read.
    if proposals.count < ProposeBeds.proposalsMax {
      for other in structure.units where other.specialty == unit.specialty && other.code != code {
        places += try reading.unit(other.code, at: now)?.places ?? []
      }
      proposals = wanted.among(places, in: structure)
    }
    let best = Set(proposals.map(\.bed))
    others = home.filter { place in
      let condition = place.bed.condition
      return place.occupants.isEmpty && !place.bed.removed && (condition == .free || condition == .toClean)
        && !best.contains(place.bed.id)
    }.map(\.bed)
    beds = Dictionary(places.map { ($0.bed.id, $0.bed) }, uniquingKeysWith: { first, _ in first })
  }

  /// `412-1`, `4 Est, 412-1` where the unit is another than the one asked for.
  private func name(_ bed: Bed, _ unit: String?, _ names: Names) -> String {
    let code = bed.code ?? ""
    return bed.unit == unit ? code : "\(bed.unit.map(names.unit) ?? "") \(code)"
  }

  /// `412-1 : chambre seule, à nettoyer`.
  func text(_ proposal: ProposeBeds.Proposal, unit: String?, _ names: Names, _ wording: Wording) -> String {
    let name = beds[proposal.bed].map { self.name($0, unit, names) } ?? ""
    return wording(
      "bed.proposed",
      [
        "bed": name, "why": proposal.reasons.map { wording.word("bed-reason", $0) }.joined(separator: ", "),
      ])
  }

  /// The choices of a field `bed`: values are UUIDs, empty for none.
  func choices(unit: String?, _ names: Names, _ wording: Wording) -> [FormField.Choice] {
    var choices = proposals.map {
      FormField.Choice($0.bed.afterSlash, text($0, unit: unit, names, wording), group: wording("bed.group.best"))
    }
    choices += others.map {
      FormField.Choice($0.id.afterSlash, name($0, unit, names), group: wording("bed.group.others"))
    }
    return [FormField.Choice("", wording("bed.none"))] + choices
  }
}

extension ProposeBeds {
  fileprivate func among(_ places: [BoardPlaceRow], in structure: Structure) -> [Proposal] {
    among(places.map(\.bed), occupied: places.lying, in: structure)
  }
}

extension Names {
  /// Every unit, by pôle: the choices of a field `unit`.
  func unitChoices(_ wording: Wording, empty: Bool) -> [FormField.Choice] {
    var choices: [FormField.Choice] = empty ? [FormField.Choice("", wording("field.choose"))] : []
    for site in structure?.sites ?? [] {
      for unit in site.units {
        let group = unit.division ?? site.name
        choices.append(FormField.Choice(unit.code, "\(unit.name) · \(unit.code)", group: group))
      }
    }
    return choices
  }
}

extension BedChoices {
  var json: JSON {
    [
      "proposals": .array(
        proposals.map { proposal in
          let bed = beds[proposal.bed]
          return [
            "bed": .string(proposal.bed.afterSlash), "unit": (bed?.unit).json, "room": (bed?.room).json,
            "code": (bed?.code).json, "reasons": .array(proposal.reasons.map(JSON.string)),
          ]
        }),
      "others": .array(
        others.map { bed in
          [
            "bed": .string(bed.id.afterSlash), "unit": bed.unit.json, "room": bed.room.json, "code": bed.code.json,
            "reasons": [],
          ]
        }),
    ]
  }
}
